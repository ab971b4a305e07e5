//! The command line as every command sees it: what was asked for, and how the answer is shown.
//!
//! | module | what lives there |
//! |---|---|
//! | [`request`] | the options of every command, and the request that they become |
//! | [`runner`] | the facts that a runner puts into environment variables |
//! | [`clock`] | the present moment |
//! | [`diagnostic`] | findings for people, scripts, GitHub and SARIF |
//! | [`http`] | connections to other hosts |
//! | [`pause`] | pauses before another attempt |
//! | [`progress`] | work that takes long |
//! | [`error`], [`status`] | failures, and exit codes |
//! | [`terminal`], [`table`] | what is printed |

pub(crate) mod clock;
pub(crate) mod diagnostic;
pub(crate) mod error;
pub(crate) mod http;
pub(crate) mod pause;
pub(crate) mod progress;
pub(crate) mod request;
pub(crate) mod runner;
pub(crate) mod save;
pub(crate) mod staged;
pub(crate) mod status;
pub(crate) mod table;
pub(crate) mod terminal;
