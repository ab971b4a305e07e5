//! Attributes and files too large for people to have written them are errors, and crash nothing.

use super::{PACKAGE, workspace};
use crate::support::crates;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// A program with one deploy that has these keys.
fn program(folder: &Path, name: &str, keys: &str) {
    described(folder, name, "", keys);
}

/// A program with one deploy that has this documentation and these keys.
fn described(folder: &Path, name: &str, documentation: &str, keys: &str) {
    let text = format!(
        "use cascade::prelude::*;\n\n#[pipeline(trunk_branch = \"main\", environments(dev))]\n\
         pub struct Shop {{\n{documentation}\n    #[deploy(\n{keys}\n    )]\n    web: Deploy,\n}}\n\n\
         fn main() {{}}\n"
    );
    fs::write(folder.join(format!("code/src/bin/{name}.rs")), text).unwrap();
}

const API: &str = "workflow = \".github/workflows/deploy-api.yaml\"";

#[test]
fn limits_are_errors() {
    let folder = workspace("limits", [&PACKAGE]);
    let programs = folder.join("code/src/bin");
    fs::remove_dir_all(&programs).unwrap();
    fs::create_dir_all(&programs).unwrap();
    let cases = cases();
    for (name, keys) in &cases {
        program(&folder, name, keys);
    }
    let documentations = documentations();
    for (name, documentation) in &documentations {
        described(&folder, name, documentation, API);
    }
    fs::write(
        folder.join("code/large.txt"),
        "A line of text.\n".repeat(10_000),
    )
    .unwrap();
    let run = crates::cargo(&folder, &["check", "--quiet", "--bins", "--keep-going"]);
    assert_eq!(
        run.code,
        Some(101),
        "{}",
        &run.stderr[..2000.min(run.stderr.len())]
    );
    for (name, _) in cases.iter().chain(&documentations) {
        let place = format!("code/src/bin/{name}.rs");
        assert!(run.stderr.contains(&place), "no error in {name}");
    }
    for end in [
        "overflow",
        "SIGSEGV",
        "SIGABRT",
        "has a bug",
        "attribute panicked",
    ] {
        assert!(!run.stderr.contains(end), "{end}");
    }
    for part in ["nested deeper than", "too many", "too long", "more than"] {
        assert!(run.stderr.contains(part), "{part}");
    }
    let mistakes = run.stderr.matches("code/src/bin/gaps.rs").count();
    assert!(
        mistakes <= 101,
        "{mistakes} errors are more than people read"
    );
    assert!(
        run.stderr
            .contains("more errors of this pipeline are not shown")
    );
    assert!(run.elapsed < Duration::from_secs(120), "{:?}", run.elapsed);
}

