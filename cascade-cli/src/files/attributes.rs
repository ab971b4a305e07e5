//! Line breaks of generated files: git changes them on checkouts unless an attribute forbids it.
//!
//! Source: gitattributes(5), `text` and `eol`.

use crate::repository::WORKFLOWS;

/// The file that holds attributes, at the top of a repository and in any folder.
pub(crate) const ATTRIBUTES: &str = ".gitattributes";

/// The beginnings of the names of generated workflows.
const GROUPS: [&str; 4] = ["cascade-", "external-update", "orchestrate", "promote"];

/// Returns patterns, relative to the top, that match these generated files.
pub(crate) fn patterns<'a>(paths: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut patterns: Vec<String> = paths.into_iter().map(pattern).collect();
    patterns.sort_unstable();
    patterns.dedup();
    patterns
}

fn pattern(path: &str) -> String {
    let name = path
        .strip_prefix(WORKFLOWS)
        .and_then(|rest| rest.strip_prefix('/'));
    let group = name.and_then(|name| GROUPS.into_iter().find(|group| name.starts_with(group)));
    match group {
        Some(group) => format!("/{WORKFLOWS}/{group}*.yaml"),
        None => format!("/{path}"),
    }
}

/// Returns the lines of `.gitattributes` that keep the line breaks of what the patterns match.
pub(crate) fn lines(patterns: &[String]) -> Vec<String> {
    let lines = patterns.iter();
    lines
        .map(|pattern| format!("{pattern} text eol=lf"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_and_later_files_are_matched_too() {
        let paths = [
            ".github/actions/setup-cascade/action.yaml",
            ".github/workflows/cascade-deploy.yaml",
            ".github/workflows/cascade-rollback.yaml",
            ".github/workflows/orchestrate-api.yaml",
        ];
        assert_eq!(
            lines(&patterns(paths)),
            [
                "/.github/actions/setup-cascade/action.yaml text eol=lf",
                "/.github/workflows/cascade-*.yaml text eol=lf",
                "/.github/workflows/orchestrate*.yaml text eol=lf",
            ]
        );
    }
}
