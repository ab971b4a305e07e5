//! Refs: `git/ref`, `git/matching-refs`, `git/refs`, `git/tags`, `tags`.

use serde::Deserialize;
use serde_json::{Value, json};

use super::commit::Person;
use super::exchange::{Answer, Refusal, Reply};
use super::git::{WEB, ZERO};
use super::guard::{self, Moved};
use super::repository::Scene;
use super::{page, user};

fn json(scene: &Scene<'_>, name: &str, sha: &str) -> Value {
    let kind = scene.git().kind(sha).unwrap_or_default();
    shown(scene, name, sha, &kind)
}

fn shown(scene: &Scene<'_>, name: &str, sha: &str, kind: &str) -> Value {
    json!({
        "ref": name,
        "node_id": user::node("REF", name),
        "url": scene.url(&format!("/git/{name}")),
        "object": {
            "type": kind,
            "sha": sha,
            "url": scene.url(&format!("/git/{kind}s/{sha}")),
        },
    })
}

/// `GET git/ref/{ref}`.
pub(super) fn get(scene: &Scene<'_>, short: &str) -> Answer {
    let name = format!("refs/{short}");
    let sha = scene.git().exact(&name).ok_or_else(Refusal::not_found)?;
    Ok(Reply::ok(json(scene, &name, &sha)))
}

/// `GET git/matching-refs/{prefix}`.
pub(super) fn matching(scene: &Scene<'_>, prefix: &str) -> Answer {
    let prefix = format!("refs/{prefix}");
    let found = scene.git().refs(&prefix)?;
    let kinds = scene
        .git()
        .kinds(found.iter().map(|(_, sha)| sha.as_str()))?;
    let json = found.iter().map(|(name, sha)| {
        let kind = kinds.get(sha).map_or("", String::as_str);
        shown(scene, name, sha, kind)
    });
    Ok(Reply::ok(json.collect()))
}

#[derive(Deserialize)]
struct Create {
    r#ref: String,
    sha: String,
}

