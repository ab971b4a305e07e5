use super::world::{World, world_with};
use crate::lifecycle::orchestrate::{Decision, Request, collect, finish, plan};
use crate::lifecycle::outcome::Outcome;
use crate::lifecycle::{Deploying, Operation, begin};
use crate::state::{HISTORY_LENGTH, Managed};

fn names<T>(entries: &indexmap::IndexMap<String, T>) -> Vec<&str> {
    entries.keys().map(String::as_str).collect()
}

#[test]
fn a_first_run_does_everything() {
    let mut world = world_with("dev, prod");
    let head = world.commit("feat: begin", &["app/main"]);
    let plan = world.plan();
    assert_eq!(plan.run_builds, ["app"]);
    assert_eq!(names(&plan.step.deploys), ["web", "docs"]);
    assert_eq!(
        (plan.step.version.as_str(), &plan.step.sha),
        ("v0.1.0-rc.0", &head)
    );
    assert!(world.run(&[]));
    let dev = world.held("dev");
    assert_eq!(
        (dev.held.sha.as_ref(), dev.held.version.as_deref()),
        (Some(&head), Some("v0.1.0-rc.0"))
    );
    assert_eq!(names(&dev.held.builds), ["app"]);
    assert_eq!(names(&dev.held.deploys), ["web", "docs"]);
    assert!(dev.previous.is_empty());
}

#[test]
fn nothing_new_is_nothing_to_do() {
    let mut world = world_with("dev, prod");
    let head = world.commit("feat: begin", &["app/main"]);
    world.run(&[]);
    assert!(matches!(world.decide(&head), Decision::Nothing(why) if why.contains("already holds")));
    let head = world.commit("docs: aside", &["README.md"]);
    assert!(
        matches!(world.decide(&head), Decision::Nothing(why) if why.contains("nothing that the pipeline watches"))
    );
}

#[test]
fn an_older_commit_is_outdated() {
    let mut world = world_with("dev, prod");
    let old = world.commit("feat: begin", &["app/main"]);
    world.commit("feat: more", &["app/main"]);
    world.run(&[]);
    assert!(matches!(world.decide(&old), Decision::Outdated(why) if why.contains("newer")));
}

#[test]
fn a_run_started_again_repairs() {
    let mut world = world_with("dev, prod");
    let head = world.commit("feat: begin", &["app/main"]);
    world.run(&[]);
    let request = Request {
        head,
        again: true,
        ..Request::default()
    };
    let Ok(decision) = plan(&world.component, &world.managed, &world.history, &request);
    let Decision::Run(plan) = decision else {
        panic!("{decision:?}");
    };
    assert!(plan.run_builds.is_empty() && plan.step.deploys.is_empty());
    assert_eq!(plan.step.version, "v0.1.0-rc.0");
    let stamp = world.stamp();
    let none = crate::lifecycle::outcome::Results::new();
    let collected = collect(&world.component, &plan, Outcome::Skipped, &none, &stamp);
    let state = &world.managed.state;
    let finished = finish(state, &world.component, &collected, false, &stamp).unwrap();
    assert_eq!((&finished.state, finished.advanced), (state, true));
}

#[test]
fn versions_count_within_a_core_and_follow_the_changes() {
    let mut world = world_with("dev, prod");
    for (message, wanted) in [
        ("fix: a", "v0.1.0-rc.0"),
        ("fix: b", "v0.1.0-rc.1"),
        ("feat!: c", "v1.0.0-rc.0"),
        ("fix: d", "v1.0.0-rc.1"),
    ] {
        world.commit(message, &["app/main"]);
        world.run(&[]);
        assert_eq!(
            world.held("dev").held.version.as_deref(),
            Some(wanted),
            "{message}"
        );
    }
}

#[test]
fn a_failed_build_stops_the_run() {
    let mut world = world_with("dev, prod");
    world.commit("feat: begin", &["app/main"]);
    assert!(!world.run(&["app"]));
    assert_eq!(world.managed, Managed::default());
    assert!(world.run(&[]), "the next run does it all again");
    assert_eq!(world.versions(), ["v0.1.0-rc.0", "-", "-"]);
}

#[test]
fn a_build_that_may_fail_takes_only_its_deploys_with_it() {
    let mut world = World::new(
        "environments: [dev, prod]
builds:
  - { name: app, on_failure: continue, build! }
  - { name: site, build! }
deploys:
  - { name: web, depends_on: [app], deploy! }
  - { name: pages, depends_on: [site], deploy! }
",
    );
    world.commit("feat: begin", &["x"]);
    assert!(world.run(&["app"]));
    let dev = world.held("dev");
    assert_eq!(
        (names(&dev.held.builds), names(&dev.held.deploys)),
        (vec!["site"], vec!["pages"])
    );
}

#[test]
fn a_failed_deploy_keeps_what_succeeded() {
    let mut world = world_with("dev, prod");
    let head = world.commit("feat: begin", &["app/main"]);
    assert!(!world.run(&["docs"]));
    let dev = world.held("dev");
    assert_eq!((dev.held.sha, dev.held.version), (None, None));
    assert_eq!(names(&dev.held.deploys), ["web"]);
    assert_eq!(dev.held.deploys["web"].sha.as_ref(), Some(&head));
    let plan = world.plan();
    assert_eq!(
        (plan.run_builds.len(), names(&plan.step.deploys)),
        (0, vec!["docs"])
    );
    assert!(world.run(&[]));
    assert_eq!(names(&world.held("dev").held.deploys), ["web", "docs"]);
}