/// Declarations that are too large or too deep, with the names of their programs.
fn cases() -> [(&'static str, String); 19] {
    let deep = |open: &str, inner: &str, close: &str| {
        [&open.repeat(4000), inner, &close.repeat(4000)].concat()
    };
    let mega = "a".repeat(1 << 20);
    [
        (
            "parentheses",
            format!("{API}, retries = {}", deep("(", "1", ")")),
        ),
        (
            "blocks",
            format!("{API}, inputs(a = {})", deep("{", "1", "}")),
        ),
        ("signs", format!("{API}, retries = {}1", "-".repeat(4000))),
        ("sums", format!("{API}, retries = 1{}", " + 1".repeat(4000))),
        ("keys", format!("{API}, {}", deep("a(", "b", ")"))),
        (
            "concats",
            format!("workflow = {}", deep("concat!(", "\"a\"", ")")),
        ),
        (
            "items",
            format!("{API}, triggers({})", "\"a\", ".repeat(200_000)),
        ),
        ("text", format!("{API}, description = \"{mega}\"")),
        ("path", format!("workflow = \"{mega}\"")),
        ("list", format!("{API}, triggers(\"{mega}\")")),
        ("name", format!("{API}, {mega} = 1")),
        ("input", format!("{API}, inputs(a = \"{mega}\")")),
        (
            "gaps",
            format!("{API}, triggers({})", "\"a\" ".repeat(200_000)),
        ),
        (
            "semicolons",
            format!("{API}, triggers({})", "\"a\"; ".repeat(200_000)),
        ),
        (
            "commas",
            format!("{API}, triggers({})", ", ".repeat(200_000)),
        ),
        (
            "words",
            format!("{API}, depends_on({})", "a ".repeat(200_000)),
        ),
        (
            "digits",
            format!("{API}, retries = {}", "1".repeat(100_000)),
        ),
        (
            "digits_of_a_sum",
            format!("{API}, retries = 1 + {}", "1".repeat(100_000)),
        ),
        (
            "digits_in_a_list",
            format!("{API}, triggers({})", "1".repeat(100_000)),
        ),
    ]
}

/// Documentation that is too large for a description.
fn documentations() -> [(&'static str, String); 4] {
    let mega = "a".repeat(1 << 20);
    [
        ("documentation", format!("#[doc = \"{mega}\"]")),
        ("lines", "/// A line of documentation.\n".repeat(20_000)),
        (
            "pieces",
            format!("#[doc = concat!({})]", "\"a\", ".repeat(50_000)),
        ),
        (
            "file",
            "#[doc = include_str!(\"../../large.txt\")]".to_owned(),
        ),
    ]
}

/// Whatever a callback's file holds, the compiler says so.
#[test]
fn callback_files_of_any_content_are_errors() {
    let folder = workspace("contents", [&PACKAGE]);
    let programs = folder.join("code/src/bin");
    fs::remove_dir_all(&programs).unwrap();
    fs::create_dir_all(&programs).unwrap();
    let workflows = folder.join("code/.github/workflows");
    let contents = contents();
    let mut names: Vec<&str> = contents.iter().map(|(name, _)| *name).collect();
    for (name, content) in &contents {
        fs::write(workflows.join(format!("{name}.yaml")), content).unwrap();
    }
    fs::create_dir(workflows.join("folder.yaml")).unwrap();
    names.push("folder");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("loop.yaml", workflows.join("loop.yaml")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", workflows.join("device.yaml")).unwrap();
        names.extend(["loop", "device"]);
    }
    for name in &names {
        let keys = format!("workflow = \".github/workflows/{name}.yaml\"");
        program(&folder, name, &keys);
    }
    let run = crates::cargo(&folder, &["check", "--quiet", "--bins", "--keep-going"]);
    assert_eq!(run.code, Some(101), "{}", run.stderr);
    for name in names {
        let place = format!("code/src/bin/{name}.rs");
        assert!(
            run.stderr.contains(&place),
            "no error in {name}: {}",
            run.stderr
        );
    }
    for end in ["overflow", "SIGSEGV", "SIGABRT", "panicked"] {
        assert!(!run.stderr.contains(end), "{end}: {}", run.stderr);
    }
    // It ends at all: a device has no end.
    assert!(run.elapsed < Duration::from_secs(600), "{:?}", run.elapsed);
}

fn utf16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

/// A workflow that requires more than anybody gives.
fn required() -> String {
    let inputs = (0..5000).map(|n| format!("      i{n}: {{ type: string, required: true }}\n"));
    "on:\n  workflow_call:\n    inputs:\n".to_owned() + &inputs.collect::<String>()
}

/// Files of every kind of wrong content, with the names of their workflows.
fn contents() -> [(&'static str, Vec<u8>); 14] {
    let mut bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (before, own) in "abcdefghij".chars().zip("bcdefghijk".chars()) {
        let uses = format!("*{before}, ").repeat(9);
        bomb.push_str(&format!("{own}: &{own} [{uses}]\n"));
    }
    [
        ("binary", (0..=255_u8).cycle().take(5000).collect()),
        ("empty", Vec::new()),
        ("zeros", vec![0; 4096]),
        ("utf8", b"on:\n  workflow_call: \xff\xfe\n".to_vec()),
        (
            "nested",
            [vec![b'['; 100_000], vec![b']'; 100_000]].concat(),
        ),
        ("maps", "{a: ".repeat(100_000).into_bytes()),
        (
            "large",
            format!("on: workflow_call\n# {}\n", "x".repeat(2 << 20)).into_bytes(),
        ),
        ("aliases", bomb.into_bytes()),
        ("scalar", b"42".to_vec()),
        ("utf16", utf16("on:\n  workflow_call:\n")),
        ("itself", b"on: &a { workflow_call: *a }\n".to_vec()),
        ("dashes", b"- ".repeat(200_000)),
        ("quoted", [b"\"".to_vec(), vec![b'\\'; 900_000]].concat()),
        ("inputs", required().into_bytes()),
    ]
}
