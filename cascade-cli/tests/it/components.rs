//! Commands in a repository with several components.

use crate::support::{MANIFEST, Sandbox};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

const COMPONENTS: &str = "    components:
      api: { path: services/api, tag_grammar: { prefix: api-v } }
      web: { path: services/web, tag_grammar: { prefix: web-v }, environments: [dev] }
";

const STATE: &str = "  state:
    components:
      api:
        dev: { sha: 1111111111111111111111111111111111111111, version: api-v1.3.0-rc.1 }
        prod: { sha: 2222222222222222222222222222222222222222, version: api-v1.2.0, ref: env/api/prod }
        release: { sha: 2222222222222222222222222222222222222222, version: api-v1.2.0 }
  latest_release:
    components:
      api: { version: api-v1.2.0, sha: 2222222222222222222222222222222222222222 }
";

fn repository() -> Sandbox {
    let sandbox = Sandbox::new(&format!("{MANIFEST}{COMPONENTS}{STATE}"));
    sandbox.write("services/api/a", "1");
    sandbox.commit("feat: everything");
    sandbox
}

const OF_ONE: [&[&str]; 14] = [
    &["orchestrate", "setup"],
    &["orchestrate", "finalize"],
    &["promote", "preflight"],
    &["rollback", "--env", "prod"],
    &["hotfix", "plan"],
    &["external", "resolve"],
    &["simulate", "orchestrate"],
    &["simulate", "promote"],
    &["next-version"],
    &["generate-changelog"],
    &["status", "env", "dev"],
    &["status", "deploy", "web"],
    &["reset"],
    &["notify"],
];

const OF_ALL: [&[&str]; 8] = [
    &["generate"],
    &["plan"],
    &["verify"],
    &["lint"],
    &["export"],
    &["branch-protection"],
    &["state", "move"],
    &["integration", "monitor"],
];

#[test]
fn changes_are_detected_for_all_components_at_once() {
    let sandbox = repository();
    let run = sandbox.run(&["detect-changes", "--json", "--base-sha", "HEAD"]);
    assert_eq!(run.code, 0, "{run}");
    let none: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        none["triggered_components"],
        serde_json::json!([]),
        "{none}"
    );
    sandbox.write("services/api/a", "2");
    sandbox.commit("fix: the api");
    let since = ["--base-sha", "HEAD~1"];
    let run = sandbox.run(&[&["detect-changes", "--json"][..], &since].concat());
    let found: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        found["triggered_components"],
        serde_json::json!(["api"]),
        "{found}"
    );
    assert_eq!(found["components"]["api"]["changed"], true, "{found}");
    assert_eq!(found["components"]["web"]["changed"], false, "{found}");
    let one = [
        &["detect-changes", "--json", "--component", "api"][..],
        &since,
    ]
    .concat();
    let one: serde_json::Value = serde_json::from_str(&sandbox.run(&one).stdout).unwrap();
    assert_eq!(one, found["components"]["api"]);
    let run = sandbox.run(&[&["detect-changes"][..], &since].concat());
    assert!(run.stdout.contains("web: nothing changed"), "{run}");
    let wrong = sandbox.run(&["detect-changes", "--component", "apo"]);
    assert_eq!(wrong.code, 2, "{wrong}");
}

#[test]
fn a_command_about_one_component_wants_its_name() {
    let sandbox = repository();
    for args in OF_ONE {
        let run = sandbox.run(args);
        assert_eq!(run.code, 2, "{args:?}: {run}");
        assert_eq!(
            run.stderr,
            "error: the pipeline has several components\n  help: name one with `--component`: `api`, `web`\n",
            "{args:?}"
        );
        let wrong = sandbox.run(&[args, &["--component", "apo"]].concat());
        assert_eq!(
            (wrong.code, wrong.stderr.as_str()),
            (
                2,
                "error: there is no component `apo`\n  help: did you mean `api`? the components are api, web\n"
            ),
            "{args:?}"
        );
    }
}

