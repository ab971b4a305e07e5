//! An expansion is the same in every edition.

include!("../../../edition-2018/src/bin/edition_2018.rs");
