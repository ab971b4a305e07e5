//! What the tests share.

pub(crate) mod api;
pub(crate) mod crates;
#[path = "../../../../cascade-core/tests/it/support/fences.rs"]
pub(crate) mod fences;
pub(crate) mod origin;
mod repository;
mod sandbox;
pub(crate) mod tree;

pub(crate) use sandbox::{DEPLOY, MANIFEST, Run, Sandbox};
