//! Repositories that have had other names.
//!
//! Sources: GitHub's "Renaming a repository" and "Best practices for using the REST API" (301 for
//! what reads, 307 for the rest, with the address by number).

use anyhow::{Context, bail};
use serde_json::json;

use super::exchange::{Reply, Request};
use super::page;
use super::site::{Site, World};
use super::token::Token;

/// Gives a repository another name; the old one leads to it from now on.
pub(super) fn rename(site: &Site, world: &mut World, old: &str, new: &str) -> anyhow::Result<()> {
    if world.repositories.contains_key(new) {
        bail!("the repository {new} exists");
    }
    let mut repository = world
        .repositories
        .remove(old)
        .with_context(|| format!("no repository {old}"))?;
    let folder = site.folder.join(format!("{new}.git"));
    std::fs::create_dir_all(folder.parent().unwrap_or(&site.folder))?;
    std::fs::rename(&repository.git.folder, &folder)?;
    repository.git.folder = folder;
    repository.name = new.to_owned();
    world.renamed.remove(new);
    world.renamed.insert(old.to_owned(), repository.id);
    for token in world.tokens.values_mut() {
        if let Some(permissions) = token.access.remove(old) {
            token.access.insert(new.to_owned(), permissions);
        }
    }
    for other in world.repositories.values_mut() {
        if other.fork_of.as_deref() == Some(old) {
            other.fork_of = Some(new.to_owned());
        }
    }
    world.repositories.insert(new.to_owned(), repository);
    Ok(())
}

/// The name of the repository with this number.
pub(super) fn numbered(world: &World, id: &str) -> Option<String> {
    let mut repositories = world.repositories.values();
    let found = repositories.find(|repository| repository.id.to_string() == id);
    found.map(|repository| repository.name.clone())
}

/// The present name of a repository that had this one.
pub(super) fn present(world: &World, old: &str) -> Option<String> {
    let id = world.renamed.get(old)?;
    numbered(world, &id.to_string())
}

/// The answer to who asks by a name of the past.
pub(super) fn pointer(
    site: &Site,
    world: &World,
    (old, rest): (&str, &[&str]),
    (request, token): (&Request, &Token),
) -> Option<Reply> {
    let repository = world.repositories.get(&present(world, old)?)?;
    if !repository.visible(token) {
        return None;
    }
    let mut path = format!("/repositories/{}", repository.id);
    for segment in rest {
        path.push('/');
        path.push_str(&page::encode(segment));
    }
    let there = site.api(&page::with_query(&path, page::pairs(request)));
    let (status, message) = match request.method.as_str() {
        "GET" => (301, "Moved Permanently"),
        _ => (307, "Temporary Redirect"),
    };
    let body = json!({
        "message": message,
        "url": there,
        "documentation_url": "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects",
    });
    Some(Reply::json(status, body).header("location", there))
}
