//! Completions that know the pipeline: environments, deploys, components and rules.

use crate::repository::locate;
use cascade_core::check::check;
use cascade_core::contract::Contracts;
use cascade_core::finding::rules;
use cascade_core::manifest::MANIFEST_KEY;
use cascade_core::manifest::yaml::Manifest;
use cascade_core::pipeline::{Callback, Component, Pipeline};
use clap::{Arg, Command};
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};

/// Returns the tree of commands with what completes the values of their options.
pub(crate) fn completing(command: Command) -> Command {
    let name = command.get_name().to_owned();
    command
        .mut_args(|arg| complete(&name, arg))
        .mut_subcommands(completing)
}

fn complete(command: &str, arg: Arg) -> Arg {
    match (arg.get_long(), command) {
        (Some("env" | "environment" | "target-env"), _) => arg.add(candidates(environments)),
        (Some("deploy" | "deployable" | "deploys"), _) => arg.add(candidates(deploys)),
        (Some("component"), _) => arg.add(candidates(components)),
        // `status env NAME` and its like.
        (None, "env") => arg.add(candidates(environments)),
        (None, "build") => arg.add(candidates(builds)),
        (None, "deploy") => arg.add(candidates(deploys)),
        (None, "explain") => arg.add(ArgValueCandidates::new(rules)),
        _ => arg,
    }
}

fn candidates(names: fn(&Component) -> Vec<String>) -> ArgValueCandidates {
    ArgValueCandidates::new(move || {
        let pipeline = pipeline();
        let components = pipeline.iter().flat_map(Pipeline::components);
        let mut all: Vec<String> = components.flat_map(names).collect();
        all.sort_unstable();
        all.dedup();
        all.into_iter().map(CompletionCandidate::new).collect()
    })
}

/// The pipeline of the working directory; none where it cannot be read, since nobody sees an error
/// while the shell completes.
fn pipeline() -> Option<Pipeline> {
    let location = locate(&std::env::current_dir().ok()?, None).ok()?;
    let text = std::fs::read(location.manifest).ok()?;
    let manifest = Manifest::read(&text, MANIFEST_KEY).ok()?;
    check(manifest.config(), &Contracts::unavailable()).pipeline
}

fn environments(component: &Component) -> Vec<String> {
    let environments = component.environments.iter();
    environments.map(|each| each.name.to_string()).collect()
}

fn builds(component: &Component) -> Vec<String> {
    let builds = component.builds.iter();
    builds.map(|each| each.callback.name.to_string()).collect()
}

fn deploys(component: &Component) -> Vec<String> {
    let name = |callback: &Callback| callback.name.to_string();
    component.deploy_callbacks().map(name).collect()
}

fn components(component: &Component) -> Vec<String> {
    component.name().map(str::to_owned).into_iter().collect()
}

fn rules() -> Vec<CompletionCandidate> {
    let rules = rules::ALL.iter();
    rules
        .map(|rule| CompletionCandidate::new(rule.code).help(Some(rule.title().into())))
        .collect()
}
