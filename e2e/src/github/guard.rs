//! The refusals of GitHub when a ref moves, whoever asks: the API here, pushes through a hook.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::event::{Event, skips};
use super::exchange::Refusal;
use super::git::{Git, ZERO};
use super::repository::{Repository, Scene};
use super::site::Site;
use super::token::Token;
use super::{activity, pull, release, ruleset, user};
use serde_json::{Value, json};

/// A ref that moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Moved {
    pub(super) name: String,
    pub(super) old: String,
    pub(super) new: String,
}

/// The environment of a push, which the hooks read.
pub(super) fn environment(
    site: &Site,
    repository: &Repository,
    token: &Token,
) -> Vec<(&'static str, String)> {
    let lines = |names: Vec<String>| names.join("\n");
    let protected = repository
        .rules
        .iter()
        .filter(|rule| repository.protects(&rule.branch, &token.login))
        .map(|rule| format!("refs/heads/{}", rule.branch));
    let signed = repository.signed_branches.iter();
    let signed = signed.map(|branch| format!("refs/heads/{branch}"));
    let spent = repository
        .spent_tags
        .iter()
        .map(|tag| format!("refs/tags/{tag}"));
    let releases = repository.releases.iter();
    let locked = releases
        .filter(|release| release::frozen(repository, release))
        .map(|release| format!("refs/tags/{}", release.tag));
    let mut environment = vec![
        ("E2E_LOGIN", token.login.clone()),
        ("E2E_RULES", repository.html(site, "/rules")),
        ("E2E_NOUN", token.noun().to_owned()),
        ("E2E_TRUNK", repository.default_branch.clone()),
        ("E2E_PROTECTED", lines(protected.collect())),
        ("E2E_SIGNED", lines(signed.collect())),
        ("E2E_KEPT", lines(ruleset::kept(repository))),
        ("E2E_SPENT", lines(spent.collect())),
        ("E2E_LOCKED", lines(locked.collect())),
    ];
    if repository.restricts_tags(&token.login) {
        environment.push(("E2E_NO_NEW_TAGS", "1".to_owned()));
    }
    if !token.may_change_workflows(&repository.name) {
        environment.push(("E2E_SAME_WORKFLOWS", "1".to_owned()));
    }
    environment
}

