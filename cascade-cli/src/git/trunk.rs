//! Answers of a checkout about its trunk, and about files that are to be written.

use super::Git;
use super::command::{names, text};

/// The branch that changes flow into, as far as a checkout tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trunk {
    /// The branch that the HEAD of this remote names.
    Remote(String, String),
    /// The branch that is checked out, perhaps without a commit.
    Current(String),
    /// No branch is checked out, and there is only this one.
    Only(String),
    /// No branch is checked out, and these are there.
    Several(Vec<String>),
    /// There is no branch.
    Unknown,
}

impl Git {
    /// Returns what the checkout says about its trunk.
    pub(crate) fn trunk(&self) -> Trunk {
        let remotes = self.lines(&["remote"]);
        let is_origin = |remote: &&String| *remote == "origin";
        let remote = match remotes.as_slice() {
            [only] => Some(only),
            all => all.iter().find(is_origin),
        };
        if let Some(remote) = remote {
            let head = format!("refs/remotes/{remote}/HEAD");
            let place = format!("refs/remotes/{remote}/");
            if let Some(branch) = self.symbolic(&head, &place) {
                return Trunk::Remote(remote.clone(), branch);
            }
        }
        if let Some(branch) = self.symbolic("HEAD", "refs/heads/") {
            return Trunk::Current(branch);
        }
        let mut branches = self.branches("refs/heads/");
        if let (true, Some(remote)) = (branches.is_empty(), remote) {
            branches = self.branches(&format!("refs/remotes/{remote}/"));
        }
        match (branches.len(), branches.pop()) {
            (_, None) => Trunk::Unknown,
            (1, Some(only)) => Trunk::Only(only),
            (_, Some(last)) => {
                branches.push(last);
                Trunk::Several(branches)
            }
        }
    }

    /// Returns those of `paths` whose line breaks git may change when it checks them out.
    ///
    /// Source: gitattributes(5), `text` and `eol`.
    pub(crate) fn changes_line_breaks(&self, paths: &[String]) -> Vec<String> {
        let mut arguments = vec!["check-attr", "-z", "text", "eol", "--"];
        arguments.extend(paths.iter().map(String::as_str));
        let Ok(output) = self.run(&arguments) else {
            return paths.to_vec();
        };
        let fields = names(&text(&output.stdout));
        let kept = |path: &&String| {
            fields.chunks(3).any(|field| match field {
                [of, attribute, value] => {
                    let keeps = matches!(
                        (attribute.as_str(), value.as_str()),
                        ("eol", "lf") | ("text", "unset")
                    );
                    of == *path && keeps
                }
                _ => false,
            })
        };
        paths.iter().filter(|path| !kept(path)).cloned().collect()
    }

    /// Returns those of `paths` that git would leave out of a commit.
    pub(crate) fn ignored(&self, paths: &[String]) -> Vec<String> {
        let mut arguments = vec!["check-ignore", "--"];
        arguments.extend(paths.iter().map(String::as_str));
        self.lines(&arguments)
    }

    /// Returns the files that git tracks below the checkout's folder; `None` if it does not say.
    pub(crate) fn tracked(&self) -> Option<Vec<String>> {
        let output = self.run(&["ls-files", "-z"]).ok()?;
        let listed = output.status.success();
        listed.then(|| names(&text(&output.stdout)))
    }

    /// Returns true if a commit or the index has the file exactly as it is.
    pub(crate) fn has_saved(&self, path: &str) -> bool {
        let known = self.run(&["ls-files", "--error-unmatch", "--", path]);
        let same = self.run(&["diff", "--no-ext-diff", "--quiet", "--", path]);
        [known, same]
            .into_iter()
            .all(|output| output.is_ok_and(|output| output.status.success()))
    }

    /// Returns true if the commit that is checked out and the index have the file exactly as it is.
    ///
    /// The bytes are compared, too: `git update-index --assume-unchanged` hides changes from
    /// `git diff`. Source: git-update-index(1); git-cat-file(1), `--filters`.
    pub(crate) fn has_committed(&self, path: &str) -> bool {
        let known = self.run(&["ls-files", "--error-unmatch", "--", path]);
        let same = self.run(&["diff", "--no-ext-diff", "--quiet", "HEAD", "--", path]);
        let agrees = [known, same]
            .into_iter()
            .all(|output| output.is_ok_and(|output| output.status.success()));
        let committed = self.run(&["cat-file", "--filters", &format!("HEAD:./{path}")]);
        let committed = committed.ok().filter(|output| output.status.success());
        let there = std::fs::read(self.root.join(path)).ok();
        agrees && there.is_some() && there == committed.map(|output| output.stdout)
    }

    fn symbolic(&self, name: &str, place: &str) -> Option<String> {
        let target = self.lines(&["symbolic-ref", "--quiet", name]);
        let branch = target.first()?.strip_prefix(place)?;
        (!branch.is_empty()).then(|| branch.to_owned())
    }

    fn branches(&self, place: &str) -> Vec<String> {
        let listed = self.lines(&["for-each-ref", "--format=%(refname)", place]);
        let short = listed.iter().filter_map(|name| name.strip_prefix(place));
        short
            .filter(|name| *name != "HEAD")
            .map(str::to_owned)
            .collect()
    }

    /// Returns the lines that git prints; none if it fails.
    fn lines(&self, arguments: &[&str]) -> Vec<String> {
        match self.run(arguments) {
            Ok(output) if output.status.success() => {
                text(&output.stdout).lines().map(str::to_owned).collect()
            }
            _ => Vec::new(),
        }
    }
}
