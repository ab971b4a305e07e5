//! The objects of git, by GitHub's API: files, refs, tags, trees and commits.
//!
//! Source: GitHub's REST API, "Contents", "Git database", "Commits" and "Repositories".

use super::{Answer, GitHub};
use crate::cli::error::Failure;
use crate::uri::encoded;
use serde_json::{Value, json};

/// The most tags that may point at each other.
pub(super) const LONGEST_CHAIN_OF_TAGS: usize = 5;

/// A kind of object that can be made.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Tree,
    Commit,
}

impl GitHub {
    /// Asks for the repository itself.
    pub(crate) fn described(&self) -> Result<Answer, Failure> {
        self.get(&self.path(""))
    }

    /// Asks for a commit, or what a ref stands for.
    pub(crate) fn commit(&self, revision: &str) -> Result<Answer, Failure> {
        self.get(&self.path(&format!("/commits/{}", encoded(revision))))
    }

    /// Asks for a tag.
    pub(crate) fn tag(&self, name: &str) -> Result<Answer, Failure> {
        self.get(&self.path(&format!("/git/ref/tags/{}", encoded(name))))
    }

    /// Follows a ref or tag, as GitHub answers with it, to its commit.
    pub(crate) fn commit_of(&self, named: &Answer) -> Result<String, Failure> {
        let mut named = named.clone();
        for _ in 0..LONGEST_CHAIN_OF_TAGS {
            let object = named.object("object")?;
            let sha = object.text("sha")?;
            if object.text("type")? != "tag" {
                return Ok(sha.to_owned());
            }
            named = self.read(&self.path(&format!("/git/tags/{}", encoded(sha))))?;
        }
        Err(Failure::new("a tag points at a tag too often to follow"))
    }

    /// Returns true if the branch is there.
    pub(crate) fn has_branch(&self, branch: &str) -> Result<bool, Failure> {
        let path = self.path(&format!("/git/ref/heads/{}", encoded(branch)));
        let answer = self.get(&path)?;
        match answer.status {
            404 => Ok(false),
            _ => answer.accepted().map(|_| true),
        }
    }

    /// Lists the newest pushes to a branch, at most `most`, which is at most 100.
    pub(crate) fn pushes(&self, branch: &str, most: usize) -> Result<Vec<Value>, Failure> {
        let reference = encoded(&format!("refs/heads/{branch}"));
        let path = format!("/activity?ref={reference}&per_page={most}");
        self.read(&self.path(&path))?.list()
    }

    /// Asks for a file on a branch.
    pub(crate) fn file(&self, path: &str, branch: &str) -> Result<Answer, Failure> {
        let reference = encoded(&format!("refs/heads/{branch}"));
        let path = encoded(path);
        self.get(&self.path(&format!("/contents/{path}?ref={reference}")))
    }

    /// Writes a file, with a commit.
    pub(crate) fn put_file(&self, path: &str, body: &Value) -> Result<Answer, Failure> {
        let path = self.path(&format!("/contents/{}", encoded(path)));
        self.change("PUT", &path, body)
    }

    /// Returns the bytes of a file that was asked for. The answer leaves out those of a file above
    /// 1 MB, which has the encoding `none`; the endpoint for blobs has them.
    ///
    /// Sources: GitHub's "Get repository content" and "Get a blob".
    pub(crate) fn content(&self, file: &Answer) -> Result<Vec<u8>, Failure> {
        if file.text("encoding")? != "none" {
            return file.base64("content");
        }
        let path = format!("/git/blobs/{}", encoded(file.text("sha")?));
        self.read(&self.path(&path))?.base64("content")
    }

    /// Makes a tree of files; returns its name.
    pub(crate) fn create_tree(&self, files: &[Value]) -> Result<String, Failure> {
        self.make(Kind::Tree, &json!({ "tree": files }))
    }

    /// Makes a tree that is another one but for a file; returns its name.
    pub(crate) fn create_tree_on(&self, base: &str, file: &Value) -> Result<String, Failure> {
        self.make(Kind::Tree, &json!({ "base_tree": base, "tree": [file] }))
    }

    /// Points a branch at a commit, whatever it pointed at; makes it if it is not there.
    pub(crate) fn point_branch(&self, branch: &str, sha: &str) -> Result<(), Failure> {
        let made = self.create_ref(&format!("refs/heads/{branch}"), sha)?;
        if made.status != 422 {
            return made.accepted().map(|_| ());
        }
        let path = self.path(&format!("/git/refs/heads/{}", encoded(branch)));
        let body = json!({ "sha": sha, "force": true });
        self.change("PATCH", &path, &body)?.accepted().map(|_| ())
    }

    /// Makes a commit; returns its name.
    pub(crate) fn create_commit(&self, body: &Value) -> Result<String, Failure> {
        self.make(Kind::Commit, body)
    }

    /// Makes a ref that is not there yet.
    pub(crate) fn create_ref(&self, reference: &str, sha: &str) -> Result<Answer, Failure> {
        let body = json!({ "ref": reference, "sha": sha });
        self.change("POST", &self.path("/git/refs"), &body)
    }

    /// Makes an object; made twice, it is the same object.
    fn make(&self, kind: Kind, body: &Value) -> Result<String, Failure> {
        let path = match kind {
            Kind::Tree => "/git/trees",
            Kind::Commit => "/git/commits",
        };
        let made = self.change("POST", &self.path(path), body)?.accepted()?;
        made.text("sha").map(str::to_owned)
    }
}
