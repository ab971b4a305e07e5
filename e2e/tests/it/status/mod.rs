//! `cascade status`, of a repository with a history and a host.

mod scene;

use std::path::{Path, PathBuf};

use e2e::tools::{Scheme, Tools, View};
use scene::{HOSTILE, Scene};
use serde_json::Value;

/// Set to write the pictures of the documentation anew.
const UPDATE: &str = "UPDATE_SCREENSHOTS";

fn page(scene: &Scene) -> PathBuf {
    let page = scene.root().join("../status.html");
    let written = scene.status(&["--format", "html", "--output", page.to_str().unwrap()]);
    let said = String::from_utf8_lossy(&written.stderr);
    assert!(written.status.success(), "{said}");
    assert_eq!(said, "");
    page
}

#[test]
fn the_page_can_be_read_everywhere() {
    let scene = Scene::new();
    let page = page(&scene);
    let tools = Tools::install().unwrap();
    for view in View::all() {
        let look = tools.look(&page, &view).unwrap();
        assert_eq!(look.problems(), [""; 0], "{view:?}");
        for text in SEEN {
            assert!(look.selected.contains(text), "{text}: {}", look.selected);
        }
    }
    if std::env::var_os(UPDATE).is_some() {
        pictures(&tools, &page);
    }
    let text = std::fs::read_to_string(&page).unwrap();
    for tag in ["<script", "<b>", "<link", "<img"] {
        assert!(!text.contains(tag), "{tag}");
    }
}

const SEEN: [&str; 16] = [
    "Status of acme/app",
    "v1.19.0",
    "baking",
    "percent: 50 of 10, 50, 100",
    "until 2026-02-02 10:00:00 UTC",
    "incomplete",
    "rolled back",
    "rollback/prod",
    "2 commits waiting in trunk",
    "<script>alert(1)</script> & \"quotes\" ]]> </details>",
    "Breaking changes",
    "acme/models",
    "#1 into prod",
    "#2 blocked",
    "Changes of prod by week",
    "Latest release: v1.16.0",
];

fn pictures(tools: &Tools, page: &Path) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/images");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, width, scheme) in [
        ("wide-light", 1280, Scheme::Light),
        ("wide-dark", 1280, Scheme::Dark),
        ("narrow-light", 390, Scheme::Light),
        ("narrow-dark", 390, Scheme::Dark),
    ] {
        let view = View {
            screenshot: Some(folder.join(format!("status-{name}.png"))),
            ..View::new(width, scheme)
        };
        tools.look(page, &view).unwrap();
    }
}

#[test]
fn scripts_get_what_people_see() {
    let scene = Scene::new();
    let output = scene.status(&["--json"]);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let dev = &document["environments"][0];
    assert_eq!(dev["waiting"]["from"], "trunk");
    assert_eq!(dev["waiting"]["commits"], 2);
    let breaking = dev["waiting"]["breaking"][0]["text"].as_str().unwrap();
    assert!(HOSTILE.ends_with(breaking), "{breaking}");
    assert_eq!(
        dev["rollouts"][0]["waves"],
        serde_json::json!([10, 50, 100])
    );
    assert_eq!(document["hotfixes"][0]["environment"], "prod");
    assert_eq!(document["integrations"][0]["state"], "blocked");
    let text = String::from_utf8(scene.status(&[]).stdout).unwrap();
    for shown in [
        "2 commits",
        "incomplete: v1.19.0 for api",
        "#1",
        "blocked",
        "50 of 10, 50, 100",
    ] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
}
