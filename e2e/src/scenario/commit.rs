//! The step `commit`.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use serde_json::{Value, json};

use super::fixture::{generated, manifest_text};
use super::git;
use super::step::Commit;
use super::stub::stubs;
use super::world::{PERSON, Repository, World};

/// Makes a commit, and what comes with it.
pub(super) fn make(
    world: &mut World,
    repository: &Repository,
    commit: &Commit,
) -> anyhow::Result<()> {
    let handle = &repository.handle;
    let branch = commit
        .branch
        .as_deref()
        .unwrap_or(&repository.trunk)
        .to_owned();
    let branches = handle.branches()?;
    let tip = branches
        .get(&branch)
        .or_else(|| branches.get(&repository.trunk));
    let parent = commit.onto.as_ref().or(tip).context("no parent")?.clone();
    let merged = commit.merges.as_ref();
    let merged = merged.map(|name| branches.get(name).unwrap_or(name));
    let mut files = replaced(repository, &parent, &commit.replace)?;
    files.extend(commit.files.clone());
    if let Some(config) = &commit.config {
        files.extend(configured(world, repository, config)?);
    }
    let default = format!("feat: change {}", world.commits.len());
    let message = commit.message.clone().unwrap_or(default);
    let message = message.repeat(commit.repeat.unwrap_or(1));
    let new = git::Commit {
        parent: Some(&parent),
        merged: merged.map(String::as_str),
        message: &message,
        at: world.seconds(),
    };
    let sha = new.make(&handle.folder(), &files)?;
    let name = format!("refs/heads/{branch}");
    let listening = branch != repository.trunk;
    let token = match &commit.by {
        Some(login) => world.person(handle.name(), login),
        None => PERSON.to_owned(),
    };
    if listening {
        publish(repository, &token, &sha, &name)?;
    } else {
        handle.set_ref(&name, Some(&sha))?;
    }
    world.commits.push(sha);
    if commit.pull_request {
        let base = commit.base.as_deref().unwrap_or(&repository.trunk);
        let into = world.repository(commit.into.as_deref().or(Some(handle.name())))?;
        let from = handle.name();
        let wanted = NewPull {
            token: &token,
            from,
            head: &branch,
            base,
        };
        open_pull(world, into, &wanted, &message, &commit.labels)?;
    }
    world.write_script()
}

/// The files below `.github` of a commit in which text is replaced.
fn replaced(
    repository: &Repository,
    commit: &str,
    texts: &BTreeMap<String, String>,
) -> anyhow::Result<BTreeMap<String, Option<String>>> {
    if texts.is_empty() {
        return Ok(BTreeMap::new());
    }
    let bare = repository.handle.folder();
    let listed = git::run(&bare, &["ls-tree", "-r", "--name-only", commit, ".github"])?;
    let mut files = BTreeMap::new();
    for path in listed.lines() {
        let old = git::run(&bare, &["show", &format!("{commit}:{path}")])?;
        let replace = |text: String, (from, to): (&String, &String)| text.replace(from, to);
        let new = texts.iter().fold(old.clone(), replace);
        if new != old {
            files.insert(path.to_owned(), Some(new));
        }
    }
    anyhow::ensure!(!files.is_empty(), "there is nothing to replace");
    Ok(files)
}

/// A push to another branch than the trunk goes through the host, which tells pull requests.
fn publish(repository: &Repository, token: &str, sha: &str, name: &str) -> anyhow::Result<()> {
    let url = repository.handle.clone_url();
    let url = url.replacen(
        "http://",
        &format!("http://{}:{token}@", "x-access-token"),
        1,
    );
    let bare = repository.handle.folder();
    git::run(
        &bare,
        &["push", "--quiet", "--force", &url, &format!("{sha}:{name}")],
    )?;
    Ok(())
}

/// A pull request to be.
struct NewPull<'a> {
    /// The credential of whoever opens it.
    token: &'a str,
    /// The repository that it is from.
    from: &'a str,
    head: &'a str,
    base: &'a str,
}

fn open_pull(
    world: &World,
    repository: &Repository,
    wanted: &NewPull<'_>,
    message: &str,
    labels: &[String],
) -> anyhow::Result<()> {
    let full = repository.handle.name();
    let title = message.lines().next().unwrap_or(message);
    let NewPull {
        token, from, base, ..
    } = wanted;
    let mut body = json!({"title": title, "head": wanted.head, "base": base});
    if *from != full {
        let (owner, name) = from.split_once('/').unwrap_or_default();
        body["head"] = format!("{owner}:{}", wanted.head).into();
        body["head_repo"] = name.into();
    }
    let (status, answer) = world.api_as(token, full, ("POST", "/pulls"), &body)?;
    if status >= 400 {
        bail!("no pull request: {answer}");
    }
    if !labels.is_empty() {
        let path = format!("/issues/{}/labels", answer["number"]);
        world.api(full, "POST", &path, &json!({"labels": labels}))?;
    }
    Ok(())
}

/// The files of another configuration: manifest with the state as it is, stubs, generated files.
fn configured(
    world: &mut World,
    repository: &Repository,
    config: &Value,
) -> anyhow::Result<BTreeMap<String, Option<String>>> {
    let manifest = repository
        .handle
        .file(&repository.trunk, &repository.manifest)?;
    let manifest: Value = serde_yaml::from_slice(&manifest.context("no manifest")?)?;
    let mut managed = manifest[repository.manifest_key()]
        .as_object()
        .cloned()
        .unwrap_or_default();
    managed.remove("config");
    let stubs = stubs(config, &repository.callbacks)?;
    let mut files: BTreeMap<_, _> = stubs
        .iter()
        .map(|stub| (stub.path.clone(), Some(stub.text.clone())))
        .collect();
    files.insert(
        repository.manifest.clone(),
        Some(manifest_text(config, &managed)?),
    );
    files.extend(generated(world, &files, repository.place())?);
    let name = repository.handle.name().to_owned();
    if let Some(known) = world
        .repositories
        .iter_mut()
        .find(|one| one.handle.name() == name)
    {
        known.config = config.clone();
        known.stubs = stubs;
    }
    Ok(files)
}
