//! Components: what they inherit, what they watch, and the versions of those that are linked.

use cascade_core::check::check;
use cascade_core::contract::Contracts;
use cascade_core::lifecycle::History;
use cascade_core::lifecycle::history::{Memory, Tag};
use cascade_core::lifecycle::orchestrate::next_version;
use cascade_core::manifest::yaml::Manifest;
use cascade_core::pipeline::{Component, Pipeline};
use cascade_core::state::Managed;

fn pipeline(config: &str) -> Pipeline {
    let lines = config.lines().map(|line| format!("    {line}\n"));
    let text = format!("ci:\n  config:\n{}", lines.collect::<String>());
    let manifest = Manifest::read(text.as_bytes(), "ci").unwrap();
    let checked = check(manifest.config(), &Contracts::unavailable());
    let findings = format!("{:#?}", checked.findings);
    checked.pipeline.expect(&findings)
}

fn component<'a>(pipeline: &'a Pipeline, name: &str) -> &'a Component {
    let mut components = pipeline.components().iter();
    components.find(|each| each.name() == Some(name)).unwrap()
}

fn filter(component: &Component) -> Vec<&str> {
    let patterns = component.push_filter.iter();
    patterns.map(|pattern| pattern.as_str()).collect()
}

#[test]
fn a_component_overrides_with_nothing_and_with_no_too() {
    let pipeline = pipeline(
        "\
trunk_branch: main
environments: [dev, prod]
allow_breaking_changes: true
job_timeout_minutes: 20
changelog: { contributors: true }
tag_grammar: { prerelease_token: beta }
deploys: [{ name: web, workflow: .github/workflows/deploy.yaml }]
components:
  api: { path: api, tag_grammar: { prefix: api-v } }
  lib:
    path: lib
    tag_grammar: { prefix: lib-v, prerelease_token: pre }
    environments: []
    deploys: []
    allow_breaking_changes: false
    changelog: { disabled: true }",
    );
    let (api, lib) = (component(&pipeline, "api"), component(&pipeline, "lib"));
    assert_eq!((api.environments.len(), lib.environments.len()), (2, 0));
    assert_eq!((api.deploys.len(), lib.deploys.len()), (1, 0));
    assert!(api.allow_breaking_changes && !lib.allow_breaking_changes);
    assert_eq!(api.tag_grammar.prerelease_token, "beta");
    assert_eq!(lib.tag_grammar.prerelease_token, "pre");
    assert!(lib.changelog.disabled && lib.changelog.contributors);
    assert_eq!(lib.job_timeout_minutes.get(), 20);
    assert!(
        api.tag_grammar.strict_prefix,
        "a tag without a prefix is another's"
    );
}

