//! Notes beside the branches: deployments that began, and the newest state of a state branch.
//!
//! A deployment that began has one ref for each environment of each component. It points to a commit on top of the
//! branch that keeps the state, with that branch's tree, whose message holds the record. No branch
//! gets a commit, no rule refuses it (GitHub's documentation, "About rulesets": they are for
//! branches, tags and pushes), no workflow starts ("Events that trigger workflows", `push`: branches
//! and tags), and since the tree is the branch's, no token needs permission for workflow files.
//! GitHub takes every ref of at least three parts (REST reference, "Create a reference").
//!
//! The bookmark points to the newest commit of the state branch. Where it is and the branch is not,
//! somebody deleted the branch.

use super::command::finish;
use super::remote::REMOTE;
use super::{Git, Identity};
use crate::cli::error::Failure;
use cascade_core::state::{Begun, Scope};
use indexmap::IndexMap;

const ALL: &str = "refs/cascade/";
const FETCH: &str = "+refs/cascade/*:refs/cascade/*";
const DEPLOYMENTS: &str = "refs/cascade/deployments/";
/// Apart from the others: an environment may have the name of a component.
const OF_COMPONENTS: &str = "refs/cascade/components/";
const BOOKMARK: &str = "refs/cascade/state";

/// The records of deployments that began, by the path of the environment within the scope, with the
/// commits that hold them.
pub(crate) type Records = IndexMap<String, (String, Begun)>;

/// Everything that is noted, as it was last fetched.
#[derive(Debug, Clone, Default)]
pub(crate) struct Noted {
    /// The deployments that began.
    pub(crate) begun: Records,
    /// The newest commit of the state branch.
    pub(crate) bookmark: Option<String>,
}

impl Git {
    /// Fetches a branch and what is noted; returns the branch's commit, if there is such a branch.
    pub(crate) fn fetch_with_noted(&self, branch: &str) -> Result<Option<String>, Failure> {
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
        let fetched = self.demand_remote(&arguments, &format!("cannot fetch `{branch}`"));
        if let Err(failure) = fetched {
            // A remote that does not answer has told why already.
            if self.has_remote_branch(branch).unwrap_or(true) {
                return Err(failure);
            }
            // What was fetched of it before would be taken for the branch.
            if self.fetched(branch)?.is_some() {
                let failure = format!("what was fetched of `{branch}` cannot be removed");
                self.demand(&["update-ref", "-d", &tracked], &failure)?;
            }
            self.fetch_noted()?;
            // Whoever made the branch between the two fetches noted it, too.
            let is_made = self.bookmark()?.is_some() && self.has_remote_branch(branch)?;
            return match is_made {
                true => self.fetch_with_noted(branch),
                false => Ok(None),
            };
        }
        self.just_fetched(&tracked).map(Some)
    }

    fn has_remote_branch(&self, branch: &str) -> Result<bool, Failure> {
        let there = self.remote_branches(branch)?;
        Ok(there.iter().any(|(name, _)| name == branch))
    }

    /// Fetches what is noted.
    pub(crate) fn fetch_noted(&self) -> Result<(), Failure> {
        let arguments = ["fetch", "--quiet", "--no-tags", "--prune", REMOTE, FETCH];
        self.demand_remote(&arguments, "cannot fetch which deployments began")?;
        Ok(())
    }

    /// Returns true if there is a remote to ask.
    pub(crate) fn has_remote(&self) -> Result<bool, Failure> {
        let remotes = self.demand(&["remote"], "the remotes cannot be listed")?;
        Ok(remotes.lines().any(|name| name == REMOTE))
    }

    /// Returns the newest commit of the state branch, as it was last fetched.
    pub(crate) fn bookmark(&self) -> Result<Option<String>, Failure> {
        self.resolve(BOOKMARK)
    }

    /// Returns what is noted in a scope, as it was last fetched; what this version cannot read is an
    /// error.
    pub(crate) fn noted(&self, scope: &Scope) -> Result<Noted, Failure> {
        let format = "--format=%(refname)%00%(objectname)%00%(contents:body)%00";
        let listed = self.demand(
            &["for-each-ref", format, ALL],
            "the deployments that began cannot be listed",
        )?;
        let mut fields = listed.split('\0').map(str::trim);
        let mut noted = Noted::default();
        while let (Some(name), Some(commit), Some(body)) =
            (fields.next(), fields.next(), fields.next())
        {
            if name == BOOKMARK {
                noted.bookmark = Some(commit.to_owned());
            }
            let Some(path) = path(scope, name) else {
                continue;
            };
            let begun = serde_json::from_str(body).map_err(|error| {
                Failure::new(format!(
                    "{name} holds no deployment that this version can read"
                ))
                .cause(error)
                .help("run the version of cascade that the generated files name")
            })?;
            let record = (commit.to_owned(), begun);
            noted.begun.insert(path.to_owned(), record);
        }
        Ok(noted)
    }

