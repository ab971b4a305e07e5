//! Breaking changes.

use super::{closed, environment, only, world};
use crate::lifecycle::promote::Closed;
use crate::lifecycle::tests::world::World;

/// uat and prod hold a release, and a breaking change is on its way.
fn breaking() -> World {
    let mut world = world();
    world.promote("uat-to-prod", &[]);
    world.commit("feat!: break", &["app/main"]);
    world.run(&[]);
    world.promote("dev-to-uat", &[]);
    world
}

#[test]
fn breaking_changes_stop_at_both_crossings() {
    let mut world = breaking();
    let plan = world.promotion("default", |_| {});
    assert!(
        matches!(only(&plan), Closed::Breaking { commits } if commits.len() == 1 && commits[0].ends_with(" break"))
    );
    assert_eq!(
        (plan.gates[0].from.as_str(), plan.gates[0].to.as_str()),
        ("uat", "release")
    );
    assert!(
        !world
            .promotion("default", |request| request.force = true)
            .can_proceed()
    );
    let plan = world.promotion("default", |request| request.allow_breaking = true);
    assert!(plan.can_proceed());
    world.carry_out(&plan, &[]);
    assert_eq!(world.versions()[2..], ["v1.0.0", "v0.1.0"]);

    let plan = world.promotion("default", |_| {});
    assert!(matches!(only(&plan), Closed::Breaking { .. }));
    assert_eq!(
        (plan.gates[0].from.as_str(), plan.gates[0].to.as_str()),
        ("release", "prod")
    );
    assert!(
        world
            .promotion("default", |request| request.allow_breaking = true)
            .can_proceed()
    );
    world.component.allow_breaking_changes = true;
    assert!(world.promotion("default", |_| {}).can_proceed());
}

#[test]
fn breaking_changes_pass_below_the_release() {
    let mut world = world();
    world.commit("feat!: break", &["app/main"]);
    world.run(&[]);
    assert!(world.promotion("dev-to-uat", |_| {}).can_proceed());
}

#[test]
fn a_jump_over_the_release_meets_both_crossings() {
    let world = breaking();
    let plan = world.promotion("uat-to-prod", |_| {});
    let gates: Vec<(&str, &str)> = plan
        .gates
        .iter()
        .map(|gate| (gate.from.as_str(), gate.to.as_str()))
        .collect();
    assert_eq!(gates, [("uat", "release"), ("release", "prod")]);
}

#[test]
fn one_closed_gate_refuses_all_and_every_pair_is_listed() {
    let mut world = breaking();
    world.commit("fix: three", &["app/main"]);
    world.run(&[]);
    environment(&mut world, "dev").git_ref = Some("env/dev".to_owned());
    let plan = world.promotion("default", |_| {});
    assert!(!plan.can_proceed());
    let gates: Vec<(&str, &str)> = plan
        .gates
        .iter()
        .map(|gate| (gate.from.as_str(), gate.to.as_str()))
        .collect();
    assert_eq!(gates, [("dev", "uat"), ("uat", "release")]);
    assert_eq!(plan.reason().lines().count(), 2);
}

#[test]
fn force_lets_the_other_pairs_go() {
    let mut world = breaking();
    world.commit("fix: three", &["app/main"]);
    world.run(&[]);
    let plan = world.promotion("default", |request| request.force = true);
    assert!(plan.independent && plan.can_proceed());
    assert!(plan.release.is_none() && plan.step("uat").is_some());
    assert!(matches!(
        closed(&plan).as_slice(),
        [Closed::Breaking { .. }]
    ));
}
