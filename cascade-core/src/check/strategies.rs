//! Rules of rollout strategies, in both spellings.

use super::environments;
use crate::finding::message::Setting;
use crate::finding::{Finding, Message, rules};
use crate::key_path::KeyPath;
use crate::manifest::draft::Reader;
use crate::manifest::{
    BlueGreenBlock, CanaryBlock, Config, DeployBlock, StrategyKind, TimeSpan, WorkflowRef,
};
use crate::message;
use crate::pipeline::{BlueGreen, Callback, Canary, Strategy};

/// The longest time that a bake may take: a hosted runner works six hours, and a job needs a
/// margin.
const MAX_BAKE: TimeSpan = TimeSpan::from_seconds(5 * 3600);

/// A strategy as it was declared.
struct Spelled<'a> {
    kind: Option<StrategyKind>,
    kind_at: KeyPath,
    canary: Option<(&'a CanaryBlock, KeyPath)>,
    blue_green: Option<&'a BlueGreenBlock>,
}

pub(super) fn check(config: &Config, reader: &mut Reader) {
    for deploy in &config.deploys {
        deploy_strategy(config, &spelled(deploy), reader);
    }
}

/// The workflows that a strategy calls besides the deploy's own, with the place of each.
pub(super) fn callbacks(deploy: &DeployBlock) -> Vec<(&WorkflowRef, KeyPath)> {
    let spelled = spelled(deploy);
    let mut found = Vec::new();
    if let Some((canary, at)) = &spelled.canary {
        let keys = [
            ("analysis", &canary.analysis),
            ("promote_callback", &canary.promote_callback),
            ("rollback_callback", &canary.rollback_callback),
        ];
        found.extend(
            keys.into_iter()
                .filter_map(|(key, workflow)| Some((workflow.as_ref()?, at.key(key)))),
        );
    }
    if let Some(switch) = &spelled.blue_green {
        found.extend(
            switch
                .cutover_callback
                .as_ref()
                .map(|workflow| (workflow, switch.at.key("cutover_callback"))),
        );
        found.extend(
            switch
                .rollback_callback
                .as_ref()
                .map(|workflow| (workflow, switch.at.key("rollback_callback"))),
        );
    }
    found
}

/// The workflow that takes a deploy's rollout back, with its place.
pub(super) fn way_back(deploy: &DeployBlock) -> Option<(&WorkflowRef, KeyPath)> {
    let back = |(_, at): &(&WorkflowRef, KeyPath)| at.to_string().ends_with("rollback_callback");
    callbacks(deploy).into_iter().find(back)
}

/// The place that names a deploy's canary, if it has one.
pub(super) fn canary_place(deploy: &DeployBlock) -> Option<KeyPath> {
    let spelled = spelled(deploy);
    (spelled.kind == Some(StrategyKind::Canary)).then_some(spelled.kind_at)
}

/// Returns true if a deploy has a strategy.
pub(super) fn is_staged(deploy: &DeployBlock) -> bool {
    spelled(deploy).kind.is_some()
}

/// The strategy with everything that it needs; `call` knows the calls of its workflows.
pub(super) fn lower(
    deploy: &DeployBlock,
    call: impl Fn(&WorkflowRef) -> Option<Callback>,
) -> Option<Strategy> {
    let spelled = spelled(deploy);
    let called = |workflow: &Option<WorkflowRef>| workflow.as_ref().and_then(&call);
    match spelled.kind? {
        StrategyKind::Canary => {
            let (canary, _) = spelled.canary?;
            let steps = if canary.steps.is_empty() {
                vec![*canary.percent.get()]
            } else {
                canary.steps.clone()
            };
            Some(Strategy::Canary(Box::new(Canary {
                steps,
                bake_time: canary.bake_time,
                analysis: called(&canary.analysis),
                promote: called(&canary.promote_callback)?,
                rollback: called(&canary.rollback_callback)?,
                environments: canary.environments.clone(),
            })))
        }
        StrategyKind::BlueGreen => {
            let switch = spelled.blue_green?;
            Some(Strategy::BlueGreen(Box::new(BlueGreen {
                cutover: call(switch.cutover_callback.as_ref()?)?,
                rollback: switch.rollback_callback.as_ref().and_then(call),
                bake_time: switch.bake_time,
                environments: switch.environments.to_vec(),
            })))
        }
    }
}

fn spelled(deploy: &DeployBlock) -> Spelled<'_> {
    Spelled {
        kind: deploy.strategy,
        kind_at: deploy.at.key("strategy"),
        canary: deploy
            .canary
            .as_ref()
            .map(|block| (block, block.at.clone())),
        blue_green: deploy.blue_green.as_ref(),
    }
}