    /// Makes the commit that holds a record: on top of a commit and with its files, if there is one.
    pub(crate) fn commit_begun(
        &self,
        parent: Option<&str>,
        (path, begun): (&str, &Begun),
        identity: &Identity,
    ) -> Result<String, Failure> {
        let failure = "the beginning of a deployment cannot be noted";
        let record =
            serde_json::to_string(begun).map_err(|error| Failure::new(failure).cause(error))?;
        let message = format!(
            "cascade: {} {path} {}\n\n{record}\n",
            begun.operation, begun.version
        );
        let tree = match parent {
            Some(parent) => format!("{parent}^{{tree}}"),
            None => self.empty_tree()?,
        };
        let mut arguments = vec!["commit-tree", &tree, "-F", "-"];
        arguments.extend(parent.iter().flat_map(|parent| ["-p", parent]));
        let mut command = self.command(&arguments);
        identity.sign(&mut command);
        let commit = finish(command, Some(message.as_bytes()), failure)?;
        Ok(commit.trim().to_owned())
    }
}

/// Returns the ref of an environment's deployment; `path` is its path within the scope.
fn reference(scope: &Scope, path: &str) -> String {
    match scope.component() {
        Some(component) => format!("{OF_COMPONENTS}{component}/{path}"),
        None if path.contains('/') => format!("{OF_COMPONENTS}{path}"),
        None => format!("{DEPLOYMENTS}{path}"),
    }
}

/// Returns the path of the environment that a ref is for; `None` if it is out of scope.
fn path<'a>(scope: &Scope, reference: &'a str) -> Option<&'a str> {
    let of_components = reference.strip_prefix(OF_COMPONENTS);
    match scope.component() {
        Some(component) => of_components?.strip_prefix(component)?.strip_prefix('/'),
        None => of_components.or_else(|| reference.strip_prefix(DEPLOYMENTS)),
    }
}

/// A ref of cascade's that moves in a push: made (from nothing), moved, or deleted (to nothing).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RefMove {
    name: String,
    from: Option<String>,
    to: Option<String>,
}

impl RefMove {
    /// Moves the record of a deployment that began.
    pub(crate) fn deployment(
        (scope, path): (&Scope, &str),
        from: Option<&str>,
        to: Option<String>,
    ) -> Self {
        Self {
            name: reference(scope, path),
            from: from.map(str::to_owned),
            to,
        }
    }

    /// Moves the bookmark.
    pub(crate) fn bookmark(from: Option<&str>, to: &str) -> Self {
        Self {
            name: BOOKMARK.to_owned(),
            from: from.map(str::to_owned),
            to: Some(to.to_owned()),
        }
    }

    pub(super) fn lease(&self) -> String {
        let from = self.from.as_deref().unwrap_or_default();
        format!("--force-with-lease={}:{from}", self.name)
    }

    pub(super) fn refspec(&self) -> String {
        let to = self.to.as_deref().unwrap_or_default();
        format!("{to}:{}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refs_say_whose_they_are() {
        let (whole, api) = (Scope::of(None), Scope::of(Some("api")));
        assert_eq!(reference(&whole, "dev"), "refs/cascade/deployments/dev");
        let own = "refs/cascade/components/api/dev";
        assert_eq!(reference(&api, "dev"), own);
        assert_eq!(reference(&whole, "api/dev"), own);
        assert_eq!(path(&api, own), Some("dev"));
        assert_eq!(path(&whole, own), Some("api/dev"));
        assert_eq!(path(&whole, "refs/cascade/deployments/dev"), Some("dev"));
    }

    #[test]
    fn what_is_of_others_is_out_of_scope() {
        let api = Scope::of(Some("api"));
        for other in [
            "refs/cascade/components/api-2/dev",
            "refs/cascade/deployments/dev",
            "refs/cascade/state",
        ] {
            assert_eq!(path(&api, other), None, "{other}");
        }
    }
}
