//! The command line from outside: the binary in a clean environment, and pipeline crates.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod answers;
mod by_hand;
mod code;
mod compiled;
mod components;
mod damaged;
mod discovery;
mod doctor_host;
mod files;
mod graph;
mod guests;
mod history;
mod import;
mod init;
mod init_asks;
mod init_kinds;
mod kinds;
mod lint;
mod migrate;
mod migrated;
mod pins;
mod rehearse;
mod sarif;
mod schema;
mod sentences;
mod setup;
mod small;
mod state;
mod status;
mod support;
mod tags;
mod twin;
mod ui_cases;
mod versions;
