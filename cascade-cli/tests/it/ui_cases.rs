//! The cases against the registry: every rule that Rust can break has one, named by its code.

use cascade_core::finding::{Severity, Surface, rules};
use std::path::Path;

#[test]
fn every_rule_that_rust_can_break_has_a_case() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui/shop/fail");
    let names: Vec<String> = std::fs::read_dir(folder)
        .expect("the cases")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".rs"))
        .collect();
    let missing: Vec<&str> = rules::ALL
        .iter()
        .filter(|rule| rule.severity == Severity::Error && rule.surfaces.contains(&Surface::Rust))
        .map(|rule| rule.code)
        .filter(|code| {
            !names
                .iter()
                .any(|name| name.starts_with(&format!("{code}_")))
        })
        .collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}

#[test]
fn every_case_shows_the_rule_that_it_is_named_after() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui/shop/fail");
    for entry in std::fs::read_dir(folder).expect("the cases") {
        let path = entry.expect("a file").path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .expect("a name");
        let coded = name.starts_with('C') && name.as_bytes()[1].is_ascii_digit();
        if coded && name.ends_with(".stderr") {
            let text = std::fs::read_to_string(&path).expect("text");
            let code = &name[..4];
            assert!(
                text.contains(&format!("[{code}]")),
                "{name} does not show {code}"
            );
        }
    }
}

#[test]
fn the_page_shows_errors_as_they_are() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(folder.join("../docs/dsl.md")).expect("the page");
    let blocks = page.split("\n```text\n").skip(1);
    let shown: Vec<&str> = blocks
        .filter_map(|rest| rest.split("\n```").next())
        .collect();
    assert!(shown.len() >= 3, "{shown:?}");
    for block in shown {
        let arrow = block.split("--> ").nth(1).expect("a place");
        let source = arrow.split(':').next().expect("a file");
        let file = folder.join(source).with_extension("stderr");
        let real = std::fs::read_to_string(&file).expect("a case");
        assert_eq!(block.trim(), real.trim(), "{}", file.display());
    }
}
