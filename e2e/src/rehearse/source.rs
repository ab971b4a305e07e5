//! The repository of a person, which is only read: commits, and what is not committed yet, come
//! into a bare repository that takes objects from it.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use super::bare::{commit, finish, read, reader, run, update};
use super::names::sections;

/// The place of the manifest below a repository.
const MANIFEST: &str = ".github/manifest.yaml";
/// The message of the commit that everything becomes where there is no history.
const FIRST: &str = "feat: everything that is here";
/// The message of the commit that changes become which nobody committed yet.
const UNCOMMITTED: &str = "chore: what is not committed yet";

/// A repository with a pipeline.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// The folder above `.github`.
    pub(super) root: PathBuf,
    /// The path of the manifest, below the root.
    pub(super) manifest: String,
    /// The body of `config`.
    pub(super) config: Value,
    /// True if the root is that of a git repository.
    has_history: bool,
}

/// The commits that a push would bring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Push {
    /// The trunk before; nothing if it is new.
    pub(super) before: Option<String>,
    /// The trunk after.
    pub(super) head: String,
    /// Things that a person should know about it.
    pub(super) notes: Vec<String>,
}

impl Source {
    /// Finds the manifest, from a folder upwards or at a path.
    pub(super) fn find(from: &Path, manifest: Option<&Path>, key: &str) -> anyhow::Result<Self> {
        let file = match manifest {
            Some(path) => from.join(path),
            None => from
                .ancestors()
                .map(|folder| folder.join(MANIFEST))
                .find(|file| file.is_file())
                .with_context(|| {
                    format!(
                        "no {MANIFEST} in {} or above: `cascade init` writes one",
                        from.display()
                    )
                })?,
        };
        let shown = file.display();
        let text =
            std::fs::read_to_string(&file).with_context(|| format!("cannot read {shown}"))?;
        let value: Value =
            serde_yaml::from_str(&text).with_context(|| format!("{shown} is no YAML"))?;
        let config = value[key]["config"].clone();
        ensure!(config.is_object(), "{shown} has no `{key}.config`");
        let file = file.canonicalize()?;
        let above = file
            .ancestors()
            .find(|folder| folder.ends_with(".github"))
            .and_then(Path::parent);
        let root = match above {
            Some(root) => root.to_owned(),
            None => PathBuf::from(read(from, &["rev-parse", "--show-toplevel"])?),
        };
        let top = read(&root, &["rev-parse", "--show-toplevel"]).ok();
        Ok(Self {
            has_history: top.is_some_and(|top| Path::new(&top) == root),
            manifest: file.strip_prefix(&root)?.to_string_lossy().into_owned(),
            config,
            root,
        })
    }

    pub(super) fn trunk(&self) -> &str {
        self.config["trunk_branch"].as_str().unwrap_or("main")
    }

    /// The names of the environments.
    pub(super) fn environments(&self) -> Vec<String> {
        let all = environments(&self.config);
        let name = |one: &Value| {
            one.as_str()
                .or_else(|| one["name"].as_str())
                .map(str::to_owned)
        };
        let mut names: Vec<String> = all.filter_map(name).collect();
        let mut known = std::collections::BTreeSet::new();
        names.retain(|name| known.insert(name.clone()));
        names
    }

    /// The name on GitHub of an environment of the pipeline.
    pub(super) fn gate(&self, name: &str) -> Option<String> {
        let mut all = environments(&self.config);
        let found = all.find(|one| one == &name || one["name"] == name)?;
        Some(found["gha_environment"].as_str().unwrap_or(name).to_owned())
    }

    fn remote(&self) -> Option<String> {
        let setting = format!("branch.{}.remote", self.trunk());
        let of_trunk = read(&self.root, &["config", "--get", &setting]).ok();
        let all = read(&self.root, &["remote"]).unwrap_or_default();
        let known = |name: &String| all.lines().any(|line| line == name);
        of_trunk
            .filter(known)
            .or_else(|| Some("origin".to_owned()).filter(known))
            .or_else(|| all.lines().next().map(str::to_owned))
            .filter(|_| self.has_history)
    }