#[test]
fn a_callback_watches_its_component_and_what_it_says_itself() {
    let pipeline = pipeline(
        "\
trunk_branch: main
environments: [dev]
shared_paths: [libs/**]
components:
  api:
    path: ./services/a*i/
    extra_paths: [proto/**]
    tag_grammar: { prefix: api-v }
    builds: [{ name: image, workflow: .github/workflows/b.yaml }]
    deploys:
      - { name: follows, workflow: .github/workflows/d.yaml, depends_on: [image] }
      - { name: plain, workflow: .github/workflows/d.yaml }
      - { name: without, workflow: .github/workflows/d.yaml, triggers: [\"!**/*.md\"] }
      - { name: elsewhere, workflow: .github/workflows/d.yaml, triggers: [infra/**, \"!infra/*.md\"] }",
    );
    let api = component(&pipeline, "api");
    let own = [r"services/a\*i/**", "proto/**", "libs/**"];
    let watched = |name: &str| -> Vec<&str> {
        let mut deploys = api.deploys.iter();
        let deploy = deploys.find(|each| each.callback.name.as_str() == name);
        let triggers = deploy.unwrap().callback.triggers.iter();
        triggers.map(|pattern| pattern.as_str()).collect()
    };
    assert_eq!(watched("follows"), [""; 0]);
    assert_eq!(watched("plain"), own);
    assert_eq!(watched("without"), [&own[..], &["!**/*.md"]].concat());
    let extra = ["proto/**", "libs/**", "infra/**", "!infra/*.md"];
    assert_eq!(watched("elsewhere"), extra);
    assert_eq!(filter(api), [&own[..], &["infra/**"]].concat());
    assert!(api.watched().includes("services/a*i/src/main.rs"));
    assert!(!api.watched().includes("services/api/src/main.rs"));
}

const LINKED: &str = "\
trunk_branch: main
shared_paths: [libs/**, \"!libs/**/*.md\"]
components:
  api: { path: api, tag_grammar: { prefix: api-v } }
  web: { path: web, tag_grammar: { prefix: web-v }, extra_paths: [\"!web/**/*.md\"], linked_with: [sdk] }
  sdk: { path: sdk, tag_grammar: { prefix: sdk-v }, linked_with: [api] }
  alone: { path: alone, tag_grammar: { prefix: alone-v } }";

#[test]
fn links_hold_in_both_directions_and_are_followed() {
    let pipeline = pipeline(LINKED);
    for name in ["api", "web", "sdk"] {
        let linked = component(&pipeline, name);
        let members = linked.train().unwrap().members.iter();
        let members: Vec<&str> = members.map(|member| member.name.as_str()).collect();
        assert_eq!(members, ["api", "web", "sdk"]);
        assert_eq!(
            filter(linked),
            ["api/**", "libs/**", "!libs/**/*.md", "web/**", "sdk/**"]
        );
    }
    let alone = component(&pipeline, "alone");
    assert!(alone.train().is_none());
    assert_eq!(filter(alone), ["alone/**", "libs/**", "!libs/**/*.md"]);
}

/// Every member's next version at a commit, without prefixes.
fn next(history: &Memory, head: &str) -> Vec<String> {
    let pipeline = pipeline(LINKED);
    let members = ["api", "web", "sdk"].map(|name| {
        let component = component(&pipeline, name);
        let next = next_version(component, &Managed::default(), history, head, &[]).unwrap();
        let tag = component.tag_grammar.tag(&next.version);
        tag[component.tag_grammar.prefix.len()..].to_owned()
    });
    members.to_vec()
}

fn tag(history: &mut Memory, name: &str, sha: &str) {
    history.tags.push(Tag {
        name: name.to_owned(),
        sha: sha.to_owned(),
    });
}

#[test]
fn a_train_has_one_version_whoever_is_first() {
    let mut history = Memory::default();
    let first = history.commit("feat: an endpoint", &["api/a"]);
    assert_eq!(next(&history, &first), ["0.1.0-rc.0"; 3]);
    tag(&mut history, "web-v0.1.0-rc.0", &first);
    let late = next(&history, &first);
    assert_eq!(late, ["0.1.0-rc.0", "0.1.0-rc.1", "0.1.0-rc.0"]);

    let second = history.commit("feat!: another page", &["web/a"]);
    assert_eq!(next(&history, &second), ["1.0.0-rc.0"; 3]);
    tag(&mut history, "sdk-v1.0.0", &second);
    tag(&mut history, "alone-v7.0.0", &second);
    let third = history.commit("fix: the sdk", &["sdk/a"]);
    assert_eq!(next(&history, &third), ["1.0.1-rc.0"; 3]);
}

#[test]
fn only_commits_that_change_a_watched_file_count() {
    let pipeline = pipeline(LINKED);
    let mut history = Memory::default();
    history.commit("feat: alone", &["alone/a"]);
    history.commit("feat!: not alone", &["api/a", "README.md"]);
    let head = history.commit("docs: nobody's", &["README.md"]);
    let of = |name: &str| -> Vec<String> {
        let commits = history.commits_of(component(&pipeline, name), None, &head);
        let commits = commits.unwrap().into_iter();
        commits.map(|commit| commit.message).collect()
    };
    assert_eq!(of("alone"), ["feat: alone"]);
    assert_eq!(of("sdk"), ["feat!: not alone"]);
}
