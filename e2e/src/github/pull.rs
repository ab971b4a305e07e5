//! Pull requests.

use super::guard::Moved;
use super::repository::Repository;
use super::site::Site;
use super::token::Token;

/// What a pull request has besides what an issue has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pull {
    /// `owner/name` of the repository that the changes come from.
    pub head_repository: String,
    /// The branch that the changes come from.
    pub head: String,
    /// Its commit, when it was last looked at.
    pub head_sha: String,
    /// The branch that the changes go to.
    pub base: String,
    /// The base's commit, when it was last looked at.
    pub base_sha: String,
    /// Not ready.
    pub draft: bool,
    /// When it was merged, and by whom.
    pub merged: Option<(String, String)>,
    /// The commit that merged it.
    pub merge_commit: Option<String>,
}

/// What happens to pull requests when refs move.
pub(super) fn refs_moved(_: &Site, _: &mut Repository, _: &Token, _: &[Moved]) {}
