//! Files: reading one, and the commit that writes one.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::commit::{self, Person, address};
use super::exchange::{Answer, Refusal, Reply};
use super::git::{NewCommit, Signature, WEB, ZERO};
use super::guard::{self, Moved};
use super::repository::Scene;
use super::user;

/// The size of the largest file that the contents API answers with, in bytes.
const LARGE: usize = 1024 * 1024;

/// `GET contents/{path}`.
pub(super) fn get(scene: &Scene<'_>, path: &str) -> Answer {
    let branch = &scene.repository.default_branch;
    let reference = scene.request.query("ref").unwrap_or(branch);
    let short = reference
        .strip_prefix("refs/heads/")
        .or_else(|| reference.strip_prefix("refs/tags/"))
        .unwrap_or(reference);
    let commit = scene.git().commit_of(short);
    let Some(commit) = commit else {
        return Err(Refusal::new(
            404,
            format!("No commit found for the ref {reference}"),
        ));
    };
    let object = format!("{commit}:{path}");
    match scene.git().kind(&object).as_deref() {
        Some("blob") => file(scene, path, reference, &object),
        Some("tree") => folder(scene, path, reference, &object),
        _ => Err(Refusal::not_found()),
    }
}

fn file(scene: &Scene<'_>, path: &str, reference: &str, object: &str) -> Answer {
    let content = scene.git().bytes(&["cat-file", "blob", object], b"")?;
    if scene.request.accept.contains("raw") {
        return Ok(Reply::bytes(content, "application/vnd.github.raw+json"));
    }
    let sha = scene.git().run(&["rev-parse", object])?;
    let mut json = entry(scene, path, reference, &sha, "file", content.len());
    // The content of a file above 1 MB is left out ("Get repository content").
    let (text, encoding) = match content.len() > LARGE {
        true => (String::new(), "none"),
        false => (lines(&STANDARD.encode(&content)), "base64"),
    };
    json["content"] = json!(text);
    json["encoding"] = json!(encoding);
    Ok(Reply::ok(json))
}

/// `GET git/blobs/{sha}`.
pub(super) fn blob(scene: &Scene<'_>, sha: &str) -> Answer {
    if scene.git().kind(sha).as_deref() != Some("blob") {
        return Err(Refusal::not_found());
    }
    let content = scene.git().bytes(&["cat-file", "blob", sha], b"")?;
    Ok(Reply::ok(json!({
        "sha": sha,
        "node_id": user::node("B", sha),
        "size": content.len(),
        "url": scene.url(&format!("/git/blobs/{sha}")),
        "content": lines(&STANDARD.encode(&content)),
        "encoding": "base64",
    })))
}

/// GitHub breaks base64 into lines of 60 characters.
fn lines(encoded: &str) -> String {
    let mut text = String::with_capacity(encoded.len() + encoded.len() / 60 + 1);
    for (at, character) in encoded.chars().enumerate() {
        if at > 0 && at % 60 == 0 {
            text.push('\n');
        }
        text.push(character);
    }
    text.push('\n');
    text
}

fn folder(scene: &Scene<'_>, path: &str, reference: &str, object: &str) -> Answer {
    let listed = scene.git().run(&["ls-tree", "-z", "--long", object])?;
    let entries = listed.split('\0').filter_map(|line| {
        let (meta, name) = line.split_once('\t')?;
        let words: Vec<_> = meta.split_whitespace().collect();
        let [_, kind, sha, size] = words[..] else {
            return None;
        };
        let path = format!("{path}/{name}");
        let kind = match kind {
            "tree" => "dir",
            "commit" => "submodule",
            _ => "file",
        };
        let size = size.parse().unwrap_or(0);
        Some(entry(
            scene,
            path.trim_start_matches('/'),
            reference,
            sha,
            kind,
            size,
        ))
    });
    Ok(Reply::ok(entries.collect()))
}

