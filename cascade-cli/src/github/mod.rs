//! GitHub's REST API: the only place that knows its paths.
//!
//! | module | what lives there |
//! |---|---|
//! | [`api`] | a client for one repository, and its verbs |
//! | [`retry`] | requests that wait for limits and are repeated where they may be |
//! | [`client`], [`limit`], [`answer`] | one request, rate limits, what an answer holds |
//! | [`refusal`] | why GitHub refuses to move a ref, and the way out |
//! | [`comments`], [`git_database`], [`pulls`], [`releases`], [`deployments`], [`workflows`], [`settings`] | GitHub's endpoints, by what they are about |
//! | [`graphql`] | what REST has no words for |
//! | [`own_release`] | releases of cascade itself |
//! | [`tracker`] | issues that track integrations |
//! | [`producer`] | repositories that are polled for versions |

pub(crate) mod answer;
mod api;
mod client;
mod comments;
mod deployments;
mod elements;
mod git_database;
mod graphql;
mod limit;
pub(crate) mod own_release;
pub(crate) mod producer;
mod pulls;
pub(crate) mod refusal;
mod releases;
mod retry;
mod settings;
pub(crate) mod tracker;
mod workflows;

pub(crate) use answer::Answer;
pub(crate) use api::{GitHub, Listing};
pub(crate) use pulls::{NewPull, Pulls};
pub(crate) use settings::Setting;
pub(crate) use workflows::Approval;
