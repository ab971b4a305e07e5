use super::*;
use crate::manifest::yaml::Manifest;
use proptest::prelude::*;

const SAMPLE: &str = "\
# mine
ci:
  config: {trunk_branch: main}   # stays
  state:
    dev:
      sha: 0123456789012345678901234567890123456789
      version: v1.2.0-rc.3
      committed_at: \"2026-01-15T10:30:00Z\"
      committed_by: octocat
      builds:
        app:
          sha: '1234567'
          built_at: \"2026-01-15T10:30:00Z\"
          artifact_id: app-1
          tags:
            image_tag: '1.10'
          future: [1, {a: b}]
      deploys:
        web:
          sha: abc
          version: v1.2.0-rc.3
          deployed_at: \"2026-01-15T10:31:00Z\"
          deployed_by: octocat
          tags:
            url: https://x.example
          target_sha: def
          rollout:
            strategy: canary
            phase: bake
            percent: 50
            started_at: \"2026-01-15T10:31:00Z\"
            finished_at: \"2026-01-15T10:41:00Z\"
      external:
        cdk:
          repo: acme/cdk
          sha: fff
          version: v2.0.0
          source: tag
          deployed_at: \"2026-01-15T10:31:00Z\"
          deployed_by: octocat
          artifacts:
            image: x
      previous:
        - sha: old
          version: v1.1.0
          committed_at: \"2026-01-14T10:30:00Z\"
          committed_by: octocat
          note: kept
      ref: env/dev
      base_sha: bbb
      patches:
        - ccc
        - sha: ddd
          by: x
      rejected:
        sha: rrr
        version: v1.3.0
      unknown: true
    prod: {}
    release:
      sha: abc
      version: v1.1.0
      committed_at: \"2026-01-15T10:30:00Z\"
      committed_by: octocat
    components:
      api:
        dev:
          sha: aaa
    format: 3
  latest_release:
    version: v1.1.0
    sha: abc
    released_on: \"2026-01-15\"
    released_by: octocat
    components:
      api:
        version: api/v1.0.0
    more: 1.5
";

fn read(text: &str) -> Managed {
    Managed::read(&Manifest::read(text.as_bytes(), "ci").unwrap()).unwrap()
}

#[test]
fn a_rich_sample_survives() {
    let managed = read(SAMPLE);
    let written = managed.write(SAMPLE, "ci").unwrap();
    assert_eq!(read(&written), managed);
    assert_eq!(managed.write(&written, "ci").unwrap(), written);
    let tidy = SAMPLE
        .replace(
            "sha: 0123456789012345678901234567890123456789",
            "sha: \"0123456789012345678901234567890123456789\"",
        )
        .replace("'1234567'", "\"1234567\"")
        .replace("'1.10'", "\"1.10\"")
        .replace(
            "          future: [1, {a: b}]",
            "          future:\n            - 1\n            - a: b",
        );
    assert_eq!(written, tidy);
}

#[test]
fn fields() {
    let managed = read(SAMPLE);
    let dev = &managed.state.environments["dev"];
    assert_eq!(
        dev.held.sha.as_deref(),
        Some("0123456789012345678901234567890123456789")
    );
    assert_eq!(dev.held.builds["app"].tags["image_tag"], "1.10");
    assert_eq!(
        dev.held.deploys["web"].rollout.as_ref().unwrap().percent,
        Some(50)
    );
    assert_eq!(
        dev.patches.iter().map(Patch::sha).collect::<Vec<_>>(),
        [Some("ccc"), Some("ddd")]
    );
    assert!(dev.is_diverged());
    assert_eq!(
        managed.state.components["api"].environments["dev"]
            .held
            .sha
            .as_deref(),
        Some("aaa")
    );
    assert_eq!(managed.state.extra["format"], serde_json::Value::from(3));
    assert_eq!(
        managed.latest_release.components["api"].version.as_deref(),
        Some("api/v1.0.0")
    );
}

