use super::program;
use crate::manifest::draft::{Map, Node};
use crate::manifest::yaml::Manifest;

fn config(yaml: &str) -> Map {
    let text = format!("ci:\n  config:\n{yaml}");
    let manifest = Manifest::read(text.as_bytes(), "ci").unwrap();
    match manifest.config() {
        Node::Map(map) => map.clone(),
        other => panic!("{other:?}"),
    }
}

const SHOP: &str = r#"
    description: Delivery of the shop.
    trunk_branch: main
    environments: [dev, { name: us-east, wait_timer: 5 }, prod]
    tag_grammar: { prefix: "" }
    builds:
      - { name: app, workflow: .github/workflows/build.yaml, triggers: ["src/**"] }
      - name: type
        workflow: .github/workflows/build.yaml
        matrix: { dimensions: { theme: [light, 2, true] } }
    deploys:
      - name: app
        description: "What \"customers\" see."
        workflow: .github/workflows/deploy.yaml
        depends_on: [app, type, web-app]
        inputs:
          tag: { from: app.outputs.image-tag }
          image-tag: "${{ vars.A }}"
          other: { from: web-app.outputs.tag }
        env_inputs: { us-east: { replicas: -3 } }
        permissions: { id-token: write }
        strategy: canary
        canary: { steps: [10, 50], environments: [prod, us-east] }
      - { name: web-app, workflow: .github/workflows/deploy.yaml, secrets: inherit }
"#;

const SHOP_IN_RUST: &str = r#"use cascade::prelude::*;

/// Delivery of the shop.
#[pipeline(
    trunk_branch = "main",
    environments(dev, "us-east"(wait_timer = 5), prod),
    tag_grammar(prefix = "")
)]
pub struct MyShop {
    #[build(workflow = ".github/workflows/build.yaml", triggers("src/**"))]
    app: Build,

    #[build(
        workflow = ".github/workflows/build.yaml",
        matrix(dimensions(theme("light", 2, true)))
    )]
    r#type: Build,

    /// What "customers" see.
    #[deploy(
        name = "app",
        workflow = ".github/workflows/deploy.yaml",
        depends_on(app, r#type, "web-app"),
        inputs(
            tag = app.outputs."image-tag",
            "image-tag" = "${{ vars.A }}",
            other(from = "web-app.outputs.tag")
        ),
        env_inputs("us-east"(replicas = -3)),
        permissions(id_token = "write")
    )]
    #[strategy(canary, steps(10, 50), environments(prod, "us-east"))]
    app_deploy: Deploy,

    #[deploy(
        name = "web-app",
        workflow = ".github/workflows/deploy.yaml",
        secrets = "inherit"
    )]
    web_app: Deploy,
}

fn main() -> std::process::ExitCode {
    cascade::main::<MyShop>()
}
"#;

#[test]
fn a_pipeline_is_a_struct() {
    assert_eq!(program(&config(SHOP), "my-shop"), SHOP_IN_RUST);
}

#[test]
fn another_repository_with_one_deploy_is_written_without_a_list() {
    let yaml = r#"
    trunk_branch: main
    external:
      - repo: acme/cdk
        deploys:
          - { name: cdk, workflow: .github/workflows/deploy.yaml }
      - { repo: acme/my.models, mode: pull }
      - { repo: acme/models, mode: pull, name: lib }
      - { repo: acme/net, mode: push, deploys: [{ name: net }, { name: dns, workflow: .github/workflows/d.yaml }] }
    components:
      api: { path: services/api, tag_grammar: { prefix: api- } }
"#;
    let expected = r#"#[pipeline(component)]
pub struct ApiPipeline {}

#[pipeline(trunk_branch = "main")]
pub struct Net {
    #[external(repo = "acme/cdk", workflow = ".github/workflows/deploy.yaml")]
    cdk: External,

    #[external(pull, name = "my-models", repo = "acme/my.models")]
    my_models: External,

    #[external(pull, repo = "acme/models")]
    lib: External,

    #[external(
        push,
        repo = "acme/net",
        deploys(net, dns(workflow = ".github/workflows/d.yaml"))
    )]
    net: External,

    #[component(path = "services/api", prefix = "api-")]
    api: ApiPipeline,
}
"#;
    let source = program(&config(yaml), "net");
    assert!(source.contains(expected), "{source}");
}

#[test]
fn text_that_no_comment_says_stays_a_key() {
    let yaml = r#"
    trunk_branch: main
    description: "two\nlines"
"#;
    let source = program(&config(yaml), "deploy");
    assert!(source.contains(r#"description = "two\nlines""#), "{source}");
    assert!(source.contains("pub struct DeployPipeline {}"), "{source}");
}
