use super::world::{World, results, world_with};
use crate::lifecycle::outcome::{Attempted, Outcome};
use crate::lifecycle::{Deploying, Ended, Operation, record};
use crate::state::Begun;

fn promoting(stamp: &crate::lifecycle::Stamp) -> Deploying<'_> {
    Deploying {
        operation: Operation::Promote,
        run: None,
        stamp,
    }
}

fn results_of(world: &World, step: &crate::lifecycle::Step) -> crate::lifecycle::outcome::Results {
    results(&world.component, step, &[])
}

/// A pipeline whose uat is about to get a second version.
fn second() -> World {
    let mut world = world_with("dev, uat, prod");
    world.commit("feat: begin", &["app/main", "docs/page"]);
    world.run(&[]);
    world.promote("dev-to-uat", &[]);
    world.commit("fix: more", &["app/main", "docs/page"]);
    world.run(&[]);
    world
}

#[test]
fn a_failure_restores_what_succeeded() {
    let world = second();
    let plan = world.promotion("dev-to-uat", |_| {});
    let step = plan.step("uat").unwrap();
    let results = results(&world.component, step, &["docs"]);
    let mut world = world;
    let recorded = world.deployed(step, Operation::Promote, &results);
    assert!(!recorded.advanced);
    let uat = &recorded.state.environments["uat"];
    assert_eq!(uat.held.version, world.held("uat").held.version);
    assert!(uat.is_incomplete());
    assert_eq!(
        uat.held.deploys["web"].version.as_ref(),
        Some(&step.version)
    );
    let restore = recorded.restore.unwrap();
    let restore: Vec<_> = restore.deploys.iter().collect();
    let [(name, planned)] = restore.as_slice() else {
        panic!("{restore:?}");
    };
    let before = &world.held("uat").held.deploys["web"];
    assert_eq!(
        (name.as_str(), Some(&planned.sha)),
        ("web", before.sha.as_ref())
    );
    assert_eq!(Some(&planned.version), before.version.as_ref());
    assert_eq!(planned.previous_version, step.version);
}

#[test]
fn what_an_incomplete_deployment_had_brought_is_not_restored() {
    let mut world = second();
    let plan = world.promotion("dev-to-uat", |request| request.rollback_on_failure = false);
    world.carry_out(&plan, &["uat/docs"]);
    let before = world.held("uat").complete_deploys()["web"].clone();
    assert_ne!(world.held("uat").held.deploys["web"].sha, before.sha);
    world.commit("fix: again", &["app/main", "docs/page"]);
    world.run(&[]);
    let plan = world.promotion("dev-to-uat", |_| {});
    let step = plan.step("uat").unwrap();
    let results = results(&world.component, step, &["docs"]);
    let recorded = world.deployed(step, Operation::Promote, &results);
    let restore = recorded.restore.unwrap();
    let web = &restore.deploys["web"];
    assert_eq!(Some(&web.sha), before.sha.as_ref());
    assert_eq!(Some(&web.version), before.version.as_ref());
}

#[test]
fn nothing_is_restored_where_nothing_was() {
    let mut world = world_with("dev, uat, prod");
    world.commit("feat: begin", &["app/main"]);
    world.run(&[]);
    let plan = world.promotion("dev-to-uat", |_| {});
    let step = plan.step("uat").unwrap();
    let results = results(&world.component, step, &["docs"]);
    let recorded = world.deployed(step, Operation::Promote, &results);
    assert!(recorded.restore.is_none());
}

#[test]
fn without_restoring_what_succeeded_is_recorded() {
    let mut world = second();
    let plan = world.promotion("dev-to-uat", |request| request.rollback_on_failure = false);
    world.carry_out(&plan, &["uat/docs"]);
    let (dev, uat) = (world.held("dev"), world.held("uat"));
    assert_ne!(dev.held.version, uat.held.version);
    assert_eq!(uat.held.deploys["web"].sha, dev.held.deploys["web"].sha);
    assert_ne!(uat.held.deploys["docs"].sha, dev.held.deploys["docs"].sha);
}

#[test]
fn a_gate_that_did_not_open_records_nothing() {
    for gate in [Outcome::Failure, Outcome::Cancelled, Outcome::Skipped] {
        let mut world = second();
        let plan = world.promotion("dev-to-uat", |_| {});
        let stamp = world.stamp();
        let step = plan.step("uat").unwrap();
        let results = Default::default();
        let ended = Ended {
            gate,
            results: &results,
        };
        let deploying = promoting(&stamp);
        let state = &world.managed.state;
        let recorded = record(state, step, deploying, &world.component, ended).unwrap();
        assert_eq!(
            (recorded.advanced, recorded.state),
            (false, world.managed.state),
            "{gate}"
        );
    }
}

#[test]
fn a_target_that_moved_is_refused() {
    let mut world = second();
    let plan = world.promotion("dev-to-uat", |_| {});
    let uat = world.managed.state.environments.get_mut("uat").unwrap();
    uat.git_ref = Some("env/uat".to_owned());
    let step = plan.step("uat").unwrap();
    assert_eq!(step.holds(&world.managed.state).unwrap_err().place, "uat");
    let stamp = world.stamp();
    let results = Default::default();
    let ended = Ended {
        gate: Outcome::Failure,
        results: &results,
    };
    let state = &world.managed.state;
    let refused = record(state, step, promoting(&stamp), &world.component, ended);
    assert_eq!(
        refused.unwrap_err().found.git_ref.as_deref(),
        Some("env/uat")
    );
}

