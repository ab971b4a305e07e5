//! The operations of requests, and the permissions that they need.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::exchange::{Answer, Refusal, Reply, Request};
use super::repository::{Scene, refused};
use super::site::{Hub, World};
use super::token::{Access, Scope, Token, TokenKind};
use super::{
    activity, app, asset, branch, commit, contents, deployment, dispatch, environment, graphql,
    issue, label, object, pull, refs, release, rename, review, ruleset, run, settings, user,
};

/// Answers a request of the API, or of the address that takes files.
pub(super) fn answer(hub: &Hub, request: &Request, token: &Token, uploads: bool) -> Reply {
    let mut world = hub.world();
    decide(hub, &mut world, request, token, uploads).unwrap_or_else(Refusal::into_reply)
}

fn decide(hub: &Hub, world: &mut World, request: &Request, token: &Token, uploads: bool) -> Answer {
    let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
    let (name, rest) = match (request.method.as_str(), segments.as_slice()) {
        ("GET", ["user"]) => return user::myself(&hub.site, token),
        ("GET", ["users", login]) => return Ok(user::known(&hub.site, login)),
        ("GET", ["rate_limit"]) => return Ok(user::rate_limit(&hub.site)),
        ("GET", ["repos", owner, name, "installation"]) => {
            return app::installation(&hub.site, world, token, &format!("{owner}/{name}"));
        }
        ("POST", ["app", "installations", id, "access_tokens"]) => {
            return app::mint(&hub.site, world, token, (id, request));
        }
        ("POST", ["api", "graphql"]) => {
            let folders = folders(world);
            return graphql::answer(&hub.site, world, &folders, (request, token));
        }
        ("DELETE", ["installation", "token"]) => return app::revoke(world, token),
        (_, ["repos", owner, name, rest @ ..]) => (format!("{owner}/{name}"), rest),
        (_, ["repositories", id, rest @ ..]) => (
            rename::numbered(world, id).ok_or_else(Refusal::not_found)?,
            rest,
        ),
        _ => return Err(Refusal::not_found()),
    };
    if !uploads
        && let Some(moved) = rename::pointer(&hub.site, world, (&name, rest), (request, token))
    {
        return Ok(moved);
    }
    let folders = folders(world);
    let repository = world
        .repositories
        .get_mut(&name)
        .filter(|repository| repository.visible(token))
        .ok_or_else(Refusal::not_found)?;
    let mut scene = Scene {
        site: &hub.site,
        repository,
        folders: &folders,
        token,
        request,
    };
    permit(&scene, rest)?;
    if uploads {
        return match (request.method.as_str(), rest) {
            ("POST", ["releases", id, "assets"]) => asset::upload(&mut scene, id),
            _ => Err(Refusal::not_found()),
        };
    }
    operate(&mut scene, rest)
}

fn folders(world: &World) -> BTreeMap<String, PathBuf> {
    let repositories = world.repositories.iter();
    repositories
        .map(|(name, repository)| (name.clone(), repository.git.folder.clone()))
        .collect()
}

/// The permissions of which one is enough; none: who sees the repository may.
///
/// Source: GitHub's "Permissions required for GitHub Apps".
fn scopes(rest: &[&str], reads: bool) -> &'static [Scope] {
    match rest {
        [] => &[],
        ["issues", _, "labels" | "comments", ..] | ["issues", "comments", _] | ["issues", _] => {
            &[Scope::Issues, Scope::PullRequests]
        }
        ["labels", ..] => &[Scope::Issues, Scope::PullRequests],
        ["issues", ..] => &[Scope::Issues],
        ["pulls", _, "merge"] => &[Scope::Contents],
        ["pulls", ..] => &[Scope::PullRequests],
        ["actions", "permissions", ..] | ["immutable-releases"] => &[Scope::Administration],
        ["actions", "secrets" | "organization-secrets"] => &[Scope::Secrets],
        ["actions", "variables" | "organization-variables"] => &[Scope::Variables],
        ["environments", _, "secrets" | "variables"] => &[Scope::Environments],
        ["rulesets", ..] if !reads => &[Scope::Administration],
        ["rulesets" | "rules", ..] => &[],
        ["actions", ..] => &[Scope::Actions],
        ["deployments", ..] => &[Scope::Deployments],
        ["environments", ..] if reads => &[Scope::Actions],
        ["environments", ..] | ["branches", .., "protection"] => &[Scope::Administration],
        _ => &[Scope::Contents],
    }
}

