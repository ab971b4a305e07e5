//! State-machine test of whole pipelines: commits, runs, promotions, rollbacks and hotfixes in any
//! order, and what must hold after each.

use super::world::{World, ended_so, results, world_with};
use crate::lifecycle::history::{History, Tag};
use crate::lifecycle::promote::Mode;
use crate::lifecycle::{Deploying, Operation, begin, rollback};
use crate::lifecycle::{hotfix, orchestrate};
use crate::state::{Environment, HISTORY_LENGTH};
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
enum Event {
    Commit(&'static str, &'static str),
    Run(Vec<&'static str>),
    Promote {
        mode: usize,
        force: bool,
        failing: Vec<&'static str>,
    },
    Rollback {
        environment: usize,
        deployable: bool,
        fails: bool,
    },
    Hotfix {
        environment: usize,
        commits: Vec<prop::sample::Index>,
        fails: bool,
    },
}

fn event() -> impl Strategy<Value = Event> {
    let messages = prop::sample::select(vec!["fix: a", "fix: b", "feat: c", "feat!: d"]);
    let files = prop::sample::select(vec!["app/a", "docs/a", "README.md"]);
    let callbacks = vec!["app", "web", "docs"];
    let deploys = vec!["uat/web", "uat/docs", "prod/web"];
    prop_oneof![
        4 => (messages, files).prop_map(|(message, file)| Event::Commit(message, file)),
        4 => prop::sample::subsequence(callbacks, 0..2).prop_map(Event::Run),
        4 => (0_usize..20, any::<bool>(), prop::sample::subsequence(deploys, 0..2))
            .prop_map(|(mode, force, failing)| Event::Promote { mode, force, failing }),
        2 => (0_usize..4, any::<bool>(), prop::bool::weighted(0.2))
            .prop_map(|(environment, deployable, fails)| Event::Rollback { environment, deployable, fails }),
        3 => (0_usize..4, prop::collection::vec(any::<prop::sample::Index>(), 1..3), prop::bool::weighted(0.2))
            .prop_map(|(environment, commits, fails)| Event::Hotfix { environment, commits, fails }),
    ]
}

fn above_first(world: &World, at: usize) -> String {
    let above = &world.component.environments[1..];
    above[at % above.len()].name.to_string()
}

fn happen(world: &mut World, event: &Event) {
    match event {
        Event::Commit(message, file) => drop(world.commit(message, &[file])),
        Event::Run(failing) => run(world, failing),
        Event::Promote {
            mode,
            force,
            failing,
        } => promote(world, *mode, *force, failing),
        Event::Rollback {
            environment,
            deployable,
            fails,
        } => roll_back(
            world,
            &above_first(world, *environment),
            *deployable,
            *fails,
        ),
        Event::Hotfix {
            environment,
            commits,
            fails,
        } => {
            let line = &world.history.line;
            let commits: Vec<String> = commits
                .iter()
                .map(|index| index.get(line).0.sha.clone())
                .collect();
            hotfix(world, &above_first(world, *environment), &commits, *fails);
        }
    }
}

fn run(world: &mut World, failing: &[&str]) {
    let head = world.head();
    if let orchestrate::Decision::Run(plan) = world.decide(&head)
        && world.run(failing)
    {
        let name = plan.step.version;
        world.history.tags.push(Tag { name, sha: head });
    }
}

fn promote(world: &mut World, mode: usize, force: bool, failing: &[&str]) {
    let mut modes = vec![Mode::Default];
    modes.extend(Mode::jumps(&world.component));
    let mode = modes[mode % modes.len()].to_string();
    let plan = world.promotion(&mode, |request| {
        request.force = force;
        request.allow_breaking = true;
    });
    world.carry_out(&plan, failing);
    if let Some(release) = &world.managed.state.release
        && let (Some(name), Some(sha)) = (release.held.version.clone(), release.held.sha.clone())
        && !world.history.tags.iter().any(|tag| tag.name == name)
    {
        world.history.tags.push(Tag { name, sha });
    }
    // What the run does after the state is written.
    let hotfixed: Vec<String> = world
        .managed
        .state
        .environments
        .iter()
        .filter(|(_, held)| is_hotfixed(held))
        .map(|(name, _)| name.clone())
        .collect();
    world.branches.retain(|name, _| hotfixed.contains(name));
}

fn roll_back(world: &mut World, environment: &str, deployable: bool, fails: bool) {
    let request = rollback::Request {
        direct: false,
        environment: environment.to_owned(),
        target: String::new(),
        deployable: if deployable { "web" } else { "" }.to_owned(),
        if_version: String::new(),
    };
    let state = &world.managed.state;
    let Ok(rollback::Decision::Run(plan)) = rollback::plan(&world.component, state, &[], &request)
    else {
        return;
    };
    let failing: &[&str] = if fails { &["web", "docs"] } else { &[] };
    let results = results(&world.component, &plan.step, failing);
    let stamp = world.stamp();
    let deploying = Deploying {
        operation: Operation::Rollback,
        run: None,
        stamp: &stamp,
    };
    let begun = begin(&world.managed.state, &plan.step, deploying).unwrap();
    let recorded = rollback::record(
        &begun,
        &plan,
        deploying,
        &world.component,
        ended_so(&results),
    );
    world.managed.state = recorded.unwrap().state;
}

fn hotfix(world: &mut World, target: &str, commits: &[String], fails: bool) {
    let commits: Vec<&str> = commits.iter().map(String::as_str).collect();
    let Ok(hotfix::Decision::Open(elevation)) = world.elevation(target, &commits, &[]) else {
        return;
    };
    for step in &elevation.targets {
        let before = world.branches.get(&step.environment).cloned();
        let merge = world.merge(step);
        let deployment = world.deployment(&merge).unwrap();
        let failing: &[&str] = if fails { &["web", "docs"] } else { &[] };
        if !world.fix(&deployment, failing) {
            // Somebody gives it up.
            match before {
                Some(before) => drop(world.branches.insert(step.environment.clone(), before)),
                None => drop(world.branches.shift_remove(&step.environment)),
            }
            return;
        }
    }
}

fn is_hotfixed(held: &Environment) -> bool {
    held.git_ref
        .as_deref()
        .is_some_and(|branch| branch.starts_with("env/"))
}

fn on_trunk(world: &World, sha: Option<&String>) -> bool {
    let trunk = world.head();
    sha.is_some_and(|sha| world.history.contains(&trunk, sha) == Ok(true))
}

/// The marks of a divergence say what happened.
fn marks(world: &World, name: &str, held: &Environment) -> Result<(), String> {
    let fine = match held.git_ref.as_deref() {
        None => {
            held.patches.is_empty()
                && held.base_sha.is_none()
                && held.rejected.is_none()
                && (held.held.sha.is_none() || on_trunk(world, held.held.sha.as_ref()))
        }
        Some(branch) if branch == format!("env/{name}") => {
            let patches = held
                .patches
                .iter()
                .map(|patch| patch.sha().map(str::to_owned));
            !held.patches.is_empty()
                && patches
                    .into_iter()
                    .all(|patch| on_trunk(world, patch.as_ref()))
                && !on_trunk(world, held.held.sha.as_ref())
                && held.base_sha.is_some()
        }
        Some(branch) if branch == format!("rollback/{name}") => held.rejected.is_some(),
        Some(_) => false,
    };
    fine.then_some(())
        .ok_or_else(|| format!("{name}: {held:#?}"))
}

/// Checks that an event changed an environment only as it may.
fn moved(
    world: &World,
    event: &Event,
    before: &Environment,
    now: &Environment,
) -> Result<(), String> {
    if (&before.held.sha, &before.held.version) == (&now.held.sha, &now.held.version)
        || before.held.sha.is_none()
    {
        return Ok(());
    }
    let newest = now.previous.first();
    if newest.map(|newest| (&newest.held.sha, &newest.held.version))
        != Some((&before.held.sha, &before.held.version))
    {
        return Err(format!(
            "{:?} is not in the deployment history",
            before.held.version
        ));
    }
    let sha = now.held.sha.clone().unwrap_or_default();
    if let Event::Promote { force: false, .. } = event {
        let rejected = before
            .rejected
            .as_ref()
            .and_then(|rejected| rejected.sha.as_ref());
        if rejected == Some(&sha) {
            return Err(format!("{sha} came back, which a rollback rejected"));
        }
        for patch in before.patches.iter().filter_map(|patch| patch.sha()) {
            if world.history.contains(&sha, patch) != Ok(true) {
                return Err(format!("the fix {patch} is lost"));
            }
        }
    }
    let grammar = &world.component.tag_grammar;
    let version = |held: &Environment| grammar.parse(held.held.version.as_deref()?);
    let rises = version(now) > version(before);
    match event {
        Event::Rollback { .. } => Ok(()),
        _ if rises => Ok(()),
        // A rollback is followed by what was there before it.
        _ if before.rejected.is_some() => Ok(()),
        _ => Err(format!(
            "{:?} does not rise from {:?}",
            now.held.version, before.held.version
        )),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn whatever_happens(events in prop::collection::vec(event(), 1..40)) {
        let mut world = world_with("dev, test, uat, prod");
        world.commit("feat: begin", &["app/a"]);
        let mut given: BTreeMap<String, String> = BTreeMap::new();
        for event in events {
            let before = world.clone();
            happen(&mut world, &event);
            for (name, held) in &world.managed.state.environments {
                let was = before.held(name);
                prop_assert!(held.previous.len() <= HISTORY_LENGTH);
                let kept = was.held.deploys.keys().all(|deploy| held.held.deploys.contains_key(deploy));
                prop_assert!(kept, "{name} lost a deploy in {event:?}");
                prop_assert_eq!(marks(&world, name, held), Ok(()), "{:?}", event);
                prop_assert_eq!(moved(&world, &event, &was, held), Ok(()), "{} in {:?}", name, event);
                if let (Some(version), Some(sha)) = (&held.held.version, &held.held.sha) {
                    let first = given.entry(version.clone()).or_insert_with(|| sha.clone());
                    prop_assert_eq!(first, sha, "{} stands for two commits", version);
                }
                let hotfixed = is_hotfixed(held);
                prop_assert!(!hotfixed || world.branches.get(name) == held.held.sha.as_ref(), "{name}'s branch is elsewhere");
            }
        }
    }
}
