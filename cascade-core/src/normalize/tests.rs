use super::normalize;
use crate::key_path::KeyPath;
use crate::manifest::draft::Node;
use crate::manifest::yaml::Manifest;

fn read(config: &str) -> Node {
    let lines = config.lines().map(|line| format!("    {line}\n"));
    let text = format!("ci:\n  config:\n{}", lines.collect::<String>());
    let manifest = Manifest::read(text.as_bytes(), "ci").unwrap();
    manifest.config().clone()
}

fn normalized(config: &str) -> super::Normalized {
    match read(config) {
        Node::Map(map) => normalize(&map),
        other => panic!("{other:?}"),
    }
}

/// Each older spelling beside the present one of the same thing.
const SPELLINGS: &[(&str, &str)] = &[
    ("tag_prefix: x", "tag_grammar: { prefix: x }"),
    (
        "tag_prefix: x\ntag_grammar: { dryrun_token: d }",
        "tag_grammar: { dryrun_token: d, prefix: x }",
    ),
    (
        "release: { disabled: true }",
        "release_build: { disabled: true }",
    ),
    (
        "builds: [{ name: a, artifact: { upload: x } }]",
        "builds: [{ name: a, artifact_upload: { upload: x } }]",
    ),
    (
        "deploys: [{ name: a, rollout: { type: canary, canary: { percent: 5 } } }]",
        "deploys: [{ name: a, strategy: canary, canary: { percent: 5 } }]",
    ),
    (
        "deploys: [{ name: a, rollout: { type: blue_green, blue_green: { switch: f.yaml, bake_time: 1m }, fail_fast: true } }]",
        "deploys: [{ name: a, rollout: { fail_fast: true }, strategy: blue_green, blue_green: { bake_time: 1m, cutover_callback: f.yaml } }]",
    ),
    (
        "environments: [dev, { name: prod }]\nenvironment_config: { dev: { role: prerelease }, prod: { wait_timer: 5 } }",
        "environments: [{ name: dev, role: prerelease }, { name: prod, wait_timer: 5 }]",
    ),
    (
        "deploys: [{ name: a, rollout: { type: rolling, max_parallel: 2 } }]",
        "deploys: [{ name: a, rollout: { max_parallel: 2 } }]",
    ),
    (
        "trunk_branch: main\nexternal: [{ repo: acme/net, deploys: [{ name: net, workflow: acme/net/.github/workflows/d.yaml }] }]",
        "trunk_branch: main\nexternal: [{ repo: acme/net, deploys: [{ name: net, workflow: acme/net/.github/workflows/d.yaml@main }] }]",
    ),
    (
        "external: [{ repo: acme/net, ref: v2, deploys: [{ name: net, workflow: d.yaml, on_update: { deploy: { workflow: acme/net/.github/workflows/d.yaml } } }] }]",
        "external: [{ repo: acme/net, ref: v2, deploys: [{ name: net, workflow: d.yaml, on_update: { deploy: { workflow: acme/net/.github/workflows/d.yaml@v2 } } }] }]",
    ),
    (
        "components: { api: { path: api, tag_prefix: api- } }",
        "components: { api: { path: api, tag_grammar: { prefix: api- } } }",
    ),
];

#[test]
fn an_older_spelling_becomes_the_present_one() {
    for (older, present) in SPELLINGS {
        let normalized = normalized(older);
        assert!(
            normalized.findings.is_empty(),
            "{older}: {:?}",
            normalized.findings
        );
        assert_eq!(Node::Map(normalized.config), read(present), "{older}");
    }
}

#[test]
fn the_present_spelling_stays_as_it_is() {
    for (_, present) in SPELLINGS {
        let normalized = normalized(present);
        assert!(normalized.findings.is_empty(), "{present}");
        assert_eq!(Node::Map(normalized.config), read(present));
    }
}

#[test]
fn findings_stand_where_something_was_written() {
    let moves = normalized(
        "tag_prefix: x\nenvironments: [dev]\nenvironment_config: { dev: { required_reviewers: [a] } }\n\
         deploys: [{ name: a, rollout: { blue_green: { switch: f.yaml } } }]",
    )
    .moves;
    let root = KeyPath::root;
    let deploy = root().key("deploys").index(0);
    for (now, written) in [
        (root().key("tag_grammar").key("prefix"), "tag_prefix"),
        (
            root()
                .key("environments")
                .index(0)
                .key("required_reviewers")
                .index(0),
            "environment_config.dev.required_reviewers[0]",
        ),
        (
            deploy.key("blue_green").key("cutover_callback"),
            "deploys[0].rollout.blue_green.switch",
        ),
        (
            deploy.key("blue_green").key("bake_time"),
            "deploys[0].rollout.blue_green.bake_time",
        ),
        (deploy.key("name"), "deploys[0].name"),
        (
            root().key("environments").index(0).key("name"),
            "environments[0].name",
        ),
    ] {
        assert_eq!(moves.written(&now).to_string(), written);
        assert_eq!(moves.written(&now.as_key()).focus(), now.as_key().focus());
    }
}

#[test]
fn both_spellings_are_refused_at_the_older_one() {
    for (config, at) in [
        ("tag_prefix: x\ntag_grammar: { prefix: y }", "tag_prefix"),
        ("release: {}\nrelease_build: {}", "release"),
        (
            "deploys: [{ name: a, strategy: canary, rollout: { type: canary } }]",
            "deploys[0].rollout.type",
        ),
        (
            "environments: [{ name: dev, role: release }]\nenvironment_config: { dev: { role: release } }",
            "environment_config.dev.role",
        ),
    ] {
        let findings = normalized(config).findings;
        let found: Vec<_> = findings
            .iter()
            .map(|each| (each.rule.code, each.at.to_string()))
            .collect();
        assert_eq!(found, [("C013", at.to_owned())]);
    }
}

#[test]
fn an_older_block_knows_its_own_keys_only() {
    for (config, at) in [
        (
            "deploys: [{ name: a, rollout: { blue_green: { cutover_callback: f.yaml } } }]",
            "deploys[0].rollout.blue_green.cutover_callback",
        ),
        (
            "environments: [dev]\nenvironment_config: { dev: { name: x } }",
            "environment_config.dev.name",
        ),
        (
            "environments: [dev]\nenvironment_config: { prod: {} }",
            "environment_config.prod",
        ),
    ] {
        let findings = normalized(config).findings;
        let found: Vec<String> = findings.iter().map(|each| each.at.to_string()).collect();
        assert_eq!(found, [at]);
    }
}
