//! Commits: `git/commits`, `commits`, `compare`.

use serde::Deserialize;
use serde_json::{Value, json};

use super::exchange::{Answer, Refusal, Reply};
use super::git::{Commit, Git, Signature, WEB};
use super::repository::{Repository, Scene};
use super::site::Site;
use super::{page, user};

/// `GET git/commits/{sha}`.
pub(super) fn git_commit(scene: &Scene<'_>, sha: &str) -> Answer {
    let commit = find(scene.git(), sha)?;
    Ok(Reply::ok(plain(scene.site, scene.repository, &commit)))
}

/// `GET commits/{ref}`.
pub(super) fn get(scene: &Scene<'_>, reference: &str) -> Answer {
    let reference = reference
        .strip_prefix("heads/")
        .or_else(|| reference.strip_prefix("tags/"))
        .unwrap_or(reference);
    let Some(sha) = scene.git().commit_of(reference) else {
        return Err(Refusal::unprocessable(format!(
            "No commit found for SHA: {reference}"
        )));
    };
    if scene.request.accept.contains("vnd.github.sha") {
        return Ok(Reply::bytes(sha.into_bytes(), "application/vnd.github.sha"));
    }
    let commit = scene.git().read(&sha)?;
    let mut json = json(scene.site, scene.repository, &commit);
    let base = commit.parents.first().map_or(EMPTY_TREE, String::as_str);
    let files = changes(scene.git(), base, &sha)?;
    let additions: u64 = files.iter().map(|file| file.additions).sum();
    let deletions: u64 = files.iter().map(|file| file.deletions).sum();
    json["stats"] = json!({
        "additions": additions,
        "deletions": deletions,
        "total": additions + deletions,
    });
    json["files"] = files
        .iter()
        .map(|file| file.json(scene.site, scene.repository, &sha))
        .collect();
    Ok(Reply::ok(json))
}

/// `GET commits`.
pub(super) fn list(scene: &Scene<'_>) -> Answer {
    let trunk = &scene.repository.default_branch;
    let start = scene.request.query("sha").unwrap_or(trunk);
    let Some(sha) = scene.git().commit_of(start) else {
        return Err(Refusal::not_found());
    };
    let since = scene.request.query("since");
    let since = since.map(|since| format!("--since={since}"));
    let mut arguments: Vec<&str> = since.as_deref().into_iter().collect();
    arguments.extend([sha.as_str(), "--"]);
    arguments.extend(scene.request.query("path"));
    let commits = scene.git().log(&arguments)?;
    page::list(scene.site, scene.request, commits, |commit| {
        json(scene.site, scene.repository, &commit)
    })
}

/// `GET compare/{base}...{head}`.
pub(super) fn compare(scene: &Scene<'_>, range: &str) -> Answer {
    let Some((base, head)) = range.split_once("...") else {
        return Err(Refusal::not_found());
    };
    let (base, head) = (side(scene, base)?, side(scene, head)?);
    let git = scene.git();
    let Some(fork) = git.ask(&["merge-base", &base, &head]) else {
        return Err(Refusal::not_found());
    };
    let ahead = git.log(&["--reverse", &head, &format!("^{base}"), "--"])?;
    let behind = git.log(&[&base, &format!("^{head}"), "--"])?.len();
    let status = match (ahead.len(), behind) {
        (0, 0) => "identical",
        (_, 0) => "ahead",
        (0, _) => "behind",
        _ => "diverged",
    };
    let show = |commit: &Commit| json(scene.site, scene.repository, commit);
    let files = changes(git, &fork, &head)?;
    let html = scene
        .repository
        .html(scene.site, &format!("/compare/{range}"));
    Ok(Reply::ok(json!({
        "url": scene.url(&format!("/compare/{range}")),
        "html_url": html,
        "permalink_url": html,
        "diff_url": format!("{html}.diff"),
        "patch_url": format!("{html}.patch"),
        "base_commit": show(&git.read(&base)?),
        "merge_base_commit": show(&git.read(&fork)?),
        "status": status,
        "ahead_by": ahead.len(),
        "behind_by": behind,
        "total_commits": ahead.len(),
        "commits": ahead.iter().take(250).map(show).collect::<Vec<_>>(),
        "files": files
            .iter()
            .take(300)
            .map(|file| file.json(scene.site, scene.repository, &head))
            .collect::<Vec<_>>(),
    })))
}

