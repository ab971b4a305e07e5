//! Diagrams of pipelines, looked at in a browser.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use e2e::tools::{Scheme, Tools, View};
use tempfile::TempDir;

use crate::support::write;

const VIEWS: [&str; 4] = ["jobs", "stages", "environments", "repositories"];

/// The variable with which the checked-in pictures are written anew.
const UPDATE: &str = "UPDATE_SCREENSHOTS";

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn manifest(example: &str) -> PathBuf {
    repository()
        .join("examples")
        .join(example)
        .join(".github/manifest.yaml")
}

fn graph(manifest: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_e2e"))
        .arg0("cascade")
        .arg("graph")
        .args(arguments)
        .arg("--config")
        .arg(manifest)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// A diagram in a file beside others.
fn drawn(manifest: &Path, file: &str) -> (TempDir, PathBuf) {
    let folder = e2e::scratch::folder().unwrap();
    let path = folder.path().join(file);
    graph(manifest, &["--output", path.to_str().unwrap()]);
    (folder, path)
}

fn assert_sound(page: &Path, views: &[View], texts: &[&str]) {
    let tools = Tools::install().unwrap();
    for view in views {
        let look = tools.look(page, view).unwrap();
        assert_eq!(look.problems(), [""; 0], "{} {view:?}", page.display());
        for text in texts {
            assert!(look.selected.contains(text), "{text}: {}", look.selected);
        }
    }
}

#[test]
fn the_page_of_every_example_can_be_read_everywhere() {
    for example in [
        "shop",
        "progressive",
        "monorepo",
        "consumer",
        "gitops",
        "fork",
        "library",
    ] {
        let (_folder, page) = drawn(&manifest(example), "page.html");
        assert_sound(&page, &View::all(), &["How to read it"]);
    }
}

#[test]
fn a_picture_can_be_read_on_its_own() {
    let (_folder, picture) = drawn(&manifest("shop"), "picture.svg");
    assert_sound(&picture, &View::all(), &["deploy to uat", "waits 5 min"]);
}

/// A hundred environments, and a hundred deploys whose order is not simple.
fn large() -> (TempDir, PathBuf) {
    let environments: Vec<String> = (0..100).map(|at| format!("environment-{at}")).collect();
    let deploys = (0..100).map(|at| {
        let after = if at % 7 == 6 { format!(", service-{}", at - 1) } else { String::new() };
        format!(
            "      - {{ name: service-{at}, workflow: .github/workflows/call.yaml, permissions: {{}}, \
             depends_on: [image{after}] }}\n"
        )
    });
    let text = format!(
        "ci:\n  config:\n    trunk_branch: main\n    cli: {{ source: preinstalled }}\n    \
         runs_on: self-hosted\n    environments: [{}]\n    builds:\n      \
         - {{ name: image, workflow: .github/workflows/call.yaml, permissions: {{}} }}\n    \
         deploys:\n{}",
        environments.join(", "),
        deploys.collect::<String>()
    );
    let callback =
        "on: workflow_call\njobs: { a: { permissions: {}, runs-on: x, steps: [{ run: x }] } }\n";
    let folder = e2e::scratch::folder().unwrap();
    write(folder.path(), ".github/manifest.yaml", &text);
    write(folder.path(), ".github/workflows/call.yaml", callback);
    let manifest = folder.path().join(".github/manifest.yaml");
    (folder, manifest)
}

#[test]
fn a_hundred_of_everything_can_be_read() {
    let (_folder, manifest) = large();
    let began = std::time::Instant::now();
    let (_page_folder, page) = drawn(&manifest, "page.html");
    assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
    let views = [View::new(390, Scheme::Dark), View::new(1280, Scheme::Light)];
    assert_sound(
        &page,
        &views,
        &["deploy service-99", "environment-99", "and 92 more"],
    );
}

/// `UPDATE_SCREENSHOTS=1 cargo test -p e2e --test it graph::` writes them.
#[test]
fn the_documentation_shows_the_shop_as_it_is_drawn() {
    let update = std::env::var_os(UPDATE).is_some();
    let images = repository().join("docs/images");
    let tools = Tools::install().unwrap();
    for (view, granularity) in VIEWS
        .into_iter()
        .zip(["jobs", "stages", "env", "cross-repo"])
    {
        let example = if view == "repositories" {
            "consumer"
        } else {
            "shop"
        };
        let folder = e2e::scratch::folder().unwrap();
        let picture = folder.path().join("picture.svg");
        let text = graph(
            &manifest(example),
            &["--granularity", granularity, "--format", "svg"],
        );
        std::fs::write(&picture, text).unwrap();
        for (scheme, name) in [(Scheme::Light, "light"), (Scheme::Dark, "dark")] {
            let image = images.join(format!("graph-{view}-{name}.png"));
            let look = View {
                screenshot: update.then(|| image.clone()),
                ..View::new(1120, scheme)
            };
            assert_eq!(tools.look(&picture, &look).unwrap().problems(), [""; 0]);
            assert!(image.is_file(), "{UPDATE}=1 writes {}", image.display());
        }
    }
    let page = images.join("graph-page.png");
    let (_folder, html) = drawn(&manifest("shop"), "page.html");
    let look = View {
        screenshot: update.then(|| page.clone()),
        ..View::new(1280, Scheme::Light)
    };
    assert_eq!(tools.look(&html, &look).unwrap().problems(), [""; 0]);
    assert!(page.is_file(), "{UPDATE}=1 writes {}", page.display());
}

#[test]
fn the_first_picture_of_the_readme_is_what_graph_writes() {
    let file = repository().join("docs/images/shop.svg");
    let file = file.to_str().unwrap();
    let folder = e2e::scratch::folder().unwrap();
    let fresh = folder.path().join("shop.svg");
    graph(&manifest("shop"), &["--output", fresh.to_str().unwrap()]);
    let command = "cascade -c examples/shop/.github/manifest.yaml graph -o docs/images/shop.svg";
    let links_aside = |path: &str| {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        text.lines()
            .filter(|line| !line.starts_with("<a "))
            .collect::<Vec<_>>()
            .join("\n")
    };
    let same = links_aside(file) == links_aside(fresh.to_str().unwrap());
    assert!(same, "`{command}` writes it");
}
