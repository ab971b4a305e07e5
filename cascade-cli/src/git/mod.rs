//! The `git` command, typed.
//!
//! A token reaches git through its environment only: as the extra header of the server that it is
//! for (git's documentation, `http.<url>.extraHeader` and `GIT_CONFIG_COUNT`).

mod command;
mod history;
mod log;
mod merge;
mod noted;
mod objects;
mod pick;
mod remote;
mod settings;
mod shallow;
mod signing;
mod surroundings;
mod tags;
mod tree;
mod trunk;

pub(crate) use merge::Merged;
pub(crate) use noted::{Noted, Records, RefMove};
pub(crate) use pick::{Picked, origins};
pub(crate) use remote::Pushed;
pub(crate) use signing::{Signer, SigningKey};
pub(crate) use trunk::Trunk;

use crate::cli::error::Failure;
use crate::cli::runner::{Runner, Token};
use crate::repository::is_git_top;
use cascade_core::lifecycle::History;
use command::{explained, names, text};
use remote::REMOTE;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

/// A repository's checkout.
#[derive(Debug, Clone)]
pub(crate) struct Git {
    root: PathBuf,
    server: String,
    token: Option<Token>,
    reader: Arc<Mutex<Option<objects::Reader>>>,
    settings: Arc<OnceLock<settings::Settings>>,
    /// The file that lists cut-off commits.
    shallow: Arc<OnceLock<PathBuf>>,
}

/// The author of a commit.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) name: String,
    pub(crate) email: String,
    /// The signer of commits and tags.
    pub(crate) signer: Signer,
}

/// A commit whose message has a certain line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mention {
    /// The commit before it; none if it is the first of its branch.
    pub(crate) before: Option<String>,
}

impl Identity {
    /// Makes `git commit-tree` commit as this person, for an author of its own.
    fn commit(&self, command: &mut std::process::Command) {
        command
            .env("GIT_COMMITTER_NAME", &self.name)
            .env("GIT_COMMITTER_EMAIL", &self.email);
        if self.signer.signs() {
            // Unlike `git commit`, `commit-tree` does not read `commit.gpgSign`.
            command.arg("-S");
            self.signer.lend(command);
        }
    }

    /// Makes `git tag --sign` tag as this person.
    fn tag(&self, command: &mut std::process::Command) {
        command
            .env("GIT_COMMITTER_NAME", &self.name)
            .env("GIT_COMMITTER_EMAIL", &self.email);
        self.signer.lend(command);
    }

    /// The same as [`commit`](Self::commit), as the author.
    fn sign(&self, command: &mut std::process::Command) {
        command
            .env("GIT_AUTHOR_NAME", &self.name)
            .env("GIT_AUTHOR_EMAIL", &self.email);
        self.commit(command);
    }

    /// Returns the identity of commits unless the pipeline declares another one.
    pub(crate) fn bot() -> Self {
        Self {
            name: "github-actions[bot]".to_owned(),
            email: "41898282+github-actions[bot]@users.noreply.github.com".to_owned(),
            signer: Signer::Nobody,
        }
    }
}

impl Git {
    /// The checkout at `root`; `token` is for the server of this run.
    pub(crate) fn new(root: &Path, environment: &Runner, token: Option<&Token>) -> Self {
        Self {
            root: root.to_owned(),
            server: environment.server_url.trim_end_matches('/').to_owned(),
            token: token.cloned(),
            reader: Arc::default(),
            settings: Arc::default(),
            shallow: Arc::default(),
        }
    }

    /// Returns the checkout around a folder, without a token; `None` outside of a git repository.
    pub(crate) fn around(folder: &Path) -> Option<Self> {
        let is_repository = folder.ancestors().any(is_git_top);
        is_repository.then(|| Self::new(folder, &Runner::read(), None))
    }

    /// The commit that is checked out.
    pub(crate) fn head(&self) -> Result<String, Failure> {
        if let Some(head) = self.resolve("HEAD")? {
            return Ok(head);
        }
        let failure = format!(
            "what {} has checked out cannot be read",
            self.root.display()
        );
        let branch = self.ask(&["symbolic-ref", "--quiet", "HEAD"], &failure)?;
        // A branch without a commit is in no list of refs; one that is broken is, or is warned of.
        let listed = match &branch {
            Some(branch) => {
                let arguments = ["for-each-ref", "--format=%(refname)", branch.trim()];
                let output = self.run(&arguments)?;
                format!("{}{}", text(&output.stdout), text(&output.stderr))
            }
            None => "HEAD".to_owned(),
        };
        Err(match listed.trim() {
            "" => Failure::new(format!("{} has no commit yet", self.root.display()))
                .help("commit the manifest and the generated files first"),
            listed => Failure::new(failure)
                .cause(format!("it stands for no commit that is here: {listed}"))
                .help("`git fsck` says what is damaged"),
        })
    }

    /// Returns the commit that a name stands for; `None` if it stands for none.
    pub(crate) fn resolve(&self, name: &str) -> Result<Option<String>, Failure> {
        if let Some(commit) = self.read(&format!("{name}^{{commit}}"))? {
            return Ok(Some(commit.sha));
        }
        match self.object(&format!("{name}^{{commit}}")) {
            Ok(found) => Ok(found.map(|sha| sha.trim().to_owned())),
            Err(failure) => match self.kind(name)?.as_str() {
                "tree" | "blob" => Ok(None),
                _ => Err(failure),
            },
        }
    }