/// A side of a comparison, `owner:branch` being another repository of the network.
fn side(scene: &Scene<'_>, name: &str) -> Result<String, Refusal> {
    let found = match name.split_once(':') {
        Some((owner, branch)) => {
            let own = owner == scene.repository.owner();
            let name = match own {
                true => Some(scene.repository.name.clone()),
                false => relative(scene, owner),
            };
            match name {
                Some(name) => fetch(scene, &name, branch)?,
                None => None,
            }
        }
        None => scene.git().commit_of(name),
    };
    found.ok_or_else(Refusal::not_found)
}

/// A branch of another repository of the network; its commits become known here.
pub(super) fn fetch(
    scene: &Scene<'_>,
    repository: &str,
    branch: &str,
) -> Result<Option<String>, Refusal> {
    if repository == scene.repository.name {
        return Ok(scene.git().branch(branch));
    }
    let owner = repository.split('/').next().unwrap_or_default();
    let parent = scene.repository.fork_of.as_deref() == Some(repository);
    let related = parent || relative(scene, owner).as_deref() == Some(repository);
    let Some(folder) = scene.folders.get(repository).filter(|_| related) else {
        return Ok(None);
    };
    let Some(sha) = Git::at(folder).branch(branch) else {
        return Ok(None);
    };
    let folder = folder.to_string_lossy();
    scene
        .git()
        .run(&["fetch", "--quiet", "--no-tags", &folder, &sha])?;
    Ok(Some(sha))
}

/// The repository of `owner` in this one's network: what it is a fork of, or of the same name.
pub(super) fn relative(scene: &Scene<'_>, owner: &str) -> Option<String> {
    let parent = scene.repository.fork_of.clone();
    let (_, name) = scene.repository.name.split_once('/')?;
    let namesake = format!("{owner}/{name}");
    parent
        .filter(|parent| parent.split_once('/').is_some_and(|(of, _)| of == owner))
        .or_else(|| scene.folders.contains_key(&namesake).then_some(namesake))
}

fn find(git: &Git, sha: &str) -> Result<Commit, Refusal> {
    let full = git
        .resolve(sha, "commit")
        .filter(|found| found.starts_with(sha));
    let full = full.ok_or_else(Refusal::not_found)?;
    Ok(git.read(&full)?)
}

fn signature(who: &Signature) -> Value {
    json!({"name": who.name, "email": who.email, "date": who.date})
}

fn verification(commit: &Commit) -> Value {
    let signed = commit.committer.email == WEB.1;
    json!({
        "verified": signed,
        "reason": if signed { "valid" } else { "unsigned" },
        "signature": signed.then_some("-----BEGIN PGP SIGNATURE-----"),
        "payload": signed.then(|| format!("tree {}", commit.tree)),
        "verified_at": signed.then_some(&commit.committer.date),
    })
}

fn parents(site: &Site, repository: &Repository, commit: &Commit, api: &str) -> Value {
    let parent = |sha: &String| {
        json!({
            "sha": sha,
            "url": repository.url(site, &format!("{api}/{sha}")),
            "html_url": repository.html(site, &format!("/commit/{sha}")),
        })
    };
    commit.parents.iter().map(parent).collect()
}

/// The shape of `git/commits`.
pub(super) fn plain(site: &Site, repository: &Repository, commit: &Commit) -> Value {
    let Commit { sha, tree, .. } = commit;
    json!({
        "sha": sha,
        "node_id": user::node("C", sha),
        "url": repository.url(site, &format!("/git/commits/{sha}")),
        "html_url": repository.html(site, &format!("/commit/{sha}")),
        "author": signature(&commit.author),
        "committer": signature(&commit.committer),
        "tree": {"sha": tree, "url": repository.url(site, &format!("/git/trees/{tree}"))},
        "message": commit.message,
        "parents": parents(site, repository, commit, "/git/commits"),
        "verification": verification(commit),
    })
}

/// The account that an address belongs to: here, each of `example.com` to the account of its name.
fn account(site: &Site, signature: &Signature) -> Value {
    match signature.email.strip_suffix("@example.com") {
        Some(login) => user::json(site, login),
        None => Value::Null,
    }
}

