//! `graph`.

use crate::support::{DEPLOY, MANIFEST, Sandbox};
use insta::assert_snapshot;

const SHOP: &str = r#"ci:
  config:
    schema_version: 1
    trunk_branch: main
    cli: { source: preinstalled }
    runs_on: self-hosted
    pin_mode: tag
    environments:
      - dev
      - name: uat
        gha_environment: "uat <gate>"
        required_reviewers: [octocat, acme/ops]
      - { name: prod, wait_timer: 30 }
    extra_triggers:
      schedule: [{ cron: "0 3 * * 1" }]
      repository_dispatch: { types: [content-changed] }
    validate: { workflow: .github/workflows/check.yaml, permissions: {} }
    builds:
      - name: app
        workflow: .github/workflows/check.yaml
        permissions: {}
        matrix: { dimensions: { os: [linux, mac], arch: [x, y] } }
      - { name: assets, workflow: acme/ci/.github/workflows/assets.yaml@v2, permissions: {} }
    deploys:
      - name: db
        workflow: .github/workflows/deploy.yaml
        permissions: {}
      - name: web
        workflow: .github/workflows/deploy.yaml
        permissions: {}
        depends_on: [app, db]
        optional_depends_on: [assets]
    publish: { workflow: .github/workflows/check.yaml, permissions: {} }
    external:
      - repo: acme/api
        deploys: [{ name: api, workflow: acme/api/.github/workflows/deploy.yaml@main }]
      - { repo: acme/models, mode: pull, version: ^2, cadence: poll }
"#;
const CHECK: &str =
    "on: workflow_call\njobs: { a: { permissions: {}, runs-on: x, steps: [{ run: x }] } }\n";

fn shop() -> Sandbox {
    let sandbox = Sandbox::new(SHOP);
    sandbox.write(".github/workflows/check.yaml", CHECK);
    sandbox
}

#[test]
fn jobs() {
    assert_snapshot!(shop().run(&["graph", "--granularity", "jobs"]));
}

#[test]
fn stages() {
    assert_snapshot!(shop().run(&["graph", "--granularity", "stages"]));
}

#[test]
fn environments() {
    assert_snapshot!(shop().run(&["graph", "--granularity", "env"]));
}

#[test]
fn repositories() {
    assert_snapshot!(shop().run(&["graph", "--granularity", "cross-repo"]));
}

#[test]
fn graphviz() {
    assert_snapshot!(shop().run(&["graph", "--granularity", "jobs", "--format", "dot"]));
}

#[test]
fn components_are_groups() {
    let manifest = format!(
        "{MANIFEST}    components:\n      api: {{ path: api, tag_grammar: {{ prefix: api/v }} }}\n      web: {{ path: web, tag_grammar: {{ prefix: web/v }} }}\n"
    );
    let sandbox = Sandbox::new(&manifest);
    assert_snapshot!(sandbox.run(&["graph", "--granularity", "env"]));
    let one = sandbox.run(&["graph", "--component", "web"]);
    assert!(
        one.stdout.contains("web") && !one.stdout.contains("api"),
        "{one}"
    );
    let none = sandbox.run(&["graph", "--component", "wbe"]);
    assert_eq!(none.code, 2);
    assert_eq!(
        none.stderr,
        "error: there is no component `wbe`\n  help: did you mean `web`? the components are api, web\n"
    );
}

/// The pipeline in a folder with a name.
fn named() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.write("shop/.github/manifest.yaml", MANIFEST);
    sandbox.write("shop/.github/workflows/deploy.yaml", DEPLOY);
    sandbox
}

#[test]
fn a_picture_is_svg() {
    let run = named().run_in("shop", &["graph", "--format", "svg"]);
    // The style is its own file in the sources.
    let (before, after) = run.stdout.split_once("<style>").unwrap();
    let (_, after) = after.split_once("</style>\n").unwrap();
    assert_snapshot!(format!("{before}{after}"));
}

#[test]
fn a_file_says_its_format() {
    let sandbox = named();
    for (file, begin) in [
        ("a.mmd", "flowchart LR"),
        ("a.gv", "digraph"),
        ("a.d2", "direction: right"),
        ("a.SVG", "<svg xmlns"),
        ("a.html", "<!DOCTYPE html>"),
        ("a.json", "{"),
    ] {
        let args: &[&str] = match file {
            "a.json" => &["graph", "--json", "-o", file],
            _ => &["graph", "-o", file],
        };
        let run = sandbox.run_in("shop", args);
        assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{run}");
        let text = sandbox.read(&format!("shop/{file}"));
        assert!(text.starts_with(begin), "{file}: {text}");
    }
}