#[test]
fn a_deploy_that_may_fail_does_not_stop_the_environment() {
    let mut world = World::new(
        "environments: [dev, prod]
deploys:
  - { name: web, deploy! }
  - { name: extra, on_failure: continue, deploy! }
  - { name: more, depends_on: [extra], deploy! }
",
    );
    world.commit("feat: begin", &["x"]);
    assert!(world.run(&["extra"]));
    assert_eq!(names(&world.held("dev").held.deploys), ["web"]);
}

#[test]
fn a_run_comes_in_waves_and_deploys_wait_for_every_build() {
    let mut world = World::new(
        "environments: [dev]
builds:
  - { name: app, build! }
  - { name: docs, build!, depends_on: [app] }
deploys:
  - { name: web, deploy!, depends_on: [app] }
  - { name: api, deploy!, depends_on: [web] }
  - { name: jobs, deploy! }
",
    );
    world.commit("feat: begin", &["x"]);
    let plan = world.plan();
    let expected = [vec!["app"], vec!["docs"], vec!["web", "jobs"], vec!["api"]];
    assert_eq!(plan.waves(&world.component), expected);
}

#[test]
fn a_validation_that_fails_stops_everything() {
    let mut world = World::new(
        "environments: [dev]
validate: { build! }
deploys:
  - { name: web, deploy! }
",
    );
    world.commit("feat: begin", &["x"]);
    let plan = world.plan();
    let stamp = world.stamp();
    for outcome in [Outcome::Failure, Outcome::Cancelled, Outcome::Skipped] {
        let collected = collect(
            &world.component,
            &plan,
            outcome,
            &Default::default(),
            &stamp,
        );
        assert!(
            collected.aborted && collected.deploys().is_none(),
            "{outcome}"
        );
        let finished = finish(
            &world.managed.state,
            &world.component,
            &collected,
            false,
            &stamp,
        )
        .unwrap();
        assert!(!finished.advanced);
        assert_eq!(finished.state, world.managed.state);
    }
}

#[test]
fn a_deploy_in_doubt_whose_build_fails_stays_in_doubt() {
    let mut world = World::new(
        "environments: [dev, prod]
builds:
  - { name: site, on_failure: continue, build! }
deploys:
  - { name: pages, depends_on: [site], deploy! }
",
    );
    world.commit("feat: begin", &["x"]);
    world.run(&[]);
    world.commit("feat: more", &["x"]);
    let plan = world.plan();
    let stamp = world.stamp();
    let deploying = Deploying {
        operation: Operation::Orchestrate,
        run: None,
        stamp: &stamp,
    };
    world.managed.state = begin(&world.managed.state, &plan.step, deploying).unwrap();
    world.commit("feat: again", &["x"]);
    assert!(!world.run(&["site"]));
    let dev = world.held("dev");
    assert!(dev.is_in_doubt("pages"));
    assert_eq!(dev.held.version.as_deref(), Some("v0.1.0-rc.0"));
}

#[test]
fn a_dry_run_leaves_out_what_does_not_understand_it() {
    let mut world = world_with("dev, prod");
    let head = world.commit("feat: begin", &["app/main"]);
    let request = Request {
        head,
        dry_run: true,
        ..Request::default()
    };
    let Ok(Decision::Run(plan)) = plan(&world.component, &world.managed, &world.history, &request)
    else {
        panic!("nothing runs");
    };
    assert_eq!(plan.step.version, "v0.1.0-dryrun.0");
    let stamp = world.stamp();
    let collected = collect(
        &world.component,
        &plan,
        Outcome::Skipped,
        &Default::default(),
        &stamp,
    );
    assert!(!collected.aborted);
    assert_eq!(names(&collected.step.deploys), ["web", "docs"]);
}

#[test]
fn a_library_records_its_candidates() {
    let mut world = World::new("builds: [{ name: app, build! }]\n");
    world.commit("feat: begin", &["x"]);
    assert!(world.run(&[]));
    assert_eq!(world.versions(), ["v0.1.0-rc.0", "-"]);
    assert!(world.managed.state.environments.is_empty());
    let head = world.head();
    assert!(matches!(world.decide(&head), Decision::Nothing(_)));
}

#[test]
fn the_first_environment_alone_is_a_pipeline() {
    let mut world = World::new("environments: [dev]\n");
    world.commit("feat: begin", &["x"]);
    assert!(world.run(&[]), "a run without callbacks records the commit");
    assert_eq!(world.versions(), ["v0.1.0-rc.0", "-"]);
}

#[test]
fn an_environment_that_moved_meanwhile_is_not_overwritten() {
    let mut world = world_with("dev, prod");
    world.commit("feat: begin", &["app/main"]);
    let slow = world.plan();
    let stamp = world.stamp();
    let builds = world.builds(&slow, &[]);
    let collected = collect(&world.component, &slow, Outcome::Success, &builds, &stamp);
    world.commit("feat: faster", &["app/main"]);
    world.run(&[]);
    let refused = finish(
        &world.managed.state,
        &world.component,
        &collected,
        false,
        &stamp,
    )
    .unwrap_err();
    assert_eq!(refused.place, "dev");
    assert!(
        refused
            .to_string()
            .starts_with("stale plan: dev holds v0.1.0-rc.0"),
        "{refused}"
    );
}

#[test]
fn the_ring_keeps_ten() {
    let mut world = world_with("dev, prod");
    for number in 0..HISTORY_LENGTH + 3 {
        world.commit("fix: again", &["app/main"]);
        assert!(world.run(&[]), "{number}");
    }
    let history = world.held("dev").previous;
    assert_eq!(history.len(), HISTORY_LENGTH);
    assert_eq!(history[0].held.version.as_deref(), Some("v0.1.0-rc.11"));
    assert_eq!(history[9].held.version.as_deref(), Some("v0.1.0-rc.2"));
    assert!(
        history
            .iter()
            .all(|each| each.held.deploys.contains_key("web")),
        "the deployment history knows its deploys"
    );
}
