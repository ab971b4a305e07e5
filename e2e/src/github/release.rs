//! Releases.

use serde::Deserialize;
use serde_json::{Value, json};

use super::asset::{self, Asset};
use super::exchange::{Answer, Refusal, Reply};
use super::git::ZERO;
use super::repository::{Repository, Scene};
use super::token::Scope;
use super::{guard, page, refs, user};

/// A release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Its number in the API.
    pub id: u64,
    /// The tag, which need not exist as long as this is a draft.
    pub tag: String,
    /// The title.
    pub name: Option<String>,
    /// The text.
    pub body: Option<String>,
    /// Not published.
    pub draft: bool,
    /// Not for everybody.
    pub prerelease: bool,
    /// The one that the repository shows first.
    pub latest: bool,
    /// The branch or commit at which the tag is made if it does not exist.
    pub target: String,
    /// The user who made it.
    pub author: String,
    /// The time at which it was made.
    pub created_at: String,
    /// The time at which it was published.
    pub published_at: Option<String>,
    /// Its files.
    pub assets: Vec<Asset>,
}

/// `GET releases`: the newest first, drafts only for those who may change them.
pub(super) fn list(scene: &Scene<'_>) -> Answer {
    let mut seen: Vec<_> = scene
        .repository
        .releases
        .iter()
        .filter(|release| visible(scene, release))
        .collect();
    seen.reverse();
    page::list(scene.site, scene.request, seen, |release| {
        json(scene, release)
    })
}

fn visible(scene: &Scene<'_>, release: &Release) -> bool {
    !release.draft || scene.repository.writable(scene.token, Scope::Contents)
}

/// `GET releases/{id}`.
pub(super) fn get(scene: &Scene<'_>, id: &str) -> Answer {
    let release = &scene.repository.releases[index(scene, id)?];
    if !visible(scene, release) {
        return Err(Refusal::not_found());
    }
    Ok(Reply::ok(json(scene, release)))
}

/// `GET releases/tags/{tag}`: never a draft.
pub(super) fn by_tag(scene: &Scene<'_>, tag: &str) -> Answer {
    let mut releases = scene.repository.releases.iter();
    let found = releases.find(|release| !release.draft && release.tag == tag);
    found.map_or_else(
        || Err(Refusal::not_found()),
        |release| Ok(Reply::ok(json(scene, release))),
    )
}

/// `GET releases/latest`.
pub(super) fn latest(scene: &Scene<'_>) -> Answer {
    let full = || {
        let releases = scene.repository.releases.iter();
        releases.filter(|release| !release.draft && !release.prerelease)
    };
    let found = full().find(|release| release.latest).or(full().next_back());
    found.map_or_else(
        || Err(Refusal::not_found()),
        |release| Ok(Reply::ok(json(scene, release))),
    )
}

#[derive(Deserialize)]
struct Create {
    tag_name: String,
    #[serde(flatten)]
    rest: Update,
}

#[derive(Deserialize)]
struct Update {
    tag_name: Option<String>,
    target_commitish: Option<String>,
    name: Option<String>,
    body: Option<String>,
    draft: Option<bool>,
    prerelease: Option<bool>,
    make_latest: Option<String>,
}

/// `POST releases`.
pub(super) fn create(scene: &mut Scene<'_>) -> Answer {
    let Create { tag_name, rest } = scene.request.body()?;
    let target = rest.target_commitish.clone();
    let mut release = Release {
        id: scene.site.id(),
        tag: tag_name,
        name: None,
        body: None,
        draft: true,
        prerelease: false,
        latest: false,
        target: target.unwrap_or_else(|| scene.repository.default_branch.clone()),
        author: scene.token.login.clone(),
        created_at: scene.site.now(),
        published_at: None,
        assets: Vec::new(),
    };
    let publish = !rest.draft.unwrap_or(false);
    let make_latest = apply(&mut release, rest);
    check_tag(scene, &release)?;
    if publish {
        publish_release(scene, &mut release)?;
    }
    let at = scene.repository.releases.len();
    scene.repository.releases.push(release);
    if publish {
        announce(scene, at, make_latest.as_deref());
    }
    Ok(Reply::created(json(scene, &scene.repository.releases[at])))
}

/// `PATCH releases/{id}`.
pub(super) fn update(scene: &mut Scene<'_>, id: &str) -> Answer {
    let wanted: Update = scene.request.body()?;
    let at = index(scene, id)?;
    let mut release = scene.repository.releases[at].clone();
    let moves = wanted
        .tag_name
        .as_ref()
        .is_some_and(|tag| *tag != release.tag);
    if moves && frozen(scene.repository, &release) {
        return Err(Refusal::unprocessable(
            "Cannot change the tag of an immutable release.",
        ));
    }
    let (was_draft, draft) = (release.draft, wanted.draft.unwrap_or(release.draft));
    let asked = wanted.make_latest.is_some();
    let make_latest = apply(&mut release, wanted);
    if was_draft && !draft {
        check_tag(scene, &release)?;
        publish_release(scene, &mut release)?;
    } else if !was_draft && draft {
        release.draft = true;
        release.latest = false;
    } else if moves && !draft {
        check_tag(scene, &release)?;
        ensure_tag(scene, &release)?;
    }
    scene.repository.releases[at] = release;
    if was_draft && !draft {
        announce(scene, at, make_latest.as_deref());
    } else if asked && !draft {
        crown(scene.repository, at, make_latest.as_deref());
    }
    Ok(Reply::ok(json(scene, &scene.repository.releases[at])))
}

