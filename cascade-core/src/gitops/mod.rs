//! The change that a deployment makes in the repository that it targets.

mod edit;
mod value;

pub use edit::{Edited, NotEdited, edit};
pub use value::{Deployed, Unknown, render};