#[test]
fn advancing_ends_a_divergence() {
    let mut world = second();
    let uat = world.managed.state.environments.get_mut("uat").unwrap();
    uat.git_ref = Some("rollback/uat".to_owned());
    uat.rejected = Some(Default::default());
    world.promote("dev-to-uat", &[]);
    let uat = world.held("uat");
    assert!(!uat.is_diverged() && uat.rejected.is_none());
}

#[test]
fn outputs_of_other_deploys_are_handed_on() {
    let mut world = World::new(
        "environments: [dev, prod]
deploys:
  - { name: api, triggers: [api/**], state_tags: [url], deploy! }
  - { name: web, triggers: [web/**], run_policy: always, depends_on: [api], deploy! }
",
    );
    world.commit("feat: begin", &["api/a", "web/a"]);
    world.run(&[]);
    let dev = world.managed.state.environments.get_mut("dev").unwrap();
    dev.held.deploys["api"]
        .tags
        .insert("url".to_owned(), "https://dev".to_owned());
    world.commit("fix: web", &["web/a"]);
    let plan = world.plan();
    assert_eq!(
        plan.step.deploys["web"].outputs["api"]["url"],
        "https://dev"
    );
}

#[test]
fn only_named_outputs_are_recorded() {
    let mut world = World::new(
        "environments: [dev, prod]
deploys: [{ name: api, state_tags: [url], deploy! }]
",
    );
    world.commit("feat: begin", &["a"]);
    let plan = world.plan();
    let mut attempted = Attempted::once(Outcome::Success);
    attempted
        .outputs
        .insert("url".to_owned(), "https://dev".to_owned());
    attempted.outputs.insert("other".to_owned(), "x".to_owned());
    let results = [("api".to_owned(), attempted)].into_iter().collect();
    let recorded = world.deployed(&plan.step, Operation::Orchestrate, &results);
    let tags = &recorded.state.environments["dev"].held.deploys["api"].tags;
    assert_eq!(
        tags.iter().collect::<Vec<_>>(),
        [(&"url".to_owned(), &"https://dev".to_owned())]
    );
}

#[test]
fn a_failure_restores_also_where_only_deploys_were_behind() {
    let mut world = world_with("dev, uat, prod");
    world.commit("feat: begin", &["app/main", "docs/page"]);
    world.run(&[]);
    world.promote("dev-to-uat", &[]);
    world.commit("fix: more", &["app/main", "docs/page"]);
    world.run(&[]);
    let narrow = |request: &mut crate::lifecycle::promote::Request| {
        request.deploys = vec!["none".to_owned()];
    };
    let plan = world.promotion("dev-to-uat", narrow);
    world.carry_out(&plan, &[]);
    let before = world.managed.state.clone();
    assert_eq!(
        world.held("uat").held.version,
        world.held("dev").held.version
    );
    let plan = world.promotion("dev-to-uat", |_| {});
    let step = plan.step("uat").unwrap();
    let results = results(&world.component, step, &["docs"]);
    let recorded = world.deployed(step, Operation::Promote, &results);
    assert!(!recorded.advanced);
    let restore = recorded.restore.unwrap();
    assert!(restore.deploys.contains_key("web"));
    world.managed.state = recorded.state;
    let again = results_of(&world, &restore);
    world.managed.state = world.deployed(&restore, Operation::Restore, &again).state;
    let shas =
        |state: &crate::state::State| state.environments["uat"].held.deploys["web"].sha.clone();
    assert_eq!(shas(&world.managed.state), shas(&before));
    assert!(!world.held("uat").is_incomplete());
}

#[test]
fn what_waited_for_a_cancelled_deploy_holds_the_environment_back() {
    let mut world = World::new(
        "environments: [dev, uat, prod]
deploys:
  - { name: infra, on_failure: continue, deploy! }
  - { name: web, depends_on: [infra], deploy! }
",
    );
    world.commit("feat: begin", &["x"]);
    world.run(&[]);
    let plan = world.promotion("dev-to-uat", |_| {});
    let step = plan.step("uat").unwrap();
    for (infra, advances) in [(Outcome::Failure, true), (Outcome::Cancelled, false)] {
        let ended = [("infra", infra), ("web", Outcome::Skipped)];
        let ended = ended.map(|(name, outcome)| (name.to_owned(), Attempted::once(outcome)));
        let recorded = world.deployed(step, Operation::Promote, &ended.into_iter().collect());
        assert_eq!(recorded.advanced, advances, "{infra}");
    }
}

#[test]
fn recording_again_under_the_deployment_of_another_run_changes_nothing() {
    let mut world = second();
    let plan = world.promotion("dev-to-uat", |_| {});
    let step = plan.step("uat").unwrap();
    let results = results_of(&world, step);
    let mut state = world.deployed(step, Operation::Promote, &results).state;
    state.environments["uat"].begun = Some(Begun {
        run: Some("another run".to_owned()),
        running: vec!["web".to_owned()],
        ..Begun::default()
    });
    let stamp = world.stamp();
    let ended = Ended {
        gate: Outcome::Success,
        results: &results,
    };
    let again = record(&state, step, promoting(&stamp), &world.component, ended).unwrap();
    assert_eq!((again.refused, again.state), (None, state));
}
