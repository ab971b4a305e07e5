//! GitHub's REST API: the only place that knows its paths.
//!
//! | module | what lives there |
//! |---|---|
//! | [`api`] | requests that wait for limits and are repeated where they may be |
//! | [`client`], [`limit`], [`answer`] | one request, rate limits, what an answer holds |
//! | [`refusal`] | why GitHub refuses to move a ref, and the way out |
//! | [`own_release`] | releases of cascade itself |
//! | [`tracker`] | issues that track integrations |
//! | [`producer`] | repositories that are polled for versions |

pub(crate) mod answer;
mod api;
mod client;
mod elements;
mod limit;
pub(crate) mod own_release;
pub(crate) mod producer;
pub(crate) mod refusal;
pub(crate) mod tracker;

pub(crate) use answer::Answer;
pub(crate) use api::{GitHub, Listing};
