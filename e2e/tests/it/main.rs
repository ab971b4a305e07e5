//! The simulated GitHub, and the commands and generated files that run against it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod act;
mod apps;
mod browser;
mod callbacks;
mod checkout;
mod conformance;
mod contention;
mod contributors;
mod crash_recovery;
mod doctor;
mod drop_in;
mod encrypted;
mod engine;
mod expressions;
mod fields;
mod flatten;
mod floors;
mod graph;
mod handed_on;
mod hostile_git;
mod install;
mod large_manifests;
mod line_breaks;
mod listing;
mod openmetrics;
mod planted;
mod prose;
mod redirects;
mod rehearse;
mod signed;
mod simulator;
mod sizes;
mod status;
mod support;
mod tutorial;
mod variables;
mod wiring;
