//! Gates of a promotion.

mod breaking;

use super::world::{World, world_with};
use crate::lifecycle::history::Tag;
use crate::lifecycle::promote::{self, Closed, Plan};
use crate::state::{Begun, Environment, Patch, Rejected, RolloutState};
use indexmap::IndexMap;

/// A pipeline with one version everywhere up to uat.
fn world() -> World {
    let mut world = world_with("dev, uat, prod");
    world.commit("feat: one", &["app/main"]);
    world.run(&[]);
    world.promote("dev-to-uat", &[]);
    world
}

/// The same with a newer version in dev.
fn newer() -> World {
    let mut world = world();
    world.commit("fix: two", &["app/main"]);
    world.run(&[]);
    world
}

fn environment<'a>(world: &'a mut World, name: &str) -> &'a mut Environment {
    world.managed.state.environments.get_mut(name).unwrap()
}

fn closed(plan: &Plan) -> Vec<&Closed> {
    plan.gates.iter().map(|gate| &gate.closed).collect()
}

/// The plan is refused, and for one reason only.
fn only(plan: &Plan) -> &Closed {
    assert!(!plan.can_proceed(), "{plan:#?}");
    match closed(plan).as_slice() {
        [one] => one,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_source_without_state() {
    let world = world();
    let plan = world.promotion("release-to-prod", |_| {});
    assert_eq!(only(&plan), &Closed::NoState);
    let empty = world_with("dev, prod");
    let plan = {
        let mut world = empty;
        world.commit("feat: one", &["x"]);
        world.promotion("default", |_| {})
    };
    assert!(plan.gates.is_empty() && !plan.can_proceed());
}

#[test]
fn a_commit_that_is_not_on_trunk() {
    let mut world = newer();
    let dev = environment(&mut world, "dev");
    dev.held.sha = Some("f".repeat(40));
    let plan = world.promotion("dev-to-uat", |_| {});
    assert!(matches!(only(&plan), Closed::NotOnTrunk { .. }));
}

#[test]
fn a_source_whose_deployment_nobody_recorded() {
    let mut world = newer();
    let dev = environment(&mut world, "dev");
    dev.begun = Some(Begun {
        version: "v0.1.0-rc.2".to_owned(),
        running: vec!["web".to_owned()],
        ..Begun::default()
    });
    let plan = world.promotion("dev-to-uat", |_| {});
    assert!(matches!(only(&plan), Closed::Incomplete { deploys, .. } if deploys == &["web"]));
}

#[test]
fn an_incomplete_source_of_which_nothing_would_move() {
    let mut world = world();
    let dev = environment(&mut world, "dev");
    dev.begun = Some(Begun {
        running: vec!["web".to_owned()],
        ..Begun::default()
    });
    let plan = world.promotion("dev-to-uat", |_| {});
    assert!(matches!(only(&plan), Closed::Incomplete { .. }));
    let plan = world.promotion("uat-to-prod", |_| {});
    assert!(plan.gates.is_empty() && plan.can_proceed());
}

#[test]
fn a_diverged_source() {
    let mut world = newer();
    environment(&mut world, "dev").git_ref = Some("env/dev".to_owned());
    for force in [false, true] {
        let plan = world.promotion("dev-to-uat", |request| request.force = force);
        assert!(matches!(only(&plan), Closed::SourceDiverged { branch } if branch == "env/dev"));
    }
}

#[test]
fn a_patch_that_would_be_lost() {
    let mut world = newer();
    let uat = environment(&mut world, "uat");
    uat.git_ref = Some("env/uat".to_owned());
    uat.patches = vec![Patch::Sha("e".repeat(40))];
    let plan = world.promotion("dev-to-uat", |_| {});
    assert!(matches!(only(&plan), Closed::PatchMissing { .. }));
    assert!(
        world
            .promotion("dev-to-uat", |request| request.force = true)
            .can_proceed()
    );
    let contained = world.head();
    environment(&mut world, "uat").patches = vec![Patch::Sha(contained)];
    let plan = world.promote("dev-to-uat", &[]);
    assert!(plan.can_proceed());
    let uat = world.held("uat");
    assert!(!uat.is_diverged() && uat.patches.is_empty());
}

#[test]
fn a_commit_that_a_rollback_rejected() {
    let mut world = newer();
    let sha = world.held("dev").held.sha;
    let uat = environment(&mut world, "uat");
    uat.git_ref = Some("rollback/uat".to_owned());
    uat.rejected = Some(Rejected {
        sha,
        ..Rejected::default()
    });
    let plan = world.promotion("dev-to-uat", |_| {});
    assert!(matches!(only(&plan), Closed::Rejected { .. }));
    assert!(
        world
            .promotion("dev-to-uat", |request| request.force = true)
            .can_proceed()
    );
    world.commit("fix: three", &["app/main"]);
    world.run(&[]);
    world.promote("dev-to-uat", &[]);
    assert!(world.held("uat").rejected.is_none());
}

#[test]
fn an_open_hotfix() {
    let world = newer();
    let request = promote::Request {
        mode: promote::Mode::parse("dev-to-uat", &world.component).unwrap(),
        force: true,
        ..promote::Request::default()
    };
    let head = world.head();
    let hotfixes = ["uat".to_owned()];
    let facts = promote::Facts {
        trunk: &head,
        open_hotfixes: &hotfixes,
        states: &IndexMap::new(),
    };
    let Ok(plan) = promote::plan(
        &world.component,
        &world.managed,
        facts,
        &world.history,
        &request,
    );
    assert_eq!(only(&plan), &Closed::HotfixOpen);
}

#[test]
fn an_unfinished_rollout() {
    for (phase, open) in [
        ("canary", false),
        ("baking", false),
        ("green", false),
        ("promoted", true),
        ("rolled_back", true),
    ] {
        let mut world = newer();
        let web = environment(&mut world, "dev")
            .held
            .deploys
            .get_mut("web")
            .unwrap();
        web.rollout = Some(RolloutState {
            phase: Some(phase.to_owned()),
            ..RolloutState::default()
        });
        let plan = world.promotion("dev-to-uat", |_| {});
        assert_eq!(plan.can_proceed(), open, "{phase}");
        assert_eq!(plan.gates.is_empty(), open, "{phase}");
    }
}

#[test]
fn a_downgrade() {
    let mut world = newer();
    environment(&mut world, "uat").held.version = Some("v0.1.0".to_owned());
    let plan = world.promotion("dev-to-uat", |_| {});
    assert!(matches!(only(&plan), Closed::Downgrade { held, .. } if held == "v0.1.0"));
    assert!(
        !world
            .promotion("dev-to-uat", |request| request.force = true)
            .can_proceed()
    );
    assert!(
        world
            .promotion("dev-to-uat", |request| request.allow_downgrade = true)
            .can_proceed()
    );
    environment(&mut world, "uat").held.version = Some("nightly".to_owned());
    let plan = world.promotion("dev-to-uat", |_| {});
    assert!(plan.can_proceed());
    assert!(
        plan.warnings[0].contains("`nightly`"),
        "{:?}",
        plan.warnings
    );
}

#[test]
fn a_candidate_of_a_release_that_is_out() {
    let mut world = newer();
    world.promote("uat-to-prod", &[]);
    let forced = world.promotion("dev-to-prod", |request| request.force = true);
    assert!(matches!(only(&forced), Closed::Published { version } if version == "v0.1.0"));
    world.promote("dev-to-uat", &[]);
    let plan = world.promotion("default", |_| {});
    assert!(plan.release.is_none() && plan.gates.is_empty(), "{plan:?}");
}

#[test]
fn a_version_that_no_release_can_be_named_after() {
    let mut world = world();
    environment(&mut world, "uat").held.version = Some("nightly".to_owned());
    environment(&mut world, "dev").held.version = Some("nightly".to_owned());
    let plan = world.promotion("default", |_| {});
    assert!(matches!(only(&plan), Closed::NoVersion { .. }));
}

#[test]
fn a_tag_that_stands_elsewhere() {
    let foreign = |name: &str| Tag {
        name: name.to_owned(),
        sha: "f".repeat(40),
    };
    let tags = |plan: &Plan| -> Vec<String> {
        assert!(!plan.can_proceed(), "{plan:#?}");
        let closed = plan.gates.iter().map(|gate| &gate.closed);
        closed
            .map(|closed| match closed {
                Closed::ForeignTag(foreign) => foreign.tag.clone(),
                other => panic!("{other:?}"),
            })
            .collect()
    };
    let mut world = newer();
    let version = environment(&mut world, "dev").held.version.clone().unwrap();
    let core = version.split_once('-').unwrap().0.to_owned();
    let own = |tag: &Tag| tag.name != version && tag.name != core;
    world.history.tags.retain(own);
    let before = world.history.tags.clone();
    // The candidate's, though `force` is given.
    world.history.tags.push(foreign(&version));
    let plan = world.promotion("dev-to-uat", |request| request.force = true);
    assert_eq!(tags(&plan), [version.as_str()]);
    // The release's, before anything below it moves.
    world.history.tags = before;
    world.history.tags.push(foreign(&core));
    assert_eq!(
        tags(&world.promotion("dev-to-prod", |_| {})).first(),
        Some(&core)
    );
    assert!(world.promotion("dev-to-uat", |_| {}).can_proceed());
}

#[test]
fn a_jump_publishes_the_candidate_that_it_carries() {
    let mut world = newer();
    let carried = environment(&mut world, "dev").held.version.clone().unwrap();
    let plan = world.promotion("dev-to-prod", |_| {});
    assert_eq!(plan.release.unwrap().candidate, carried);
}

#[test]
fn an_incomplete_source_is_closed() {
    let mut world = world_with("dev, uat, prod");
    world.commit("feat: begin", &["app/main", "docs/page"]);
    world.run(&[]);
    let plan = world.promotion("dev-to-uat", |request| request.rollback_on_failure = false);
    world.carry_out(&plan, &["uat/docs"]);
    world.managed.state.environments["uat"].held.sha = world.held("dev").held.sha;
    let plan = world.promotion("uat-to-prod", |_| {});
    let version = world.held("dev").held.version.unwrap();
    let deploys = vec!["web".to_owned()];
    let closed: Vec<&Closed> = plan.gates.iter().map(|gate| &gate.closed).collect();
    assert!(
        closed.contains(&&Closed::Incomplete { version, deploys }),
        "{closed:?}"
    );
    assert!(!plan.can_proceed());
}

#[test]
fn an_output_that_is_not_recorded_is_not_promoted_as_nothing() {
    let mut world = world_with("dev, uat, prod");
    world.commit("feat: begin", &["app/main"]);
    world.run(&[]);
    world.managed.state.environments["dev"].held.builds["app"]
        .tags
        .clear();
    let plan = world.promotion("dev-to-uat", |_| {});
    let closed: Vec<&Closed> = plan.gates.iter().map(|gate| &gate.closed).collect();
    let expected = Closed::OutputNotRecorded {
        producer: "app".to_owned(),
        output: "image".to_owned(),
        consumer: "web".to_owned(),
    };
    assert_eq!(closed, [&expected]);
}

#[test]
fn deploys_that_were_renamed_are_not_promoted_as_nothing() {
    let mut world = world_with("dev, uat, prod");
    world.commit("feat: begin", &["app/main"]);
    world.run(&[]);
    world.component =
        World::new("environments: [dev, uat, prod]\ndeploys: [{ name: frontend, deploy! }]\n")
            .component;
    let plan = world.promotion("dev-to-uat", |_| {});
    assert!(
        matches!(plan.gates[0].closed, Closed::OtherDeploys { .. }),
        "{:?}",
        plan.gates
    );
    world.component = World::new("environments: [dev, uat, prod]\ndeploys: [{ name: web, deploy! }, { name: frontend, deploy! }]\n").component;
    let plan = world.promotion("dev-to-uat", |_| {});
    assert_eq!(plan.gates, []);
    assert_eq!(plan.warnings.len(), 2, "{:?}", plan.warnings);
}
