//! Manifests of the older tool load unchanged.

use cascade_core::check::{Checked, check};
use cascade_core::contract::Contracts;
use cascade_core::generate::generate;
use cascade_core::manifest::yaml::Manifest;
use cascade_core::pipeline::Strategy;
use cascade_core::state::Managed;

const EVERY_WORKFLOW: &str = include_str!("../fixtures/every-workflow.yaml");
const COMPONENTS: &str = include_str!("../fixtures/components.yaml");

fn checked(text: &str) -> Checked {
    let manifest = Manifest::read(text.as_bytes(), "ci").unwrap();
    check(manifest.config(), &Contracts::unavailable())
}

#[test]
fn every_optional_workflow_loads_with_the_deserved_warnings_alone() {
    let checked = checked(EVERY_WORKFLOW);
    let codes: Vec<&str> = checked
        .findings
        .iter()
        .map(|finding| finding.rule.code)
        .collect();
    assert_eq!(
        codes,
        ["C101", "C120", "C120", "C109", "C410"],
        "{:#?}",
        checked.findings
    );
    let pipeline = checked.pipeline.unwrap();
    let component = &pipeline.components()[0];
    assert_eq!(component.tag_grammar.prefix, "v");
    assert_eq!(
        component.environments[0].gha_environment.as_deref(),
        Some("development")
    );
    assert_eq!(component.environments[3].gate(), Some("production"));
    assert_eq!(component.environments[2].gate(), Some("uat"));
    let Some(Strategy::Canary(older)) = &component.deploys[1].strategy else {
        panic!("the older spelling of a canary is one");
    };
    assert_eq!(
        older
            .steps
            .iter()
            .map(|step| step.get())
            .collect::<Vec<_>>(),
        [25]
    );
    assert!(matches!(
        component.deploys[2].strategy,
        Some(Strategy::BlueGreen(_))
    ));
    assert_eq!(
        component.release_build.workflow.as_deref(),
        Some(".github/workflows/release.yaml")
    );
}

#[test]
fn a_state_survives_and_nothing_else_changes() {
    let manifest = Manifest::read(EVERY_WORKFLOW.as_bytes(), "ci").unwrap();
    let managed = Managed::read(&manifest).unwrap();
    assert_eq!(managed.state.environments.len(), 2);
    let written = managed.write(EVERY_WORKFLOW, "ci").unwrap();
    let authored = |text: &str| text.split("\n  state:").next().unwrap().to_owned();
    assert_eq!(authored(&written), authored(EVERY_WORKFLOW));
    let again = Manifest::read(written.as_bytes(), "ci").unwrap();
    assert_eq!(Managed::read(&again).unwrap(), managed);
}

#[test]
fn everything_that_a_manifest_may_ask_for_is_generated() {
    let pipeline = checked(EVERY_WORKFLOW).pipeline.unwrap();
    let files = generate(&pipeline, "0.1.0").unwrap();
    for stem in [
        "orchestrate",
        "cascade-drift-check",
        "cascade-pr-preview",
        "cascade-reconcile-check",
        "cascade-validate",
        "cascade-merge-queue",
        "cascade-integrate",
    ] {
        let path = format!(".github/workflows/{stem}.yaml");
        assert!(files.iter().any(|file| file.path == path), "{path}");
    }
}

#[test]
fn components_inherit_and_override() {
    let checked = checked(COMPONENTS);
    assert!(checked.findings.is_empty(), "{:#?}", checked.findings);
    let pipeline = checked.pipeline.unwrap();
    let [api, web] = pipeline.components() else {
        panic!("two components are two components")
    };
    assert_eq!((api.environments.len(), web.environments.len()), (3, 2));
    assert_eq!(
        (&*api.tag_grammar.prefix, &*web.tag_grammar.prefix),
        ("api/v", "web/v")
    );
    assert_eq!(
        (api.allow_breaking_changes, web.allow_breaking_changes),
        (false, true)
    );
    let filter: Vec<&str> = web
        .push_filter
        .iter()
        .map(|pattern| pattern.as_str())
        .collect();
    assert_eq!(filter, ["services/web/**", "assets/**", "libs/**"]);
    assert_eq!(api.deploys[0].callback.name.as_str(), "service");
}

#[test]
fn an_inherited_mistake_is_reported_once() {
    let broken = COMPONENTS.replace("cluster: blue", "cluster: \"${{ secrets.X }}\"");
    let found = checked(&broken).findings;
    let places: Vec<String> = found
        .iter()
        .map(|finding| format!("{} {}", finding.rule.code, finding.at))
        .collect();
    assert_eq!(places, ["C117 deploys[0].inputs.cluster"]);
}