fn entry(
    scene: &Scene<'_>,
    path: &str,
    reference: &str,
    sha: &str,
    kind: &str,
    size: usize,
) -> Value {
    let encoded = address(path);
    let url = scene.url(&format!("/contents/{encoded}?ref={reference}"));
    let git = scene.url(&format!("/git/blobs/{sha}"));
    let html = |view: &str| {
        let path = format!("/{view}/{reference}/{encoded}");
        scene.repository.html(scene.site, &path)
    };
    json!({
        "name": path.rsplit('/').next(),
        "path": path,
        "sha": sha,
        "size": size,
        "url": url,
        "html_url": html("blob"),
        "git_url": git,
        "download_url": (kind == "file").then(|| html("raw")),
        "type": kind,
        "_links": {"self": url, "git": git, "html": html("blob")},
    })
}

#[derive(Deserialize)]
struct Put {
    message: String,
    content: String,
    sha: Option<String>,
    branch: Option<String>,
    author: Option<Person>,
    committer: Option<Person>,
}

/// `PUT contents/{path}`.
pub(super) fn put(scene: &mut Scene<'_>, path: &str) -> Answer {
    let put: Put = scene.request.body()?;
    let encoded: String = put.content.split_whitespace().collect();
    let Ok(content) = STANDARD.decode(encoded) else {
        return Err(Refusal::unprocessable("content is not valid Base64"));
    };
    let trunk = scene.repository.default_branch.clone();
    let branch = put.branch.as_deref().unwrap_or(&trunk).to_owned();
    let reference = format!("refs/heads/{branch}");
    let tip = scene.git().branch(&branch);
    if tip.is_none() && branch != trunk {
        return Err(Refusal::new(404, format!("Branch {branch} not found")));
    }
    let current = tip.as_ref().and_then(|tip| {
        let object = format!("{tip}:{path}");
        scene
            .git()
            .ask(&["rev-parse", "--quiet", "--verify", &object])
    });
    guard_sha(path, current.as_deref(), put.sha.as_deref())?;
    let (author, committer) = signatures(scene, put.author, put.committer);
    if scene.repository.signed_branches.contains(&branch) && committer.name != WEB.0 {
        return Err(Refusal::new(
            409,
            "Repository rule violations found\n\nCommits must have verified signatures.\n\n",
        ));
    }
    let blob = scene.git().blob(&content)?;
    let commit = scene.git().commit(&NewCommit {
        tree: &scene.git().tree_with(tip.as_deref(), path, &blob)?,
        parents: &tip.as_deref().into_iter().collect::<Vec<_>>(),
        message: &put.message,
        author: &author,
        committer: &committer,
    })?;
    guard::check(scene, &reference, Some(&commit))?;
    let old = tip.unwrap_or_else(|| ZERO.to_owned());
    if !scene.git().update(&reference, &commit, &old) {
        return Err(Refusal::new(
            409,
            format!("{branch} is at another commit but expected {old}"),
        ));
    }
    let moved = Moved {
        name: reference,
        old,
        new: commit.clone(),
    };
    guard::moved(scene.site, scene.repository, scene.token, &[moved]);
    let body = json!({
        "content": entry(scene, path, &branch, &blob, "file", content.len()),
        "commit": commit::plain(scene.site, scene.repository, &scene.git().read(&commit)?),
    });
    Ok(Reply::json(if current.is_some() { 200 } else { 201 }, body))
}

fn guard_sha(path: &str, current: Option<&str>, given: Option<&str>) -> Result<(), Refusal> {
    match (current, given) {
        (Some(_), None) => Err(Refusal::unprocessable(
            "Invalid request.\n\n\"sha\" wasn't supplied.",
        )),
        (current, Some(given)) if current != Some(given) => {
            Err(Refusal::new(409, format!("{path} does not match {given}")))
        }
        _ => Ok(()),
    }
}

/// GitHub is the committer, and signs, unless the request names somebody.
fn signatures(
    scene: &Scene<'_>,
    author: Option<Person>,
    committer: Option<Person>,
) -> (Signature, Signature) {
    let site = scene.site;
    let myself = user::signature(site, &scene.token.login);
    let web = Signature {
        name: WEB.0.to_owned(),
        email: WEB.1.to_owned(),
        date: site.now(),
    };
    let author = author.map(|person| person.signature(site));
    let committer = committer.map(|person| person.signature(site));
    match (author, committer) {
        (None, None) => (myself, web),
        (Some(author), None) => (author.clone(), author),
        (None, Some(committer)) => (committer.clone(), committer),
        (Some(author), Some(committer)) => (author, committer),
    }
}
