//! Core's rules, and where in the tokens what they find belongs.

use crate::lower::{Lower, Lowered, Settings};
use crate::root::{Files, Place, Surroundings};
use crate::spelling::Rust;
use cascade_core::check::check;
use cascade_core::contract::Contracts;
use cascade_core::finding::{Finding, Rule, Severity, rules};
use cascade_core::key_path::{KeyPath, Segment};
use cascade_core::manifest::draft::{Map, Node};
use proc_macro2::Span;
use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// The name that a component has while nobody knows its own.
const SELF: &str = "component";

/// Rules about names that a component may inherit from a pipeline that is not seen here.
const INHERITED: &[&Rule] = &[
    &rules::UNKNOWN_ENVIRONMENT,
    &rules::UNKNOWN_CALLBACK,
    &rules::NOT_A_DEPENDENCY,
    &rules::UNKNOWN_EXTERNAL,
    &rules::MISSING_INPUT,
    &rules::ROLLBACK_SIGNAL,
    &rules::INVALID_EXPRESSION,
    &rules::RELEASE_TAG,
    &rules::DEPLOY_TO_NOWHERE,
    &rules::OPTIONAL_WORKFLOW,
];

/// The things that checking a pipeline used.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    /// The place of the package in the repository.
    pub(crate) place: Option<Place>,
    /// Files whose change means checking again.
    pub(crate) tracked: Vec<PathBuf>,
}

/// Checks a lowered pipeline; what is wrong joins the mistakes, at `name` if it has no other place.
pub(crate) fn judge(
    lowered: &Lowered,
    settings: &Settings,
    around: &Surroundings,
    name: Span,
    lower: &mut Lower,
) -> Judged {
    let root = repository(settings, around, lower);
    let files = root.clone().map(Files::new);
    let contracts = match &files {
        Some(files) => Contracts::new(files).without_steps(),
        None => Contracts::unavailable(),
    };
    let draft = if settings.component {
        Cow::Owned(as_component(&lowered.draft))
    } else {
        Cow::Borrowed(&lowered.draft)
    };
    for finding in check(&draft, &contracts).findings {
        if finding.rule.severity == Severity::Error {
            report(&finding, settings, lowered, name, lower);
        }
    }
    let tracked = match &root {
        Some(root) => tracked(&contracts, root),
        None => Vec::new(),
    };
    let place = around.place(root.as_deref(), settings.root.is_some());
    Judged { place, tracked }
}

fn tracked(contracts: &Contracts<'_>, root: &Path) -> Vec<PathBuf> {
    let asked = contracts.asked();
    let paths = asked.iter().map(|path| root.join(path));
    let readable = |path: &PathBuf| path.is_file() && std::fs::File::open(path).is_ok();
    paths.filter(readable).collect()
}

fn repository(settings: &Settings, around: &Surroundings, lower: &mut Lower) -> Option<PathBuf> {
    let Some((text, range)) = &settings.root else {
        return around.discover();
    };
    let found = around.at(text);
    if found.is_none() && (around.file.is_some() || around.package.is_some()) {
        let message = format!("there is no folder `{text}` beside this file");
        let help = "`root` leads from this file's folder to the repository's";
        lower.mistakes.add_with(*range, message, help);
    }
    found
}

fn report(
    finding: &Finding,
    settings: &Settings,
    lowered: &Lowered,
    name: Span,
    lower: &mut Lower,
) {
    if settings.component && INHERITED.contains(&finding.rule) {
        return;
    }
    let written = if settings.component {
        own
    } else {
        KeyPath::clone
    };
    let range = lower.spans.find(&written(&finding.at));
    let range = range.unwrap_or_else(|| name.into());
    let places = &lowered.places;
    let rust = Rust { places, written };
    lower.mistakes.add_finding(range, finding, &rust);
}

/// A pipeline around a component, so that its keys are judged as those of one.
fn as_component(draft: &Node) -> Node {
    let mut component = match draft {
        Node::Map(map) => map.clone(),
        _ => Map::new(),
    };
    component.insert("path".to_owned(), Node::from("."));
    let grammar = component
        .entry("tag_grammar".to_owned())
        .or_insert_with(|| Node::Map(Map::new()));
    if let Node::Map(grammar) = grammar {
        grammar
            .entry("prefix".to_owned())
            .or_insert_with(|| Node::from("component-"));
    }
    let components = Map::from_iter([(SELF.to_owned(), Node::Map(component))]);
    Node::Map(Map::from_iter([
        ("schema_version".to_owned(), Node::from(1)),
        ("trunk_branch".to_owned(), Node::from("main")),
        ("components".to_owned(), Node::Map(components)),
    ]))
}

/// A place in the pipeline around a component, as its own.
fn own(at: &KeyPath) -> KeyPath {
    let segments = at.segments();
    let own = match segments.as_slice() {
        [Segment::Key(first), Segment::Key(name), rest @ ..]
            if first.as_ref() == "components" && name.as_ref() == SELF =>
        {
            rest
        }
        all => all,
    };
    let step = |path: KeyPath, segment: &&Segment| match segment {
        Segment::Key(key) => path.key(key),
        Segment::Index(index) => path.index(*index),
    };
    own.iter()
        .fold(KeyPath::root(), step)
        .with_focus(at.focus())
}