/// `POST git/refs`.
pub(super) fn create(scene: &mut Scene<'_>) -> Answer {
    let Create { r#ref: name, sha } = scene.request.body()?;
    let well_formed = name.starts_with("refs/")
        && name.matches('/').count() >= 2
        && scene.git().ask(&["check-ref-format", &name]).is_some();
    if !well_formed {
        return Err(Refusal::unprocessable(format!(
            "{name} is not a valid ref name."
        )));
    }
    if scene.git().exact(&name).is_some() {
        return Err(Refusal::unprocessable("Reference already exists"));
    }
    let object = object(scene, &sha)?;
    point(scene, &name, &object, ZERO)?;
    Ok(Reply::created(json(scene, &name, &object)))
}

#[derive(Deserialize)]
struct Update {
    sha: String,
    #[serde(default)]
    force: bool,
}

/// `PATCH git/refs/{ref}`.
pub(super) fn update(scene: &mut Scene<'_>, short: &str) -> Answer {
    let Update { sha, force } = scene.request.body()?;
    let name = format!("refs/{short}");
    let Some(old) = scene.git().exact(&name) else {
        return Err(Refusal::unprocessable("Reference does not exist"));
    };
    let object = object(scene, &sha)?;
    if !force && !scene.git().is_ancestor(&old, &object) {
        return Err(Refusal::unprocessable("Update is not a fast forward"));
    }
    point(scene, &name, &object, &old)?;
    Ok(Reply::ok(json(scene, &name, &object)))
}

/// `DELETE git/refs/{ref}`.
pub(super) fn delete(scene: &mut Scene<'_>, short: &str) -> Answer {
    let name = format!("refs/{short}");
    let Some(old) = scene.git().exact(&name) else {
        return Err(Refusal::unprocessable("Reference does not exist"));
    };
    if name == format!("refs/heads/{}", scene.repository.default_branch) {
        return Err(Refusal::unprocessable("Cannot delete the default branch"));
    }
    guard::check(scene, &name, None)?;
    scene.git().run(&["update-ref", "-d", &name, &old])?;
    settle(scene, &name, &old, ZERO);
    Ok(Reply::nothing())
}

fn object(scene: &Scene<'_>, sha: &str) -> Result<String, Refusal> {
    let full = sha.len() == 40 && sha.bytes().all(|byte| byte.is_ascii_hexdigit());
    if full && scene.git().kind(sha).is_some() {
        return Ok(sha.to_owned());
    }
    Err(Refusal::unprocessable("Object does not exist"))
}

/// Moves a ref that is at `old`, if nothing speaks against it.
pub(super) fn point(
    scene: &mut Scene<'_>,
    name: &str,
    new: &str,
    old: &str,
) -> Result<(), Refusal> {
    guard::check(scene, name, Some(new))?;
    let branch = name.strip_prefix("refs/heads/").unwrap_or_default();
    if scene.repository.signed_branches.contains(branch)
        && scene.git().read(new)?.committer.email != WEB.1
    {
        return Err(Refusal::unprocessable(
            "Repository rule violations found\n\nCommits must have verified signatures.\n\n",
        ));
    }
    if !scene.git().update(name, new, old) {
        return Err(Refusal::new(409, "Reference update failed"));
    }
    settle(scene, name, old, new);
    Ok(())
}

fn settle(scene: &mut Scene<'_>, name: &str, old: &str, new: &str) {
    let moved = Moved {
        name: name.to_owned(),
        old: old.to_owned(),
        new: new.to_owned(),
    };
    guard::moved(scene.site, scene.repository, scene.token, &[moved]);
}

#[derive(Deserialize)]
struct Tag {
    tag: String,
    message: String,
    object: String,
    r#type: String,
    tagger: Option<Person>,
}

/// `POST git/tags`: the object only; a ref is made by itself.
pub(super) fn create_tag(scene: &Scene<'_>) -> Answer {
    let new: Tag = scene.request.body()?;
    let target = object(scene, &new.object)?;
    let tagger = match new.tagger {
        Some(person) => person.signature(scene.site),
        None => user::signature(scene.site, &scene.token.login),
    };
    let text = format!(
        "object {target}\ntype {}\ntag {}\ntagger {} <{}> {} +0000\n\n{}\n",
        new.r#type,
        new.tag,
        tagger.name,
        tagger.email,
        scene.site.clock.seconds(),
        new.message
    );
    let made = scene
        .git()
        .bytes(
            &["hash-object", "-t", "tag", "-w", "--stdin"],
            text.as_bytes(),
        )
        .map_err(|_| Refusal::invalid("Tag", "tag", "invalid"))?;
    let sha = String::from_utf8_lossy(&made).trim().to_owned();
    let kind = new.r#type;
    Ok(Reply::created(json!({
        "node_id": user::node("TAG", &sha),
        "tag": new.tag,
        "sha": sha,
        "url": scene.url(&format!("/git/tags/{sha}")),
        "message": new.message,
        "tagger": {"name": tagger.name, "email": tagger.email, "date": tagger.date},
        "object": {
            "type": kind,
            "sha": target,
            "url": scene.url(&format!("/git/{kind}s/{target}")),
        },
    })))
}

/// `GET git/tags/{sha}`.
pub(super) fn tag_object(scene: &Scene<'_>, sha: &str) -> Answer {
    if scene.git().kind(sha).as_deref() != Some("tag") {
        return Err(Refusal::not_found());
    }
    let text = scene.git().run(&["cat-file", "tag", sha])?;
    let (head, message) = text.split_once("\n\n").unwrap_or((&text, ""));
    let field = |name: &str| {
        head.lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
            .unwrap_or_default()
    };
    let (who, _) = field("tagger").rsplit_once('>').unwrap_or_default();
    let (name, email) = who.split_once(" <").unwrap_or_default();
    let date = "--format=%(taggerdate:iso-strict)";
    let date = scene.git().run(&[
        "for-each-ref",
        "--count=1",
        &format!("--points-at={sha}"),
        date,
    ])?;
    let (target, kind) = (field("object"), field("type"));
    Ok(Reply::ok(json!({
        "node_id": user::node("TAG", sha),
        "tag": field("tag"),
        "sha": sha,
        "url": scene.url(&format!("/git/tags/{sha}")),
        "message": message,
        "tagger": {"name": name, "email": email, "date": date},
        "object": {
            "type": kind,
            "sha": target,
            "url": scene.url(&format!("/git/{kind}s/{target}")),
        },
    })))
}

/// `GET tags`: by name, from the end of the alphabet, as GitHub does.
pub(super) fn tags(scene: &Scene<'_>) -> Answer {
    let mut names: Vec<_> = scene.git().refs("refs/tags/")?;
    names.reverse();
    page::list(scene.site, scene.request, names, |(name, _)| {
        let short = name.trim_start_matches("refs/tags/");
        let sha = scene.git().resolve(&name, "commit").unwrap_or_default();
        json!({
            "name": short,
            "node_id": user::node("REF", &name),
            "zipball_url": scene.url(&format!("/zipball/{name}")),
            "tarball_url": scene.url(&format!("/tarball/{name}")),
            "commit": {"sha": sha, "url": scene.url(&format!("/commits/{sha}"))},
        })
    })
}
