//! What was checked becomes the pipeline: defaults filled in, older spellings gone.

mod external;
mod settings;

pub(super) use settings::{settings, state_token};

use super::calls::{Calls, Purpose};
use super::contracts::Workflows;
use super::{callbacks, strategies};
use crate::changes::Pattern;
use crate::manifest::draft::{Leaf, Reader};
use crate::manifest::{
    BranchPolicy, BuildBlock, ComponentBlock, Config, Declared, DeployBlock, EnvironmentBlock,
    InputKind, InputName, JobMinutes, Name, ReleaseTrigger, RunsOn, SecretName, TagPrefix,
    TagSeparator, TagToken, WaitTimer, WorkflowRef,
};
use crate::pipeline::{
    Build, Callback, CallbackKind, Component, ComponentIdentity, Deploy, DispatchInput,
    Environment, TagGrammar,
};
use std::collections::HashSet;

/// Checks the calls of a component and assembles it; without all of them there is no component.
pub(super) fn component(
    config: &Config,
    index: &callbacks::Index<'_>,
    workflows: &Workflows<'_>,
    reader: &mut Reader,
) -> Option<Component> {
    let mut calls = Calls::new(config, index, workflows);
    let validate = config.validate.as_ref().map(|block| {
        let name = block.name.clone().or_else(|| Name::parse("validate").ok());
        calls.call(Purpose::Validate, name, block.common(), reader)
    });
    let builds: Vec<Option<Build>> = config
        .builds
        .iter()
        .map(|block| build(block, &mut calls, reader))
        .collect();
    let deploys: Vec<Option<Deploy>> = config
        .deploys
        .iter()
        .map(|block| deploy(block, &mut calls, reader))
        .collect();
    let publish = config.publish.as_ref().map(|block| {
        let name = block.name.clone().or_else(|| Name::parse("publish").ok());
        calls.call(Purpose::Publish, name, block.common(), reader)
    });
    external::check(config, workflows, reader);
    let external = external::Known {
        config,
        index,
        workflows,
    };

    let mut builds: Vec<Build> = builds.into_iter().collect::<Option<_>>()?;
    let mut deploys: Vec<Deploy> = deploys.into_iter().collect::<Option<_>>()?;
    for build in &mut builds {
        calls.record_taken(CallbackKind::Build, &mut build.callback);
    }
    for deploy in &mut deploys {
        calls.record_taken(CallbackKind::Deploy, &mut deploy.callback);
    }
    let extra = config.extra_triggers.as_ref();
    let concurrency = config.concurrency.as_ref();
    Some(Component {
        identity: None,
        description: config.description.clone(),
        environments: config
            .environments
            .iter()
            .map(|block| environment(config, block))
            .collect::<Option<_>>()?,
        push_filter: push_filter(config),
        release_trigger: config.release_trigger.unwrap_or(ReleaseTrigger::Push),
        tag_grammar: tag_grammar(config),
        concurrency_group: concurrency
            .and_then(|block| block.group.as_ref())
            .map(|group| group.0.clone()),
        cancel_in_progress: concurrency
            .and_then(|block| block.cancel_in_progress)
            .unwrap_or(false),
        runs_on: config
            .runs_on
            .clone()
            .unwrap_or_else(|| RunsOn::Labels(vec!["ubuntu-latest".to_owned()])),
        job_timeout_minutes: config.job_timeout_minutes.or_else(|| JobMinutes::new(30))?,
        dispatch_inputs: dispatch_inputs(config)?,
        schedules: extra.map_or(Some(Vec::new()), |extra| {
            extra
                .schedule
                .iter()
                .map(|each| each.cron.get().cloned())
                .collect()
        })?,
        repository_dispatch: extra
            .and_then(|extra| extra.repository_dispatch.as_ref())
            .map_or_else(Vec::new, |block| block.types.clone()),
        workflow_run: extra.and_then(|extra| extra.workflow_run.clone()),
        allow_breaking_changes: config.allow_breaking_changes.unwrap_or(false),
        validate: flatten(validate)?,
        builds,
        deploys,
        publish: flatten(publish)?,
        push_sources: external.push_sources()?,
        pull_sources: external.pull_sources()?,
        notify: config.notify.clone(),
        release_build: config
            .release_build
            .clone()
            .or_else(|| config.release.clone()),
        changelog: config.changelog.clone(),
        rollback_events: config
            .rollback
            .as_ref()
            .and_then(|rollback| rollback.repository_dispatch.as_ref())
            .map_or_else(Vec::new, |block| block.types.clone()),
        pr_preview: config
            .pr_preview
            .clone()
            .filter(|block| block.enabled == Some(true)),
        validate_check: config
            .validate_check
            .as_ref()
            .is_some_and(|block| block.enabled == Some(true)),
        deployments: config
            .deployments
            .clone()
            .filter(|block| block.enabled == Some(true)),
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
    let identity = Name::parse(name)
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
        });
    if let Some(identity) = &identity {
        let own = format!("{}/**", identity.path.as_str().trim_end_matches('/'))
            .parse::<Pattern>()
            .ok();
        component.push_filter = own
            .into_iter()
            .chain(identity.extra_paths.iter().cloned())
            .collect();
    }
    component.identity = identity;
    component
}

