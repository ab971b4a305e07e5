use super::setters::Setter;
use super::*;
use crate::manifest::draft::{Block, BlockSpec, Shape};
use crate::manifest::{
    BlueGreenBlock, BuildBlock, CanaryBlock, CliBlock, Config, DeployBlock, DeployTargetBlock,
    DispatchInputBlock, EnvironmentBlock, ExternalBlock, ExternalDeployBlock, ExtraTriggersBlock,
    GitBlock, IntegrationBlock, PublishBlock, ReconcileBlock, TelemetryBlock, ValidateBlock,
    WorkflowRunBlock,
};

const BUILD: &str = ".github/workflows/build.yaml";
const DEPLOY: &str = ".github/workflows/deploy.yaml";

fn small() -> Builder {
    Builder::new("main")
        .environment("dev")
        .environment("prod")
        .add(Build::new("image", BUILD))
        .add(Deploy::new("web", DEPLOY).depends_on("image"))
}

/// Every key has a setter, but for those that another method or the constructor gives; a choice
/// has one that takes a type.
fn covered(spec: &BlockSpec, setters: &[Setter], otherwise: &[&str]) {
    let setter = |key: &str| setters.iter().find(|setter| setter.key == key);
    for field in spec.fields {
        let given = setter(field.key).is_some() || otherwise.contains(&field.key);
        assert!(given, "{} has no setter for `{}`", spec.name, field.key);
        let typed = setter(field.key).is_none_or(|setter| TYPED.contains(&setter.kind));
        let name = spec.name;
        let has_choice = has_choice(&field.shape);
        assert!(typed || !has_choice, "{name}: `{}` is a choice", field.key);
    }
    for Setter { key, .. } in setters {
        assert!(spec.field(key).is_some(), "{}: `{key}`", spec.name);
    }
}

/// Setters that take no text for a choice.
const TYPED: &[&str] = &["choice", "choices", "map_of", "block"];

fn has_choice(shape: &Shape) -> bool {
    match shape {
        Shape::Choice(_) => true,
        Shape::List(inner) | Shape::Map(inner) => has_choice(inner),
        Shape::OneOf(shapes) => shapes.iter().any(has_choice),
        Shape::Block(spec) => spec.fields.iter().any(|field| has_choice(&field.shape)),
        _ => false,
    }
}

#[test]
fn every_key_has_a_setter() {
    let callback = [
        "name",
        "workflow",
        "env_inputs",
        "depends_on",
        "optional_depends_on",
        "artifact",
        "strategy",
        "canary",
        "blue_green",
        "rollout",
    ];
    covered(BuildBlock::SPEC, Build::SETTERS, &callback);
    covered(DeployBlock::SPEC, Deploy::SETTERS, &callback);
    covered(ValidateBlock::SPEC, Validate::SETTERS, &callback);
    covered(PublishBlock::SPEC, Publish::SETTERS, &callback);
    covered(EnvironmentBlock::SPEC, Environment::SETTERS, &["name"]);
    let given = ["promote_callback", "rollback_callback"];
    covered(CanaryBlock::SPEC, Canary::SETTERS, &given);
    let given = ["cutover_callback"];
    covered(BlueGreenBlock::SPEC, BlueGreen::SETTERS, &given);
    let given = ["repo", "mode", "deploys", "token"];
    covered(ExternalBlock::SPEC, External::SETTERS, &given);
    let given = ["name", "on_update"];
    covered(ExternalDeployBlock::SPEC, ExternalDeploy::SETTERS, &given);
    covered(CliBlock::SPEC, Cli::SETTERS, &["source"]);
    covered(GitBlock::SPEC, Git::SETTERS, &["mode"]);
    covered(DispatchInputBlock::SPEC, DispatchInput::SETTERS, &[]);
    covered(ExtraTriggersBlock::SPEC, ExtraTriggers::SETTERS, &[]);
    covered(WorkflowRunBlock::SPEC, WorkflowRun::SETTERS, &[]);
    covered(DeployTargetBlock::SPEC, DeployTarget::SETTERS, &["mode"]);
    covered(ReconcileBlock::SPEC, Reconcile::SETTERS, &[]);
    covered(TelemetryBlock::SPEC, Telemetry::SETTERS, &[]);
    covered(IntegrationBlock::SPEC, Integration::SETTERS, &["upstream"]);
    let given = [
        "schema_version",
        "environments",
        "environment_config",
        "tag_prefix",
        "validate",
        "builds",
        "deploys",
        "publish",
        "external",
        "release",
        "components",
    ];
    covered(Config::SPEC, Settings::SETTERS, &given);
}

