use super::world::{World, ladder, results};
use crate::lifecycle::outcome::{Attempted, Outcome};
use crate::lifecycle::stage::{Recorder, record};

/// A ladder whose uat is about to get a second version.
fn second() -> World {
    let mut world = ladder("dev, uat, prod");
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
    let stage = plan.stage("uat").unwrap();
    let results = results(&world.lane, stage, &["docs"]);
    let gate = (Outcome::Success, &results);
    let mut world = world;
    let stamp = world.stamp();
    let recorded = record(
        &world.managed.state,
        stage,
        Recorder::Promote,
        &world.lane,
        gate,
        &stamp,
    )
    .unwrap();
    assert_eq!(
        recorded.state, world.managed.state,
        "that stage's state does not move"
    );
    assert!(!recorded.advanced);
    let restore: Vec<_> = recorded.restore.iter().collect();
    let [(name, planned)] = restore.as_slice() else {
        panic!("{restore:?}");
    };
    let before = &world.held("uat").deploys["web"];
    assert_eq!(
        (name.as_str(), Some(&planned.sha)),
        ("web", before.sha.as_ref())
    );
    assert_eq!(Some(&planned.version), before.version.as_ref());
    assert_eq!(planned.previous_version, stage.version);
}

#[test]
fn nothing_is_restored_where_nothing_was() {
    let mut world = ladder("dev, uat, prod");
    world.commit("feat: begin", &["app/main"]);
    world.run(&[]);
    let plan = world.promotion("dev-to-uat", |_| {});
    let stage = plan.stage("uat").unwrap();
    let results = results(&world.lane, stage, &["docs"]);
    let stamp = world.stamp();
    let gate = (Outcome::Success, &results);
    let recorded = record(
        &world.managed.state,
        stage,
        Recorder::Promote,
        &world.lane,
        gate,
        &stamp,
    )
    .unwrap();
    assert!(recorded.restore.is_empty());
}

#[test]
fn without_restoring_what_succeeded_is_recorded() {
    let mut world = second();
    let plan = world.promotion("dev-to-uat", |request| request.rollback_on_failure = false);
    world.carry_out(&plan, &["uat/docs"]);
    let (dev, uat) = (world.held("dev"), world.held("uat"));
    assert_ne!(dev.version, uat.version);
    assert_eq!(uat.deploys["web"].sha, dev.deploys["web"].sha);
    assert_ne!(uat.deploys["docs"].sha, dev.deploys["docs"].sha);
}

#[test]
fn a_gate_that_did_not_open_records_nothing() {
    for gate in [Outcome::Failure, Outcome::Cancelled, Outcome::Skipped] {
        let mut world = second();
        let plan = world.promotion("dev-to-uat", |_| {});
        let stamp = world.stamp();
        let stage = plan.stage("uat").unwrap();
        let ends = (gate, &Default::default());
        let recorded = record(
            &world.managed.state,
            stage,
            Recorder::Promote,
            &world.lane,
            ends,
            &stamp,
        )
        .unwrap();
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
    let stage = plan.stage("uat").unwrap();
    assert_eq!(stage.holds(&world.managed.state).unwrap_err().place, "uat");
    let stamp = world.stamp();
    let results = results(&world.lane, stage, &[]);
    let ends = (Outcome::Success, &results);
    let refused = record(
        &world.managed.state,
        stage,
        Recorder::Promote,
        &world.lane,
        ends,
        &stamp,
    );
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
  - { name: web, triggers: [web/**], depends_on: [api], deploy! }
",
    );
    world.commit("feat: begin", &["api/a", "web/a"]);
    world.run(&[]);
    let dev = world.managed.state.environments.get_mut("dev").unwrap();
    dev.deploys["api"]
        .tags
        .insert("url".to_owned(), "https://dev".to_owned());
    world.commit("fix: web", &["web/a"]);
    let plan = world.plan();
    assert_eq!(
        plan.stage.deploys["web"].outputs["api"]["url"],
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
    let stamp = world.stamp();
    let ends = (Outcome::Success, &results);
    let recorded = record(
        &world.managed.state,
        &plan.stage,
        Recorder::Orchestrate,
        &world.lane,
        ends,
        &stamp,
    );
    let tags = &recorded.unwrap().state.environments["dev"].deploys["api"].tags;
    assert_eq!(
        tags.iter().collect::<Vec<_>>(),
        [(&"url".to_owned(), &"https://dev".to_owned())]
    );
}

#[test]
fn a_failure_restores_also_where_only_deploys_were_behind() {
    let mut world = ladder("dev, uat, prod");
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
    assert_eq!(world.held("uat").version, world.held("dev").version);
    let plan = world.promotion("dev-to-uat", |_| {});
    let stage = plan.stage("uat").unwrap();
    let results = results(&world.lane, stage, &["docs"]);
    let stamp = world.stamp();
    let ends = (Outcome::Success, &results);
    let lane = &world.lane;
    let recorded = record(&before, stage, Recorder::Promote, lane, ends, &stamp).unwrap();
    assert!(!recorded.advanced);
    assert_eq!(recorded.state, before);
    assert!(recorded.restore.contains_key("web"));
}
