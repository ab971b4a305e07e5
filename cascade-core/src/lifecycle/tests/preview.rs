use super::world::{World, world_with};
use crate::lifecycle::orchestrate::Request;
use crate::lifecycle::preview::{Known, preview};
use crate::lifecycle::simulate::{Facts, Supposed};
use crate::pull_request::ComponentPreview;
use indexmap::IndexMap;

/// The preview of a commit beside the trunk.
fn previewed(world: &mut World, head: &str, trunk: Option<&str>) -> ComponentPreview {
    let (supposed, stamp) = (Supposed::default(), world.stamp());
    let known = Known {
        managed: &world.managed,
        states: &IndexMap::new(),
        trunk,
        facts: Facts {
            supposed: &supposed,
            stamp: &stamp,
        },
    };
    let request = Request {
        head: head.to_owned(),
        ..Request::default()
    };
    let Ok(preview) = preview(&world.component, known, &world.history, &request);
    preview
}

#[test]
fn a_preview_shows_the_run_and_the_promotion_after_it() {
    let mut world = world_with("dev, test, prod");
    let trunk = world.commit("feat: begin", &["app/main"]);
    assert!(world.run(&[]));
    let head = world
        .history
        .commit_on(&trunk, "feat!: another", &["app/more"]);
    let shown = previewed(&mut world, &head, Some(&trunk)).delivery.unwrap();
    assert_eq!(shown.version.plain(), "v1.0.0-rc.0");
    assert_eq!(shown.environment.plain(), "dev");
    let breaking: Vec<_> = shown.breaking.items().iter().map(|it| it.plain()).collect();
    assert_eq!(breaking, ["another"]);
    let refused: Vec<_> = shown.refused.items().iter().map(|it| it.plain()).collect();
    assert_eq!(refused, [""; 0]);
    let carried = &shown.promotion.items()[0];
    assert_eq!(
        [
            carried.from.plain(),
            carried.to.plain(),
            carried.version.plain()
        ],
        ["dev", "test", "v1.0.0-rc.0"]
    );
}

#[test]
fn what_broke_before_is_not_what_the_pull_request_breaks() {
    let mut world = world_with("dev, prod");
    world.commit("feat: begin", &["app/main"]);
    assert!(world.run(&[]));
    let trunk = world.commit("feat!: before", &["app/main"]);
    let head = world.history.commit_on(&trunk, "fix: now", &["app/main"]);
    let shown = previewed(&mut world, &head, Some(&trunk)).delivery.unwrap();
    assert!(shown.breaking.is_empty());
    let shown = previewed(&mut world, &head, None).delivery.unwrap();
    assert_eq!(shown.breaking.count(), 1, "all that is not released");
}

#[test]
fn a_preview_says_why_nothing_runs() {
    let mut world = world_with("dev, prod");
    let trunk = world.commit("feat: begin", &["app/main"]);
    assert!(world.run(&[]));
    let head = world.history.commit_on(&trunk, "docs: x", &["README.md"]);
    let shown = previewed(&mut world, &head, Some(&trunk));
    assert!(shown.delivery.is_none());
    let why = shown.idle.unwrap().plain();
    assert!(why.contains("nothing that the pipeline watches"), "{why}");
}
