//! A bare repository, driven by `git`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, bail};

use super::ref_files;

/// The object name of nothing.
pub(super) const ZERO: &str = "0000000000000000000000000000000000000000";

/// The committer of commits that the web interface and the API make.
pub(super) const WEB: (&str, &str) = ("GitHub", "noreply@github.com");

/// A bare repository.
#[derive(Debug, Clone)]
pub(super) struct Git {
    pub(super) folder: PathBuf,
    /// Answers about objects that are named by their hashes, which never change.
    known: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
}

/// The author or committer of a commit, with the time (seconds since 1970).
#[derive(Debug, Clone)]
pub(super) struct Signature {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) date: String,
}

/// A commit to be.
#[derive(Debug)]
pub(super) struct NewCommit<'a> {
    pub(super) tree: &'a str,
    pub(super) parents: &'a [&'a str],
    pub(super) message: &'a str,
    pub(super) author: &'a Signature,
    pub(super) committer: &'a Signature,
}

/// A commit that exists.
#[derive(Debug, Clone)]
pub(super) struct Commit {
    pub(super) sha: String,
    pub(super) tree: String,
    pub(super) parents: Vec<String>,
    pub(super) author: Signature,
    pub(super) committer: Signature,
    pub(super) message: String,
}

/// `git` without any configuration but the repository's own.
pub(crate) fn command() -> Command {
    command_of(Path::new("git"))
}

/// Another program of git, without any configuration but the repository's own.
pub(super) fn command_of(program: &Path) -> Command {
    let mut command = Command::new(program);
    forget_variables(&mut command);
    command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_TERMINAL_PROMPT", "0");
    command
}

/// Takes the variables from a command that would send git to another repository, as hooks have them.
pub(crate) fn forget_variables(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GIT_") {
            command.env_remove(name);
        }
    }
}

impl Git {
    pub(super) fn create(folder: &Path, branch: &str) -> anyhow::Result<Self> {
        let mut init = command();
        init.args(["init", "--quiet", "--bare", "--initial-branch", branch]);
        output(init.arg(folder), b"")?;
        let git = Self::at(folder);
        for (key, value) in [
            ("http.receivepack", "true"),
            ("uploadpack.allowFilter", "true"),
            ("uploadpack.allowAnySHA1InWant", "true"),
            ("gc.auto", "0"),
            ("receive.autogc", "false"),
        ] {
            git.run(&["config", key, value])?;
        }
        Ok(git)
    }