    /// Returns the kind of the object that a name stands for at last; empty if git cannot say.
    fn kind(&self, name: &str) -> Result<String, Failure> {
        let output = self.run(&["cat-file", "-t", &format!("{name}^{{}}")])?;
        Ok(text(&output.stdout).trim().to_owned())
    }

    /// The object that a name stands for; `None` if it stands for none.
    fn object(&self, name: &str) -> Result<Option<String>, Failure> {
        let arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options", name];
        self.ask(&arguments, &format!("git cannot look up `{name}`"))
    }

    /// The commit of a branch as it was last fetched.
    pub(crate) fn fetched(&self, branch: &str) -> Result<Option<String>, Failure> {
        self.resolve(&format!("refs/remotes/{REMOTE}/{branch}"))
    }

    /// Makes a branch of this clone stand for a commit.
    pub(crate) fn set_branch(&self, branch: &str, commit: &str) -> Result<(), Failure> {
        let name = format!("refs/heads/{branch}");
        let failure = format!("the branch `{branch}` cannot be moved");
        self.demand(&["update-ref", &name, commit], &failure)?;
        Ok(())
    }

    /// Returns true if a commit is another one's descendant.
    pub(crate) fn is_ahead(&self, commit: &str, other: &str) -> Result<bool, Failure> {
        Ok(commit != other && self.contains(commit, other)?)
    }

    /// git's name of what a folder holds in a commit; `None` if there is no such folder.
    pub(crate) fn tree(&self, commit: &str, path: &str) -> Result<Option<String>, Failure> {
        self.object(&format!("{commit}:{path}"))
    }

    /// The bytes of a file in a commit; `None` if it is not there.
    pub(crate) fn show(&self, commit: &str, path: &str) -> Result<Option<Vec<u8>>, Failure> {
        let name = format!("{commit}:{path}");
        if let Some(file) = self.read(&name)?.filter(|object| object.kind == "blob") {
            return Ok(Some(file.bytes));
        }
        let mut command = self.fetching(&["cat-file", "blob", &name]);
        let output = command.output().map_err(command::missing)?;
        if output.status.success() {
            return Ok(Some(output.stdout));
        }
        // git says with the same exit code that there is no file, and that it cannot be read.
        match self.object(&name)? {
            None => Ok(None),
            Some(_) => Err(explained(&format!("git cannot read `{name}`"), &output)),
        }
    }

    /// The commits from `start` down the first parents, with the files that each changed.
    pub(crate) fn first_parents(
        &self,
        start: &str,
        count: usize,
    ) -> Result<Vec<(String, Vec<String>)>, Failure> {
        let count = format!("--max-count={count}");
        let arguments = [
            "log",
            "--no-show-signature",
            "--first-parent",
            "--diff-merges=first-parent",
            "--name-only",
            "-z",
            "--format=%x01%H",
            &count,
            "--end-of-options",
            start,
        ];
        let log = self.demand(&arguments, "the history cannot be read")?;
        Ok(history::files_by_commit(&log))
    }

    /// The files below a folder that are new or changed since a commit, or all of them.
    pub(crate) fn files_since(
        &self,
        base: Option<&str>,
        head: &str,
        folder: &str,
    ) -> Result<Vec<String>, Failure> {
        let failure = "files cannot be listed";
        let known = base.map(|base| self.resolve(base)).transpose()?.flatten();
        let listed = match &known {
            Some(base) => {
                let arguments = [
                    "diff",
                    "--name-only",
                    "--no-renames",
                    "-z",
                    base,
                    head,
                    "--",
                    folder,
                ];
                self.demand(&arguments, failure)?
            }
            None => self.demand(
                &["ls-tree", "-r", "--name-only", "-z", head, "--", folder],
                failure,
            )?,
        };
        Ok(names(&listed))
    }

    /// Returns the commits up to `head` that changed a file, newest first, with the second that each
    /// was made in; at most a thousand.
    pub(crate) fn touching(&self, head: &str, path: &str) -> Result<Vec<(i64, String)>, Failure> {
        let arguments = [
            "log",
            "--no-show-signature",
            "--max-count=1000",
            "--format=%ct %H",
            head,
            "--",
            path,
        ];
        let log = self.demand(&arguments, &format!("the history of {path} cannot be read"))?;
        let commit = |line: &str| {
            let (second, sha) = line.split_once(' ')?;
            Some((second.parse().ok()?, sha.to_owned()))
        };
        Ok(log.lines().filter_map(commit).collect())
    }

    /// Returns the oldest commit of a file, up to `head`, whose message has a text as a line.
    pub(crate) fn mention(
        &self,
        head: &str,
        line: &str,
        path: &str,
    ) -> Result<Option<Mention>, Failure> {
        let grep = format!("--grep={line}");
        let arguments = [
            "log",
            "--no-show-signature",
            "--fixed-strings",
            &grep,
            "--format=%x01%P%n%B",
            head,
            "--",
            path,
        ];
        let log = self.demand(&arguments, &format!("the history of {path} cannot be read"))?;
        // `grep` finds the number of a run in a longer one, too.
        let oldest = log
            .split('\u{1}')
            .rfind(|record| record.lines().skip(1).any(|each| each == line));
        let parents = oldest.and_then(|record| record.lines().next());
        Ok(parents.map(|parents| {
            let parent = parents.split(' ').next().filter(|sha| !sha.is_empty());
            Mention {
                before: parent.map(str::to_owned),
            }
        }))
    }
}
