use super::world::{World, world_with};
use crate::lifecycle::outcome::Outcome;
use crate::lifecycle::promote::{Mode, Plan};

fn released(world: &mut World, message: &str, files: &[&str]) {
    world.commit(message, files);
    assert!(world.run(&[]));
}

fn steps(plan: &Plan) -> Vec<(&str, Vec<&str>)> {
    plan.steps
        .iter()
        .map(|step| {
            (
                step.environment.as_str(),
                step.deploys.keys().map(String::as_str).collect(),
            )
        })
        .collect()
}

#[test]
fn four_environments_step_by_step() {
    let mut world = world_with("dev, test, uat, prod");
    released(&mut world, "feat: one", &["app/main"]);
    for wanted in [
        ["v0.1.0-rc.0", "v0.1.0-rc.0", "-", "-", "-"],
        ["v0.1.0-rc.0", "v0.1.0-rc.0", "v0.1.0-rc.0", "-", "-"],
        ["v0.1.0-rc.0", "v0.1.0-rc.0", "v0.1.0-rc.0", "v0.1.0", "-"],
        [
            "v0.1.0-rc.0",
            "v0.1.0-rc.0",
            "v0.1.0-rc.0",
            "v0.1.0",
            "v0.1.0",
        ],
    ] {
        world.promote("default", &[]);
        assert_eq!(world.versions(), wanted);
    }
    let plan = world.promotion("default", |_| {});
    assert!(!plan.can_proceed() && plan.reason().starts_with("nothing to promote"));
    assert_eq!(world.held("prod").held.deploys.len(), 2);
}

#[test]
fn every_pair_moves_one_step_from_one_snapshot() {
    let mut world = world_with("dev, test, uat, prod");
    released(&mut world, "feat: one", &["app/main"]);
    world.promote("dev-to-test", &[]);
    released(&mut world, "fix: two", &["app/main"]);
    let plan = world.promote("default", &[]);
    assert_eq!(
        steps(&plan),
        [("test", vec!["web"]), ("uat", vec!["web", "docs"])]
    );
    assert_eq!(
        world.versions(),
        ["v0.1.0-rc.1", "v0.1.0-rc.1", "v0.1.0-rc.0", "-", "-"]
    );
    world.promote("default", &[]);
    assert_eq!(
        world.versions(),
        ["v0.1.0-rc.1", "v0.1.0-rc.1", "v0.1.0-rc.1", "v0.1.0", "-"]
    );
}

#[test]
fn short_chains() {
    let mut world = world_with("dev, uat, prod");
    released(&mut world, "feat: one", &["app/main"]);
    for wanted in [
        ["v0.1.0-rc.0", "-", "-"],
        ["v0.1.0-rc.0", "v0.1.0", "-"],
        ["v0.1.0-rc.0", "v0.1.0", "v0.1.0"],
    ] {
        world.promote("default", &[]);
        assert_eq!(world.versions()[1..], wanted);
    }
    let mut world = world_with("dev, prod");
    released(&mut world, "feat: one", &["app/main"]);
    for wanted in [["v0.1.0", "-"], ["v0.1.0", "v0.1.0"]] {
        world.promote("default", &[]);
        assert_eq!(world.versions()[1..], wanted);
    }
    let mut world = world_with("dev");
    released(&mut world, "feat: one", &["app/main"]);
    let plan = world.promote("default", &[]);
    assert!(plan.steps.is_empty());
    assert_eq!(world.versions(), ["v0.1.0-rc.0", "v0.1.0"]);
    let mut world = World::new("builds: [{ name: app, build! }]\n");
    released(&mut world, "feat: one", &["app/main"]);
    world.promote("default", &[]);
    assert_eq!(world.versions(), ["v0.1.0-rc.0", "v0.1.0"]);
}

#[test]
fn what_is_released_is_the_base_of_the_next_version() {
    let mut world = world_with("dev, prod");
    released(&mut world, "feat: one", &["app/main"]);
    world.promote("default", &[]);
    released(&mut world, "fix: two", &["app/main"]);
    assert_eq!(world.versions(), ["v0.1.1-rc.0", "v0.1.0", "-"]);
    let latest = &world.managed.latest_release;
    assert_eq!(latest.version.as_deref(), Some("v0.1.0"));
}

#[test]
fn the_last_environment_gets_the_release_even_if_a_newer_candidate_waits() {
    let mut world = world_with("dev, prod");
    released(&mut world, "feat: one", &["app/main"]);
    world.promote("default", &[]);
    let plan = world.promote("release-to-prod", &[]);
    assert_eq!(plan.steps[0].from.as_deref(), Some("release"));
    assert_eq!(world.held("prod").held.version.as_deref(), Some("v0.1.0"));
    assert!(
        world
            .held("prod")
            .held
            .deploys
            .values()
            .all(|each| each.version.as_deref() == Some("v0.1.0"))
    );
}

