//! `pin`: has workflows install cascade from a release, and run callbacks of other repositories at
//! commits.

pub(crate) mod callbacks;

use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::runner::Runner;
use crate::cli::staged;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::files::VERSION;
use crate::github::own_release::{Attestation, OwnRelease};
use crate::origin;
use crate::project::{Declared, Project};
use callbacks::{Commits, Pinned};
use cascade_core::manifest::draft::{Map, Node};
use cascade_core::manifest::yaml::splice::{Edit, configure};
use cascade_core::manifest::yaml::write::node;
use cascade_core::manifest::{ExactVersion, Repository};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs;
use std::str::FromStr;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The version; by default that of the running cascade
    version: Option<String>,
    /// The repository whose releases carry cascade
    ///
    /// By default that of the manifest, or the one that the running cascade came from.
    #[arg(long, value_name = "OWNER/REPO")]
    repository: Option<String>,
    /// Pin a release whose attestation `gh` does not verify
    #[arg(long)]
    skip_attestation: bool,
    /// Pin the callbacks of other repositories only
    ///
    /// Each is written with the commit of its branch or tag, which becomes a comment, so that the
    /// next time the newer commit is written.
    #[arg(long, conflicts_with_all = ["version", "repository", "skip_attestation"])]
    callbacks: bool,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    version: u32,
    dry_run: bool,
    repository: String,
    release: String,
    checksums: BTreeMap<&'a str, &'a str>,
    attested: bool,
    changed: bool,
    callbacks: Vec<Pinned>,
}

pub(crate) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    request.whole("pin")?;
    let project = Project::open(request, terminal)?;
    if args.callbacks {
        return only_callbacks(&project, request, terminal);
    }
    let version = version(args.version.as_deref().unwrap_or(VERSION))?;
    let repository = repository(args, &project, request)?;
    let release = OwnRelease::fetch(&Runner::read(), repository, version)?;
    let attestation = match args.skip_attestation {
        true => Attestation::Unknown("`--skip-attestation`".to_owned()),
        false => release.attestation()?,
    };
    if let Attestation::Unknown(why) = &attestation {
        terminal.note(&format!("note: the attestation was not checked: {why}\n"));
    }
    let block = block(&release, token(&project));
    let changed = match &project.declared {
        Declared::Manifest(_) => edit(&project, &block, request.dry_run)?,
        Declared::Code(_) => false,
    };
    let callbacks = pin_callbacks(&project, request.dry_run)?;
    if terminal.json() {
        let checksums = release.checksums.iter();
        terminal.out(&json::pretty(&Document {
            version: json::VERSION,
            dry_run: request.dry_run,
            repository: release.repository.to_string(),
            release: release.version.to_string(),
            checksums: checksums
                .map(|(target, sum)| (target.as_str(), sum.as_str()))
                .collect(),
            attested: attestation == Attestation::Verified,
            changed,
            callbacks,
        }))?;
    } else if !terminal.quiet() {
        terminal.out(&said(&project, &release, &block, changed, request.dry_run))?;
        if !callbacks.is_empty() {
            terminal.out(&told(&project, &callbacks, request.dry_run))?;
        }
    }
    Ok(ExitStatus::Success)
}

fn only_callbacks(project: &Project, request: &Request, terminal: &Terminal) -> CommandResult {
    let callbacks = pin_callbacks(project, request.dry_run)?;
    match terminal.json() {
        true => terminal.out(&json::pretty(&serde_json::json!({
            "version": json::VERSION,
            "dry_run": request.dry_run,
            "callbacks": callbacks,
        })))?,
        false => terminal.out(&told(project, &callbacks, request.dry_run))?,
    }
    Ok(ExitStatus::Success)
}

/// Pins the callbacks of other repositories, unless the pipeline wants tags.
fn pin_callbacks(project: &Project, dry_run: bool) -> Result<Vec<Pinned>, Failure> {
    let mode = project.draft().and_then(|draft| draft.get("pin_mode"));
    let wants_tags = matches!(mode, Some(Node::Scalar(mode)) if mode.text() == "tag");
    if wants_tags {
        return Ok(Vec::new());
    }
    let mut commits = Commits::new(project);
    if matches!(project.declared, Declared::Code(_)) {
        return Ok(callbacks::in_code(project, &mut commits));
    }
    let file = &project.location.manifest;
    let shown = project.location.shown();
    let text = fs::read_to_string(file)
        .map_err(|error| Failure::new(format!("cannot read {shown}")).cause(error))?;
    let (edited, pinned) = callbacks::pin(project, &text, &mut commits)?;
    if edited != text && !dry_run {
        staged::whole(file, edited.as_bytes())
            .map_err(|error| Failure::new(format!("cannot write {shown}")).cause(error))?;
    }
    let is_new = |pinned: &Pinned| !pinned.workflow.ends_with(&format!("@{}", pinned.commit));
    Ok(pinned.into_iter().filter(is_new).collect())
}

