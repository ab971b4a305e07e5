//! The reference page names every key of every block, from the same tables that check them.
//!
//! `UPDATE_REFERENCE=1 cargo test -p cascade-core --test it -- reference` writes it anew.

use cascade_core::manifest::draft::Literal;
use cascade_core::manifest::draft::{Block, BlockSpec, Shape, join_doc};
use cascade_core::manifest::{ComponentKeys, Config};
use std::fmt::Write as _;
use std::path::Path;

const BEGIN: &str = "<!-- reference: written from the model -->\n";

/// A value in words; blocks are linked.
fn words(shape: &Shape) -> String {
    match shape {
        Shape::Bool => "`true` or `false`".to_owned(),
        Shape::Int { min: i64::MIN, .. } => "a whole number".to_owned(),
        Shape::Int { min, max } => format!("{min} to {max}"),
        Shape::Text { what, .. } => (*what).to_owned(),
        Shape::Choice(choices) => choices
            .iter()
            .map(|word| format!("`{word}`"))
            .collect::<Vec<_>>()
            .join(", "),
        Shape::Scalar => "text, a number or a boolean".to_owned(),
        Shape::List(item) => format!("list: {}", words(item)),
        Shape::Map(item) => format!("by name: {}", words(item)),
        Shape::Block(spec) => format!("[{0}](#{1})", title(spec), anchor(spec)),
        Shape::OneOf(shapes) => shapes.iter().map(words).collect::<Vec<_>>().join(", or "),
        Shape::Component => "[component](#component-keys)".to_owned(),
    }
}

/// `CanaryBlock` is `canary`, `ComponentKeys` is `component keys`.
fn title(spec: &BlockSpec) -> String {
    let name = spec.name.strip_suffix("Block").unwrap_or(spec.name);
    let mut title = String::new();
    for (place, letter) in name.char_indices() {
        if letter.is_uppercase() && place > 0 {
            title.push(' ');
        }
        title.extend(letter.to_lowercase());
    }
    title
}

fn anchor(spec: &BlockSpec) -> String {
    title(spec).replace(' ', "-")
}

/// Blocks in the order in which they are first named.
fn collect(spec: &'static BlockSpec, found: &mut Vec<&'static BlockSpec>) {
    if found.iter().any(|known| known.name == spec.name) {
        return;
    }
    found.push(spec);
    for field in spec.fields {
        if let Some(inner) = field.shape.block() {
            collect(inner, found);
        }
    }
}

fn section(spec: &BlockSpec) -> String {
    let mut text = format!("\n## {}\n\n{}\n\n", title(spec), join_doc(spec.doc));
    if let Some(key) = spec.shorthand {
        writeln!(text, "A bare value stands for `{key}`.\n").unwrap();
    }
    text.push_str("| key | value | default | meaning |\n|---|---|---|---|\n");
    for field in spec.fields {
        let default = match (field.required, field.default) {
            (true, _) => "required".to_owned(),
            (false, Some(Literal::Text(""))) => "empty".to_owned(),
            (false, Some(default)) => format!("`{default}`"),
            (false, None) => String::new(),
        };
        let (words, meaning) = (words(&field.shape), field.summary());
        writeln!(
            text,
            "| `{}` | {words} | {default} | {meaning} |",
            field.key
        )
        .unwrap();
    }
    for refused in spec.refused {
        writeln!(
            text,
            "\n`{}` is refused ({}): {}.",
            refused.key, refused.rule.code, refused.help
        )
        .unwrap();
    }
    text
}

#[test]
fn the_page_is_in_step() {
    let mut blocks = Vec::new();
    collect(Config::SPEC, &mut blocks);
    collect(ComponentKeys::SPEC, &mut blocks);
    let reference: String = blocks.into_iter().map(section).collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/configuration.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (prose, written) = page
        .split_once(BEGIN)
        .expect("the page marks where the reference begins");
    if std::env::var_os("UPDATE_REFERENCE").is_some() {
        std::fs::write(&path, format!("{prose}{BEGIN}{reference}")).unwrap();
        return;
    }
    assert_eq!(
        written, reference,
        "run with UPDATE_REFERENCE=1 and read the difference"
    );
}
