//! The `git` command, typed.
//!
//! A token reaches git through its environment only: as the extra header of the server that it is
//! for (git's documentation, `http.<url>.extraHeader` and `GIT_CONFIG_COUNT`).

use super::environment::{Environment, Token};
use crate::error::Failure;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cascade_core::commits::Commit;
use cascade_core::lifecycle::History;
use cascade_core::lifecycle::history::Tag;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

/// The name of the remote that everything is fetched from and pushed to.
const REMOTE: &str = "origin";
/// How often the remote is asked at most.
const ATTEMPTS: u32 = 6;

/// A repository's checkout.
#[derive(Debug, Clone)]
pub(crate) struct Git {
    root: PathBuf,
    server: String,
    token: Option<Token>,
}

/// How a push ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Pushed {
    /// The remote has it.
    Done,
    /// Somebody else was faster.
    Raced,
    /// The remote does not want it, and why.
    Refused(String),
}

/// Who a commit is by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) name: String,
    pub(crate) email: String,
}

impl Identity {
    /// What commits state unless the pipeline says otherwise.
    pub(crate) fn bot() -> Self {
        Self {
            name: "github-actions[bot]".to_owned(),
            email: "41898282+github-actions[bot]@users.noreply.github.com".to_owned(),
        }
    }
}

impl Git {
    /// The checkout at `root`; `token` is for the server of this run.
    pub(crate) fn new(root: &Path, environment: &Environment, token: Option<&Token>) -> Self {
        Self {
            root: root.to_owned(),
            server: environment.server_url.trim_end_matches('/').to_owned(),
            token: token.cloned(),
        }
    }

    /// The commit that is checked out.
    pub(crate) fn head(&self) -> Result<String, Failure> {
        self.resolve("HEAD")?.ok_or_else(|| {
            Failure::new(format!("{} has no commit yet", self.root.display()))
                .help("commit the manifest and the generated files first")
        })
    }

    /// The commit that a name stands for.
    pub(crate) fn resolve(&self, name: &str) -> Result<Option<String>, Failure> {
        let name = format!("{name}^{{commit}}");
        let output = self.run(&[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &name,
        ])?;
        let sha = text(&output.stdout).trim().to_owned();
        Ok((output.status.success() && !sha.is_empty()).then_some(sha))
    }

    /// The commit of a branch as it was last fetched.
    pub(crate) fn fetched(&self, branch: &str) -> Result<Option<String>, Failure> {
        self.resolve(&format!("refs/remotes/{REMOTE}/{branch}"))
    }

    /// Fetches a branch; its commit.
    pub(crate) fn fetch(&self, branch: &str) -> Result<String, Failure> {
        let name = format!("refs/heads/{branch}");
        let arguments = [
            "fetch",
            "--quiet",
            "--no-tags",
            "--end-of-options",
            REMOTE,
            &name,
        ];
        self.demand_remote(&arguments, &format!("cannot fetch `{branch}`"))?;
        let head = self.demand(&["rev-parse", "FETCH_HEAD"], "nothing was fetched")?;
        Ok(head.trim().to_owned())
    }

    /// git's name of what a folder holds in a commit; `None` if there is no such folder.
    pub(crate) fn tree(&self, commit: &str, path: &str) -> Result<Option<String>, Failure> {
        let name = format!("{commit}:{path}");
        let output = self.run(&[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &name,
        ])?;
        Ok(output.status.success().then(|| text(&output.stdout)))
    }

    /// The bytes of a file in a commit; `None` if it is not there.
    pub(crate) fn show(&self, commit: &str, path: &str) -> Result<Option<Vec<u8>>, Failure> {
        let name = format!("{commit}:{path}");
        let output = self.run(&["cat-file", "blob", &name])?;
        Ok(output.status.success().then_some(output.stdout))
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
        let commits = log.split('\u{1}').skip(1).map(|record| {
            let mut parts = record.split('\0').map(|part| part.trim_start_matches('\n'));
            let sha = parts.next().unwrap_or_default().to_owned();
            let files = parts.filter(|part| !part.is_empty()).map(str::to_owned);
            (sha, files.collect())
        });
        Ok(commits.collect())
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
        Ok(listed
            .split('\0')
            .filter(|file| !file.is_empty())
            .map(str::to_owned)
            .collect())
    }