fn permit(scene: &Scene<'_>, rest: &[&str]) -> Result<(), Refusal> {
    let reads = scene.request.method == "GET";
    let scopes = scopes(rest, reads);
    let Scene {
        repository, token, ..
    } = scene;
    let one = |scope: &Scope| match (reads, scope) {
        // Settings are nobody's to read, however public the repository is.
        (true, Scope::Administration | Scope::Environments | Scope::Secrets | Scope::Variables) => {
            token.allows(&repository.name, *scope, Access::Read)
        }
        (true, _) => repository.readable(token, *scope),
        (false, _) => repository.writable(token, *scope),
    };
    // Whoever sees a repository may propose a change to it.
    let proposes = scene.request.method == "POST"
        && rest == ["pulls"]
        && token.kind == TokenKind::Personal
        && repository.readable(token, Scope::PullRequests);
    if scopes.is_empty() || scopes.iter().any(one) || proposes {
        return Ok(());
    }
    Err(refused(scene.token))
}

fn operate(scene: &mut Scene<'_>, rest: &[&str]) -> Answer {
    match rest {
        [] if scene.request.method == "PATCH" => settings::update(scene),
        [] => Ok(Reply::ok(scene.repository.json(scene.site))),
        ["actions", "permissions", rest @ ..] => settings::permissions(scene, rest),
        ["actions", field @ ("secrets" | "variables")] => settings::names(scene, field, None),
        ["actions", "organization-secrets"] => settings::shared_names(scene, "secrets"),
        ["actions", "organization-variables"] => settings::shared_names(scene, "variables"),
        ["immutable-releases"] => settings::immutable(scene),
        ["rulesets", rest @ ..] => ruleset::answer(scene, rest),
        ["rules", "branches", name @ ..] => ruleset::of_branch(scene, &name.join("/")),
        ["environments", rest @ ..] => environment::answer(scene, rest),
        ["contents", path @ ..] => file(scene, &path.join("/")),
        ["git", rest @ ..] => git(scene, rest),
        ["releases", rest @ ..] => releases(scene, rest),
        ["actions", rest @ ..] => actions(scene, rest),
        ["issues", rest @ ..] => issues(scene, rest),
        ["labels", rest @ ..] => labels(scene, rest),
        ["pulls", rest @ ..] => pulls(scene, rest),
        ["activity"] if scene.request.method == "GET" => activity::list(scene),
        ["deployments", ..] => deployments(scene, rest),
        ["branches", ..] => branches(scene, rest),
        _ => other(scene, rest),
    }
}

fn file(scene: &mut Scene<'_>, path: &str) -> Answer {
    match scene.request.method.as_str() {
        "GET" => contents::get(scene, path),
        "PUT" => contents::put(scene, path),
        _ => Err(Refusal::not_found()),
    }
}

fn git(scene: &mut Scene<'_>, rest: &[&str]) -> Answer {
    match (scene.request.method.as_str(), rest) {
        ("GET", ["ref", name @ ..]) => refs::get(scene, &name.join("/")),
        ("GET", ["matching-refs", name @ ..]) => refs::matching(scene, &name.join("/")),
        ("POST", ["refs"]) => refs::create(scene),
        ("PATCH", ["refs", name @ ..]) => refs::update(scene, &name.join("/")),
        ("DELETE", ["refs", name @ ..]) => refs::delete(scene, &name.join("/")),
        ("POST", ["tags"]) => refs::create_tag(scene),
        ("GET", ["tags", sha]) => refs::tag_object(scene, sha),
        ("GET", ["commits", sha]) => commit::git_commit(scene, sha),
        ("POST", ["commits"]) => object::create_commit(scene),
        ("POST", ["trees"]) => object::create_tree(scene),
        ("GET", ["blobs", sha]) => contents::blob(scene, sha),
        _ => Err(Refusal::not_found()),
    }
}

fn releases(scene: &mut Scene<'_>, rest: &[&str]) -> Answer {
    match (scene.request.method.as_str(), rest) {
        ("GET", []) => release::list(scene),
        ("POST", []) => release::create(scene),
        ("GET", ["latest"]) => release::latest(scene),
        ("GET", ["tags", tag @ ..]) => release::by_tag(scene, &tag.join("/")),
        ("GET", ["assets", id]) => asset::get(scene, id),
        ("DELETE", ["assets", id]) => asset::delete(scene, id),
        ("GET", [id]) => release::get(scene, id),
        ("PATCH", [id]) => release::update(scene, id),
        ("DELETE", [id]) => release::delete(scene, id),
        ("GET", [id, "assets"]) => asset::list(scene, id),
        _ => Err(Refusal::not_found()),
    }
}

