//! Runs generated workflows for real.
//!
//! | module | what lives there |
//! |---|---|
//! | [`tools`] | checkers that nobody here wrote, installed on first use |
//! | [`setup`] | what a run is given |
//! | [`engine`] | an engine of our own for generated workflows |
//! | [`act`] | one event of one repository, run by act |
//! | [`flatten`] | workflows without calls, as act runs them |
//! | [`github`] | a GitHub host on loopback: git, API, refusals, faults |
//! | [`rehearse`] | the pipeline of somebody's repository, on their machine |
//! | [`roles`] | the programs that steps call |
//! | [`hostile`] | a machine whose git is set up to do everything in another way |
//! | [`scenario`] | what somebody does, and what must come of it |

pub mod act;
pub mod engine;
pub mod flatten;
pub mod github;
pub mod hostile;
pub mod rehearse;
pub mod roles;
pub mod scenario;
pub mod scratch;
pub mod setup;
pub mod tools;