#[test]
fn a_command_about_all_takes_no_name() {
    let sandbox = repository();
    for args in OF_ALL {
        let run = sandbox.run(&[args, &["--component", "api"]].concat());
        assert_eq!(run.code, 2, "{args:?}: {run}");
        assert!(
            run.stderr.contains("always covers every component"),
            "{args:?}: {run}"
        );
    }
}

#[test]
fn the_variable_of_a_workflow_names_the_component() {
    let sandbox = repository().variable("CASCADE_COMPONENT", "api");
    let run = sandbox.run(&["status", "env", "prod"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(run.stdout.contains("api-v1.2.0"), "{run}");
}

#[test]
fn the_status_of_all_lists_each() {
    let sandbox = repository();
    insta::assert_snapshot!(sandbox.run(&["status"]).stdout);
    let json: Value = serde_json::from_str(&sandbox.run(&["status", "--json"]).stdout).unwrap();
    let api = &json["components"]["api"];
    assert_eq!(api["environments"][1]["version"], "api-v1.2.0");
    assert_eq!(api["latest_release"]["version"], "api-v1.2.0");
    let web = &json["components"]["web"];
    assert_eq!(web["environments"][0]["version"], Value::Null);
    let one = sandbox.run(&["status", "--json", "--component", "api"]);
    let mut one: Value = serde_json::from_str(&one.stdout).unwrap();
    assert_eq!(one, *api);
    one["version"].take();
    let whole = sandbox.run(&["status", "--component", "api"]).stdout;
    assert!(whole.starts_with("ENVIRONMENT"), "{whole}");
}

#[test]
fn files_of_a_component_that_is_gone_are_orphans() {
    let sandbox = repository();
    assert_eq!(sandbox.run(&["generate"]).code, 0);
    for file in [
        "orchestrate-api",
        "promote-api",
        "cascade-deploy-api",
        "cascade-rollback-api",
        "cascade-hotfix-api",
        "orchestrate-web",
        "promote-web",
        "cascade-deploy-web",
    ] {
        assert!(
            sandbox.exists(&format!(".github/workflows/{file}.yaml")),
            "{file}"
        );
    }
    assert!(!sandbox.exists(".github/workflows/cascade-rollback-web.yaml"));
    assert!(!sandbox.exists(".github/workflows/orchestrate.yaml"));
    assert_eq!(sandbox.run(&["verify"]).code, 0);
    let fewer = format!("{MANIFEST}{COMPONENTS}").replace("      web:", "      site:");
    sandbox.write(".github/manifest.yaml", fewer.replace("web-v", "site-v"));
    let drift = sandbox.run(&["verify"]);
    assert_eq!(drift.code, 1, "{drift}");
    assert_eq!(sandbox.run(&["generate", "--prune"]).code, 0);
    assert!(!sandbox.exists(".github/workflows/orchestrate-web.yaml"));
    assert!(sandbox.exists(".github/workflows/orchestrate-site.yaml"));
    assert!(sandbox.exists(".github/workflows/deploy.yaml"));
    assert_eq!(sandbox.run(&["verify"]).code, 0);
}

#[test]
fn a_changelog_and_a_version_have_the_commits_of_their_component() {
    let sandbox = Sandbox::new(&format!("{MANIFEST}{COMPONENTS}"));
    sandbox.change("services/api/a", "feat: an endpoint");
    sandbox.change("services/web/a", "feat!: another page");
    sandbox.change("README.md", "docs: for everybody");
    let api = sandbox.run(&["generate-changelog", "--component", "api"]);
    assert!(
        api.stdout.contains("an endpoint")
            && !api.stdout.contains("another page")
            && !api.stdout.contains("everybody"),
        "{api}"
    );
    let next = |component: &str| {
        let run = sandbox.run(&["next-version", "--component", component]);
        run.stdout.trim().to_owned()
    };
    assert_eq!(next("api"), "api-v0.1.0-rc.0");
    assert_eq!(next("web"), "web-v1.0.0-rc.0");
    sandbox.git(&["tag", "v9.0.0"]);
    sandbox.git(&["tag", "web-v7.0.0"]);
    assert_eq!(next("api"), "api-v0.1.0-rc.0");
}

#[test]
fn branches_of_hotfixes_have_the_component_in_them() {
    let run = repository().run(&["branch-protection", "--json"]);
    assert!(run.stdout.contains("refs/heads/env/*/*"), "{run}");
}

/// A repository with so many components, in which a program that counts stands before git.
fn counted(components: usize) -> Sandbox {
    let mut manifest = format!("{MANIFEST}    components:\n");
    for number in 0..components {
        let entry = format!("path: c/{number}, tag_grammar: {{ prefix: c{number}-v }}");
        manifest.push_str(&format!("      c{number}: {{ {entry} }}\n"));
    }
    let sandbox = Sandbox::new(&manifest);
    sandbox.write("c/0/a", "1");
    sandbox.commit("feat: everything");
    let path = std::env::var("PATH").unwrap();
    let log = sandbox.path("git.log");
    let script = format!(
        "#!/bin/sh\necho \"$*\" >> '{}'\nPATH='{path}' exec git \"$@\"\n",
        log.display()
    );
    sandbox.write("bin/git", script);
    let program = sandbox.path("bin/git");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let folder = sandbox.path("bin").display().to_string();
    sandbox.variable("PATH", &folder)
}

#[test]
fn git_is_asked_as_often_however_many_components_there_are() {
    let asked = |components: usize| {
        let sandbox = counted(components);
        let run = sandbox.run(&["orchestrate", "setup", "--component", "c0"]);
        assert_eq!(run.code, 0, "{run}");
        sandbox.read("git.log").lines().count()
    };
    let once = asked(1);
    assert!(once > 0);
    assert_eq!(asked(1000), once);
}

#[test]
fn hostile_names_and_folders_are_refused_where_they_stand() {
    let long = "a".repeat(101);
    let names = [
        "a b",
        "../x",
        "$(id)",
        "`id`",
        "${{ github.token }}",
        "",
        "x\\ny",
        "a.b",
        &long,
    ];
    for name in names {
        refused(name, "services/api", "C006", &format!("\"{name}\""));
    }
    let folders = [
        "../x",
        "/etc",
        "",
        "a\\nb",
        " a",
        "a/../b",
        "a${{ github.token }}",
    ];
    for folder in folders {
        refused("api", folder, "C019", &format!("\"{folder}\""));
    }
}

/// Checks that a component is refused, with the finding at its name or folder.
fn refused(name: &str, folder: &str, code: &str, place: &str) {
    let entry = format!("\"{name}\": {{ path: \"{folder}\", tag_grammar: {{ prefix: api-v }} }}");
    let manifest = format!("{MANIFEST}    components:\n      {entry}\n");
    let sandbox = Sandbox::new(&manifest);
    let before = sandbox.files();
    for command in ["lint", "generate"] {
        let run = sandbox.run(&[command, "--json"]);
        assert_eq!(run.code, 1, "{name} {folder}: {run}");
    }
    assert_eq!(sandbox.files(), before, "{name} {folder}");
    let json: Value = serde_json::from_str(&sandbox.run(&["lint", "--json"]).stdout).unwrap();
    let finding = &json["findings"][0];
    assert_eq!(finding["rule"], code, "{name} {folder}: {json}");
    let line = manifest.lines().last().unwrap();
    let column = line.find(place).unwrap() + 1;
    assert_eq!(
        finding["start"]["column"], column,
        "{name} {folder}: {json}"
    );
}

#[test]
fn a_folder_with_any_characters_is_taken_as_it_is() {
    let sandbox = Sandbox::new(&format!(
        "{MANIFEST}    components:\n      api: {{ path: \"ser[v]ices/a*b!\", tag_grammar: {{ prefix: api-v }} }}\n"
    ));
    assert_eq!(sandbox.run(&["generate"]).code, 0);
    let file = sandbox.read(".github/workflows/orchestrate-api.yaml");
    assert!(file.contains(r"- ser\[v\]ices/a\*b\!/**"), "{file}");
}

#[test]
fn a_folder_without_files_is_told() {
    let sandbox = repository();
    let run = sandbox.run(&["lint"]);
    assert!(
        run.stdout.contains("services/web") && run.stdout.contains("no file"),
        "{run}"
    );
    assert!(!run.stdout.contains("path: services/api"), "{run}");
}
