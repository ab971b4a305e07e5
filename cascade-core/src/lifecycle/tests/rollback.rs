use super::world::{World, ended_so, results, world_with};
use crate::lifecycle::rollback::{Decision, Plan, Refusal, Request, plan, record};
use crate::lifecycle::{Deploying, Ineligible, Operation, begin};
use crate::state::{Environment, HISTORY_LENGTH, Held};

/// A pipeline whose prod held one version after the other.
fn held(versions: usize) -> World {
    let mut world = world_with("dev, uat, prod");
    for _ in 0..versions {
        world.commit("feat: more", &["app/main", "docs/page"]);
        world.run(&[]);
        world.promote("dev-to-prod", &[]);
    }
    world
}

fn request(target: &str, deployable: &str) -> Request {
    Request {
        direct: false,
        environment: "prod".to_owned(),
        target: target.to_owned(),
        deployable: deployable.to_owned(),
        if_version: String::new(),
    }
}

fn decide(world: &World, past: &[Environment], request: &Request) -> Result<Decision, Refusal> {
    plan(&world.component, &world.managed.state, past, request)
}

fn planned(world: &World, target: &str, deployable: &str) -> Plan {
    match decide(world, &[], &request(target, deployable)) {
        Ok(Decision::Run(plan)) => *plan,
        other => panic!("nothing goes back: {other:?}"),
    }
}

fn carry_out(world: &mut World, plan: &Plan, failing: &[&str]) -> bool {
    let results = results(&world.component, &plan.step, failing);
    let stamp = world.stamp();
    let deploying = rolling_back(&stamp);
    let begun = begin(&world.managed.state, &plan.step, deploying).unwrap();
    let ended = ended_so(&results);
    let recorded = record(&begun, plan, deploying, &world.component, ended).unwrap();
    let again = record(&recorded.state, plan, deploying, &world.component, ended).unwrap();
    assert_eq!(again.state, recorded.state, "recording twice is once");
    world.managed.state = recorded.state;
    recorded.advanced
}

fn rolling_back(stamp: &crate::lifecycle::Stamp) -> Deploying<'_> {
    Deploying {
        operation: Operation::Rollback,
        run: None,
        stamp,
    }
}

fn prod(world: &World) -> &Environment {
    &world.managed.state.environments["prod"]
}

#[test]
fn rollbacks_in_a_row_walk_the_ring() {
    let mut world = held(4);
    for wanted in ["v0.3.0", "v0.2.0", "v0.1.0"] {
        let plan = planned(&world, "", "");
        assert!(carry_out(&mut world, &plan, &[]));
        assert_eq!(prod(&world).held.version.as_deref(), Some(wanted));
        assert_eq!(prod(&world).git_ref.as_deref(), Some("rollback/prod"));
    }
    let refused = decide(&world, &[], &request("", ""));
    assert!(
        matches!(refused, Err(Refusal::Unresolved { .. })),
        "{refused:?}"
    );
}

#[test]
fn each_deploy_goes_to_what_it_was_then() {
    let mut world = held(1);
    let first = world.head();
    world.commit("fix: docs", &["docs/page"]);
    world.run(&[]);
    world.promote("dev-to-prod", &[]);
    let plan = planned(&world, "", "");
    let deploys: Vec<_> = plan.step.deploys.iter().collect();
    let [(name, docs)] = deploys.as_slice() else {
        panic!("web did not change: {deploys:?}");
    };
    assert_eq!((name.as_str(), &docs.sha), ("docs", &first));
    assert_eq!(docs.previous_sha, world.head());
}

#[test]
fn a_deploy_that_went_back_is_recorded_though_another_failed() {
    let mut world = held(2);
    let plan = planned(&world, "", "");
    assert!(!carry_out(&mut world, &plan, &["web"]));
    let held = prod(&world);
    assert!(held.is_incomplete() && !held.is_diverged());
    assert_eq!(held.held.version.as_deref(), Some("v0.2.0"));
    assert_eq!(held.held.deploys["docs"].version.as_deref(), Some("v0.1.0"));
    assert_eq!(held.held.deploys["web"].version.as_deref(), Some("v0.2.0"));
    // A second rollback goes on to the same version, with what is missing.
    let plan = planned(&world, "", "");
    assert_eq!(plan.step.version, "v0.1.0");
    assert_eq!(plan.step.deploys.keys().collect::<Vec<_>>(), ["web"]);
    assert!(carry_out(&mut world, &plan, &[]));
    assert!(!prod(&world).is_incomplete());
    assert_eq!(prod(&world).held.version.as_deref(), Some("v0.1.0"));
    let before = &prod(&world).previous[0].held.deploys;
    assert_eq!(before["docs"].version.as_deref(), Some("v0.2.0"));
}