    /// The name of the repository, `owner/name`: that of its remote, or one out of the folder's.
    pub(super) fn name(&self) -> String {
        let url = self
            .remote()
            .and_then(|remote| read(&self.root, &["remote", "get-url", &remote]).ok());
        let of_url = url.as_deref().and_then(owner_and_name);
        of_url.unwrap_or_else(|| {
            let folder = self.root.file_name();
            let folder = folder.map(|name| name.to_string_lossy().into_owned());
            let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
            let folder = folder
                .unwrap_or_default()
                .replace(|letter| !plain(letter), "-");
            format!(
                "local/{}",
                if folder.is_empty() {
                    "repository"
                } else {
                    &folder
                }
            )
        })
    }

    /// Brings the commits into a bare repository; `message` is that of the one which holds what is
    /// not committed.
    pub(super) fn copy(&self, bare: &Path, message: Option<&str>) -> anyhow::Result<Push> {
        match self.has_history && read(&self.root, &["rev-parse", "--verify", "HEAD"]).is_ok() {
            true => self.copy_history(bare, message),
            false => self.copy_files(bare, message),
        }
    }

    fn copy_files(&self, bare: &Path, message: Option<&str>) -> anyhow::Result<Push> {
        let aside = crate::scratch::folder()?;
        let index = aside.path().join("index");
        let git = || {
            let mut git = reader(&self.root);
            git.env("GIT_DIR", bare)
                .env("GIT_WORK_TREE", &self.root)
                .env("GIT_INDEX_FILE", &index);
            git
        };
        let listing = [
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ];
        match read(&self.root, &listing) {
            // What is deleted is still listed.
            Ok(files) => {
                let there = files.split('\0');
                let there = there.filter(|file| self.root.join(file).is_file());
                let there: String = there.map(|file| format!("{file}\0")).collect();
                let update = ["update-index", "--add", "-z", "--stdin"];
                finish(git().args(update), there.as_bytes())?;
            }
            Err(_) => drop(finish(git().args(["add", "--all"]), b"")?),
        }
        let tree = finish(git().arg("write-tree"), b"")?;
        let message = message.unwrap_or(FIRST);
        let head = commit(bare, &tree, &[], message)?;
        update(
            bare,
            &[(format!("refs/heads/{}", self.trunk()), head.clone())],
        )?;
        Ok(Push {
            before: None,
            head,
            notes: vec![format!(
                "there is no history of this folder alone: everything is pushed as one commit, `{message}`"
            )],
        })
    }

    fn copy_history(&self, bare: &Path, message: Option<&str>) -> anyhow::Result<Push> {
        let git_path = |name: &str| -> anyhow::Result<PathBuf> {
            let path = read(&self.root, &["rev-parse", "--git-path", name])?;
            Ok(self.root.join(path))
        };
        let objects = git_path("objects")?;
        let info = bare.join("objects/info");
        std::fs::create_dir_all(&info)?;
        std::fs::write(info.join("alternates"), format!("{}\n", objects.display()))?;
        if let Ok(shallow) = std::fs::read(git_path("shallow")?) {
            std::fs::write(bare.join("shallow"), shallow)?;
        }
        let mut notes = Vec::new();
        let refs = self.refs()?;
        update(bare, &refs)?;
        let head = read(&self.root, &["rev-parse", "HEAD"])?;
        let head = match self.uncommitted(bare, &git_path("index")?)? {
            Some(tree) => {
                let message = message.unwrap_or(UNCOMMITTED);
                notes.push(format!(
                    "what is not committed is pushed as one commit, `{message}`: `--message` gives it another one"
                ));
                commit(bare, &tree, &[&head], message)?
            }
            None => head,
        };
        let trunk = format!("refs/heads/{}", self.trunk());
        let known = refs.iter().find(|(name, _)| *name == trunk);
        let known = known.map(|(_, sha)| sha.clone());
        let push = self.onto(bare, known, head, notes)?;
        update(bare, &[(trunk, push.head.clone())])?;
        Ok(push)
    }

    /// The refs of the remote as they were fetched the last time, or those that are here.
    fn refs(&self) -> anyhow::Result<Vec<(String, String)>> {
        let heads = match self.remote() {
            Some(remote) => format!("refs/remotes/{remote}/"),
            None => "refs/heads/".to_owned(),
        };
        let listed = read(
            &self.root,
            &[
                "for-each-ref",
                "--format=%(refname) %(objectname)",
                "refs/tags",
                "refs/cascade",
                &heads,
            ],
        )?;
        let lines = listed.lines().filter_map(|line| line.split_once(' '));
        let named = lines.map(|(name, sha)| {
            let name = match name.strip_prefix(&heads) {
                Some(branch) => format!("refs/heads/{branch}"),
                None => name.to_owned(),
            };
            (name, sha.to_owned())
        });
        Ok(named
            .filter(|(name, _)| name != "refs/heads/HEAD")
            .collect())
    }

