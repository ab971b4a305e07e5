//! The key lists of the attributes' documentation, written from core's tables.
//!
//! `UPDATE_REFERENCE=1 cargo test -p cascade-macros` writes them anew.

use crate::keys::Kind;
use crate::lower::example;
use cascade_core::manifest::draft::{Block, BlockSpec, FieldSpec, Shape};
use cascade_core::manifest::{Config, DeployBlock};
use std::fmt::Write;
use std::path::PathBuf;

/// Blocks with a table of their own, each once.
struct Page {
    text: String,
    seen: Vec<&'static str>,
}

impl Page {
    fn new() -> Self {
        Self {
            text: String::new(),
            seen: Vec::new(),
        }
    }

    fn table(&mut self, spec: &'static BlockSpec, skip: &[&str]) {
        self.text
            .push_str("| key | written | default | meaning |\n|---|---|---|---|\n");
        let fields = || {
            spec.fields
                .iter()
                .filter(|field| !skip.contains(&field.key))
        };
        for field in fields() {
            self.row(field);
        }
        for field in fields() {
            self.blocks(field.key, &field.shape);
        }
    }

    fn row(&mut self, field: &FieldSpec) {
        let default = match (field.required, field.default) {
            (true, _) => "required".to_owned(),
            (false, Some(default)) => format!("`{default}`"),
            (false, None) => String::new(),
        };
        let mut written = example(field.key, &field.shape);
        if let Shape::Choice(words) = field.shape {
            written = choices(field.key, words);
        }
        let meaning = field.summary();
        let _ = writeln!(
            self.text,
            "| `{}` | {written} | {default} | {meaning} |",
            field.key
        );
    }

    fn blocks(&mut self, key: &str, shape: &Shape) {
        let Some(spec) = shape.block() else { return };
        if self.seen.contains(&spec.name) {
            return;
        }
        self.seen.push(spec.name);
        let _ = writeln!(
            self.text,
            "\n## `{key}`\n\n{}\n",
            cascade_core::manifest::draft::join_doc(spec.doc)
        );
        let skip: &[&str] = match shape {
            Shape::List(Shape::Block(_)) if spec.field("name").is_some() => &["name"],
            _ => &[],
        };
        self.table(spec, skip);
    }
}

fn choices(key: &str, words: &[&str]) -> String {
    let words: Vec<String> = words
        .iter()
        .map(|word| format!("`{key} = \"{word}\"`"))
        .collect();
    words.join(", ")
}

fn pages() -> Vec<(&'static str, String)> {
    let mut pages = Vec::new();
    let fields: Vec<&str> = Kind::ALL.iter().map(|kind| kind.key()).collect();
    let mut page = Page::new();
    page.text.push_str("The keys of the manifest, and three of Rust's own: `component` says that the struct is a part of another pipeline, `root = \"..\"` names the repository's folder, relative to the source file, `crate = delivery` is the path to the crate `cascade`.\n\n");
    page.table(Config::SPEC, &fields);
    pages.push(("pipeline", page.text));
    for kind in Kind::ALL {
        let mut page = Page::new();
        page.table(kind.spec(), &[]);
        if *kind == Kind::External {
            page.text.push_str("\nWithout `deploys`, `workflow` and `on_update` declare one of the field's name; its other keys stand beside them.\n");
        }
        if *kind == Kind::Component {
            page.text
                .push_str("\n`prefix = \"...\"` is short for `tag_grammar(prefix = \"...\")`.\n");
        }
        pages.push((kind.attribute(), page.text));
    }
    let mut page = Page::new();
    for name in ["canary", "blue_green"] {
        if let Some(field) = DeployBlock::SPEC.field(name) {
            page.blocks(name, &field.shape);
        }
    }
    pages.push(("strategy", page.text));
    pages
}

#[test]
fn the_documentation_lists_every_key() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs");
    let write = std::env::var_os("UPDATE_REFERENCE").is_some();
    for (name, text) in pages() {
        let path = folder.join(format!("{name}.md"));
        if write {
            std::fs::create_dir_all(&folder).expect("a folder");
            std::fs::write(&path, text).expect("a page");
            continue;
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(
            found, text,
            "`UPDATE_REFERENCE=1 cargo test -p cascade-macros` writes {name}.md"
        );
    }
}
