use super::*;
use crate::check::check;
use crate::contract::Contracts;
use crate::manifest::draft::Node;
use proptest::prelude::*;

type Repository = [(&'static str, &'static str)];

fn file(repository: &Repository, path: &str) -> Option<String> {
    let found = repository.iter().find(|(each, _)| *each == path);
    found.map(|(_, text)| (*text).to_owned())
}

fn please(repository: &Repository) -> Releases {
    let workflows = repository.iter();
    let workflows: Vec<(String, String)> = workflows
        .filter(|(path, _)| path.starts_with(".github/workflows"))
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect();
    let read = read_release_please(&|path| file(repository, path), &workflows);
    read.unwrap().unwrap()
}

fn semantic(config: &'static str) -> Releases {
    let files = move |path: &str| (path == ".releaserc").then(|| config.to_owned());
    let read = read_semantic_release(&files, &[String::new()], "main", &[]);
    read.unwrap().unwrap().releases
}

const CONFIG: &str = "release-please-config.json";

#[test]
fn tags_of_release_please_have_these_prefixes() {
    const NODE: (&str, &str) = ("package.json", "{\"name\": \"@acme/shop\"}");
    const RUST: (&str, &str) = (
        "Cargo.toml",
        "[package] # the only one\nversion = \"1\"\nname = \"crab\" # for now\n",
    );
    const PYTHON: (&str, &str) = ("pyproject.toml", "[project]\nname = 'snake'\n");
    for (config, other, prefix) in [
        ("{\"packages\": {\".\": {}}}", NODE, "shop-v"),
        (
            "{\"packages\": {\".\": {\"component\": \"x\"}}}",
            NODE,
            "x-v",
        ),
        (
            "{\"packages\": {\".\": {\"package-name\": \"@a/y\"}}}",
            NODE,
            "y-v",
        ),
        (
            "{\"packages\": {\".\": {\"release-type\": \"simple\"}}}",
            NODE,
            "v",
        ),
        (
            "{\"packages\": {\".\": {\"release-type\": \"rust\"}}}",
            RUST,
            "crab-v",
        ),
        (
            "{\"release-type\": \"python\", \"packages\": {\".\": {}}}",
            PYTHON,
            "snake-v",
        ),
        (
            "{\"include-component-in-tag\": false, \"packages\": {\".\": {}}}",
            NODE,
            "v",
        ),
        // A package says otherwise than the top.
        (
            "{\"include-v-in-tag\": false, \"packages\": {\".\": {\"include-v-in-tag\": true}}}",
            NODE,
            "shop-v",
        ),
        (
            "{\"include-v-in-tag\": false, \"tag-separator\": \"@\", \"packages\": {\".\": {}}}",
            NODE,
            "shop@",
        ),
    ] {
        let found = please(&[(CONFIG, config), other]);
        assert_eq!(found.parts[0].prefix, prefix, "{config}");
    }
}

#[test]
fn steps_of_release_please_say_what_is_released() {
    for (inputs, prefix, path) in [
        ("release-type: node", "v", "."),
        (
            "release-type: node, package-name: shop, monorepo-tags: true",
            "shop-v",
            ".",
        ),
        (
            "release-type: simple, path: api, component: a, include-component-in-tag: 'true', include-v-in-tag: false",
            "a-",
            "api",
        ),
    ] {
        let text: &'static str = format!(
            "on: push\njobs:\n  a:\n    steps:\n      - uses: googleapis/release-please-action@v4\n        with: {{ {inputs} }}\n"
        )
        .leak();
        let found = please(&[(".github/workflows/r.yaml", text)]);
        let part = &found.parts[0];
        assert_eq!(
            (part.prefix.as_str(), part.path.as_str()),
            (prefix, path),
            "{inputs}"
        );
    }
}

#[test]
fn configurations_with_other_names_are_found_through_the_step() {
    let found = please(&[
        (
            "ci/config.json",
            "{\"packages\": {\".\": {\"component\": \"x\"}}}",
        ),
        ("ci/versions.json", "{\".\": \"1.0.0\"}"),
        (
            ".github/workflows/r.yaml",
            "on: push\njobs:\n  a:\n    steps:\n      - uses: googleapis/release-please-action@v4\n        with: { config-file: ci/config.json, manifest-file: ci/versions.json, target-branch: stable }\n",
        ),
    ]);
    assert_eq!(found.parts[0].prefix, "x-v");
    assert_eq!(found.parts[0].version.as_ref().unwrap().0, "1.0.0");
    assert_eq!(found.trunk.unwrap().0, "stable");
}

