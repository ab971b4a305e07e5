//! What can be wrong with the text itself, before anybody looks at its meaning.

use crate::finding::{Rule, Severity, Surface};

/// Every rule of this module.
pub static ALL: &[&Rule] = &[
    &YAML_SYNTAX,
    &DUPLICATE_KEY,
    &YAML_LIMIT,
    &YAML_TEXT,
    &MANIFEST_BODY,
    &MERGE_KEY,
];

/// The text is one document of plain YAML.
pub static YAML_SYNTAX: Rule = rule("C021", "yaml-syntax");
/// A key occurs once in its mapping.
pub static DUPLICATE_KEY: Rule = rule("C022", "duplicate-key");
/// The text is of a reasonable size, depth and number of aliases.
pub static YAML_LIMIT: Rule = rule("C023", "yaml-limit");
/// The file is UTF-8 text without control characters.
pub static YAML_TEXT: Rule = rule("C024", "yaml-text");
/// The manifest has a body with a `config`.
pub static MANIFEST_BODY: Rule = rule("C025", "manifest-body");
/// `<<` takes a mapping or a list of mappings.
pub static MERGE_KEY: Rule = rule("C026", "merge-key");

const fn rule(code: &'static str, name: &'static str) -> Rule {
    Rule {
        code,
        name,
        severity: Severity::Error,
        surfaces: &[Surface::Yaml],
    }
}
