//! The Rust source of a pipeline: what `#[pipeline]` reads as the same draft.
//!
//! | module | what it writes |
//! |---|---|
//! | `fields`, `external` | a field with its attributes |
//! | `items` | keys and values, by their shapes |
//! | `spell` | names and literals |
//! | `layout` | lines, as rustfmt breaks them |

mod external;
mod fields;
mod items;
mod layout;
mod spell;
#[cfg(test)]
mod tests;

use crate::manifest::draft::{Block, Map, Node};
use crate::manifest::{ComponentKeys, Config, SCHEMA_VERSION};
use crate::scalar::Scalar;
use fields::Fields;
use layout::{Item, attribute, documentation, is_documentation};
use std::fmt::Write;

/// Keys that fields declare.
const FIELDS: &[&str] = &[
    "validate",
    "builds",
    "deploys",
    "external",
    "publish",
    "components",
];

/// Types that the prelude brings into scope.
const PRELUDE: &[&str] = &[
    "Access",
    "BlueGreen",
    "BranchPolicy",
    "Build",
    "Builder",
    "Cadence",
    "Canary",
    "Definition",
    "Deploy",
    "Environment",
    "External",
    "ExternalDeploy",
    "Handle",
    "OnFailure",
    "PinMode",
    "Pipeline",
    "Publish",
    "ReleaseTrigger",
    "Role",
    "RunPolicy",
    "Secrets",
    "Source",
    "Validate",
    "Self",
];

/// The program that declares `config`, whose pipeline is a struct named like `name`.
///
/// The draft is expected to keep the rules: what they refuse has no source.
///
/// ```
/// use cascade_core::{manifest::draft::Map, rust_source};
/// let config = Map::from_iter([("trunk_branch".to_owned(), "main".into())]);
/// let source = rust_source::program(&config, "shop");
/// assert!(source.contains("#[pipeline(trunk_branch = \"main\")]\npub struct Shop {}\n"));
/// ```
#[must_use]
pub fn program(config: &Map, name: &str) -> String {
    let name = type_name(name);
    format!(
        "use cascade::prelude::*;\n\n\
         {}\n\
         fn main() -> std::process::ExitCode {{\n    cascade::main::<{name}>()\n}}\n",
        declarations(config, &name)
    )
}

/// The name of a pipeline's struct: `my-shop` is `MyShop`.
#[must_use]
pub fn type_name(name: &str) -> String {
    let name = spell::type_name(name);
    if name.is_empty() || name == "Pipeline" {
        return "Delivery".to_owned();
    }
    if PRELUDE.contains(&name.as_str()) {
        return format!("{name}Pipeline");
    }
    name
}

/// The struct of the pipeline, after those of its components.
fn declarations(config: &Map, name: &str) -> String {
    let mut out = String::new();
    let components = components(config, name);
    if let Some(Node::Map(all)) = config.get("components") {
        for (key, ty) in &components {
            if let Some(Node::Map(own)) = all.get(key) {
                let mut skip = ComponentKeys::KEYS.to_vec();
                skip.extend(FIELDS);
                structure(
                    own,
                    ty,
                    vec![Item::Leaf("component".to_owned())],
                    &skip,
                    &[],
                    &mut out,
                );
                out.push('\n');
            }
        }
    }
    let mut skip = FIELDS.to_vec();
    if config.get("schema_version") == Some(&Node::Scalar(Scalar::Int(SCHEMA_VERSION))) {
        skip.push("schema_version");
    }
    structure(config, name, Vec::new(), &skip, &components, &mut out);
    out
}

fn structure(
    config: &Map,
    name: &str,
    mut items: Vec<Item>,
    skip: &[&str],
    components: &[(String, String)],
    out: &mut String,
) {
    let mut skip = skip.to_vec();
    if let Some(text) = items::text(config, "description").filter(|text| is_documentation(text)) {
        out.push_str(&documentation(&text, 0));
        skip.push("description");
    }
    items.extend(items::block(config, Config::SPEC, &skip));
    out.push_str(&attribute("pipeline", items, 0));
    let fields = Fields::of(config, components);
    // Writing to text cannot fail.
    let _ = if fields.is_empty() {
        writeln!(out, "pub struct {name} {{}}")
    } else {
        writeln!(out, "pub struct {name} {{\n{fields}}}")
    };
}

/// Each component with the name of its struct.
fn components(config: &Map, main: &str) -> Vec<(String, String)> {
    let Some(Node::Map(all)) = config.get("components") else {
        return Vec::new();
    };
    let mut named: Vec<(String, String)> = Vec::new();
    for key in all.keys() {
        let mut ty = format!("{}Pipeline", spell::type_name(key));
        while ty == main || PRELUDE.contains(&&*ty) || named.iter().any(|(_, other)| *other == ty) {
            ty.push('_');
        }
        named.push((key.clone(), ty));
    }
    named
}
