//! Making the repositories of a scenario.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use serde_json::{Map, Value, json};

use super::format::{self, Release, Scenario, Setup};
use super::git;
use super::project;
use super::state_branch;
use super::step::Tick;
use super::stub::{Stub, stubs};
use super::world::{LOGIN, Repository, World, secrets, stamp};
use crate::github::{Gate, NewIssue, NewRepository};

const MANIFEST: &str = ".github/manifest.yaml";

type Files = BTreeMap<String, Option<String>>;

/// Makes every repository of the scenario.
pub(super) fn build(world: &mut World, scenario: &Scenario) -> anyhow::Result<()> {
    let mut all = scenario.repos.clone();
    if scenario.config.is_some() || scenario.manifest.is_some() || all.is_empty() {
        let only = format::Repository {
            config: scenario.config.clone(),
            manifest: scenario.manifest.clone(),
            example: None,
            project: false,
            setup: scenario.setup.clone(),
            callbacks: scenario.callbacks.clone(),
        };
        all.insert(String::new(), only);
    }
    let names: Vec<_> = all.keys().map(|key| World::full_name(key)).collect();
    let setups: Vec<_> = all.values().map(|repository| &repository.setup).collect();
    world.register(&names, &setups)?;
    let alone = all.len() == 1;
    for (key, repository) in &mut all {
        repository.setup.private.get_or_insert(alone);
        add(world, key, repository).with_context(|| format!("repository `{key}`"))?;
    }
    Ok(())
}

/// The manifest of an example.
fn example(name: &str) -> anyhow::Result<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let path = root.join(name).join(".github/manifest.yaml");
    std::fs::read_to_string(&path).with_context(|| format!("no example `{name}`"))
}

fn add(world: &mut World, key: &str, given: &format::Repository) -> anyhow::Result<()> {
    let setup = &given.setup;
    let mut own = own_files(given)?;
    let written = match &given.example {
        Some(name) => Some(example(name)?),
        None => own.remove(MANIFEST).or_else(|| given.manifest.clone()),
    };
    let manifest: Option<Value> = match &written {
        Some(text) => Some(serde_yaml::from_str(text).context("`manifest` is no YAML")?),
        None => None,
    };
    let config = match (&given.config, &manifest) {
        (Some(config), _) => world.resolve(config),
        (None, Some(manifest)) => manifest["ci"]["config"].clone(),
        (None, None) => Value::Null,
    };
    let trunk = config["trunk_branch"].as_str().unwrap_or("main").to_owned();
    let file = config["manifest_file"]
        .as_str()
        .unwrap_or(MANIFEST)
        .to_owned();
    let handle = world.server.create(&to_create(key, setup, &trunk))?;
    let mut stubs = stubs(&config, &given.callbacks)?;
    if given.project {
        stubs.retain(|stub| given.callbacks.keys().any(|name| stub.path.ends_with(name)));
    }
    own.extend(setup.files.clone());
    let mut files = first_files(own, &stubs);
    let repository = Repository {
        key: key.to_owned(),
        handle,
        config,
        trunk,
        manifest: file,
        callbacks: given.callbacks.clone(),
        stubs,
        secrets: secrets(setup)?,
        variables: setup.variables.clone(),
        environments: setup.environments.clone(),
        setup_actions: Vec::new(),
        instead: BTreeMap::new(),
    };
    if !repository.config.is_null() {
        let text = match &written {
            Some(text) => text.clone(),
            None => manifest_text(&repository.config, &Map::new())?,
        };
        files.insert(repository.manifest.clone(), Some(text));
        files.extend(generated(world, &files, repository.place())?);
    }
    if given.project {
        let binaries = project::binaries()?;
        commit(world, &repository, None, "chore: fonts", &binaries)?;
    }
    let first = begin(world, &repository, setup, &files)?;
    populate(world, &repository, setup, &first)?;
    world.repositories.push(repository);
    Ok(())
}

fn own_files(given: &format::Repository) -> anyhow::Result<BTreeMap<String, String>> {
    match given.project {
        true => project::files(),
        false => Ok(BTreeMap::new()),
    }
}

fn first_files(own: BTreeMap<String, String>, stubs: &[Stub]) -> Files {
    let stubs = stubs
        .iter()
        .map(|stub| (stub.path.clone(), stub.text.clone()));
    let all = own.into_iter().chain(stubs);
    all.map(|(path, text)| (path, Some(text))).collect()
}

