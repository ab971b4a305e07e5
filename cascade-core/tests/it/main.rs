//! The core from outside: generated files, rules with their pages, state and compatibility.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod approvals;
mod callbacks;
mod compatibility;
mod components;
mod consequences;
mod external;
mod generated;
mod integration;
mod metrics;
mod reference;
mod related;
mod rules;
mod state_branch;
mod support;
mod targets;
mod twins;
