//! Objects that are made without a ref: `POST git/trees`, `POST git/commits`.

use serde::Deserialize;
use serde_json::{Value, json};

use super::commit::{self, Person};
use super::exchange::{Answer, Refusal, Reply};
use super::git::{NewCommit, Signature, WEB};
use super::repository::Scene;
use super::user;

#[derive(Deserialize)]
struct Tree {
    tree: Vec<Entry>,
    base_tree: Option<String>,
}

#[derive(Deserialize)]
struct Entry {
    path: String,
    mode: String,
    content: Option<String>,
    sha: Option<String>,
}

/// `POST git/trees`: files with their content, or blobs that are there.
pub(super) fn create_tree(scene: &Scene<'_>) -> Answer {
    let Tree { tree, base_tree } = scene.request.body()?;
    if tree.is_empty() {
        return Err(Refusal::unprocessable("Invalid tree info"));
    }
    let mut made = base_tree;
    for entry in tree {
        if entry.mode != "100644" {
            return Err(Refusal::unprocessable("tree.mode is not a mode of files"));
        }
        let blob = match (entry.content, entry.sha) {
            (Some(content), None) => scene.git().blob(content.as_bytes())?,
            (None, Some(sha)) if scene.git().kind(&sha).as_deref() == Some("blob") => sha,
            _ => {
                return Err(Refusal::unprocessable(
                    "Must supply either tree.sha or tree.content",
                ));
            }
        };
        made = Some(scene.git().tree_with(made.as_deref(), &entry.path, &blob)?);
    }
    let sha = made.unwrap_or_default();
    let listed = scene.git().run(&["ls-tree", "-r", "-z", "--long", &sha])?;
    let entries = listed.split('\0').filter_map(|line| {
        let (meta, path) = line.split_once('\t')?;
        let words: Vec<_> = meta.split_whitespace().collect();
        let [mode, kind, blob, size] = words[..] else {
            return None;
        };
        Some(json!({
            "path": path, "mode": mode, "type": kind, "sha": blob,
            "size": size.parse::<u64>().unwrap_or(0),
            "url": scene.url(&format!("/git/blobs/{blob}")),
        }))
    });
    let entries: Vec<Value> = entries.collect();
    Ok(Reply::created(json!({
        "sha": sha,
        "url": scene.url(&format!("/git/trees/{sha}")),
        "tree": entries,
        "truncated": false,
    })))
}

#[derive(Deserialize)]
struct Commit {
    message: String,
    tree: String,
    #[serde(default)]
    parents: Vec<String>,
    author: Option<Person>,
    committer: Option<Person>,
}

/// `POST git/commits`. GitHub signs what a bot makes, if it names nobody (GitHub's documentation,
/// "About commit signature verification").
pub(super) fn create_commit(scene: &Scene<'_>) -> Answer {
    let new: Commit = scene.request.body()?;
    if scene.git().kind(&new.tree).as_deref() != Some("tree") {
        return Err(Refusal::unprocessable("Tree SHA does not exist"));
    }
    for parent in &new.parents {
        if scene.git().kind(parent).as_deref() != Some("commit") {
            return Err(Refusal::unprocessable(
                "Parent SHA does not exist or is not a commit object",
            ));
        }
    }
    let site = scene.site;
    let myself = user::signature(site, &scene.token.login);
    let is_signed = new.author.is_none() && new.committer.is_none() && scene.token.is_bot();
    let author = new.author.map_or(myself, |person| person.signature(site));
    let committer = match (is_signed, new.committer) {
        (true, _) => Signature {
            name: WEB.0.to_owned(),
            email: WEB.1.to_owned(),
            date: site.now(),
        },
        (false, Some(person)) => person.signature(site),
        (false, None) => author.clone(),
    };
    let sha = scene.git().commit(&NewCommit {
        tree: &new.tree,
        parents: &new.parents.iter().map(String::as_str).collect::<Vec<_>>(),
        message: &new.message,
        author: &author,
        committer: &committer,
    })?;
    let made = scene.git().read(&sha)?;
    Ok(Reply::created(commit::plain(
        scene.site,
        scene.repository,
        &made,
    )))
}
