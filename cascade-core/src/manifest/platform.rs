//! The GitHub that workflows run on.

use super::ServerVersion;
use crate::manifest::draft::block::block;

block! {
    /// The GitHub that workflows run on; github.com where nothing is said.
    pub struct PlatformBlock;
    /// The oldest version of GitHub Enterprise Server that they run on.
    ghes: Option<ServerVersion>,
}