/// The shape of `commits`.
pub(super) fn json(site: &Site, repository: &Repository, commit: &Commit) -> Value {
    let Commit { sha, tree, .. } = commit;
    let url = repository.url(site, &format!("/commits/{sha}"));
    json!({
        "sha": sha,
        "node_id": user::node("C", sha),
        "commit": {
            "author": signature(&commit.author),
            "committer": signature(&commit.committer),
            "message": commit.message,
            "tree": {"sha": tree, "url": repository.url(site, &format!("/git/trees/{tree}"))},
            "url": repository.url(site, &format!("/git/commits/{sha}")),
            "comment_count": 0,
            "verification": verification(commit),
        },
        "url": url,
        "html_url": repository.html(site, &format!("/commit/{sha}")),
        "comments_url": format!("{url}/comments"),
        "author": account(site, &commit.author),
        "committer": account(site, &commit.committer),
        "parents": parents(site, repository, commit, "/commits"),
    })
}

const EMPTY_TREE: &str = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/// A file that differs between two commits.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) path: String,
    previous: Option<String>,
    sha: Option<String>,
    status: &'static str,
    pub(super) additions: u64,
    pub(super) deletions: u64,
}

/// The files that differ.
pub(super) fn changes(git: &Git, base: &str, head: &str) -> anyhow::Result<Vec<Change>> {
    let diff = ["diff-tree", "-r", "-z", "-M", "--no-commit-id"];
    let raw = git.run(&[&diff[..], &["--raw", "--abbrev=40", base, head]].concat())?;
    let counts = git.run(&[&diff[..], &["--numstat", base, head]].concat())?;
    let mut counts = numbers(&counts).into_iter();
    let mut fields = raw.split('\0');
    let mut changes = Vec::new();
    while let Some(meta) = fields.next().filter(|meta| meta.starts_with(':')) {
        let words: Vec<_> = meta.split(' ').collect();
        let letter = words.get(4).and_then(|word| word.chars().next());
        let status = match letter {
            Some('A') => "added",
            Some('D') => "removed",
            Some('R') => "renamed",
            _ => "modified",
        };
        let first = fields.next().unwrap_or_default().to_owned();
        let (path, previous) = match (status, fields.clone().next()) {
            ("renamed", Some(path)) => {
                fields.next();
                (path.to_owned(), Some(first))
            }
            _ => (first, None),
        };
        let (additions, deletions) = counts.next().unwrap_or_default();
        let sha = words.get(if status == "removed" { 2 } else { 3 });
        changes.push(Change {
            path,
            previous,
            sha: sha.map(|sha| (*sha).to_owned()),
            status,
            additions,
            deletions,
        });
    }
    Ok(changes)
}

/// Added and deleted lines per file; a rename's names follow in fields of their own.
fn numbers(text: &str) -> Vec<(u64, u64)> {
    text.split('\0')
        .filter_map(|field| {
            let mut parts = field.split('\t');
            let (added, deleted) = (parts.next()?, parts.next()?);
            parts.next()?;
            Some((added.parse().unwrap_or(0), deleted.parse().unwrap_or(0)))
        })
        .collect()
}

impl Change {
    pub(super) fn json(&self, site: &Site, repository: &Repository, head: &str) -> Value {
        let Self { path, .. } = self;
        let mut json = json!({
            "sha": self.sha,
            "filename": path,
            "status": self.status,
            "additions": self.additions,
            "deletions": self.deletions,
            "changes": self.additions + self.deletions,
            "blob_url": repository.html(site, &format!("/blob/{head}/{}", address(path))),
            "raw_url": repository.html(site, &format!("/raw/{head}/{}", address(path))),
            "contents_url":
                repository.url(site, &format!("/contents/{}?ref={head}", address(path))),
        });
        if let Some(previous) = &self.previous {
            json["previous_filename"] = json!(previous);
        }
        json
    }
}

/// A path in an address.
pub(super) fn address(path: &str) -> String {
    let segments: Vec<_> = path.split('/').map(page::encode).collect();
    segments.join("/")
}

/// A person, as bodies name them.
#[derive(Debug, Deserialize)]
pub(super) struct Person {
    name: String,
    email: String,
    date: Option<String>,
}

impl Person {
    pub(super) fn signature(self, site: &Site) -> Signature {
        Signature {
            name: self.name,
            email: self.email,
            date: self.date.unwrap_or_else(|| site.now()),
        }
    }
}