    /// The commits that changed a file, newest first; at most a thousand.
    pub(crate) fn touching(&self, path: &str) -> Result<Vec<String>, Failure> {
        let arguments = [
            "log",
            "--no-show-signature",
            "--max-count=1000",
            "--format=%H",
            "--",
            path,
        ];
        let log = self.demand(&arguments, "the history of the manifest cannot be read")?;
        Ok(log.lines().map(str::to_owned).collect())
    }

    /// The parent of the oldest commit of a file whose message has a text as a line.
    pub(crate) fn before_mention(&self, line: &str, path: &str) -> Result<Option<String>, Failure> {
        let grep = format!("--grep={line}");
        let arguments = [
            "log",
            "--fixed-strings",
            &grep,
            "--format=%x01%P%n%B",
            "--",
            path,
        ];
        let log = self.demand(&arguments, "the history of the manifest cannot be read")?;
        // `grep` finds the number of a run in a longer one, too.
        let oldest = log
            .split('\u{1}')
            .rfind(|record| record.lines().skip(1).any(|each| each == line));
        let parents = oldest.and_then(|record| record.lines().next());
        Ok(parents.and_then(|parents| Some(parents.split(' ').next()?.to_owned())))
    }

    /// A commit on top of `parent` that changes one file; it is on no branch yet.
    pub(crate) fn commit_file(
        &self,
        parent: &str,
        (path, bytes): (&str, &[u8]),
        message: &str,
        identity: &Identity,
    ) -> Result<String, Failure> {
        let failure = "a commit cannot be made";
        let blob = self.with_input(&["hash-object", "-w", "--stdin"], bytes, failure)?;
        let folder = tempfile::tempdir().map_err(|error| Failure::new(failure).cause(error))?;
        let index = folder.path().join("index");
        let indexed = |arguments: &[&str]| {
            let mut command = self.command(arguments);
            command.env("GIT_INDEX_FILE", &index);
            finish(command, None, failure)
        };
        indexed(&["read-tree", parent])?;
        let entry = format!("100644,{},{path}", blob.trim());
        indexed(&["update-index", "--add", "--cacheinfo", &entry])?;
        let tree = indexed(&["write-tree"])?;
        let mut command = self.command(&["commit-tree", tree.trim(), "-p", parent, "-F", "-"]);
        command
            .env("GIT_AUTHOR_NAME", &identity.name)
            .env("GIT_AUTHOR_EMAIL", &identity.email)
            .env("GIT_COMMITTER_NAME", &identity.name)
            .env("GIT_COMMITTER_EMAIL", &identity.email);
        let commit = finish(command, Some(message.as_bytes()), failure)?;
        Ok(commit.trim().to_owned())
    }

    /// Pushes a commit to a branch if nobody else was faster.
    pub(crate) fn push_branch(&self, commit: &str, branch: &str) -> Result<Pushed, Failure> {
        self.push(&format!("{commit}:refs/heads/{branch}"))
    }

    /// Makes a tag at a commit, there.
    pub(crate) fn push_tag(&self, commit: &str, tag: &str) -> Result<Pushed, Failure> {
        self.push(&format!("{commit}:refs/tags/{tag}"))
    }

    /// Deletes tags, there and here; those that are gone already do not matter.
    pub(crate) fn delete_tags(&self, tags: &[String]) -> Result<(), Failure> {
        let there: Vec<String> = self
            .remote_tags()?
            .into_iter()
            .map(|tag| tag.name)
            .collect();
        let left: Vec<&String> = tags.iter().filter(|tag| there.contains(*tag)).collect();
        for chunk in left.chunks(100) {
            let refs: Vec<String> = chunk
                .iter()
                .map(|tag| format!(":refs/tags/{tag}"))
                .collect();
            let mut arguments = vec!["push", "--porcelain", REMOTE];
            arguments.extend(refs.iter().map(String::as_str));
            let deleted = self.demand_remote(&arguments, "tags cannot be deleted");
            // A connection that broke leaves open whether they are gone.
            let there = || {
                self.remote_tags()
                    .map(|tags| tags.into_iter().map(|tag| tag.name))
            };
            if let Err(failure) = deleted
                && there()?.any(|tag| chunk.iter().any(|wanted| **wanted == tag))
            {
                return Err(failure);
            }
        }
        Ok(())
    }

