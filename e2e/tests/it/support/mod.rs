//! What the tests share.

pub(crate) mod canned;
pub(crate) mod client;
pub(crate) mod host;
pub(crate) mod machine;
pub(crate) mod openapi;
mod repository;

pub(crate) use repository::{
    CALLER, CHECKOUT, Callbacks, commit, copy, files, git, repository, write,
};
