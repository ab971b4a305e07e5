//! The pages of `docs`: what is before becomes what is after.

use super::repository;
use crate::support::fences::{Block, blocks};
use crate::support::tree::HERE;
use std::path::Path;

/// The blocks of the pages: what is before becomes what is after.
#[test]
fn pages_are_true() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    for name in ["go-tool", "release-please", "semantic-release", "workflows"] {
        let page = std::fs::read_to_string(docs.join(format!("migrate-{name}.md"))).unwrap();
        page_is_true(name, &blocks(&page));
    }
}

fn page_is_true(name: &str, blocks: &[Block]) {
    let of = |key: &str| -> Vec<(String, &str)> {
        let found = blocks.iter();
        found
            .filter_map(|block| Some((block.value(key)?, block.text.as_str())))
            .collect()
    };
    let (before, after) = (of("before="), of("after="));
    assert!(!before.is_empty() && !after.is_empty(), "{name}");
    let files: Vec<(&str, &str)> = before
        .iter()
        .map(|(path, text)| (path.as_str(), *text))
        .collect();
    let is = |word: &'static str| blocks.iter().filter(move |block| block.is(word));
    let tags: Vec<&str> = is("setup")
        .flat_map(|block| block.text.lines())
        .map(|line| line.strip_prefix("git tag ").unwrap())
        .collect();
    let sandbox = repository(&files, &tags);
    let mut said = String::new();
    for block in is("run") {
        let expected = block.value("exit=").unwrap_or_else(|| "0".to_owned());
        for line in block.text.lines() {
            let args: Vec<&str> = line.strip_prefix("cascade ").unwrap().split(' ').collect();
            let run = sandbox.run_in(HERE, &args);
            assert_eq!(run.code.to_string(), expected, "{name}: {line}\n{run}");
            said.push_str(&run.stdout);
        }
    }
    assert!(!said.is_empty(), "{name}");
    for line in is("says").flat_map(|block| block.text.lines()) {
        assert!(
            said.lines().any(|each| each.trim() == line),
            "{name}: {line}\n{said}"
        );
    }
    for (path, text) in after {
        assert_eq!(
            sandbox.read(&format!("{HERE}/{path}")),
            text,
            "{name}: {path}"
        );
    }
    for path in is("removed").flat_map(|block| block.text.lines()) {
        assert!(!sandbox.exists(&format!("{HERE}/{path}")), "{name}: {path}");
    }
    assert_eq!(sandbox.run_in(HERE, &["lint"]).code, 0, "{name}");
}