#[test]
fn a_jump_carries_one_artifact_through_everything() {
    let mut world = world_with("dev, test, uat, prod");
    released(&mut world, "feat: one", &["app/main"]);
    let plan = world.promote("dev-to-prod", &[]);
    let names: Vec<&str> = plan
        .steps
        .iter()
        .map(|step| step.environment.as_str())
        .collect();
    assert_eq!(names, ["test", "uat", "prod"]);
    assert_eq!(
        world.versions(),
        [
            "v0.1.0-rc.0",
            "v0.1.0-rc.0",
            "v0.1.0-rc.0",
            "v0.1.0",
            "v0.1.0"
        ]
    );
    let shas: Vec<_> = ["dev", "test", "uat", "prod"]
        .map(|name| world.held(name).held.sha)
        .into();
    assert!(shas.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn a_jump_below_the_release_publishes_nothing() {
    let mut world = world_with("dev, test, uat, prod");
    released(&mut world, "feat: one", &["app/main"]);
    let plan = world.promote("dev-to-uat", &[]);
    assert!(plan.release.is_none());
    assert_eq!(world.versions()[3..], ["-", "-"]);
}

#[test]
fn a_jump_stops_at_its_first_failure() {
    let mut world = world_with("dev, test, uat, prod");
    released(&mut world, "feat: one", &["app/main"]);
    world.promote("dev-to-prod", &["uat/docs"]);
    assert_eq!(
        world.versions(),
        ["v0.1.0-rc.0", "v0.1.0-rc.0", "-", "-", "-"]
    );
    world.promote("dev-to-prod", &[]);
    assert_eq!(world.versions()[2..], ["v0.1.0-rc.0", "v0.1.0", "v0.1.0"]);
}

#[test]
fn modes_are_the_ways_up_the_chain() {
    let world = world_with("dev, uat, prod");
    let jumps: Vec<String> = Mode::jumps(&world.component)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        jumps,
        [
            "dev-to-uat",
            "dev-to-prod",
            "uat-to-prod",
            "release-to-prod"
        ]
    );
    assert_eq!(Mode::parse("", &world.component), Ok(Mode::Default));
    let refused = Mode::parse("prod-to-dev", &world.component).unwrap_err();
    assert!(
        refused.starts_with("there is no mode `prod-to-dev`"),
        "{refused}"
    );
    assert!(Mode::jumps(&world_with("dev").component).is_empty());
}

#[test]
fn only_deploys_that_differ_run() {
    let mut world = world_with("dev, uat, prod");
    released(&mut world, "feat: one", &["app/main", "docs/page"]);
    world.promote("dev-to-uat", &[]);
    released(&mut world, "docs: page", &["docs/page"]);
    let plan = world.promotion("dev-to-uat", |_| {});
    assert_eq!(steps(&plan), [("uat", vec!["docs"])]);
    world.carry_out(&plan, &[]);
    let (dev, uat) = (world.held("dev"), world.held("uat"));
    assert_eq!(dev.held.version, uat.held.version);
    for name in ["web", "docs"] {
        assert_eq!(
            dev.held.deploys[name].sha, uat.held.deploys[name].sha,
            "{name}"
        );
    }
}

#[test]
fn deploys_can_be_narrowed() {
    let mut world = world_with("dev, uat, prod");
    released(&mut world, "feat: one", &["app/main"]);
    let plan = world.promotion("dev-to-uat", |request| {
        request.deploys = vec!["docs".to_owned()];
    });
    assert_eq!(steps(&plan), [("uat", vec!["docs"])]);
}

#[test]
fn what_was_left_out_is_deployed_by_the_next_promotion() {
    let mut world = world_with("dev, uat, prod");
    released(&mut world, "feat: one", &["app/main"]);
    let plan = world.promotion("dev-to-uat", |request| {
        request.deploys = vec!["docs".to_owned()];
    });
    world.carry_out(&plan, &[]);
    let plan = world.promotion("dev-to-uat", |_| {});
    assert_eq!(steps(&plan), [("uat", vec!["web"])]);
}

#[test]
fn externals_are_carried_along() {
    let mut world = world_with("dev, uat, prod");
    released(&mut world, "feat: one", &["app/main"]);
    let dev = world.managed.state.environments.get_mut("dev").unwrap();
    let cdk = dev.held.external.entry("cdk".to_owned()).or_default();
    cdk.version = Some("v9.0.0".to_owned());
    world.promote("dev-to-prod", &[]);
    for name in ["uat", "prod"] {
        assert_eq!(
            world.held(name).held.external["cdk"].version.as_deref(),
            Some("v9.0.0"),
            "{name}"
        );
    }
}

#[test]
fn a_promotion_planned_twice_is_refused_once_the_target_moved() {
    let mut world = world_with("dev, uat, prod");
    released(&mut world, "feat: one", &["app/main"]);
    let plan = world.promotion("dev-to-uat", |_| {});
    released(&mut world, "feat: two", &["app/main"]);
    world.promote("dev-to-uat", &[]);
    let step = plan.step("uat").unwrap();
    assert!(step.holds(&world.managed.state).is_err());
}

#[test]
fn a_release_deploys_again_only_what_changed_since_the_last_one() {
    let mut world = world_with("dev, uat, prod");
    released(&mut world, "feat: one", &["app/main", "docs/a"]);
    world.promote("dev-to-prod", &[]);
    released(&mut world, "feat: two", &["docs/b"]);
    let plan = world.promotion("dev-to-prod", |_| {});
    assert_eq!(
        steps(&plan),
        [("uat", vec!["docs"]), ("prod", vec!["docs"])]
    );
}

#[test]
fn deploys_that_a_retry_rescued_are_done_though_their_job_is_red() {
    let mut world = World::new(
        "environments: [dev, uat, prod]
deploys:
  - { name: web, deploy! }
  - { name: docs, on_failure: continue, deploy! }
",
    );
    world.commit("feat: begin", &["x"]);
    world.run(&[]);
    world.promote("dev-to-uat", &["uat/docs"]);
    let plan = world.promotion("dev-to-uat", |_| {});
    let steps = plan.entries();
    let [step] = steps.as_slice() else {
        panic!("{steps:?}");
    };
    assert!(!step.is_done(&world.managed.state, Outcome::Failure));
    world.carry_out(&plan, &[]);
    assert!(step.is_done(&world.managed.state, Outcome::Failure));
}
