//! The step from a checked draft to the pipeline: defaults filled in, older spellings gone.

mod blocks;
mod external;
mod paths;
mod settings;
mod trains;

pub(super) use blocks::{file_name, reported_as};

pub(super) use settings::{credential, settings, state_token};
pub(super) use trains::link;

use super::calls::{Calls, Purpose};
use super::contracts::Workflows;
use super::{callbacks, strategies, targets};
use crate::changes::Pattern;
use crate::manifest::draft::Reader;
use crate::manifest::{
    BranchPolicy, BuildBlock, ComponentBlock, Config, Declared, DeployBlock, EnvironmentBlock,
    EventType, InputName, Name, WorkflowRef,
};
use crate::pipeline::{
    Build, Callback, CallbackKind, Component, ComponentIdentity, Deploy, DispatchInput,
    Environment, TagGrammar,
};
use std::collections::HashSet;
use std::str::FromStr;

/// Checks the calls of a component and assembles it; without all of them there is no component.
pub(super) fn component(
    config: &Config,
    index: &callbacks::Index<'_>,
    workflows: &Workflows<'_>,
    reader: &mut Reader,
) -> Option<Component> {
    let mut calls = Calls::new(config, index, workflows);
    let called = called(config, &mut calls, reader);
    external::check(config, workflows, reader);
    let external = external::Known {
        config,
        index,
        workflows,
    };

    let called = called?;
    let extra = config.extra_triggers.get();
    let concurrency = config.concurrency.get();
    Some(Component {
        identity: None,
        description: config.description.clone(),
        environments: environments(config)?,
        push_filter: push_filter(config),
        release_trigger: *config.release_trigger.get(),
        tag_grammar: tag_grammar(config),
        concurrency_group: concurrency.group.as_ref().map(|group| group.0.clone()),
        cancel_in_progress: *concurrency.cancel_in_progress.get(),
        runs_on: config.runs_on.get().clone(),
        job_timeout_minutes: *config.job_timeout_minutes.get(),
        dispatch_inputs: dispatch_inputs(config)?,
        schedules: extra
            .schedule
            .iter()
            .map(|each| each.cron.get().cloned())
            .collect::<Option<_>>()?,
        repository_dispatch: extra
            .repository_dispatch
            .as_ref()
            .map_or_else(Vec::new, |block| block.types.clone()),
        workflow_run: extra.workflow_run.as_ref().map(blocks::workflow_run),
        allow_breaking_changes: *config.allow_breaking_changes.get(),
        validate: called.validate,
        builds: called.builds,
        deploys: called.deploys,
        publish: called.publish,
        push_sources: external.push_sources()?,
        pull_sources: external.pull_sources()?,
        notify: match &config.notify {
            Some(block) => Some(blocks::notify(config, block)?),
            None => None,
        },
        release_build: blocks::release_build(config.release_build.as_ref())?,
        changelog: blocks::changelog(config.changelog.get(), called.changelog),
        rollback_events: rollback_events(config),
        pr_preview: blocks::preview(config.pr_preview.get()),
        validate_check: blocks::is_enabled(config.validate_check.get()),
        deployments: blocks::deployments(config.deployments.get()),
    })
}

fn environments(config: &Config) -> Option<Vec<Environment>> {
    config.environments.iter().map(environment).collect()
}

/// The types of `repository_dispatch` that ask for a rollback.
fn rollback_events(config: &Config) -> Vec<EventType> {
    let rollback = config.rollback.as_ref();
    rollback
        .and_then(|rollback| rollback.repository_dispatch.as_ref())
        .map_or_else(Vec::new, |block| block.types.clone())
}

/// The callbacks of a component.
struct Called {
    validate: Option<Callback>,
    builds: Vec<Build>,
    deploys: Vec<Deploy>,
    publish: Option<Callback>,
    changelog: Option<Callback>,
}

fn called(config: &Config, calls: &mut Calls<'_, '_>, reader: &mut Reader) -> Option<Called> {
    let validate = config.validate.as_ref().map(|block| {
        let name = Some(block.name.get().clone());
        let callback = calls.call(Purpose::Validate, name, block.common(), reader)?;
        calls.before_trunk(config, &callback, reader);
        Some(callback)
    });
    let builds: Vec<Option<Build>> = config
        .builds
        .iter()
        .map(|block| build(block, calls, reader))
        .collect();
    let deploys: Vec<Option<Deploy>> = config
        .deploys
        .iter()
        .map(|block| deploy(block, calls, reader))
        .collect();
    let publish = config.publish.as_ref().map(|block| {
        let name = Some(block.name.get().clone());
        calls.call(Purpose::Publish, name, block.common(), reader)
    });
    let changelog = calls.changelog(config.changelog.get(), reader);
    let mut builds: Vec<Build> = builds.into_iter().collect::<Option<_>>()?;
    let mut deploys: Vec<Deploy> = deploys.into_iter().collect::<Option<_>>()?;
    for build in &mut builds {
        calls.record_taken(CallbackKind::Build, &mut build.callback);
        record_tag(config, build);
    }
    for deploy in &mut deploys {
        calls.record_taken(CallbackKind::Deploy, &mut deploy.callback);
    }
    Some(Called {
        validate: flatten(validate)?,
        builds,
        deploys,
        publish: flatten(publish)?,
        changelog: flatten(changelog)?,
    })
}