const PRE_RECEIVE: &str = r#"#!/bin/sh
zero=0000000000000000000000000000000000000000
listed() {
  case "
$1
" in
    *"
$2
"*) true ;;
    *) false ;;
  esac
}
broken() {
  page="$E2E_RULES?ref=$(printf '%s' "$1" | sed 's,/,%2F,g')"
  printf 'error: GH013: Repository rule violations found for %s.\nReview all repository rules at %s\n\n- %s\n\n' "$1" "$page" "$2" >&2
  exit 1
}
workflows() { git rev-parse --quiet --verify "$1:.github/workflows" || echo none; }
# A branch that has no workflow files, and had none, creates and updates none.
workless() {
  [ "$(workflows "$2^{commit}")" = none ] &&
    { [ "$1" = "$zero" ] || [ "$(workflows "$1^{commit}")" = none ]; }
}
while read -r old new ref; do
  if listed "$E2E_PROTECTED" "$ref"; then
    broken "$ref" 'Changes must be made through a pull request.'
  fi
  if listed "$E2E_SIGNED" "$ref" && [ "$new" != "$zero" ] &&
    ! git cat-file commit "$new" | grep -q '^gpgsig'; then
    broken "$ref" 'Commits must have verified signatures.'
  fi
  if listed "$E2E_KEPT" "$ref"; then
    [ "$new" != "$zero" ] || broken "$ref" 'Cannot delete this branch.'
    git merge-base --is-ancestor "$old" "$new" || broken "$ref" 'Cannot force-push to this branch.'
  fi
  if [ "$new" = "$zero" ]; then kept=$E2E_LOCKED; else kept=$E2E_SPENT; fi
  if listed "$kept" "$ref"; then
    broken "$ref" 'Cannot create, update or delete the tag of an immutable release.'
  fi
  case $old$ref in
    "$zero"refs/tags/*) [ -z "$E2E_NO_NEW_TAGS" ] || broken "$ref" 'Cannot create ref due to creations being restricted.' ;;
  esac
  if [ -n "$E2E_SAME_WORKFLOWS" ] && [ "$new" != "$zero" ] && ! workless "$old" "$new" &&
    [ "$(workflows "$new^{commit}")" != "$(workflows "refs/heads/$E2E_TRUNK")" ]; then
    printf 'error: refusing to allow a %s to create or update workflow `.github/workflows` without `workflows` permission (%s)\n' "$E2E_NOUN" "$ref" >&2
    exit 1
  fi
done
"#;

const POST_RECEIVE: &str = r#"#!/bin/sh
[ -z "$E2E_UPDATES" ] || cat >> "$E2E_UPDATES"
"#;

/// Installs the hooks. A push past the server, straight into the folder, is not refused.
pub(super) fn install(git: &Git) -> anyhow::Result<()> {
    for (name, script) in [("pre-receive", PRE_RECEIVE), ("post-receive", POST_RECEIVE)] {
        let path = git.folder.join("hooks").join(name);
        fs::create_dir_all(git.folder.join("hooks"))?;
        fs::write(&path, script)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}

/// Reads the moved refs that the post-receive hook wrote down.
pub(super) fn pushed(file: &Path) -> anyhow::Result<Vec<Moved>> {
    let parse = |line: &str| {
        let mut words = line.split(' ').map(str::to_owned);
        Some(Moved {
            old: words.next()?,
            new: words.next()?,
            name: words.next()?,
        })
    };
    Ok(fs::read_to_string(file)?
        .lines()
        .filter_map(parse)
        .collect())
}

/// Refuses what the hook refuses in a push: `new` is a commit, or nothing for a deletion.
pub(super) fn check(scene: &Scene<'_>, name: &str, new: Option<&str>) -> Result<(), Refusal> {
    let Scene {
        repository, token, ..
    } = scene;
    if let Some(branch) = name.strip_prefix("refs/heads/")
        && repository.protects(branch, &token.login)
    {
        return Err(Refusal::new(
            409,
            "Repository rule violations found\n\nChanges must be made through a pull request.\n\n",
        ));
    }
    if ruleset::kept(repository).iter().any(|kept| kept == name) && new.is_none() {
        return Err(Refusal::unprocessable(
            "Repository rule violations found\n\nCannot delete this branch.\n\n",
        ));
    }
    if let Some(tag) = name.strip_prefix("refs/tags/")
        && kept(repository, tag, new.is_none())
    {
        return Err(Refusal::unprocessable(
            "Repository rule violations found\n\nCannot create, update or delete the tag of an immutable release.\n\n",
        ));
    }
    let Some(new) = new else { return Ok(()) };
    let is_new_tag =
        name.starts_with("refs/tags/") && scene.git().resolve(name, "object").is_none();
    if is_new_tag && repository.restricts_tags(&token.login) {
        return Err(Refusal::unprocessable(
            "Repository rule violations found\n\nCannot create ref due to creations being restricted.\n\n",
        ));
    }
    let workflows = |commit: &str| {
        let folder = format!("{commit}:.github/workflows");
        scene
            .git()
            .ask(&["rev-parse", "--quiet", "--verify", &folder])
    };
    let trunk = format!("refs/heads/{}", repository.default_branch);
    // A branch that has no workflow files, and had none, creates and updates none.
    let workless = workflows(new).is_none() && workflows(name).is_none();
    if !token.may_change_workflows(&repository.name)
        && !workless
        && workflows(new) != workflows(&trunk)
    {
        return Err(Refusal::new(
            403,
            format!(
                "refusing to allow a {} to create or update workflow `.github/workflows` without `workflows` permission",
                token.noun()
            ),
        ));
    }
    Ok(())
}

/// Returns true if a tag stays as it is: that of an immutable release, and when that is deleted,
/// the tag may go but not come back.
fn kept(repository: &Repository, tag: &str, deletion: bool) -> bool {
    let mut releases = repository.releases.iter();
    if deletion {
        return releases.any(|release| release.tag == tag && release::frozen(repository, release));
    }
    repository.spent_tags.contains(tag)
}

/// Carries out the consequences of moved refs: releases, pull requests, events.
pub(super) fn moved(site: &Site, repository: &mut Repository, token: &Token, refs: &[Moved]) {
    for one in refs {
        if one.new == ZERO && one.name.starts_with("refs/tags/") {
            release::tag_deleted(repository, &one.name);
        }
    }
    for one in refs {
        activity::remember(site, repository, token, one);
    }
    pull::refs_moved(site, repository, token, refs);
    // More than three tags at once create no event.
    let tags = refs.iter().filter(|one| one.name.starts_with("refs/tags/"));
    let many_tags = tags.count() > 3;
    for one in refs {
        let tag = one.name.starts_with("refs/tags/");
        if one.new != ZERO && !(tag && many_tags) {
            if one.old == ZERO {
                create_event(site, repository, token, one);
            }
            push_event(site, repository, token, one);
        }
    }
}

/// A branch or tag was made. No message keeps workflows from running on this one.
fn create_event(site: &Site, repository: &Repository, token: &Token, moved: &Moved) {
    let Some(head) = repository.git.resolve(&moved.new, "commit") else {
        return;
    };
    let (kind, name) = match moved.name.strip_prefix("refs/tags/") {
        Some(tag) => ("tag", tag),
        None => ("branch", moved.name.trim_start_matches("refs/heads/")),
    };
    let payload = json!({
        "ref": name,
        "ref_type": kind,
        "master_branch": repository.default_branch,
        "description": repository.description,
        "pusher_type": "user",
    });
    let at = (moved.name.as_str(), head.as_str());
    site.emit(
        token,
        &event(site, repository, token, "create", at, payload),
    );
}

fn push_event(site: &Site, repository: &Repository, token: &Token, moved: &Moved) {
    let git = &repository.git;
    let Some(head) = git
        .resolve(&moved.new, "commit")
        .and_then(|sha| git.read(&sha).ok())
    else {
        return;
    };
    if skips(&head.message) {
        return;
    }
    let payload = json!({
        "ref": moved.name,
        "before": moved.old,
        "after": moved.new,
        "created": moved.old == ZERO,
        "deleted": false,
        "forced": moved.old != ZERO && !git.is_ancestor(&moved.old, &moved.new),
        "head_commit": {
            "id": head.sha,
            "tree_id": head.tree,
            "message": head.message,
            "timestamp": head.committer.date,
            "author": {"name": head.author.name, "email": head.author.email},
            "committer": {"name": head.committer.name, "email": head.committer.email},
        },
    });
    site.emit(
        token,
        &event(
            site,
            repository,
            token,
            "push",
            (&moved.name, &head.sha),
            payload,
        ),
    );
}

/// An event with what every payload has.
pub(super) fn event(
    site: &Site,
    repository: &Repository,
    token: &Token,
    name: &str,
    (reference, sha): (&str, &str),
    mut payload: Value,
) -> Event {
    payload["repository"] = repository.json(site);
    payload["sender"] = user::json(site, &token.login);
    let action = payload.get("action").and_then(Value::as_str);
    Event {
        repository: repository.name.clone(),
        name: name.to_owned(),
        action: action.map(str::to_owned),
        reference: reference.to_owned(),
        sha: sha.to_owned(),
        actor: token.login.clone(),
        workflow: None,
        payload,
    }
}
