use super::world::{World, world_with};
use crate::lifecycle::release::{
    Existing, Release, after_publishing, is_pending, named, outdated_drafts, record, still_to_come,
};
use crate::state::Managed;

/// A pipeline whose prod holds a release, with the next candidate in uat.
fn world() -> World {
    let mut world = world_with("dev, uat, prod");
    world.commit("feat: one", &["app/main"]);
    world.run(&[]);
    world.promote("dev-to-prod", &[]);
    world.commit("feat: two", &["app/main"]);
    world.run(&[]);
    world.promote("dev-to-uat", &[]);
    world
}

#[test]
fn publishing_is_recorded_once_with_all_that_was_built() {
    let world = world();
    let record = world.managed.state.release.as_ref().unwrap();
    assert_eq!(record.held.version.as_deref(), Some("v0.1.0"));
    assert!(record.held.builds.contains_key("app") && record.held.deploys.contains_key("web"));
    assert_eq!(
        world.managed.latest_release.version.as_deref(),
        Some("v0.1.0")
    );
}

#[test]
fn another_release_meanwhile_is_not_overwritten() {
    let mut world = world();
    let plan = world.promotion("default", |_| {});
    let planned = plan.release.unwrap();
    world.managed.state.release.as_mut().unwrap().held.version = Some("v9.0.0".to_owned());
    let stamp = world.stamp();
    assert_eq!(
        record(&world.managed, &planned, &stamp).unwrap_err().place,
        "release"
    );
}

#[test]
fn each_build_is_published_with_what_it_put_out() {
    let mut world = World::new(
        "environments: [dev, prod]
builds:
  - { name: app, triggers: [app/**], state_tags: [image], build! }
  - { name: site, build! }
publish: { deploy! }
",
    );
    world.commit("feat: one", &["app/main"]);
    world.run(&[]);
    let built = world.head();
    world.commit("fix: site", &["site/a"]);
    world.run(&[]);
    let plan = world.promote("default", &[]);
    let list = plan.publishing(&world.component);
    let names: Vec<&str> = list.iter().map(|each| each.build_name.as_str()).collect();
    assert_eq!(names, ["app", "site"]);
    assert_eq!(
        (list[0].old_version.as_str(), list[0].new_version.as_str()),
        ("v0.1.0-rc.1", "v0.1.0")
    );
    assert_eq!((&list[0].sha, &list[1].sha), (&built, &world.head()));
    assert_eq!(list[0].outputs["image"], "app:v0.1.0-rc.0");
    assert!(list[1].outputs.is_empty());
    let plan = world.promotion("default", |_| {});
    assert!(
        plan.publishing(&world.component).is_empty(),
        "only publishing publishes"
    );
}

fn existing(id: u64, tag: &str, draft: bool) -> Existing {
    Existing {
        id,
        tag: tag.to_owned(),
        draft,
        prerelease: !draft,
    }
}

#[test]
fn candidates_go_unless_something_still_names_them() {
    let mut world = world();
    world.commit("fix: three", &["app/main"]);
    world.run(&[]);
    let grammar = world.component.tag_grammar.clone();
    world.promote("default", &[]);
    assert_eq!(
        world.versions(),
        ["v0.2.0-rc.1", "v0.2.0-rc.1", "v0.2.0", "v0.1.0"]
    );
    let tags: Vec<String> = [
        "v0.1.0-rc.0",
        "v0.1.0",
        "v0.2.0-rc.0",
        "v0.2.0-rc.1",
        "v0.2.0-rc.2",
        "v0.2.0",
        "v0.3.0-rc.0",
        "0.2.0-rc.2",
        "other",
    ]
    .map(str::to_owned)
    .into();
    let releases = [
        existing(1, "v0.2.0-rc.2", true),
        existing(2, "v0.2.0-rc.2", false),
        existing(3, "v0.2.0-rc.1", true),
        existing(4, "v0.2.0-rc.1", false),
        existing(5, "v0.2.0", false),
        existing(6, "v0.3.0-rc.0", true),
    ];
    let tidying = after_publishing(&grammar, &world.managed.state, "v0.2.0", &tags, &releases);
    assert_eq!(
        tidying.tags,
        ["v0.2.0-rc.2"],
        "what the state or a deployment history names stays"
    );
    assert_eq!(
        tidying.releases,
        [1, 2, 3],
        "drafts of that core go, releases go with their tags"
    );
    let nothing = after_publishing(&grammar, &world.managed.state, "nightly", &tags, &releases);
    assert_eq!(nothing, Default::default());
}

#[test]
fn the_state_names_rings_and_deploys() {
    let world = world();
    let named: Vec<&str> = named(&world.managed.state).into_iter().collect();
    assert_eq!(named, ["v0.1.0", "v0.1.0-rc.0", "v0.2.0-rc.0"]);
}

#[test]
fn drafts_that_a_jump_left_behind() {
    let grammar = world().component.tag_grammar;
    let releases = [
        existing(1, "v0.2.0-rc.0", true),
        existing(2, "v0.2.0-rc.1", false),
        existing(3, "v0.2.0-rc.2", true),
        existing(4, "v0.2.0-rc.3", true),
        existing(5, "v0.1.0-rc.9", true),
    ];
    assert_eq!(outdated_drafts(&grammar, "v0.2.0-rc.2", &releases), [1]);
    assert!(outdated_drafts(&grammar, "x", &releases).is_empty());
}

#[test]
fn a_candidate_waits_until_its_core_is_published() {
    let world = world();
    let (grammar, state) = (&world.component.tag_grammar, &world.managed.state);
    for (version, wanted) in [
        ("v0.2.0-rc.0", true),
        ("v0.1.0-rc.5", false),
        ("v0.1.0", false),
        ("v0.2.0", false),
        ("x", false),
    ] {
        assert_eq!(is_pending(grammar, state, version), wanted, "{version}");
    }
    assert!(is_pending(
        grammar,
        &Managed::default().state,
        "v0.1.0-rc.0"
    ));
}

#[test]
fn a_first_release_has_nothing_before_it() {
    let mut world = world();
    let release = Release {
        version: "v1.0.0".to_owned(),
        sha: "a".repeat(40),
        ..Release::default()
    };
    let stamp = world.stamp();
    let managed = record(&Managed::default(), &release, &stamp).unwrap();
    assert_eq!(
        managed.latest_release.released_by.as_deref(),
        Some("octocat")
    );
}

#[test]
fn only_what_is_above_the_prerelease_and_the_release_is_to_come() {
    let world = world();
    let grammar = &world.component.tag_grammar;
    let pending = still_to_come(&world.component, &world.managed.state);
    let found = [
        "v0.1.0-rc.1",
        "v0.2.0-rc.0",
        "v0.2.0-rc.1",
        "v0.3.0-rc.0",
        "v0.3.0",
    ]
    .map(|version| pending(grammar.parse(version).unwrap()));
    assert_eq!(found, [false, false, true, true, false]);
}
