//! Runs generated workflows for real.
//!
//! | module | what lives there |
//! |---|---|
//! | [`tools`] | checkers that nobody here wrote, installed on first use |
//! | [`act`] | one event of one repository, run on this machine |
//! | [`flatten`] | workflows without calls, as act runs them |
//! | [`github`] | a GitHub host on loopback: git, API, refusals, faults |
//! | [`hostile`] | a machine whose git is set up to do everything in another way |
//! | [`scenario`] | what somebody does, and what must come of it |

pub mod act;
pub mod flatten;
pub mod github;
pub mod hostile;
pub mod scenario;
pub mod tools;