fn deploy_strategy(config: &Config, spelled: &Spelled<'_>, reader: &mut Reader) {
    if let Some((canary, at)) = &spelled.canary {
        owned(spelled, StrategyKind::Canary, at, reader);
        waves(canary, at, reader);
        common(config, at, canary.bake_time, &canary.environments, reader);
    }
    if let Some(switch) = &spelled.blue_green {
        owned(spelled, StrategyKind::BlueGreen, &switch.at, reader);
        common(
            config,
            &switch.at,
            switch.bake_time,
            &switch.environments,
            reader,
        );
    }
    match spelled.kind {
        Some(StrategyKind::Canary) => {
            let block = spelled.canary.as_ref();
            let mut missing = Vec::new();
            for key in ["promote_callback", "rollback_callback"] {
                let given = block.is_some_and(|(canary, at)| {
                    let value = if key == "promote_callback" {
                        &canary.promote_callback
                    } else {
                        &canary.rollback_callback
                    };
                    value.is_some() || !reader.is_known(&at.key(key))
                });
                if !given {
                    missing.push(key);
                }
            }
            needs("a canary", &missing, spelled, reader);
        }
        Some(StrategyKind::BlueGreen) => {
            let switch = spelled.blue_green.as_ref();
            let given = switch.is_some_and(|switch| {
                switch.cutover_callback.is_some()
                    || !reader.is_known(&switch.at.key("cutover_callback"))
            });
            let missing: &[&str] = if given { &[] } else { &["cutover_callback"] };
            needs("blue/green", missing, spelled, reader);
        }
        None => {}
    }
}

fn needs(what: &str, missing: &[&str], spelled: &Spelled<'_>, reader: &mut Reader) {
    if missing.is_empty() {
        return;
    }
    let listed = missing.iter().map(Message::key);
    let message = message!(
        "{} needs {}",
        text = what,
        part = Message::list(listed, " and ")
    );
    let help = "name the reusable workflows that finish the rollout and take it back";
    reader.report(
        Finding::new(&rules::STRATEGY_CALLBACKS, spelled.kind_at.clone(), message).help(help),
    );
}

fn owned(spelled: &Spelled<'_>, owner: StrategyKind, at: &KeyPath, reader: &mut Reader) {
    if !reader.is_known(&spelled.kind_at) || spelled.kind == Some(owner) {
        return;
    }
    let message = match spelled.kind {
        Some(kind) => message!(
            "the strategy is {}, and this block belongs to {}",
            value = kind,
            key = owner
        ),
        None => message!(
            "a {} block without {} does nothing",
            key = owner,
            setting = Setting::word("strategy", owner)
        ),
    };
    let help = message!(
        "write {}, or remove the block",
        setting = Setting::word("strategy", owner)
    );
    let mut finding = Finding::new(&rules::STRATEGY_BLOCK, at.as_key(), message).help(help);
    if spelled.kind.is_some() {
        finding = finding.related(spelled.kind_at.clone(), "the strategy");
    }
    reader.report(finding);
}

fn waves(canary: &CanaryBlock, at: &KeyPath, reader: &mut Reader) {
    if canary.percent.is_written() && !canary.steps.is_empty() {
        let finding = Finding::new(
            &rules::CANARY_STEPS,
            at.key("percent").as_key(),
            message!(
                "{} and {} both say the waves",
                key = "percent",
                key = "steps"
            ),
        );
        reader.report(
            finding
                .help(message!(
                    "keep {} for several waves, {} for one",
                    key = "steps",
                    key = "percent"
                ))
                .related(at.key("steps").as_key(), "the waves that are listed"),
        );
    }
    if let Some(place) = canary.steps.windows(2).position(|pair| pair[0] >= pair[1]) {
        let (low, high) = (canary.steps[place].get(), canary.steps[place + 1].get());
        let message = message!(
            "steps rise, and {} does not follow {}",
            text = high,
            text = low
        );
        let before = at.key("steps").index(place);
        let at = at.key("steps").index(place + 1);
        reader.report(
            Finding::new(&rules::CANARY_STEPS, at, message)
                .help("each wave reaches more than the one before, like [10, 50, 100]")
                .related(before, "the wave before"),
        );
    }
}

fn common(
    config: &Config,
    at: &KeyPath,
    bake: Option<TimeSpan>,
    named: &[String],
    reader: &mut Reader,
) {
    if let Some(bake) = bake.filter(|bake| *bake > MAX_BAKE) {
        let message = message!(
            "a bake takes at most {}, found {}",
            text = MAX_BAKE,
            text = bake
        );
        let help =
            "a runner works six hours; let the wait timer of a GitHub environment hold longer";
        reader.report(Finding::new(&rules::BAKE_TIME, at.key("bake_time"), message).help(help));
    }
    for (place, name) in named.iter().enumerate() {
        environments::known(config, name, &at.key("environments").index(place), reader);
    }
}
