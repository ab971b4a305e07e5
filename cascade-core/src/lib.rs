//! The model and the pure logic of cascade: no network, no processes, no clock.
//!
//! | module | what lives there |
//! |---|---|
//! | [`key_path`] | a place in a draft |
//! | [`manifest`] | the manifest as it is written: blocks, values, the draft, YAML |
//! | [`protocol`] | names that generated files and commands share |
//! | [`normalize`] | older spellings and inheritance resolved |
//! | [`contract`] | what a reusable workflow declares |
//! | [`check`] | the rules that turn a draft into a pipeline |
//! | [`expression`] | GitHub's expressions, and text with `${{ }}` |
//! | [`finding`] | what a rule reports, and the registry of rules |
//! | [`pipeline`] | the checked model: one file per noun |
//! | [`builder`] | a pipeline declared with plain calls |
//! | [`changes`] | path patterns |
//! | [`actions`] | typed GitHub Actions workflows and their renderer |
//! | [`generate`] | pipeline to files, one module per generated file |
//! | [`state`] | what runs record, and the place that keeps it |
//! | [`telemetry`] | events about deployments and releases |
//! | [`time`] | moments |
//! | [`version`] | versions as tags, their order, the next one |
//! | [`markdown`] | text of others, in Markdown |
//! | [`commits`] | conventional commits and changelogs |
//! | [`lifecycle`] | what happens at run time: plan and apply |
//! | [`delivery`] | what was delivered: events from the history of the state, and measures |
//! | [`board`] | everything that is known of a component at one moment |
//! | [`gitops`] | the value that a deployment writes into another repository, and the edit |
//! | [`migration`] | configurations of other release tools |
//! | [`graph`] | diagrams |
//! | [`rust_source`] | pipeline to the Rust program that declares it |
//! | [`pull_request`] | reports about pull requests, and the comments that show them |
//! | [`scalar`] | a literal, however it was written |
//! | [`schema`] | the JSON schema of the manifest |
//! | [`summary`] | the summaries of runs |

#[cfg(feature = "runtime")]
pub mod actions;
#[cfg(feature = "runtime")]
pub mod board;
#[cfg(feature = "runtime")]
pub mod builder;
pub mod changes;
pub mod check;
#[cfg(feature = "runtime")]
pub mod commits;
pub mod contract;
#[cfg(feature = "runtime")]
pub mod delivery;
pub mod expression;
pub mod finding;
#[cfg(feature = "runtime")]
pub mod generate;
#[cfg(feature = "runtime")]
pub mod gitops;
#[cfg(feature = "runtime")]
pub mod graph;
pub mod key_path;
#[cfg(feature = "runtime")]
pub mod lifecycle;
pub mod manifest;
#[cfg(feature = "runtime")]
pub mod markdown;
#[cfg(feature = "runtime")]
pub mod migration;
pub mod normalize;
pub mod pipeline;
pub mod protocol;
#[cfg(feature = "runtime")]
pub mod pull_request;
#[cfg(feature = "runtime")]
pub mod rust_source;
pub mod scalar;
#[cfg(feature = "runtime")]
pub mod schema;
#[cfg(feature = "runtime")]
pub mod state;
#[cfg(feature = "runtime")]
pub mod summary;
#[cfg(feature = "runtime")]
pub mod telemetry;
#[cfg(feature = "runtime")]
pub mod time;
#[cfg(feature = "runtime")]
pub mod version;