    /// The repository that is there already.
    pub(super) fn at(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            known: Arc::default(),
        }
    }

    /// Returns the text that `git` prints, without the last line break.
    pub(super) fn run(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let printed = self.bytes(arguments, b"")?;
        let text = String::from_utf8_lossy(&printed);
        Ok(text.strip_suffix('\n').unwrap_or(&text).to_owned())
    }

    /// Returns the text that `git` prints; `None` if it fails.
    pub(super) fn ask(&self, arguments: &[&str]) -> Option<String> {
        self.run(arguments).ok()
    }

    pub(super) fn bytes(&self, arguments: &[&str], input: &[u8]) -> anyhow::Result<Vec<u8>> {
        output(self.command().args(arguments), input)
    }

    pub(super) fn command(&self) -> Command {
        let mut command = command();
        command.arg("--git-dir").arg(&self.folder);
        command
    }

    /// The object that `revision` names, peeled to `kind`.
    pub(super) fn resolve(&self, revision: &str, kind: &str) -> Option<String> {
        if revision.starts_with('-') {
            return None;
        }
        // A branch is at a commit.
        if kind == "commit" && revision.starts_with("refs/heads/") {
            return self.exact(revision);
        }
        let object = match revision.starts_with("refs/") {
            true => self.exact(revision)?,
            false => revision.to_owned(),
        };
        let peeled = format!("{object}^{{{kind}}}");
        let found = self.lasting(&object, &["rev-parse", "--quiet", "--verify", &peeled])?;
        Some(String::from_utf8_lossy(&found).trim_end().to_owned())
    }

    /// A file of a commit.
    pub(super) fn file(&self, commit: &str, path: &str) -> Option<Vec<u8>> {
        self.lasting(commit, &["cat-file", "blob", &format!("{commit}:{path}")])
    }

    /// Asks once if the object is named by its hash; `None` if `git` fails.
    fn lasting(&self, object: &str, arguments: &[&str]) -> Option<Vec<u8>> {
        let is_hash = object.len() == ZERO.len() && object.bytes().all(|b| b.is_ascii_hexdigit());
        let question = arguments.join(" ");
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if is_hash && let Some(answer) = known().get(&question) {
            return Some(answer.clone());
        }
        let answer = self.bytes(arguments, b"").ok()?;
        if is_hash {
            known().insert(question, answer.clone());
        }
        Some(answer)
    }

    /// The commit that a branch, a tag or a sha names, in this order.
    pub(super) fn commit_of(&self, name: &str) -> Option<String> {
        [format!("refs/heads/{name}"), format!("refs/tags/{name}")]
            .iter()
            .map(String::as_str)
            .chain([name])
            .find_map(|revision| self.resolve(revision, "commit"))
    }

    pub(super) fn branch(&self, name: &str) -> Option<String> {
        self.exact(&format!("refs/heads/{name}"))
    }

    /// The names and objects (not peeled) of the refs that begin with `prefix`.
    pub(super) fn refs(&self, prefix: &str) -> anyhow::Result<Vec<(String, String)>> {
        let listed = ref_files::all(&self.folder)?.into_iter();
        Ok(listed
            .filter(|(name, _)| name.starts_with(prefix))
            .collect())
    }

    pub(super) fn exact(&self, name: &str) -> Option<String> {
        ref_files::one(&self.folder, name)
    }

    /// Moves a ref if it is still at `old`; whether it was.
    pub(super) fn update(&self, name: &str, new: &str, old: &str) -> bool {
        self.ask(&["update-ref", name, new, old]).is_some()
    }

    pub(super) fn kind(&self, object: &str) -> Option<String> {
        self.ask(&["cat-file", "-t", object])
    }

    /// Returns the types of objects: one process for all of them, which opens each one once.
    pub(super) fn kinds<'a>(
        &self,
        objects: impl Iterator<Item = &'a str>,
    ) -> anyhow::Result<BTreeMap<String, String>> {
        let objects: BTreeSet<&str> = objects.collect();
        let asked = objects.into_iter().flat_map(|object| [object, "\n"]);
        let asked: String = asked.collect();
        let format = "--batch-check=%(objectname) %(objecttype)";
        let printed = self.bytes(&["cat-file", format], asked.as_bytes())?;
        let printed = String::from_utf8_lossy(&printed);
        let pairs = printed.lines().filter_map(|line| line.split_once(' '));
        Ok(pairs
            .map(|(object, kind)| (object.to_owned(), kind.to_owned()))
            .collect())
    }

    pub(super) fn is_ancestor(&self, old: &str, new: &str) -> bool {
        self.ask(&["merge-base", "--is-ancestor", old, new])
            .is_some()
    }

    pub(super) fn blob(&self, content: &[u8]) -> anyhow::Result<String> {
        let sha = self.bytes(&["hash-object", "-w", "--stdin"], content)?;
        Ok(String::from_utf8_lossy(&sha).trim().to_owned())
    }

    /// The tree of `base` with one file replaced.
    pub(super) fn tree_with(
        &self,
        base: Option<&str>,
        path: &str,
        blob: &str,
    ) -> anyhow::Result<String> {
        let folder = crate::scratch::folder()?;
        let git = |arguments: &[&str]| {
            let mut command = self.command();
            command.env("GIT_INDEX_FILE", folder.path().join("index"));
            output(command.args(arguments), b"")
        };
        if let Some(base) = base {
            git(&["read-tree", base])?;
        }
        git(&["update-index", "--add", "--cacheinfo", "100644", blob, path])?;
        let tree = git(&["write-tree"])?;
        Ok(String::from_utf8_lossy(&tree).trim().to_owned())
    }

    /// Writes a commit; no ref moves.
    pub(super) fn commit(&self, new: &NewCommit<'_>) -> anyhow::Result<String> {
        let mut command = self.command();
        command.args(["commit-tree", new.tree, "-F", "-"]);
        for parent in new.parents {
            command.args(["-p", parent]);
        }
        command
            .env("GIT_AUTHOR_NAME", &new.author.name)
            .env("GIT_AUTHOR_EMAIL", &new.author.email)
            .env("GIT_AUTHOR_DATE", &new.author.date)
            .env("GIT_COMMITTER_NAME", &new.committer.name)
            .env("GIT_COMMITTER_EMAIL", &new.committer.email)
            .env("GIT_COMMITTER_DATE", &new.committer.date);
        let sha = output(&mut command, new.message.as_bytes())?;
        Ok(String::from_utf8_lossy(&sha).trim().to_owned())
    }

    /// The commits that `git log` lists.
    pub(super) fn log(&self, arguments: &[&str]) -> anyhow::Result<Vec<Commit>> {
        const FORMAT: &str =
            "--format=%H%x01%T%x01%P%x01%an%x01%ae%x01%aI%x01%cn%x01%ce%x01%cI%x01%B";
        let mut all = vec!["log", "-z", FORMAT];
        all.extend(arguments);
        let printed = self.run(&all)?;
        printed
            .split('\0')
            .filter(|record| !record.is_empty())
            .map(|record| parse(record).context("git log prints something else"))
            .collect()
    }

    pub(super) fn read(&self, commit: &str) -> anyhow::Result<Commit> {
        let mut found = self.log(&["-1", commit, "--"])?;
        found.pop().context("no such commit")
    }
}