fn to_create(key: &str, setup: &Setup, trunk: &str) -> NewRepository {
    let mut new = NewRepository::new(World::full_name(key)).default_branch(trunk);
    if setup.immutable_releases {
        new = new.immutable_releases();
    }
    if setup.private == Some(true) {
        new = new.private();
    }
    if let Some(parent) = &setup.fork_of {
        new = new.fork_of(World::full_name(parent));
    }
    if let Some(original) = &setup.copy_of {
        new = new.copy_of(World::full_name(original));
    }
    new
}

/// Makes the first commit, and the state that an earlier run would have left; returns that commit.
fn begin(
    world: &mut World,
    repository: &Repository,
    setup: &Setup,
    files: &Files,
) -> anyhow::Result<String> {
    // A fork begins with what it is a fork of, and this project with its files that are no text.
    let inherited = repository
        .handle
        .branches()?
        .get(&repository.trunk)
        .cloned();
    let first = commit(
        world,
        repository,
        inherited.as_deref(),
        "chore: begin",
        files,
    )?;
    if world.commits.is_empty() {
        world.commits.push(first.clone());
    }
    let state = managed(setup, &first);
    if let (Some(branch), false) = (state_branch::of(&repository.config), state.is_empty()) {
        record(world, repository, branch, &state)?;
    } else if !state.is_empty() {
        let text = manifest_text(&repository.config, &state)?;
        let files = BTreeMap::from([(repository.manifest.clone(), Some(text))]);
        commit(
            world,
            repository,
            Some(&first),
            "chore: state [skip ci]",
            &files,
        )?;
    }
    Ok(first)
}

/// Makes the state branch as an earlier run would have left it.
fn record(
    world: &World,
    repository: &Repository,
    branch: &str,
    state: &Map<String, Value>,
) -> anyhow::Result<()> {
    let commit = git::Commit {
        parent: None,
        merged: None,
        message: "chore: state",
        at: world.seconds(),
    };
    let text = serde_yaml::to_string(state)?;
    let files = BTreeMap::from([(state_branch::FILE.to_owned(), Some(text))]);
    let sha = commit.make(&repository.handle.folder(), &files)?;
    let name = format!("refs/heads/{branch}");
    repository.handle.set_ref(&name, Some(&sha))
}

fn managed(setup: &Setup, first: &str) -> Map<String, Value> {
    let parts = [
        ("state", &setup.state),
        ("latest_release", &setup.latest_release),
    ];
    let commits = [first.to_owned()];
    parts
        .into_iter()
        .filter_map(|(name, value)| {
            let value = super::substitute::value(value.as_ref()?, &[("commit", &commits)]);
            (value != json!({})).then(|| (name.to_owned(), value))
        })
        .collect()
}

/// The manifest of a configuration.
pub(super) fn manifest_text(
    config: &Value,
    managed: &Map<String, Value>,
) -> anyhow::Result<String> {
    let mut ci = Map::new();
    ci.insert("config".to_owned(), config.clone());
    ci.extend(managed.clone());
    let key = config["manifest_key"].as_str().unwrap_or("ci");
    Ok(serde_yaml::to_string(&json!({ key: ci }))?)
}

fn commit<Content: AsRef<[u8]>>(
    world: &World,
    repository: &Repository,
    parent: Option<&str>,
    message: &str,
    files: &BTreeMap<String, Option<Content>>,
) -> anyhow::Result<String> {
    let at = world.seconds();
    let commit = git::Commit {
        parent,
        merged: None,
        message,
        at,
    };
    let sha = commit.make(&repository.handle.folder(), files)?;
    let head = format!("refs/heads/{}", repository.trunk);
    repository.handle.set_ref(&head, Some(&sha))?;
    Ok(sha)
}

