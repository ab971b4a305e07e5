//! Reports about pull requests.
//!
//! A check writes one where the code of a pull request runs, and a companion reads it where a token
//! may comment. The first can be changed by whoever opens the pull request, so a report is hostile:
//! it is small, holds known fields only, and its text is [`Untrusted`].
//!
//! Source: GitHub's documentation, "Secure use reference", "Mitigating the risks of untrusted code
//! checkout"; "Events that trigger workflows", `workflow_run`.

mod bounded;
mod comment;
mod drift;
mod pins;
mod preview;
mod report;
mod untrusted;

pub use bounded::Bounded;
pub use comment::{Comment, Followed, Written};
pub use drift::{Drift, DriftedFile, FileState};
pub use pins::{Bump, Pins, is_version};
pub use preview::{Carried, ComponentPreview, Concerned, Delivery, Preview};
pub use report::{Finding, FoundSeverity, Kind, Rejected, Report};
pub use untrusted::Untrusted;

#[cfg(test)]
mod tests;