/// Takes over what a request says; returns what it says about the latest release.
fn apply(release: &mut Release, wanted: Update) -> Option<String> {
    if let Some(tag) = wanted.tag_name {
        release.tag = tag;
    }
    if let Some(target) = wanted.target_commitish {
        release.target = target;
    }
    if wanted.name.is_some() {
        release.name = wanted.name;
    }
    if wanted.body.is_some() {
        release.body = wanted.body;
    }
    release.prerelease = wanted.prerelease.unwrap_or(release.prerelease);
    release.latest &= !release.prerelease;
    wanted.make_latest
}

/// `DELETE releases/{id}`: the tag stays.
pub(super) fn delete(scene: &mut Scene<'_>, id: &str) -> Answer {
    let at = index(scene, id)?;
    scene.repository.releases.remove(at);
    Ok(Reply::nothing())
}

/// Refuses a tag that no ref can have, or that a release has which is not a draft.
fn check_tag(scene: &Scene<'_>, release: &Release) -> Result<(), Refusal> {
    let name = format!("refs/tags/{}", release.tag);
    if scene.git().ask(&["check-ref-format", &name]).is_none() {
        return Err(Refusal::invalid("Release", "tag_name", "invalid"));
    }
    let others = scene.repository.releases.iter();
    let taken = others
        .filter(|other| other.id != release.id && !other.draft)
        .any(|other| other.tag == release.tag);
    if taken {
        return Err(Refusal::invalid("Release", "tag_name", "already_exists"));
    }
    Ok(())
}

fn publish_release(scene: &mut Scene<'_>, release: &mut Release) -> Result<(), Refusal> {
    if scene.repository.spent_tags.contains(&release.tag) {
        return Err(Refusal::unprocessable(
            "Validation Failed: tag_name was used by an immutable release",
        ));
    }
    ensure_tag(scene, release)?;
    release.draft = false;
    release.published_at = Some(scene.site.now());
    Ok(())
}

/// Makes the tag at the release's target if it does not exist.
fn ensure_tag(scene: &mut Scene<'_>, release: &Release) -> Result<(), Refusal> {
    let name = format!("refs/tags/{}", release.tag);
    if scene.git().exact(&name).is_some() {
        return Ok(());
    }
    let Some(commit) = scene.git().commit_of(&release.target) else {
        return Err(Refusal::invalid("Release", "target_commitish", "invalid"));
    };
    refs::point(scene, &name, &commit, ZERO)
}

/// Carries out the consequences of a publication.
fn announce(scene: &mut Scene<'_>, at: usize, make_latest: Option<&str>) {
    crown(scene.repository, at, make_latest);
    let release = scene.repository.releases[at].clone();
    if scene.repository.immutable_releases {
        scene.repository.spent_tags.insert(release.tag.clone());
    }
    let reference = format!("refs/tags/{}", release.tag);
    let sha = scene
        .git()
        .resolve(&reference, "commit")
        .unwrap_or_default();
    let kind = if release.prerelease {
        "prereleased"
    } else {
        "released"
    };
    for action in ["published", kind] {
        let payload = json!({"action": action, "release": json(scene, &release)});
        let event = guard::event(
            scene.site,
            scene.repository,
            scene.token,
            "release",
            (&reference, &sha),
            payload,
        );
        scene.site.emit(scene.token, &event);
    }
}

fn crown(repository: &mut Repository, at: usize, make_latest: Option<&str>) {
    if make_latest == Some("false") || repository.releases[at].prerelease {
        return;
    }
    for (other, release) in repository.releases.iter_mut().enumerate() {
        release.latest = other == at;
    }
}

/// A published release without its tag is a draft again.
pub(super) fn tag_deleted(repository: &mut Repository, name: &str) {
    for release in &mut repository.releases {
        if name == format!("refs/tags/{}", release.tag) {
            release.draft = true;
            release.latest = false;
        }
    }
}

/// Returns true if tag and files of a release stay as they are.
pub(super) fn frozen(repository: &Repository, release: &Release) -> bool {
    repository.immutable_releases && !release.draft
}

pub(super) fn index(scene: &Scene<'_>, id: &str) -> Result<usize, Refusal> {
    let releases = &scene.repository.releases;
    releases
        .iter()
        .position(|release| release.id.to_string() == id)
        .ok_or_else(Refusal::not_found)
}

fn json(scene: &Scene<'_>, release: &Release) -> Value {
    let Release { id, tag, .. } = release;
    let url = scene.url(&format!("/releases/{id}"));
    let shown = if release.draft {
        format!("untagged-{id}")
    } else {
        tag.clone()
    };
    let ball = |kind: &str| (!release.draft).then(|| scene.url(&format!("/{kind}/{tag}")));
    let upload = format!(
        "{}/api/uploads/repos/{}/releases/{id}/assets{{?name,label}}",
        scene.site.base, scene.repository.name
    );
    let assets = release.assets.iter();
    json!({
        "url": url,
        "assets_url": format!("{url}/assets"),
        "upload_url": upload,
        "html_url": scene.repository.html(scene.site, &format!("/releases/tag/{shown}")),
        "id": id,
        "node_id": user::node("RE", id),
        "author": user::json(scene.site, &release.author),
        "tag_name": tag,
        "target_commitish": release.target,
        "name": release.name,
        "body": release.body,
        "draft": release.draft,
        "prerelease": release.prerelease,
        "immutable": frozen(scene.repository, release),
        "created_at": release.created_at,
        "published_at": release.published_at,
        "tarball_url": ball("tarball"),
        "zipball_url": ball("zipball"),
        "assets": assets.map(|one| asset::json(scene, release, one)).collect::<Vec<_>>(),
    })
}
