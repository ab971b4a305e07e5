//! Every rule has a page, and the page is its test: what it shows as wrong breaks this rule alone,
//! at the place it names, and what it shows as right breaks none.

use crate::support::fences::{Block, blocks};
use cascade_core::check::check;
use cascade_core::contract::{Contracts, MemorySource};
use cascade_core::finding::{Rule, rules};
use cascade_core::manifest::yaml::{Manifest, Span};
use cascade_core::state::Managed;
use std::collections::BTreeSet;
use std::path::Path;

/// Warnings that short examples earn and that are not their subject.
const NOISE: [&str; 3] = ["C101", "C109", "C122"];

/// The manifest of a block: the whole of it, or its configuration alone.
fn manifest(block: &Block) -> String {
    if block.is("manifest") {
        return block.text.clone();
    }
    let lines = block.text.lines().map(|line| format!("    {line}\n"));
    format!("ci:\n  config:\n{}", lines.collect::<String>())
}

/// The codes that a manifest breaks, each with the text of the place.
fn broken(text: &str, files: &MemorySource, known: bool) -> Vec<(&'static str, String)> {
    let contracts = if known {
        Contracts::new(files)
    } else {
        Contracts::unavailable()
    };
    broken_in(text, &contracts)
}

/// The same, in a repository of which this is known.
fn broken_in(text: &str, contracts: &Contracts<'_>) -> Vec<(&'static str, String)> {
    let manifest = match Manifest::read(text.as_bytes(), "ci") {
        Ok(manifest) => manifest,
        Err(errors) => {
            let shown = |span: Span| {
                text.get(span.start..span.end)
                    .unwrap_or_default()
                    .to_owned()
            };
            return errors
                .iter()
                .map(|error| (error.rule.code, shown(error.span)))
                .collect();
        }
    };
    let checked = check(manifest.config(), contracts);
    let findings = checked.findings.into_iter();
    let place = |at: &cascade_core::key_path::KeyPath| {
        manifest.document().slice(manifest.span(at)).to_owned()
    };
    let mut found: Vec<_> = findings
        .map(|finding| (finding.rule.code, place(&finding.at)))
        .collect();
    // The command line reports what is wrong outside of `config`.
    let settings = checked.pipeline.map(|pipeline| pipeline.into_parts().0);
    let on_branch = settings.is_some_and(|settings| settings.state_branch.is_some());
    match Managed::read(&manifest) {
        Err(_) => found.push((rules::STATE.code, String::new())),
        Ok(managed) if on_branch && !managed.is_empty() => {
            found.push((rules::STATE_LEFT.code, String::new()));
        }
        Ok(_) => {}
    }
    found
}

/// The only file of the repository, if the fence names one.
fn tracked(block: &Block) -> Option<Vec<String>> {
    let file = block.value("tracked=")?;
    Some(file.split(' ').take(1).map(str::to_owned).collect())
}

fn without_noise(found: Vec<(&'static str, String)>, rule: &Rule) -> Vec<(&'static str, String)> {
    let counts = |code: &str| code == rule.code || !NOISE.contains(&code);
    found.into_iter().filter(|(code, _)| counts(code)).collect()
}

#[test]
fn pages_are_true() {
    let mut wrong = Vec::new();
    for rule in rules::ALL {
        let blocks = blocks(rule.page);
        let files = blocks.iter().filter_map(|block| {
            let path = format!(".github/workflows/{}", block.value("file=")?);
            Some((path, block.text.clone()))
        });
        let files: Vec<(String, String)> = files.collect();
        let known = !files.is_empty();
        let source: MemorySource = files.into_iter().collect();
        let shown = |block: &Block| {
            let contracts = match known {
                true => Contracts::new(&source),
                false => Contracts::unavailable(),
            };
            broken_in(&manifest(block), &contracts.tracking(tracked(block)))
        };
        let failing: Vec<&Block> = blocks.iter().filter(|block| block.is("fails")).collect();
        let passing: Vec<&Block> = blocks.iter().filter(|block| block.is("passes")).collect();
        let by_size = [rules::TOO_LARGE.code, rules::ENCODING.code].contains(&rule.code);
        if passing.is_empty() || failing.is_empty() != by_size {
            wrong.push(format!(
                "{}: a page shows what is wrong and what is right",
                rule.code
            ));
        }
        for block in failing {
            let found = without_noise(shown(block), rule);
            let place = block.value("at=");
            let good = match found.as_slice() {
                [(code, at)] => *code == rule.code && place.is_none_or(|place| *at == place),
                _ => false,
            };
            if !good {
                wrong.push(format!("{} fails with {found:?}", rule.code));
            }
        }
        for block in passing {
            let tracked = tracked(block);
            let contracts = match known {
                true => Contracts::new(&source),
                false => Contracts::unavailable(),
            };
            let contracts = contracts.tracking(tracked);
            let found = without_noise(broken_in(&manifest(block), &contracts), rule);
            if !found.is_empty() {
                wrong.push(format!("{} passes with {found:?}", rule.code));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rules_that_no_page_can_show() {
    let large = format!(
        "ci:\n  config:\n    trunk_branch: main\n# {}\n",
        "x".repeat(9 << 20)
    );
    assert_eq!(
        broken(&large, &MemorySource::new(), false)[0].0,
        rules::TOO_LARGE.code
    );
    let errors = Manifest::read(b"ci: \xff", "ci").unwrap_err();
    assert_eq!(errors[0].rule.code, rules::ENCODING.code);
}

#[test]
fn pages_and_rules_are_the_same_set() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/errors");
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    let stem = |name: std::ffi::OsString| Some(name.to_str()?.strip_suffix(".md")?.to_owned());
    let pages = files.filter_map(stem).filter(|name| name != "README");
    let pages: BTreeSet<String> = pages.collect();
    let codes: BTreeSet<String> = rules::ALL.iter().map(|rule| rule.code.to_owned()).collect();
    assert_eq!(pages, codes);
    for rule in rules::ALL {
        assert!(
            rule.page.starts_with(&format!("# {}: ", rule.code)),
            "{}",
            rule.code
        );
    }
}
