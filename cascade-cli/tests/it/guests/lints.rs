//! Whatever lint a crate forbids, its pipeline compiles.

use super::{PACKAGE, Package, workspace};
use crate::support::crates;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Lints that the author's own code breaks in every crate that has any: the words of a program, or
/// contradictions of other lints.
const OWN: &[&str] = &[
    // The opposite of `clippy::needless_return`.
    "clippy::implicit_return",
    // Of what the versions of Cargo's lock file are.
    "clippy::multiple_crate_versions",
    // Of programs alone.
    "linker_messages",
    // Of names that only other toolchains know.
    "unknown_lints",
];

/// The names of the lints that a program lists, without groups.
fn listed(program: &str) -> Vec<String> {
    let output = Command::new(program).args(["-W", "help"]).output().unwrap();
    assert!(output.status.success(), "{program}");
    let text = String::from_utf8(output.stdout).unwrap();
    let rows = text.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let (name, level) = (words.next()?, words.next()?);
        let is_level = matches!(level, "allow" | "warn" | "deny" | "forbid");
        is_level.then(|| name.replace('-', "_"))
    });
    rows.collect()
}

/// Puts the lints between what a crate says of itself and its first item.
fn forbid(file: &Path, lints: &[String]) {
    let text = fs::read_to_string(file).unwrap();
    let forbidden = format!(
        "#![allow(unknown_lints, reason = \"of other toolchains\")]\n#![forbid({})]\n",
        lints.join(", ")
    );
    let (head, rest) = text.split_at(text.find("\n/// ").unwrap());
    fs::write(file, format!("{head}{forbidden}{rest}")).unwrap();
}

#[test]
fn no_lint_fires_in_an_expansion() {
    let mut lints = listed("rustc");
    assert!(lints.len() > 150, "{lints:?}");
    lints.extend(
        listed("clippy-driver")
            .into_iter()
            .filter(|lint| lint.starts_with("clippy::")),
    );
    assert!(lints.len() > 700, "{}", lints.len());
    lints.retain(|lint| !OWN.contains(&lint.as_str()));
    lints.sort();
    lints.dedup();
    let folder = workspace(
        "lints",
        [&Package {
            name: "lints",
            ..PACKAGE
        }],
    );
    for file in ["main.rs", "lib.rs"] {
        forbid(&folder.join("lints/src").join(file), &lints);
    }
    let run = crates::cargo(&folder, &["clippy", "--quiet"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
}
