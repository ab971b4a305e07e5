use super::world::{World, world_with};
use crate::lifecycle::orchestrate::Decision;

fn reasons(world: &World) -> Vec<(String, String)> {
    world.plan().reasons.into_iter().collect()
}

fn pair(what: &str, why: &str) -> (String, String) {
    (what.to_owned(), why.to_owned())
}

#[test]
fn each_callback_has_its_own_base() {
    let mut world = world_with("dev, prod");
    world.commit("feat: begin", &["app/main"]);
    world.run(&[]);
    world.commit("docs: page", &["docs/page"]);
    assert_eq!(
        reasons(&world),
        [pair("deploy docs", "`docs/page` changed")]
    );
    world.run(&["docs"]);
    world.commit("fix: app", &["app/main"]);
    assert_eq!(
        reasons(&world),
        [
            pair("build app", "`app/main` changed"),
            pair("deploy web", "build `app` is newer"),
            pair("deploy docs", "`docs/page` changed"),
        ],
        "what failed is still behind"
    );
}

#[test]
fn a_deploy_that_failed_after_its_build_is_selected_again() {
    let mut world = world_with("dev, prod");
    world.commit("feat: begin", &["app/main"]);
    world.run(&[]);
    world.commit("fix: app", &["app/main"]);
    assert!(!world.run(&["web"]));
    world.commit("chore: aside", &["README.md"]);
    assert_eq!(
        reasons(&world),
        [pair("deploy web", "build `app` is newer")]
    );
    assert!(world.run(&[]));
    let head = world.head();
    assert!(matches!(world.decide(&head), Decision::Nothing(_)));
}

#[test]
fn a_rewritten_history_selects_everything() {
    let mut world = world_with("dev, prod");
    world.commit("feat: begin", &["app/main"]);
    world.run(&[]);
    world.history.line.clear();
    world.commit("feat: another beginning", &["z"]);
    for (_, environment) in &mut world.managed.state.environments {
        let gone = Some("f".repeat(40));
        environment.held.builds["app"].sha.clone_from(&gone);
        environment.held.deploys["docs"].sha.clone_from(&gone);
        environment.held.sha = gone;
    }
    let gone = "the commit it ran at is gone";
    assert_eq!(
        reasons(&world),
        [
            pair("build app", gone),
            pair("deploy web", "build `app` is newer"),
            pair("deploy docs", gone)
        ]
    );
}

#[test]
fn only_force_comes_before_triggers() {
    let mut world = World::new(
        "environments: [dev, prod]
deploys:
  - { name: never, triggers: [x/**], deploy! }
  - { name: always, triggers: [x/**], run_policy: always, deploy! }
  - { name: force, triggers: [x/**], run_policy: force, deploy! }
",
    );
    world.commit("feat: begin", &["x/a"]);
    world.run(&[]);
    let policy = "its `run_policy` says so";
    assert_eq!(
        reasons(&world),
        [pair("deploy force", policy)],
        "nothing is new"
    );
    world.commit("fix: aside", &["README.md"]);
    assert_eq!(reasons(&world), [pair("deploy force", policy)]);
}

#[test]
fn no_triggers_means_always() {
    let mut world = World::new("environments: [dev]\ndeploys: [{ name: web, deploy! }]\n");
    world.commit("feat: begin", &["a"]);
    world.run(&[]);
    world.commit("docs: aside", &["README.md", "b"]);
    assert_eq!(
        reasons(&world),
        [pair("deploy web", "`README.md` and 1 more changed")]
    );
}

#[test]
fn a_deploy_with_builds_and_triggers_follows_either() {
    let mut world = World::new(
        "environments: [dev]
builds:
  - { name: app, triggers: [app/**], build! }
  - { name: lib, triggers: [lib/**], build! }
deploys:
  - { name: web, depends_on: [app, lib], triggers: [charts/**], run_policy: always, deploy! }
",
    );
    world.commit("feat: begin", &["app/a"]);
    world.run(&[]);
    world.commit("fix: lib", &["lib/a"]);
    assert_eq!(
        reasons(&world),
        [
            pair("build lib", "`lib/a` changed"),
            pair("deploy web", "build `lib` is newer")
        ]
    );
    world.run(&[]);
    world.commit("fix: chart", &["charts/a"]);
    assert_eq!(reasons(&world), [pair("deploy web", "`charts/a` changed")]);
}

#[test]
fn an_output_that_is_read_and_not_recorded_is_made() {
    let config = |reads: &str| {
        format!(
            "environments: [dev, prod]
builds: [{{ name: app, triggers: [app/**], build! }}]
deploys:
  - {{ name: infra, triggers: [infra/**], deploy! }}
  - {{ name: web, triggers: [web/**], depends_on: [app, infra], run_policy: always, deploy!{reads} }}
"
        )
    };
    let mut world = World::new(&config(""));
    world.commit("feat: begin", &["app/a", "infra/a", "web/a"]);
    world.run(&[]);
    let web = "deploy web";
    world.commit("fix: web", &["web/a"]);
    assert_eq!(reasons(&world), [pair(web, "`web/a` changed")]);
    // What earlier runs recorded does not have what the configuration reads now.
    world.managed.state.environments["dev"].held.builds["app"]
        .tags
        .clear();
    let reads = ", inputs: { environment: { from: infra.outputs.url } }";
    world.component = World::new(&config(reads)).component;
    assert_eq!(
        reasons(&world),
        [
            pair("build app", "its output `image` is read and not recorded"),
            pair(web, "`web/a` changed"),
            pair("deploy infra", "its output `url` is read and not recorded"),
        ]
    );
    let held = &mut world.managed.state.environments["dev"];
    let image = ("image".to_owned(), "app:1".to_owned());
    held.held.builds["app"].tags = [image].into();
    let url = ("url".to_owned(), "https://dev".to_owned());
    held.held.deploys["infra"].tags = [url].into();
    assert_eq!(reasons(&world), [pair(web, "`web/a` changed")]);
}

#[test]
fn the_default_policy_skips_with_a_dependency() {
    let mut world = World::new(
        "environments: [dev, prod]
builds: [{ name: app, triggers: [app/**], build! }]
deploys:
  - { name: web, depends_on: [app], triggers: [charts/**], deploy! }
  - { name: edge, depends_on: [web], triggers: [charts/**], deploy! }
  - { name: api, depends_on: [app], triggers: [charts/**], run_policy: always, deploy! }
  - { name: aside, optional_depends_on: [app], triggers: [charts/**], deploy! }
",
    );
    world.commit("feat: begin", &["app/a"]);
    world.run(&[]);
    world.commit("fix: chart", &["charts/a"]);
    let changed = "`charts/a` changed";
    assert_eq!(
        reasons(&world),
        [pair("deploy api", changed), pair("deploy aside", changed)],
        "`edge` is skipped with `web`, which is skipped with `app`"
    );
    assert!(world.run(&[]));
    world.commit("fix: app", &["app/a"]);
    let built = "build `app` is newer";
    assert_eq!(
        reasons(&world),
        [
            pair("build app", "`app/a` changed"),
            pair("deploy web", built),
            pair("deploy edge", changed),
            pair("deploy api", built),
        ],
        "what was skipped comes along"
    );
}