#[test]
fn a_target_is_found_in_state_ring_and_history() {
    let world = held(3);
    let second = world.history.line[1].0.sha.clone();
    assert_eq!(planned(&world, "v0.2.0", "").step.sha, second);
    assert_eq!(planned(&world, &second[..40], "").step.version, "v0.2.0");
    let there = decide(&world, &[], &request("v0.3.0", ""));
    assert!(matches!(there, Ok(Decision::Already(_))), "{there:?}");
    let gone = request("v0.0.9", "");
    assert!(matches!(
        decide(&world, &[], &gone),
        Err(Refusal::Unresolved { .. })
    ));
    let past = Environment {
        held: Held {
            sha: Some("feedfacefeedfacefeedfacefeedfacefeedface".to_owned()),
            version: Some("v0.0.9".to_owned()),
            ..Held::default()
        },
        ..Environment::default()
    };
    for target in ["v0.0.9", "feedfac", "FEEDFACEFEED"] {
        match decide(&world, std::slice::from_ref(&past), &request(target, "")) {
            Ok(Decision::Run(plan)) => assert_eq!(plan.step.version, "v0.0.9"),
            other => panic!("{target}: {other:?}"),
        }
    }
}

#[test]
fn what_cannot_name_a_target_is_refused() {
    let world = held(2);
    for target in [
        "feedfa",
        "main",
        "$(id)",
        "v1",
        "--help",
        "x\ny",
        &"f".repeat(65),
    ] {
        let refused = decide(&world, &[], &request(target, ""));
        assert!(
            matches!(refused, Err(Refusal::BadTarget(_))),
            "{target}: {refused:?}"
        );
    }
}

#[test]
fn one_deploy_goes_back_alone_and_then_further() {
    let mut world = held(3);
    for wanted in ["v0.2.0", "v0.1.0"] {
        let plan = planned(&world, "", "web");
        assert!(carry_out(&mut world, &plan, &[]));
        let deploys = &prod(&world).held.deploys;
        assert_eq!(deploys["web"].version.as_deref(), Some(wanted));
        assert_eq!(deploys["docs"].version.as_deref(), Some("v0.3.0"));
        assert_eq!(prod(&world).held.version.as_deref(), Some("v0.3.0"));
    }
}

#[test]
fn one_deploy_does_not_go_back_to_what_was_rolled_back() {
    let mut world = held(2);
    let past = prod(&world).clone();
    let plan = planned(&world, "", "");
    assert!(carry_out(&mut world, &plan, &[]));
    world.commit("feat: more", &["app/main", "docs/page"]);
    world.run(&[]);
    world.promote("dev-to-prod", &[]);
    let plan = planned(&world, "", "web");
    assert!(carry_out(&mut world, &plan, &[]));
    let deploys = &prod(&world).held.deploys;
    assert_eq!(deploys["web"].version.as_deref(), Some("v0.1.0"));
    let refused = decide(&world, &[past], &request("", "web"));
    assert!(
        matches!(refused, Err(Refusal::Unresolved { .. })),
        "{refused:?}"
    );
}

#[test]
fn guards() {
    let mut world = held(2);
    let ask = |world: &World, environment: &str, deployable: &str| {
        let request = Request {
            environment: environment.to_owned(),
            deployable: deployable.to_owned(),
            ..Request::default()
        };
        plan(&world.component, &world.managed.state, &[], &request).unwrap_err()
    };
    assert_eq!(
        ask(&world, "", ""),
        Refusal::Environment(Ineligible::Unnamed)
    );
    assert_eq!(
        ask(&world, "dev", ""),
        Refusal::Environment(Ineligible::First("dev".to_owned()))
    );
    assert!(matches!(
        ask(&world, "prdo", ""),
        Refusal::Environment(Ineligible::Unknown { .. })
    ));
    assert!(matches!(
        ask(&world, "prod", "wbe"),
        Refusal::UnknownDeploy { .. }
    ));
    world.managed.state.environments["prod"].git_ref = Some("env/prod".to_owned());
    assert!(matches!(ask(&world, "prod", ""), Refusal::Hotfixed { .. }));
    world.managed.state.environments.shift_remove("uat");
    assert_eq!(ask(&world, "uat", ""), Refusal::NoState("uat".to_owned()));
}

#[test]
fn an_environment_that_moved_meanwhile_is_left_alone() {
    let mut world = held(2);
    let plan = planned(&world, "", "");
    world.commit("feat: more", &["app/main"]);
    world.run(&[]);
    world.promote("dev-to-prod", &[]);
    let results = results(&world.component, &plan.step, &[]);
    let stamp = world.stamp();
    let deploying = rolling_back(&stamp);
    assert!(begin(&world.managed.state, &plan.step, deploying).is_err());
    // Jobs that ran all the same leave their deploys in doubt.
    let state = &world.managed.state;
    let recorded = record(
        state,
        &plan,
        deploying,
        &world.component,
        ended_so(&results),
    )
    .unwrap();
    assert!(recorded.refused.is_some());
    assert!(recorded.state.environments["prod"].is_in_doubt("web"));
}

#[test]
fn the_ring_stays_short() {
    let mut world = held(HISTORY_LENGTH + 3);
    for _ in 0..3 {
        let plan = planned(&world, "", "");
        carry_out(&mut world, &plan, &[]);
    }
    assert_eq!(prod(&world).previous.len(), HISTORY_LENGTH);
}
