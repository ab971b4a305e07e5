//! A fix from trunk reaches an environment without what else trunk has.
//!
//! An elevation opens a pull request for each environment on the way up, from a branch with the
//! picked commits into `env/<environment>`, which stands at what the environment holds. Merging
//! one deploys: the merge commit is built, deployed and recorded for that environment.

mod branch;
mod consistency;
mod deployment;
mod elevation;
mod origin;
mod published;
mod pull;
mod refusal;
mod review;
mod version;

pub use branch::{Branch, base_branch, environment_of, is_hotfix};
pub use consistency::{Inconsistency, Remedy, inconsistencies};
pub use deployment::{Deployment, Merge, deploy, record};
pub use elevation::{Decision, Elevation, Facts, Request, Target, Waiting, elevate};
pub use origin::{Brought, Origin, Resolution};
pub use pull::{CONFLICT, LABEL, Note, Progress, Pull};
pub use refusal::Refusal;
pub use review::{Review, judge};
pub use version::next;