fn told(project: &Project, pinned: &[Pinned], dry_run: bool) -> String {
    if pinned.is_empty() {
        return "every callback of another repository is at the commit that it should be\n"
            .to_owned();
    }
    let mut text = match (&project.declared, dry_run) {
        (Declared::Code(_), _) => "write these commits into the pipeline's code:\n".to_owned(),
        (_, true) => format!("{} would pin these callbacks:\n", project.location.shown()),
        (_, false) => format!("{} pins these callbacks:\n", project.location.shown()),
    };
    for each in pinned {
        text.push_str(&format!(
            "  {}: {} is {}\n",
            each.workflow, each.reference, each.commit
        ));
    }
    text
}

fn version(text: &str) -> Result<ExactVersion, Failure> {
    let version = ExactVersion::from_str(text)
        .map_err(|problem| Failure::new(problem.message).help(problem.help.unwrap_or_default()))?;
    match version.is_compatible_with(VERSION) {
        true => Ok(version),
        false => Err(Failure::new(format!(
            "cascade {VERSION} generates workflows that cascade {version} may not understand"
        ))
        .help(format!(
            "install cascade {version} here first, and generate the workflows with it"
        ))),
    }
}

fn repository(args: &Args, project: &Project, request: &Request) -> Result<Repository, Failure> {
    let configured = || match project.draft()?.get("cli")?.get("repository")? {
        Node::Scalar(scalar) => Some(scalar.text()),
        _ => None,
    };
    let own = || origin::of(request)?.release;
    let name = args.repository.clone().or_else(configured).or_else(own);
    let name = name.ok_or_else(|| {
        Failure::new("it is not known whose releases carry cascade")
            .help("name the repository: `cascade pin --repository OWNER/REPO`")
    })?;
    Repository::from_str(&name)
        .map_err(|problem| Failure::new(problem.message).help(problem.help.unwrap_or_default()))
}

fn token(project: &Project) -> Option<Node> {
    project.draft()?.get("cli")?.get("token").cloned()
}

/// Returns the block `cli` of a release.
pub(super) fn block(release: &OwnRelease, token: Option<Node>) -> Map {
    let checksums = release.checksums.iter();
    let checksums: Map = checksums
        .map(|(target, sum)| (target.to_string(), Node::from(sum.as_str())))
        .collect();
    let entries = [
        ("source", Some("release".into())),
        ("repository", Some(release.repository.to_string().into())),
        ("version", Some(release.version.to_string().into())),
        ("token", token),
        ("checksums", Some(checksums.into())),
    ];
    entries
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value?)))
        .collect()
}

/// Writes the block into the manifest; returns true if that changes it.
fn edit(project: &Project, block: &Map, dry_run: bool) -> Result<bool, Failure> {
    let file = &project.location.manifest;
    let shown = project.location.shown();
    let text = fs::read_to_string(file)
        .map_err(|error| Failure::new(format!("cannot read {shown}")).cause(error))?;
    let yaml = node(&Node::Map(block.clone()));
    let edited = configure(&text, &project.key, "cli", Edit::Set(&yaml)).map_err(|error| {
        Failure::new(format!("`cli` cannot be written into {shown}"))
            .cause(error)
            .help(format!(
                "write it there yourself:\ncli:\n{}",
                indented(&yaml)
            ))
    })?;
    let changed = edited != text;
    if changed && !dry_run {
        staged::whole(file, edited.as_bytes())
            .map_err(|error| Failure::new(format!("cannot write {shown}")).cause(error))?;
    }
    Ok(changed)
}

fn indented(yaml: &str) -> String {
    yaml.lines().map(|line| format!("  {line}\n")).collect()
}

fn said(
    project: &Project,
    release: &OwnRelease,
    block: &Map,
    changed: bool,
    dry_run: bool,
) -> String {
    let what = format!("cascade {} of {}", release.version, release.repository);
    let next = "next: `cascade generate`, and commit what changed\n";
    let yaml = node(&Node::Map(block.clone()));
    let shown = project.location.shown();
    match (&project.declared, changed, dry_run) {
        (Declared::Code(_), ..) => format!(
            "write this into the pipeline's attribute, then run `generate`:\n\n{}\n",
            attribute(release)
        ),
        (_, false, _) => format!("{shown} pins {what} already\n"),
        (_, true, true) => format!("{shown} would pin {what}:\ncli:\n{}", indented(&yaml)),
        (_, true, false) => format!("{shown} pins {what}\n{next}"),
    }
}

fn attribute(release: &OwnRelease) -> String {
    let checksums: String = release
        .checksums
        .iter()
        .map(|(target, sum)| format!("        \"{target}\" = \"{sum}\",\n"))
        .collect();
    format!(
        "cli(\n    source = \"release\",\n    repository = \"{}\",\n    version = \"{}\",\n    checksums(\n{checksums}    ),\n),",
        release.repository, release.version
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_pinned_that_understands_what_is_generated_here() {
        assert_eq!(version(VERSION).unwrap().to_string(), VERSION);
        let failure = version("999.0.0").unwrap_err().to_string();
        assert!(failure.contains("may not understand"), "{failure}");
        assert!(failure.contains("install cascade 999.0.0"), "{failure}");
        assert!(version("latest").is_err());
    }
}
