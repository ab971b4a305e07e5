//! A repository without a manifest: one is written.

use super::go_tool::GoTool;
use super::jobs::{self, Jobs};
use super::judge::judge;
use super::tools::Tools;
use super::{Manifest, Migration, Scene};
use crate::author::pipeline_crate;
use crate::author::pipeline_crate::source::leaf;
use crate::author::scaffold::adopt::{self, Missing};
use crate::author::scaffold::place::{self, Found};
use crate::author::scaffold::{Remark, Scaffold};
use crate::cli::error::Failure;
use crate::files::Disk;
use crate::repository::MANIFEST;
use cascade_core::contract::Role;
use cascade_core::finding::Severity;
use cascade_core::manifest::MANIFEST_KEY;
use cascade_core::manifest::draft::Map;
use cascade_core::migration::{Note, Outcome, Place};

/// Plans a manifest.
pub(super) fn plan(scene: &Scene<'_>) -> Result<Migration, Failure> {
    if scene.request.key.is_some() {
        let failure = Failure::new(format!("`migrate` writes `{MANIFEST}`, with the key `ci`"));
        return Err(
            failure.help("leave `--manifest-key` and its variable out; nothing was written")
        );
    }
    // A link in the place of a folder is told before anything else.
    Disk::new(&scene.root).read(MANIFEST)?;
    refuse_others(scene)?;
    let repository = place::Place::find(&scene.root, scene.args.trunk.as_deref())?;
    let tools = Tools::read(scene, repository.trunk.as_str())?;
    let found = Jobs::find(&scene.survey, &tools.releases.notes);
    if tools.names.is_empty() && found.is_empty() {
        let failure = Failure::new(format!(
            "there is nothing to migrate in {}",
            scene.root.display()
        ));
        return Err(failure.help(
            "no manifest, no configuration of release-please or semantic-release, and no workflow that \
             checks, builds or deploys is there; `cascade init` starts a pipeline",
        ));
    }
    let settings = tools.settings(scene, &scene.tags()?)?;
    let mut notes = tools.releases.notes.clone();
    notes.extend(settings.notes);
    let mut scaffold = scaffold(scene, &repository, &tools, settings.map)?;
    environments(scene, &mut scaffold, &found, &mut notes)?;
    scaffold.cli = scene.sources()?.installed(scene.terminal)?;
    callbacks(scene, &mut scaffold, &tools, &mut notes);
    notes.extend(found.notes(&scaffold, &scene.survey));
    let text = scaffold.manifest(None);
    notes.extend(judge(&scene.root, MANIFEST, &text, MANIFEST_KEY));
    let mut from = tools.names;
    if !found.is_empty() {
        from.push("workflows");
    }
    Ok(Migration {
        root: scene.root.clone(),
        from,
        manifest: Manifest {
            file: scene.root.join(MANIFEST),
            shown: MANIFEST.to_owned(),
            old: None,
            new: text,
        },
        removed: Vec::new(),
        notes,
    })
}

/// Refuses a repository whose pipeline is declared somewhere else.
fn refuse_others(scene: &Scene<'_>) -> Result<(), Failure> {
    let go_tool = GoTool::find(scene);
    if let Some(path) = go_tool.removable.first() {
        let failure = Failure::new(format!(
            "the Go tool generated `{path}`, and there is no `{MANIFEST}`"
        ));
        return Err(failure.help(
            "name its manifest with `--config`: the second line of its files says where it is; \
             nothing was written",
        ));
    }
    pipeline_crate::refuse_second(&scene.root)
}

fn scaffold(
    scene: &Scene<'_>,
    repository: &place::Place,
    tools: &Tools,
    settings: Map,
) -> Result<Scaffold, Failure> {
    let name = match (&scene.args.name, &scene.request.component) {
        (Some(name), _) => leaf("--name", name)?,
        (None, Some(component)) => leaf("--component", component)?,
        (None, None) => leaf("--name", &repository.name())?,
    };
    let trunk = match &tools.releases.trunk {
        Some((trunk, place)) if repository.found != Found::Named => {
            leaf(&place.to_string(), trunk)?
        }
        _ => repository.trunk.clone(),
    };
    Ok(Scaffold {
        settings,
        ..Scaffold::new(name, trunk)
    })
}

