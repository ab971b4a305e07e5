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
