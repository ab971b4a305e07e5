//! Deployments that began: one ref for each environment, beside the branches.
//!
//! The ref points to a commit with trunk's tree, on top of trunk, whose message holds the record.
//! No branch gets a commit, no rule refuses it (GitHub's documentation, "About rulesets": they are
//! for branches, tags and pushes), no workflow starts ("Events that trigger workflows", `push`:
//! branches and tags), and since its tree is trunk's, no token needs permission for workflow files.
//! GitHub takes every ref of at least three parts (REST reference, "Create a reference").

use super::command::finish;
use super::remote::REMOTE;
use super::{Git, Identity};
use crate::error::Failure;
use cascade_core::state::Begun;
use indexmap::IndexMap;

const PREFIX: &str = "refs/cascade/deployments/";
const FETCH: &str = "+refs/cascade/deployments/*:refs/cascade/deployments/*";

/// The records, by environment, with the commits that hold them.
pub(crate) type Records = IndexMap<String, (String, Begun)>;

impl Git {
    /// Fetches a branch and what began; the branch's commit.
    pub(crate) fn fetch_with_begun(&self, branch: &str) -> Result<String, Failure> {
        let tracked = format!("refs/remotes/{REMOTE}/{branch}");
        let branch_spec = format!("+refs/heads/{branch}:{tracked}");
        let arguments = [
            "fetch",
            "--quiet",
            "--no-tags",
            "--prune",
            REMOTE,
            &branch_spec,
            FETCH,
        ];
        self.demand_remote(&arguments, &format!("cannot fetch `{branch}`"))?;
        let head = self.demand(&["rev-parse", &tracked], "nothing was fetched")?;
        Ok(head.trim().to_owned())
    }

    /// Fetches what began.
    pub(crate) fn fetch_begun(&self) -> Result<(), Failure> {
        let arguments = ["fetch", "--quiet", "--no-tags", "--prune", REMOTE, FETCH];
        self.demand_remote(&arguments, "cannot fetch which deployments began")?;
        Ok(())
    }

    /// Returns true if there is a remote to ask.
    pub(crate) fn has_remote(&self) -> Result<bool, Failure> {
        let remotes = self.demand(&["remote"], "the remotes cannot be listed")?;
        Ok(remotes.lines().any(|name| name == REMOTE))
    }

    /// Returns what began, as it was last fetched; what this version cannot read is an error.
    pub(crate) fn begun(&self) -> Result<Records, Failure> {
        let format = "--format=%(refname)%00%(objectname)%00%(contents:body)%00";
        let listed = self.demand(
            &["for-each-ref", format, PREFIX],
            "the deployments that began cannot be listed",
        )?;
        let mut fields = listed.split('\0').map(str::trim);
        let mut records = Records::new();
        while let (Some(name), Some(commit), Some(body)) =
            (fields.next(), fields.next(), fields.next())
        {
            let environment = name.strip_prefix(PREFIX).unwrap_or(name);
            let begun = serde_json::from_str(body).map_err(|error| {
                Failure::new(format!(
                    "{name} holds no deployment that this version can read"
                ))
                .cause(error)
                .help("run the version of cascade that the generated files name")
            })?;
            records.insert(environment.to_owned(), (commit.to_owned(), begun));
        }
        Ok(records)
    }

    /// Makes the commit that holds a record.
    pub(crate) fn commit_begun(
        &self,
        trunk: &str,
        (environment, begun): (&str, &Begun),
        identity: &Identity,
    ) -> Result<String, Failure> {
        let failure = "the beginning of a deployment cannot be noted";
        let record =
            serde_json::to_string(begun).map_err(|error| Failure::new(failure).cause(error))?;
        let message = format!(
            "cascade: {} {environment} {}\n\n{record}\n",
            begun.operation, begun.version
        );
        let tree = format!("{trunk}^{{tree}}");
        let mut command = self.command(&["commit-tree", &tree, "-p", trunk, "-F", "-"]);
        identity.sign(&mut command);
        let commit = finish(command, Some(message.as_bytes()), failure)?;
        Ok(commit.trim().to_owned())
    }
}

/// A ref that moves in a push: made (from nothing), moved, or deleted (to nothing).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RefMove {
    environment: String,
    from: Option<String>,
    to: Option<String>,
}

impl RefMove {
    pub(crate) fn new(environment: &str, from: Option<&str>, to: Option<String>) -> Self {
        Self {
            environment: environment.to_owned(),
            from: from.map(str::to_owned),
            to,
        }
    }

    pub(super) fn lease(&self) -> String {
        let from = self.from.as_deref().unwrap_or_default();
        format!("--force-with-lease={PREFIX}{}:{from}", self.environment)
    }

    pub(super) fn refspec(&self) -> String {
        let to = self.to.as_deref().unwrap_or_default();
        format!("{to}:{PREFIX}{}", self.environment)
    }
}