    /// The tags that the remote has.
    pub(crate) fn remote_tags(&self) -> Result<Vec<Tag>, Failure> {
        let listed = self.demand_remote(
            &["ls-remote", "--tags", REMOTE],
            "the tags cannot be listed",
        )?;
        let mut tags: Vec<Tag> = Vec::new();
        for line in listed.lines() {
            let Some((sha, name)) = line.split_once("\trefs/tags/") else {
                continue;
            };
            let sha = sha.to_owned();
            match name.strip_suffix("^{}") {
                // The line after an annotated tag names its commit.
                Some(name) => tags
                    .iter_mut()
                    .filter(|tag| tag.name == name)
                    .for_each(|tag| tag.sha.clone_from(&sha)),
                None => tags.push(Tag {
                    name: name.to_owned(),
                    sha,
                }),
            }
        }
        Ok(tags)
    }

    fn push(&self, refspec: &str) -> Result<Pushed, Failure> {
        let output = self.patiently(&["push", "--porcelain", REMOTE, refspec])?;
        if output.status.success() {
            return Ok(Pushed::Done);
        }
        let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
        Ok(how_refused(&said))
    }

    /// A value of git's configuration.
    pub(crate) fn config(&self, key: &str) -> Option<String> {
        let output = self.run(&["config", "--get", key]).ok()?;
        let value = text(&output.stdout).trim().to_owned();
        (output.status.success() && !value.is_empty()).then_some(value)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command
            .arg("-C")
            .arg(&self.root)
            .args(arguments)
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("LC_ALL", "C")
            .env_remove("GITHUB_TOKEN")
            .env_remove("GH_TOKEN")
            .env_remove("RELEASE_TOKEN")
            .env_remove("PRIMARY_REPO_TOKEN")
            .env_remove("NOTIFY_TOKEN")
            .stdin(Stdio::null());
        if let Some(token) = &self.token {
            let secret = STANDARD.encode(format!("x-access-token:{}", token.expose()));
            command
                .env("GIT_CONFIG_COUNT", "1")
                .env(
                    "GIT_CONFIG_KEY_0",
                    format!("http.{}/.extraheader", self.server),
                )
                .env(
                    "GIT_CONFIG_VALUE_0",
                    format!("AUTHORIZATION: basic {secret}"),
                );
        }
        command
    }

    fn run(&self, arguments: &[&str]) -> Result<Output, Failure> {
        self.command(arguments).output().map_err(missing)
    }

    /// Talks to the remote, and again if the connection breaks: a push that got through says on
    /// the second time that everything is up to date.
    fn patiently(&self, arguments: &[&str]) -> Result<Output, Failure> {
        let mut attempt = 1;
        loop {
            let output = self.run(arguments)?;
            if output.status.success() || attempt == ATTEMPTS || !broken(&text(&output.stderr)) {
                return Ok(output);
            }
            let backoff = 100_u64 << attempt;
            std::thread::sleep(Duration::from_millis(backoff + fastrand::u64(0..=backoff)));
            attempt += 1;
        }
    }

    fn demand_remote(&self, arguments: &[&str], failure: &str) -> Result<String, Failure> {
        succeeded(&self.patiently(arguments)?, failure)
    }

    fn demand(&self, arguments: &[&str], failure: &str) -> Result<String, Failure> {
        finish(self.command(arguments), None, failure)
    }

    fn with_input(
        &self,
        arguments: &[&str],
        input: &[u8],
        failure: &str,
    ) -> Result<String, Failure> {
        finish(self.command(arguments), Some(input), failure)
    }
}

fn finish(mut command: Command, input: Option<&[u8]>, failure: &str) -> Result<String, Failure> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    if input.is_some() {
        command.stdin(Stdio::piped());
    }
    let mut child = command.spawn().map_err(missing)?;
    if let (Some(input), Some(mut pipe)) = (input, child.stdin.take()) {
        // If git does not read it all, its exit status tells why.
        let _ = pipe.write_all(input);
    }
    succeeded(&child.wait_with_output().map_err(missing)?, failure)
}

fn succeeded(output: &Output, failure: &str) -> Result<String, Failure> {
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    let said = text(&output.stderr);
    Err(Failure::new(failure).cause(said.trim().lines().next().unwrap_or("git says nothing")))
}