#[test]
fn the_draft_is_that_of_the_manifest() {
    let definition = small()
        .settings(|s| s.runs_on("ubuntu-24.04"))
        .edit("web", |web: Deploy| {
            web.input("tag", Handle::<Build>::new("image").output("tag"))
                .env_input("prod", "cluster", "green")
        })
        .build()
        .unwrap();
    let yaml = "ci:
  config:
    schema_version: 1
    trunk_branch: main
    environments: [dev, prod]
    runs_on: ubuntu-24.04
    builds: [{ name: image, workflow: .github/workflows/build.yaml }]
    deploys:
      - name: web
        workflow: .github/workflows/deploy.yaml
        depends_on: [image]
        inputs: { tag: { from: image.outputs.tag } }
        env_inputs: { prod: { cluster: green } }
";
    let manifest = crate::manifest::yaml::Manifest::read(yaml.as_bytes(), "ci").unwrap();
    assert_eq!(definition.node(), manifest.config());
}

#[test]
fn the_rules_hold() {
    let report = small()
        .add(Deploy::new("api", DEPLOY).depends_on("imgae"))
        .build()
        .unwrap_err();
    let codes: Vec<&str> = report.errors().map(|finding| finding.rule.code).collect();
    assert_eq!(codes, ["C203"]);
    assert!(report.to_string().contains("did you mean `image`?"));
}

#[test]
fn an_edit_of_nothing_is_reported() {
    let web: Handle<Deploy> = Handle::new("wbe");
    let report = small().edit(web, |deploy| deploy.retries(1)).build();
    let text = report.unwrap_err().to_string();
    assert!(text.contains("nothing named `wbe`"), "{text}");
    assert!(text.contains("did you mean `web`?"), "{text}");
}

#[test]
fn a_strategy_replaces_the_one_before() {
    let deploy = Deploy::new("web", DEPLOY)
        .strategy(BlueGreen::new(DEPLOY))
        .strategy(Canary::new(DEPLOY, DEPLOY).steps([10, 50]))
        .percent(25);
    assert_eq!(deploy.get("strategy"), Some(&"canary".into()));
    assert_eq!(deploy.get("blue_green"), None);
    let canary = deploy.get("canary").unwrap();
    assert_eq!(canary.get("steps"), None);
    assert_eq!(canary.get("percent"), Some(&25.into()));
}

#[test]
fn externals_are_found_by_what_they_record() {
    let deploy = || ExternalDeploy::new("cdk").workflow(DEPLOY);
    let definition = small()
        .add(External::push("acme/infra", deploy()))
        .add(External::pull("acme/models").version("^2"))
        .edit("cdk", |cdk: External| cdk.verify_source(true))
        .edit("models", |models: External| models.version("^3"))
        .build()
        .unwrap();
    let Some(Node::List(external)) = definition.node().get("external") else {
        panic!("no list");
    };
    assert_eq!(external[0].get("verify_source"), Some(&true.into()));
    assert_eq!(external[1].get("version"), Some(&"^3".into()));
}

#[test]
fn choices_are_the_words_of_the_manifest() {
    let definition = small()
        .settings(|s| {
            s.cli(Cli::new(CliSource::Workspace).path(".github/pipeline"))
                .release_trigger(ReleaseTrigger::Dispatch)
                .state_token("STATE")
                .reconcile(
                    Reconcile::new()
                        .enabled(true)
                        .source(ReconcileSource::Renovate)
                        .commit(ReconcileCommit::Followup),
                )
        })
        .edit("web", |web: Deploy| {
            web.run_policy(RunPolicy::Always)
                .permissions([("contents", Access::Read)])
                .secrets(Secrets::Inherit)
        })
        .build()
        .unwrap();
    let yaml = "ci:
  config:
    schema_version: 1
    trunk_branch: main
    environments: [dev, prod]
    builds: [{ name: image, workflow: .github/workflows/build.yaml }]
    deploys:
      - name: web
        workflow: .github/workflows/deploy.yaml
        depends_on: [image]
        run_policy: always
        permissions: { contents: read }
        secrets: inherit
    cli: { source: workspace, path: .github/pipeline }
    release_trigger: dispatch
    state_token: STATE
    reconcile: { enabled: true, source: renovate, commit: followup }
";
    let manifest = crate::manifest::yaml::Manifest::read(yaml.as_bytes(), "ci").unwrap();
    assert_eq!(definition.node(), manifest.config());
}