fn populate(
    world: &World,
    repository: &Repository,
    setup: &Setup,
    first: &str,
) -> anyhow::Result<()> {
    let handle = &repository.handle;
    let commits = [first.to_owned()];
    for (kind, names) in [("tags", &setup.tags), ("heads", &setup.branches)] {
        for (name, at) in names.placed() {
            let at = super::substitute::text(at, &[("commit", &commits)]);
            handle.set_ref(&format!("refs/{kind}/{name}"), Some(&at))?;
        }
    }
    for (at, one) in setup.releases.iter().enumerate() {
        handle.put_release(release(world, at, one, first))?;
    }
    for label in &setup.labels {
        let body = json!({"name": label, "color": "ededed"});
        world.api(handle.name(), "POST", "/labels", &body)?;
    }
    let issues = setup.issues.iter();
    for issue in issues.flat_map(|issue| std::iter::repeat_n(issue, issue.repeat.unwrap_or(1))) {
        handle.open_issue(NewIssue {
            title: issue.title.clone(),
            body: issue.body.clone(),
            labels: issue.labels.clone(),
            author: LOGIN.to_owned(),
        })?;
    }
    for (branch, bypass) in &setup.protect {
        let bypass: Vec<_> = bypass.iter().map(String::as_str).collect();
        handle.protect(branch, &bypass)?;
    }
    for (branch, wanted) in &setup.pull_requests {
        let time = |tick: &Option<Tick>| {
            let seconds = tick.as_ref().map(Tick::seconds).transpose()?;
            anyhow::Ok(seconds.map(Duration::from_secs))
        };
        let gate = Gate {
            checks: time(&wanted.checks)?,
            closed: time(&wanted.closed)?,
        };
        handle.gate(branch, gate)?;
    }
    if setup.auto_merge {
        handle.allow_auto_merge()?;
    }
    if let Some(makers) = &setup.restrict_tags {
        handle.restrict_tags(makers)?;
    }
    for branch in &setup.signed {
        handle.require_signatures(branch)?;
    }
    Ok(())
}

pub(super) fn release(
    world: &World,
    at: usize,
    given: &Release,
    first: &str,
) -> crate::github::Release {
    let now = stamp(world);
    crate::github::Release {
        id: 100 + at as u64,
        tag: given.tag.clone(),
        name: given.name.clone().or_else(|| Some(given.tag.clone())),
        body: given.body.clone(),
        draft: given.draft,
        prerelease: given.prerelease,
        latest: given.latest,
        target: first.to_owned(),
        author: LOGIN.to_owned(),
        created_at: now.clone(),
        published_at: (!given.draft).then_some(now),
        assets: Vec::new(),
    }
}

/// Returns the files that `cascade generate` writes into a repository with these files.
pub(super) fn generated(
    world: &World,
    files: &Files,
    (manifest, key): (&str, &str),
) -> anyhow::Result<Files> {
    let folder = tempfile::tempdir_in(&world.folder)?;
    for (path, content) in files {
        if let Some(content) = content {
            write(folder.path(), path, content)?;
        }
    }
    git::run(folder.path(), &["init", "--quiet"])?;
    let output = Command::new(world.programs.cascade())
        .arg("generate")
        .env("CASCADE_CONFIG", manifest)
        .env("CASCADE_MANIFEST_KEY", key)
        .current_dir(folder.path())
        .output()
        .context("cascade does not start")?;
    if !output.status.success() {
        bail!(
            "`cascade generate` failed:\n{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let mut found = Files::new();
    read_all(folder.path(), &folder.path().join(".github"), &mut found)?;
    for mistake in &world.mistakes {
        let file = found.get_mut(&mistake.file).and_then(Option::as_mut);
        let text = file.with_context(|| format!("no {} to plant a mistake in", mistake.file))?;
        ensure!(
            text.contains(&mistake.right),
            "{} does not have `{}`",
            mistake.file,
            mistake.right
        );
        *text = text.replace(&mistake.right, &mistake.wrong);
    }
    Ok(found)
}

fn read_all(root: &Path, folder: &Path, found: &mut Files) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read_all(root, &path, found)?;
        } else {
            let name = path.strip_prefix(root)?.to_string_lossy().into_owned();
            found.insert(name, Some(std::fs::read_to_string(&path)?));
        }
    }
    Ok(())
}

/// Writes a file and the folders around it.
pub(super) fn write(folder: &Path, path: &str, content: &str) -> anyhow::Result<()> {
    let file = folder.join(path);
    if let Some(parent) = file.parent() {
        std::fs::create_dir_all(parent)?;
    }
    Ok(std::fs::write(file, content)?)
}
