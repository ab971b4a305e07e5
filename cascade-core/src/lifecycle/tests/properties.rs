//! Properties that hold after any events.

use super::world::{World, world_with};
use crate::lifecycle::orchestrate::Decision;
use crate::state::HISTORY_LENGTH;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Something that happens to a repository.
#[derive(Debug, Clone)]
enum Event {
    Commit(&'static str, &'static str),
    Run(Vec<&'static str>),
    Promote(usize, bool, Vec<&'static str>),
}

const ORDERS: [&str; 4] = ["dev", "dev, prod", "dev, uat, prod", "dev, test, uat, prod"];

fn event() -> impl Strategy<Value = Event> {
    let messages = prop::sample::select(vec!["fix: a", "feat: b", "feat!: c", "docs: d"]);
    let files = prop::sample::select(vec!["app/a", "docs/a", "README.md"]);
    let callbacks = vec!["app", "web", "docs"];
    let deploys = vec!["test/web", "uat/docs", "prod/web"];
    prop_oneof![
        3 => (messages, files).prop_map(|(message, file)| Event::Commit(message, file)),
        3 => prop::sample::subsequence(callbacks, 0..2).prop_map(Event::Run),
        3 => (0_usize..20, any::<bool>(), prop::sample::subsequence(deploys, 0..3))
            .prop_map(|(mode, force, failing)| Event::Promote(mode, force, failing)),
    ]
}

fn promote(world: &mut World, mode: usize, force: bool, failing: &[&str]) {
    use crate::lifecycle::promote::Mode;
    let mut modes = vec![Mode::Default];
    modes.extend(Mode::jumps(&world.component));
    let mode = modes[mode % modes.len()].to_string();
    let plan = world.promotion(&mode, |request| {
        request.force = force;
        request.allow_breaking = true;
    });
    world.carry_out(&plan, failing);
}

fn happen(world: &mut World, event: &Event) {
    match event {
        Event::Commit(message, file) => drop(world.commit(message, &[file])),
        Event::Run(failing) => {
            let head = world.head();
            if matches!(world.decide(&head), Decision::Run(_)) {
                world.run(failing);
            }
        }
        Event::Promote(mode, force, failing) => promote(world, *mode, *force, failing),
    }
}

/// Every deploy that is recorded anywhere.
fn deploys(world: &World) -> BTreeSet<(String, String)> {
    let environments = world.managed.state.environments.iter();
    environments
        .flat_map(|(name, held)| {
            held.held
                .deploys
                .keys()
                .map(move |deploy| (name.clone(), deploy.clone()))
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    // `carry_out` and `run` record every plan twice and compare.
    #[test]
    fn whatever_happens(order_of in 0_usize..4, events in prop::collection::vec(event(), 1..25)) {
        let mut world = world_with(ORDERS[order_of]);
        world.commit("feat: begin", &["app/a"]);
        for event in events {
            let before = world.clone();
            happen(&mut world, &event);
            let lost: Vec<_> = deploys(&before).difference(&deploys(&world)).cloned().collect();
            prop_assert!(lost.is_empty(), "{event:?} lost {lost:?}");
            for (name, held) in &world.managed.state.environments {
                prop_assert!(held.previous.len() <= HISTORY_LENGTH);
                let deployed_late = held.held.deploys.values().any(|deploy| deploy.sha.is_none());
                prop_assert!(!deployed_late, "{name} has a deploy without a commit");
            }
        }
    }

    #[test]
    fn versions_only_rise(order_of in 0_usize..4, events in prop::collection::vec(event(), 1..25)) {
        let mut world = world_with(ORDERS[order_of]);
        world.commit("feat: begin", &["app/a"]);
        let grammar = world.component.tag_grammar.clone();
        for event in events {
            happen(&mut world, &event);
            let held = world.held("dev").held.version.and_then(|version| grammar.parse(&version));
            let published = world.managed.state.release.as_ref().and_then(|record| record.held.version.clone());
            let published = published.and_then(|version| grammar.parse(&version));
            if let Decision::Run(plan) = world.decide(&world.head()) {
                let next = grammar.parse(&plan.step.version);
                prop_assert!(next > held, "{} after {held:?}", plan.step.version);
                prop_assert!(next > published, "{} after {published:?}", plan.step.version);
            }
        }
    }

    #[test]
    fn promoting_everything_ends_with_nothing_to_promote(
        order_of in 0_usize..4,
        events in prop::collection::vec(event(), 1..15),
    ) {
        let mut world = world_with(ORDERS[order_of]);
        world.commit("feat: begin", &["app/a"]);
        for event in &events {
            happen(&mut world, event);
        }
        for _ in 0..12 {
            promote(&mut world, 0, false, &[]);
        }
        let plan = world.promotion("default", |request| request.allow_breaking = true);
        prop_assert!(!plan.can_proceed() || !plan.gates.is_empty(), "{plan:#?}");
    }
}