fn missing(error: std::io::Error) -> Failure {
    Failure::new("git cannot be run")
        .cause(error)
        .help("install git, and put it on PATH")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Whether the remote was not reached, or did not answer.
fn broken(said: &str) -> bool {
    let signs = [
        "RPC failed",
        "early EOF",
        "hung up unexpectedly",
        "requested URL returned error: 429",
        "requested URL returned error: 5",
        "Could not resolve host",
        "Failed to connect",
        "Connection reset",
        "Empty reply from server",
        "Recv failure",
        "timed out",
    ];
    signs.iter().any(|sign| said.contains(sign))
}

/// Tells a lost race from a refusal.
fn how_refused(said: &str) -> Pushed {
    let races = [
        "fetch first",
        "non-fast-forward",
        "stale info",
        "cannot lock ref",
        "failed to update ref",
        "incorrect old value",
        "reference already exists",
        "already exists",
    ];
    let refused = said.contains("declined") || said.contains("GH006") || said.contains("GH013");
    if !refused && races.iter().any(|race| said.contains(race)) {
        return Pushed::Raced;
    }
    let telling = |line: &&str| {
        line.starts_with("remote:")
            || line.starts_with('!')
            || line.contains("fatal")
            || line.contains("error")
    };
    let lines: Vec<&str> = said.lines().map(str::trim).filter(telling).collect();
    Pushed::Refused(lines.join("\n"))
}

/// Asks for commits as [`commits`] reads them.
///
/// With `log.showSignature` git would put what it says of signatures between them.
const LOG: [&str; 4] = [
    "log",
    "--no-show-signature",
    "--format=%H%x00%an%x00%B%x00",
    "--end-of-options",
];

fn commits(log: &str) -> Vec<Commit> {
    let mut fields = log.split('\0');
    let mut commits = Vec::new();
    while let (Some(sha), Some(author), Some(message)) =
        (fields.next(), fields.next(), fields.next())
    {
        commits.push(Commit {
            sha: sha.trim_start().to_owned(),
            author: author.to_owned(),
            message: message.trim_end().to_owned(),
        });
    }
    commits
}

fn unlisted(head: &str) -> Failure {
    Failure::new(format!("the commits up to {head} cannot be listed"))
        .help("fetch the whole history: a shallow clone does not have it")
}

impl History for Git {
    type Error = Failure;

    fn contains(&self, descendant: &str, ancestor: &str) -> Result<bool, Failure> {
        let output = self.run(&[
            "merge-base",
            "--is-ancestor",
            "--end-of-options",
            ancestor,
            descendant,
        ])?;
        Ok(output.status.success())
    }

    fn changed(&self, base: &str, head: &str) -> Result<Option<Vec<String>>, Failure> {
        if self.resolve(base)?.is_none() || self.resolve(head)?.is_none() {
            return Ok(None);
        }
        let arguments = [
            "diff",
            "--name-only",
            "--no-renames",
            "-z",
            "--end-of-options",
            base,
            head,
        ];
        let files = self.demand(&arguments, "changed files cannot be listed")?;
        Ok(Some(
            files
                .split('\0')
                .filter(|file| !file.is_empty())
                .map(str::to_owned)
                .collect(),
        ))
    }

    fn commits(&self, base: Option<&str>, head: &str) -> Result<Vec<Commit>, Failure> {
        if let Some(base) = base {
            let range = format!("{base}..{head}");
            let output = self.run(&[LOG[0], LOG[1], LOG[2], LOG[3], &range])?;
            if output.status.success() {
                return Ok(commits(&text(&output.stdout)));
            }
            if self.resolve(base)?.is_some() {
                return Err(unlisted(head));
            }
        }
        let log = self.run(&[LOG[0], LOG[1], LOG[2], LOG[3], head])?;
        match log.status.success() {
            true => Ok(commits(&text(&log.stdout))),
            false => Err(unlisted(head)),
        }
    }

    fn tags(&self) -> Result<Vec<Tag>, Failure> {
        let format = "--format=%(refname:strip=2)%00%(objectname)%00%(*objectname)";
        let listed = self.demand(
            &["for-each-ref", format, "refs/tags"],
            "the tags cannot be listed",
        )?;
        let tags = listed.lines().filter_map(|line| {
            let mut parts = line.split('\0');
            let (name, object) = (parts.next()?, parts.next()?);
            let peeled = parts.next().filter(|peeled| !peeled.is_empty());
            Some(Tag {
                name: name.to_owned(),
                sha: peeled.unwrap_or(object).to_owned(),
            })
        });
        Ok(tags.collect())
    }
}