/// Takes the environments that are asked for, else those that jobs name and that can be some.
fn environments(
    scene: &Scene<'_>,
    scaffold: &mut Scaffold,
    found: &Jobs,
    notes: &mut Vec<Note>,
) -> Result<(), Failure> {
    if let Some(asked) = &scene.args.envs {
        scaffold.environments.clone_from(asked);
        let errors = errors(scaffold);
        return match errors.first() {
            None => Ok(()),
            Some((message, help)) => {
                Err(Failure::new(format!("`--envs`: {message}")).help(help.clone()))
            }
        };
    }
    for (name, place) in &found.environments {
        scaffold.environments.push(name.clone());
        if let Some((message, _)) = errors(scaffold).first() {
            scaffold.environments.pop();
            let message = format!("the environment `{name}` is not in the pipeline: {message}");
            let note = Note::new(Outcome::ByHand, place.clone(), message);
            notes.push(note.help(
                "write it under `environments` with another name and `gha_environment` for this one",
            ));
            continue;
        }
        let message = format!("the environment `{name}`, in the order of the jobs");
        let note = Note::new(Outcome::Carried, place.clone(), message);
        notes.push(note.help(
            "`gha_environment` of an environment waits for the reviewers that GitHub has for it, in \
             a job of its own",
        ));
    }
    Ok(())
}

/// Returns the errors in the environments of a scaffold, each with its help.
fn errors(scaffold: &Scaffold) -> Vec<(String, String)> {
    let checked = scaffold.check(&[], &[]);
    let errors = checked.findings.into_iter().filter(|finding| {
        finding.rule.severity == Severity::Error
            && finding.at.to_string().starts_with("environments")
    });
    errors
        .map(|finding| {
            let help = finding.help.unwrap_or_default();
            (finding.message.to_string(), help.to_string())
        })
        .collect()
}

/// Takes the workflows that can be called.
fn callbacks(scene: &Scene<'_>, scaffold: &mut Scaffold, tools: &Tools, notes: &mut Vec<Note>) {
    let survey = &scene.survey;
    let offers = adopt::offers(survey);
    let remarks = adopt::fill(scaffold, offers, (survey, Missing::LeftOut), |scaffold| {
        let errors = scaffold.check(&[], &survey.texts).findings.into_iter();
        errors
            .filter(|finding| finding.rule.severity == Severity::Error)
            .collect()
    });
    notes.extend(remarks.iter().map(unfit));
    for callback in &scaffold.callbacks {
        let message = format!(
            "it becomes the {} callback `{}`",
            callback.role, callback.name
        );
        notes.push(Note::new(
            Outcome::Carried,
            Place::file(&callback.workflow),
            message,
        ));
    }
    if scaffold.callbacks.is_empty() {
        let message = "nothing is called: runs count versions and make releases, and no more";
        let note = Note::new(Outcome::LeftOut, Place::file(MANIFEST), message);
        notes.push(note.help(
            "`validate`, `builds`, `deploys` and `publish` name workflows with `on: workflow_call`",
        ));
    }
    let publishes = scaffold
        .callbacks
        .iter()
        .any(|each| each.role == Role::Publish);
    for (place, what) in &tools.publishes {
        let note = match publishes {
            true => Note::new(Outcome::LeftOut, place.clone(), what.clone())
                .help("see whether the publish callback does it"),
            false => Note::new(Outcome::ByHand, place.clone(), what.clone())
                .help(jobs::publish_help(survey, scaffold.name.as_str())),
        };
        notes.push(note);
    }
}

fn unfit(remark: &Remark) -> Note {
    let (Remark::Unfit { path, .. }
    | Remark::Unreadable { path, .. }
    | Remark::NotCallable { path, .. }) = remark;
    let note = Note::new(Outcome::ByHand, Place::file(path), remark.message());
    match remark.advice() {
        lines if lines.is_empty() => note,
        lines => note.help(lines.join("\n")),
    }
}