#[test]
fn the_trunk_of_semantic_release() {
    for (config, trunk) in [
        ("branches: [main, next]", Some("main")),
        ("branches: [next, stable]", Some("stable")),
        ("branches: ['1.x', { name: beta, prerelease: true }]", None),
        ("branches: [release, master]", Some("master")),
        ("branches: trunk", Some("trunk")),
        ("branch: trunk", Some("trunk")),
        ("branches: { name: x, channel: false }", Some("x")),
        ("tagFormat: v${version}", None),
    ] {
        let found = semantic(config);
        assert_eq!(
            found.trunk.as_ref().map(|(name, _)| name.as_str()),
            trunk,
            "{config}"
        );
    }
}

#[test]
fn tag_formats_of_semantic_release() {
    for (config, prefix, told) in [
        ("tagFormat: v${version}", "v", false),
        ("tagFormat: ${version}", "", false),
        ("tagFormat: '@acme/shop@${version}'", "@acme/shop@", false),
        ("tagFormat: v${version}-x", "v", true),
        ("tagFormat: ${name}-v${version}", "v", true),
        ("tagFormat: latest", "v", true),
        ("tagFormat: 7", "v", true),
    ] {
        let found = semantic(config);
        assert_eq!(found.parts[0].prefix, prefix, "{config}");
        let by_hand = found
            .notes
            .iter()
            .any(|note| note.outcome == Outcome::ByHand);
        assert_eq!(by_hand, told, "{config}");
    }
}

#[test]
fn one_part_in_a_folder_starts_with_its_changes() {
    let part = Part {
        path: "app/[id]".to_owned(),
        ..Part::root("v", Place::file("x"))
    };
    let found = settings(&[part], false, &[]);
    let expected = Node::List(vec!["app/\\[id\\]/**".into()]);
    assert_eq!(found.map.get("triggers"), Some(&expected));
}

/// Returns true if the settings of a repository make a pipeline.
fn is_sound(releases: &Releases, several: bool) -> bool {
    let mut config = settings(&releases.parts, several, &["v1.0.0".to_owned()]).map;
    config.insert("changelog".to_owned(), releases.changelog.clone().into());
    config.insert("trunk_branch".to_owned(), "main".into());
    check(&Node::Map(config), &Contracts::unavailable())
        .pipeline
        .is_some()
}

fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("-1.5".to_owned()),
        Just("\"${version}\"".to_owned()),
        Just("\".\"".to_owned()),
        Just("\"../é\"".to_owned()),
        "\"[a-z0-9./@ -]{0,6}\"",
    ];
    let keys = prop_oneof![
        Just("packages"),
        Just("component"),
        Just("include-v-in-tag"),
        Just("tag-separator"),
        Just("plugins"),
        Just("branches"),
        Just("tagFormat"),
        Just("name"),
        Just("release"),
        Just("types"),
        Just("."),
        Just("a/b"),
    ];
    leaf.prop_recursive(4, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| format!("[{}]", items.join(", "))),
            prop::collection::btree_map(keys.clone(), inner, 0..5).prop_map(|entries| {
                let entries = entries
                    .iter()
                    .map(|(key, value)| format!("\"{key}\": {value}"));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
            }),
        ]
    })
}

proptest! {
    /// Whatever stands there, it is read or refused, and what is read has settings.
    #[test]
    fn odd_configurations_are_read_or_refused(config in value(), other in value()) {
        let files = |path: &str| match path {
            CONFIG | ".releaserc" => Some(config.clone()),
            ".release-please-manifest.json" | "package.json" => Some(other.clone()),
            _ => None,
        };
        let workflows = [("w".to_owned(), format!("jobs: {config}"))];
        if let Ok(Some(found)) = read_release_please(&files, &workflows) {
            prop_assert!(!found.parts.is_empty());
            prop_assert!(is_sound(&found, false), "{:?}", found.parts);
        }
        if let Ok(Some(found)) = read_semantic_release(&files, &[String::new()], "main", &workflows) {
            prop_assert!(!found.releases.parts.is_empty());
            prop_assert!(is_sound(&found.releases, true), "{:?}", found.releases.parts);
        }
    }
}