    /// The tree of the folder as it is, if it differs from the last commit's. Its objects are
    /// written into the bare repository.
    fn uncommitted(&self, bare: &Path, index: &Path) -> anyhow::Result<Option<String>> {
        let aside = crate::scratch::folder()?;
        let copy = aside.path().join("index");
        // Its times of files spare git from reading all of them.
        if index.is_file() {
            std::fs::copy(index, &copy)?;
        }
        let objects = read(&self.root, &["rev-parse", "--git-path", "objects"])?;
        let git = || {
            let mut git = reader(&self.root);
            git.env("GIT_INDEX_FILE", &copy)
                .env("GIT_OBJECT_DIRECTORY", bare.join("objects"))
                .env("GIT_ALTERNATE_OBJECT_DIRECTORIES", self.root.join(&objects));
            git
        };
        finish(git().args(["add", "--all"]), b"")?;
        let tree = finish(git().arg("write-tree"), b"")?;
        let committed = read(&self.root, &["rev-parse", "HEAD^{tree}"])?;
        Ok((tree != committed).then_some(tree))
    }

    /// The push of a commit onto the trunk that the remote has: what the trunk has besides is merged.
    fn onto(
        &self,
        bare: &Path,
        trunk: Option<String>,
        head: String,
        mut notes: Vec<String>,
    ) -> anyhow::Result<Push> {
        let parent = |sha: &str| {
            run(
                bare,
                &["rev-parse", "--verify", "--quiet", &format!("{sha}~1")],
            )
        };
        let Some(trunk) = trunk else {
            return Ok(Push {
                before: None,
                head,
                notes,
            });
        };
        if trunk == head {
            notes.push("nothing is new: the last commit is pushed once more".to_owned());
            let before = parent(&head).ok();
            return Ok(Push {
                before,
                head,
                notes,
            });
        }
        if run(bare, &["merge-base", "--is-ancestor", &trunk, &head]).is_ok() {
            let before = Some(trunk);
            return Ok(Push {
                before,
                head,
                notes,
            });
        }
        let name = self.trunk();
        let merged = run(bare, &["merge-tree", "--write-tree", &trunk, &head]);
        let Ok(tree) = merged else {
            bail!("what is here and `{name}` of the remote conflict: bring them together first");
        };
        notes.push(format!(
            "`{name}` of the remote has commits that are not here: they are merged"
        ));
        let head = commit(bare, &tree, &[&trunk, &head], "Merge what the trunk has")?;
        Ok(Push {
            before: Some(trunk),
            head,
            notes,
        })
    }
}

/// The environments of a pipeline and of its components, as they are written.
pub(super) fn environments(config: &Value) -> impl Iterator<Item = &Value> {
    let lists = sections(config).filter_map(|section| section["environments"].as_array());
    lists.flatten()
}

/// The last two parts of a remote's address.
fn owner_and_name(url: &str) -> Option<String> {
    let url = url.trim_end_matches('/').trim_end_matches(".git");
    let (rest, name) = url.rsplit_once('/')?;
    let owner = rest.rsplit(['/', ':']).next()?;
    let plain = |text: &str| {
        let letter = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
        !text.is_empty() && text.chars().all(letter)
    };
    let is_host = rest.ends_with("://");
    (plain(owner) && plain(name) && !is_host).then(|| format!("{owner}/{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_is_named_by_its_remote() {
        for (url, expected) in [
            ("https://github.com/acme/shop.git", Some("acme/shop")),
            ("https://github.com/acme/shop/", Some("acme/shop")),
            ("git@github.com:acme/shop.git", Some("acme/shop")),
            ("ssh://git@host:22/acme/shop", Some("acme/shop")),
            ("/srv/git/shop.git", Some("git/shop")),
            ("shop", None),
            ("https://shop", None),
        ] {
            assert_eq!(owner_and_name(url).as_deref(), expected, "{url}");
        }
    }
}