fn actions(scene: &mut Scene<'_>, rest: &[&str]) -> Answer {
    match (scene.request.method.as_str(), rest) {
        ("POST", ["workflows", file, "dispatches"]) => dispatch::workflow(scene, file),
        ("GET", ["workflows", file, "runs"]) => run::list(scene, Some(file)),
        ("GET", ["runs"]) => run::list(scene, None),
        ("GET", ["runs", id]) => run::get(scene, id),
        ("GET", ["runs", id, "artifacts"]) => run::artifacts(scene, id),
        ("GET", ["runs", id, "jobs"]) => run::jobs(scene, id),
        ("POST", ["runs", id, "rerun-failed-jobs"]) => run::rerun_failed(scene, id),
        ("POST", ["runs", id, "cancel"]) => run::cancel(scene, id),
        _ => Err(Refusal::not_found()),
    }
}

fn issues(scene: &mut Scene<'_>, rest: &[&str]) -> Answer {
    match (scene.request.method.as_str(), rest) {
        ("GET", []) => issue::list(scene),
        ("POST", []) => issue::create(scene),
        ("PATCH", ["comments", id]) => issue::change_comment(scene, id),
        ("GET", [number]) => issue::get(scene, number),
        ("PATCH", [number]) => issue::update(scene, number),
        ("GET", [number, "comments"]) => issue::comments(scene, number),
        ("POST", [number, "comments"]) => issue::comment(scene, number),
        ("GET", [number, "timeline"]) => issue::timeline(scene, number),
        ("GET", [number, "labels"]) => issue::labels(scene, number),
        ("POST", [number, "labels"]) => issue::put_labels(scene, number, false),
        ("PUT", [number, "labels"]) => issue::put_labels(scene, number, true),
        ("DELETE", [number, "labels", name]) => issue::remove_label(scene, number, name),
        _ => Err(Refusal::not_found()),
    }
}

fn labels(scene: &mut Scene<'_>, rest: &[&str]) -> Answer {
    match (scene.request.method.as_str(), rest) {
        ("GET", []) => label::list(scene),
        ("POST", []) => label::create(scene),
        ("GET", [name]) => label::get(scene, name),
        ("PATCH", [name]) => label::update(scene, name),
        ("DELETE", [name]) => label::delete(scene, name),
        _ => Err(Refusal::not_found()),
    }
}

fn pulls(scene: &mut Scene<'_>, rest: &[&str]) -> Answer {
    match (scene.request.method.as_str(), rest) {
        ("GET", []) => pull::list(scene),
        ("POST", []) => pull::create(scene),
        ("GET", [number]) => pull::get(scene, number),
        ("PATCH", [number]) => pull::update(scene, number),
        ("GET", [number, "files"]) => pull::files(scene, number),
        ("GET", [number, "reviews"]) => review::list(scene, number),
        ("POST", [number, "reviews"]) => review::create(scene, number),
        ("PUT", [number, "merge"]) => pull::merge(scene, number),
        _ => Err(Refusal::not_found()),
    }
}

fn deployments(scene: &mut Scene<'_>, rest: &[&str]) -> Answer {
    match (scene.request.method.as_str(), rest) {
        ("GET", ["deployments"]) => deployment::list(scene),
        ("POST", ["deployments"]) => deployment::create(scene),
        ("GET", ["deployments", id]) => deployment::get(scene, id),
        ("GET", ["deployments", id, "statuses"]) => deployment::statuses(scene, id),
        ("POST", ["deployments", id, "statuses"]) => deployment::create_status(scene, id),
        _ => Err(Refusal::not_found()),
    }
}

fn branches(scene: &mut Scene<'_>, rest: &[&str]) -> Answer {
    match (scene.request.method.as_str(), rest) {
        ("GET", ["branches"]) => branch::list(scene),
        ("GET", ["branches", name @ .., "protection"]) => {
            branch::protection(scene, &name.join("/"))
        }
        ("PUT", ["branches", name @ .., "protection"]) => branch::protect(scene, &name.join("/")),
        ("GET", ["branches", name @ ..]) => branch::get(scene, &name.join("/")),
        _ => Err(Refusal::not_found()),
    }
}

fn other(scene: &mut Scene<'_>, rest: &[&str]) -> Answer {
    match (scene.request.method.as_str(), rest) {
        ("GET", ["commits"]) => commit::list(scene),
        ("GET", ["commits", reference @ ..]) => commit::get(scene, &reference.join("/")),
        ("GET", ["compare", range @ ..]) => commit::compare(scene, &range.join("/")),
        ("GET", ["tags"]) => refs::tags(scene),
        ("POST", ["dispatches"]) => dispatch::repository(scene),
        _ => Err(Refusal::not_found()),
    }
}