#[expect(clippy::option_option, reason = "absent, or present but not readable")]
fn flatten(call: Option<Option<Callback>>) -> Option<Option<Callback>> {
    match call {
        Some(None) => None,
        Some(call) => Some(call),
        None => Some(None),
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
        matrix: block.matrix.clone(),
        artifacts: block.artifacts.clone(),
    })
}

fn deploy(block: &DeployBlock, calls: &mut Calls<'_, '_>, reader: &mut Reader) -> Option<Deploy> {
    let staged = strategies::is_staged(block).then_some(block);
    let callback = calls.call(
        Purpose::Deploy { staged },
        block.name.get().cloned(),
        block.common(),
        reader,
    );
    let stages = calls.stages(block, callback.as_ref(), reader);
    let stage = |workflow: &WorkflowRef| {
        let mut stages = stages.iter();
        stages.find(|stage| stage.workflow == *workflow).cloned()
    };
    Some(Deploy {
        strategy: strategies::lower(block, stage),
        callback: callback?,
        target: block.deploy_target.clone(),
    })
}

fn environment(config: &Config, block: &EnvironmentBlock) -> Option<Environment> {
    let name = block.name.get()?.clone();
    let older = config.environment_config.get(name.as_str());
    let list = |new: &[String], old: Option<&Vec<String>>| {
        if new.is_empty() {
            old.cloned().unwrap_or_default()
        } else {
            new.to_vec()
        }
    };
    let names = |new: &[SecretName], old: Option<&Vec<SecretName>>| {
        if new.is_empty() {
            old.cloned().unwrap_or_default()
        } else {
            new.to_vec()
        }
    };
    Some(Environment {
        role: block.role.or_else(|| older?.role),
        gha_environment: block
            .gha_environment
            .clone()
            .or_else(|| older?.gha_environment.clone()),
        url: block
            .environment_url
            .clone()
            .or_else(|| older?.environment_url.clone()),
        reviewers: list(
            &block.required_reviewers,
            older.map(|older| &older.required_reviewers),
        ),
        wait_timer: block
            .wait_timer
            .or_else(|| older?.wait_timer)
            .map_or(0, WaitTimer::get),
        branch_policy: block
            .branch_policy
            .or_else(|| older?.branch_policy)
            .unwrap_or(BranchPolicy::All),
        branch_patterns: list(
            &block.branch_patterns,
            older.map(|older| &older.branch_patterns),
        ),
        tag_patterns: list(&block.tag_patterns, older.map(|older| &older.tag_patterns)),
        secrets: names(&block.secrets, older.map(|older| &older.secrets)),
        variables: names(&block.variables, older.map(|older| &older.variables)),
        name,
    })
}

fn tag_grammar(config: &Config) -> TagGrammar {
    let block = config.tag_grammar.as_ref();
    let prefix = block
        .and_then(|block| block.prefix.as_ref())
        .or(config.tag_prefix.as_ref());
    let token = |token: Option<&TagToken>, default: &str| {
        token.map_or(default, TagToken::as_str).to_owned()
    };
    TagGrammar {
        prefix: prefix.map_or("v", TagPrefix::as_str).to_owned(),
        prerelease_token: token(
            block.and_then(|block| block.prerelease_token.as_ref()),
            "rc",
        ),
        prerelease_separator: block
            .and_then(|block| block.prerelease_separator.as_ref())
            .map_or(".", TagSeparator::as_str)
            .to_owned(),
        dryrun_token: token(
            block.and_then(|block| block.dryrun_token.as_ref()),
            "dryrun",
        ),
        strict_prefix: block.and_then(|block| block.strict_prefix).unwrap_or(false),
    }
}

fn dispatch_inputs(config: &Config) -> Option<Vec<DispatchInput>> {
    let inputs = config.dispatch_inputs.iter().map(|(name, block)| {
        Some(DispatchInput {
            name: InputName::parse(name).ok()?,
            kind: block.r#type.unwrap_or(InputKind::String),
            options: block.options.clone(),
            default: block.default.clone(),
            description: block.description.clone(),
            required: block.required.unwrap_or(false),
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