#[test]
fn two_formats_or_none_are_refused_before_anything_is_written() {
    let sandbox = named();
    for (args, message) in [
        (
            &["graph", "--format", "html", "-o", "a.svg"][..],
            "error: `--format html` and `a.svg` are two formats\n  \
             help: leave `--format` out, or name a file with the extension `.html`\n",
        ),
        (
            &["graph", "-o", "a.jpg"],
            "error: the format of `a.jpg` is not clear\n  help: name it with `--format`, or use \
             one of .mmd, .dot, .d2, .svg, .html",
        ),
        (
            &["graph", "--format", "dot", "--open"],
            "error: `--open` does not show dot\n  \
             help: use `--format html` or `--format svg` with it\n",
        ),
    ] {
        let run = sandbox.run_in("shop", args);
        assert_eq!(run.code, 2, "{run}");
        assert!(run.stderr.starts_with(message), "{run}");
    }
    assert_eq!(sandbox.files().len(), 2, "{:?}", sandbox.files());
}

#[test]
fn links_lead_from_the_file_to_the_callbacks() {
    let sandbox = named();
    sandbox.write("shop/docs/images/README.md", "");
    for (folder, file, link) in [
        ("shop", "a.svg", ".github/workflows/deploy.yaml"),
        (
            "shop",
            "docs/images/a.svg",
            "../../.github/workflows/deploy.yaml",
        ),
        ("shop/docs", "../a.html", ".github/workflows/deploy.yaml"),
        ("shop", "../a.svg", "shop/.github/workflows/deploy.yaml"),
    ] {
        let run = sandbox.run_in(folder, &["graph", "--granularity", "jobs", "-o", file]);
        assert_eq!(run.code, 0, "{run}");
        let text = sandbox.read(&format!("{folder}/{file}"));
        assert!(
            text.contains(&format!("<a href=\"{link}\">")),
            "{file}: {text}"
        );
    }
}

#[test]
fn a_page_has_every_diagram_and_loads_nothing() {
    let page = named().run_in(
        "shop",
        &["graph", "--granularity", "env", "--format", "html"],
    );
    for part in ["jobs", "stages", "environments", "repositories"] {
        assert!(
            page.stdout.contains(&format!("<section id=\"{part}\">")),
            "{part}"
        );
    }
    let first = page.stdout.find("<section").unwrap();
    assert!(page.stdout[first..].starts_with("<section id=\"environments\">"));
    for outside in ["<script", "src=", "<link", "@import", "url("] {
        assert!(!page.stdout.contains(outside), "{outside}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn it_is_opened_in_the_program_that_is_set() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = named();
    let script = "#!/bin/sh\necho \"$1\" > \"$SEEN.new\" && mv \"$SEEN.new\" \"$SEEN\"\n";
    sandbox.write("bin/xdg-open", script);
    let program = sandbox.path("bin/xdg-open");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let (bin, seen) = (sandbox.path("bin"), sandbox.path("seen"));
    let path = format!("{}:/usr/bin:/bin", bin.display());
    let sandbox = sandbox
        .variable("PATH", &path)
        .variable("SEEN", seen.to_str().unwrap());
    let opened = |args: &[&str]| {
        let run = sandbox.run_in("shop", args);
        assert_eq!(run.code, 0, "{run}");
        for _ in 0..500 {
            if sandbox.exists("seen") {
                let file = sandbox.read("seen");
                std::fs::remove_file(&seen).unwrap();
                return file.trim_end().to_owned();
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        panic!("nothing was opened: {run}");
    };
    let named = "a $(touch x).svg";
    let file = opened(&["graph", "--open", "-o", named]);
    assert_eq!(file, sandbox.path("shop").join(named).to_str().unwrap());
    let temporary = opened(&["graph", "--open"]);
    let text = std::fs::read_to_string(&temporary).unwrap();
    std::fs::remove_file(temporary).unwrap();
    let root = sandbox.path("shop").canonicalize().unwrap();
    let link = format!(
        "href=\"file://{}/.github/workflows/deploy.yaml\"",
        root.display()
    );
    assert!(text.contains(&link), "{text}");
}

#[cfg(feature = "png")]
#[test]
fn a_picture_of_dots_has_the_texts() {
    let sandbox = named();
    let run = sandbox.run_in("shop", &["graph", "-o", "a.png"]);
    assert_eq!(run.code, 0, "{run}");
    let bytes = std::fs::read(sandbox.path("shop/a.png")).unwrap();
    assert!(bytes.starts_with(b"\x89PNG"));
    let run = sandbox.run_in("shop", &["graph", "--format", "png", "--json"]);
    assert_eq!(run.code, 2, "{run}");
}

#[test]
fn help_offers_what_is_there() {
    let help = named().run_in("shop", &["graph", "--help"]).stdout;
    for format in ["mermaid", "dot", "d2", "svg", "html"] {
        assert!(help.contains(&format!("- {format}:")), "{help}");
    }
    assert_eq!(help.contains("- png:"), cfg!(feature = "png"));
}