fn parse(record: &str) -> Option<Commit> {
    let mut fields = record.splitn(10, '\u{1}').map(str::to_owned);
    let (sha, tree, parents) = (fields.next()?, fields.next()?, fields.next()?);
    let mut signature = || {
        Some(Signature {
            name: fields.next()?,
            email: fields.next()?,
            date: utc(&fields.next()?),
        })
    };
    let (author, committer) = (signature()?, signature()?);
    Some(Commit {
        sha,
        tree,
        parents: parents.split_whitespace().map(str::to_owned).collect(),
        author,
        committer,
        message: fields.next()?.trim_end().to_owned(),
    })
}

/// GitHub writes `Z`, git `+00:00`.
fn utc(date: &str) -> String {
    date.strip_suffix("+00:00")
        .map_or_else(|| date.to_owned(), |date| format!("{date}Z"))
}

fn output(command: &mut Command, input: &[u8]) -> anyhow::Result<Vec<u8>> {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().context("`git` does not start")?;
    let stdin = child.stdin.take();
    // `git` may answer before it has read everything, and stop until that is read.
    let (written, answered) = std::thread::scope(|scope| {
        let write = move || stdin.map_or(Ok(()), |mut stdin| stdin.write_all(input));
        let writer = scope.spawn(write);
        let answered = child.wait_with_output();
        (writer.join(), answered)
    });
    let Output {
        status,
        stdout,
        stderr,
    } = answered?;
    if !status.success() {
        bail!("{command:?}: {}", String::from_utf8_lossy(&stderr).trim());
    }
    match written {
        Ok(written) => written?,
        Err(_) => bail!("{command:?}: its input was not written"),
    }
    Ok(stdout)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    #[test]
    fn many_objects_are_asked_for_at_once() {
        let folder = crate::scratch::folder().unwrap();
        let git = Git::at(folder.path());
        git.run(&["init", "--quiet", "--bare"]).unwrap();
        let blob = git.blob(b"a").unwrap();
        // More than fits into the pipes in both directions.
        let mut objects: Vec<String> = (0..20_000).map(|at| format!("{at:040x}")).collect();
        objects.extend([blob.clone(), blob.clone()]);
        let kinds = git.kinds(objects.iter().map(String::as_str)).unwrap();
        assert_eq!(kinds.len(), 20_001);
        assert_eq!(kinds[&blob], "blob");
    }
}