/// Gives a component of `components` its identity and its part of the pushes.
pub(super) fn identified(
    config: &Config,
    name: &str,
    block: &ComponentBlock,
    mut component: Component,
) -> Component {
    let path = block.keys.path.get().cloned();
    let identity = Name::from_str(name)
        .ok()
        .zip(path)
        .map(|(name, path)| ComponentIdentity {
            name,
            path,
            extra_paths: block
                .keys
                .extra_paths
                .iter()
                .chain(&config.shared_paths)
                .cloned()
                .collect(),
            train: None,
        });
    if let Some(identity) = &identity {
        paths::narrow(&mut component, identity);
        // Every other tag is another component's.
        component.tag_grammar.strict_prefix = true;
    }
    component.identity = identity;
    component
}

#[expect(clippy::option_option, reason = "absent, or present but not readable")]
fn flatten<T>(part: Option<Option<T>>) -> Option<Option<T>> {
    match part {
        Some(None) => None,
        Some(part) => Some(part),
        None => Some(None),
    }
}

/// Adds the output that names the tag to what is recorded.
fn record_tag(config: &Config, build: &mut Build) {
    let tag = config
        .release_build
        .as_ref()
        .and_then(|block| block.tag.as_deref());
    let Some(tag) = tag.and_then(blocks::named_tag) else {
        return;
    };
    let recorded = &mut build.callback.recorded_outputs;
    if tag.build == build.callback.name && !recorded.contains(&tag.output) {
        recorded.push(tag.output);
    }
}

fn build(block: &BuildBlock, calls: &mut Calls<'_, '_>, reader: &mut Reader) -> Option<Build> {
    let callback = calls.call(
        Purpose::Build(block.matrix.as_ref()),
        block.name.get().cloned(),
        block.common(),
        reader,
    )?;
    Some(Build {
        callback,
        matrix: block.matrix.as_ref().map(blocks::matrix),
        artifacts: block
            .artifacts
            .iter()
            .map(blocks::artifact)
            .collect::<Option<_>>()?,
    })
}

fn deploy(block: &DeployBlock, calls: &mut Calls<'_, '_>, reader: &mut Reader) -> Option<Deploy> {
    let staged = strategies::is_staged(block).then_some(block);
    let target = targets::mode(block, reader);
    let callback = calls.call(
        Purpose::Deploy { staged, target },
        block.name.get().cloned(),
        block.common(),
        reader,
    );
    let declared = block.deploy_target.as_ref();
    let target = declared.map(|target| calls.target(target, block, reader));
    let stages = calls.stages(block, callback.as_ref(), reader);
    let stage = |workflow: &WorkflowRef| {
        let mut stages = stages.iter();
        stages
            .find(|stage| stage.workflow.as_ref() == Some(workflow))
            .cloned()
    };
    Some(Deploy {
        strategy: strategies::lower(block, stage),
        callback: callback?,
        target: flatten(target)?,
        bounds: block
            .rollout
            .as_ref()
            .map(blocks::bounds)
            .unwrap_or_default(),
    })
}

fn environment(block: &EnvironmentBlock) -> Option<Environment> {
    Some(Environment {
        name: block.name.get()?.clone(),
        role: block.role,
        gha_environment: block.gha_environment.clone(),
        url: block.environment_url.clone(),
        reviewers: block.required_reviewers.clone(),
        wait_timer: block.wait_timer.get().get(),
        branch_policy: block.branch_policy.unwrap_or(BranchPolicy::All),
        branch_patterns: block.branch_patterns.clone(),
        tag_patterns: block.tag_patterns.clone(),
        secrets: block.secrets.clone(),
        variables: block.variables.clone(),
    })
}

fn tag_grammar(config: &Config) -> TagGrammar {
    let block = config.tag_grammar.get();
    TagGrammar {
        prefix: block.prefix.get().to_string(),
        prerelease_token: block.prerelease_token.get().to_string(),
        prerelease_separator: block.prerelease_separator.get().to_string(),
        dryrun_token: block.dryrun_token.get().to_string(),
        strict_prefix: *block.strict_prefix.get(),
    }
}

fn dispatch_inputs(config: &Config) -> Option<Vec<DispatchInput>> {
    let inputs = config.dispatch_inputs.iter().map(|(name, block)| {
        Some(DispatchInput {
            name: InputName::from_str(name).ok()?,
            kind: *block.r#type.get(),
            options: block.options.clone(),
            default: block.default.clone(),
            description: block.description.clone(),
            required: *block.required.get(),
        })
    });
    inputs.collect()
}

/// The patterns of the push that starts a run: the configured ones, or the union of the callbacks'
/// without exclusions that concern one callback. A callback without patterns runs on every push.
fn push_filter(config: &Config) -> Vec<Pattern> {
    if !config.triggers.is_empty() {
        return config.triggers.clone();
    }
    let builds = config.builds.iter().map(|block| block.triggers.as_slice());
    let lists: Vec<&[Pattern]> = builds
        .chain(config.deploys.iter().map(|block| block.triggers.as_slice()))
        .collect();
    let same = lists.windows(2).all(|pair| pair[0] == pair[1]);
    if lists.iter().any(|list| list.is_empty()) || lists.is_empty() {
        return Vec::new();
    }
    if same {
        return lists[0].to_vec();
    }
    if lists.iter().any(|list| list.iter().all(Pattern::excludes)) {
        return Vec::new();
    }
    let mut union: Vec<Pattern> = Vec::new();
    let mut taken = HashSet::new();
    for pattern in lists.into_iter().flatten() {
        if !pattern.excludes() && taken.insert(pattern.as_str()) {
            union.push(pattern.clone());
        }
    }
    union
}