#[test]
fn spelling_of_unquoted_scalars_stays() {
    let managed = read(
        "ci:\n  config: {a: b}\n  state:\n    dev: {version: 1.10, sha: 1e10, builds: , committed_by: }\n    uat:\n",
    );
    let dev = &managed.state.environments["dev"];
    assert_eq!(dev.held.version.as_deref(), Some("1.10"));
    assert_eq!(dev.held.sha.as_deref(), Some("1e10"));
    assert!(managed.state.environments.contains_key("uat"));
}

#[test]
fn nothing_is_added_for_nothing() {
    let text = "ci:\n  config: {a: b}\n";
    assert_eq!(Managed::default().write(text, "ci").unwrap(), text);
    let present = "ci:\n  config: {a: b}\n  state:\n    dev: {}\n";
    assert_eq!(
        Managed::default().write(present, "ci").unwrap(),
        "ci:\n  config: {a: b}\n  state: {}\n"
    );
}

#[test]
fn a_wrong_layout_is_named() {
    let text = "ci:\n  config: {a: b}\n  state:\n    dev: {sha: [1]}\n";
    let error = Managed::read(&Manifest::read(text.as_bytes(), "ci").unwrap()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`state` cannot be read: dev: invalid type: sequence, expected text"
    );
}

#[test]
fn text_that_ends_in_line_breaks() {
    for text in ["x", "x\n", "x\n\n", "\n", "\n\n", " \n"] {
        let mut managed = Managed::default();
        let environment = managed
            .state
            .environments
            .entry("dev".to_owned())
            .or_default();
        environment.held.version = Some(text.to_owned());
        for after in ["", "\n", "\n\n\n", "\n\n  # c\n"] {
            let before = format!("ci:\n  config: {{a: b}}\n  state: {{}}{after}");
            let written = managed.write(&before, "ci").unwrap();
            assert_eq!(read(&written), managed, "{written:?}");
            assert!(written.ends_with(after));
        }
    }
}

#[test]
fn the_ring_is_short() {
    let mut environment = Environment::default();
    environment.remember();
    assert!(environment.previous.is_empty());
    for n in 0..15 {
        environment.held.sha = Some(n.to_string());
        environment.remember();
    }
    assert_eq!(environment.previous.len(), HISTORY_LENGTH);
    assert_eq!(environment.previous[0].held.sha.as_deref(), Some("14"));
}

#[test]
fn breaks_of_old_yaml_survive() {
    let mut managed = Managed::default();
    let environment = managed
        .state
        .environments
        .entry("dev".to_owned())
        .or_default();
    environment.held.committed_by = Some("a\u{2028}b\u{2029}\u{85}c\u{2028}".to_owned());
    let written = managed.write("ci:\n  config: {a: b}\n", "ci").unwrap();
    assert_eq!(read(&written), managed);
    assert_eq!(read(&managed.write(&written, "ci").unwrap()), managed);
}

proptest! {
    #[test]
    fn any_text_survives(
        name in "[a-zA-Z0-9~:# .'\"-]{1,8}",
        text in prop_oneof!["\\PC{0,12}", "[0-9a-fxoe._+-]{0,8}", "(true|Null|~|on|No|\\.inf|[ \n\t#:'\"-]{1,5}[a-z]?)"],
    ) {
        prop_assume!(!["release", "prerelease", "components"].contains(&name.as_str()));
        let mut managed = Managed::default();
        let environment = managed.state.environments.entry(name).or_default();
        environment.held.committed_by = Some(text.clone());
        environment.extra.insert("x".to_owned(), serde_json::Value::from(text.as_str()));
        environment.held.builds.entry("app".to_owned()).or_default().tags.insert(text.clone(), text);
        managed.latest_release.version = Some("v1".to_owned());
        let written = managed.write("ci:\n  config: {a: b}\n# end\n", "ci").unwrap();
        prop_assert_eq!(read(&written), managed);
        prop_assert!(written.ends_with("\n# end\n"));
    }
}
