//! Editing `config.state` in the text of a manifest.

use super::SpliceError;
use super::layout::{line_end, line_start, lines_of, refuse_config};
use crate::manifest::draft::{Map, Node};
use crate::manifest::yaml::write::scalar;
use crate::manifest::yaml::{Manifest, View, read};

/// Returns the `text` of a manifest whose configuration keeps the state on this branch, or in the
/// manifest; every other byte stays.
///
/// # Errors
/// The manifest cannot be read, or its configuration is not in block style.
pub fn set_state_branch(
    text: &str,
    key: &str,
    branch: Option<&str>,
) -> Result<String, SpliceError> {
    let manifest = Manifest::read(text.as_bytes(), key).map_err(SpliceError::Read)?;
    let config = manifest.body().and_then(|body| body.get("config"));
    let Some(config) = config else {
        return Err(refused("there is no `config` to edit"));
    };
    let result = match (branch, config.entry("state")) {
        (None, None) => return Ok(text.to_owned()),
        (None, Some(entry)) if !entry.merged => {
            let span = lines_of(text, entry);
            format!("{}{}", &text[..span.start], &text[span.end..])
        }
        (Some(branch), Some(entry)) if !entry.merged => renamed(text, config, branch)?,
        (Some(branch), None) => inserted(text, config, branch)?,
        (_, Some(_)) => return Err(refused("a merge key brings `state`")),
    };
    let found = read(result.as_bytes())
        .ok()
        .and_then(|document| document.root().map(|root| root.draft()));
    match found.is_some() && found == expected(&manifest, branch) {
        true => Ok(result),
        false => Err(refused("`config` is not in block style")),
    }
}

fn refused(message: &str) -> SpliceError {
    SpliceError::Layout(refuse_config(message))
}

fn renamed(text: &str, config: View<'_>, branch: &str) -> Result<String, SpliceError> {
    let value = config.get("state").and_then(|state| state.get("branch"));
    let span = value.map(View::span).filter(|span| span.start < span.end);
    let span = span.ok_or_else(|| refused("`state` names no branch"))?;
    let (before, after) = (&text[..span.start], &text[span.end..]);
    Ok(format!("{before}{}{after}", scalar(branch)))
}

fn inserted(text: &str, config: View<'_>, branch: &str) -> Result<String, SpliceError> {
    let entry = config.entry("trunk_branch").filter(|entry| !entry.merged);
    let entry = entry.ok_or_else(|| refused("`config` has no `trunk_branch` of its own"))?;
    let indent = &text[line_start(text, entry.key.start)..entry.key.start];
    if !indent.trim().is_empty() {
        return Err(refused("`config` is not in block style"));
    }
    let at = line_end(text, entry.value.span.end);
    let newline = if text[at..].starts_with("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let line = format!("{newline}{indent}state: {{ branch: {} }}", scalar(branch));
    Ok(format!("{}{line}{}", &text[..at], &text[at..]))
}

fn expected(manifest: &Manifest, branch: Option<&str>) -> Option<Node> {
    let mut root = manifest.document().root()?.draft();
    let Node::Map(map) = &mut root else {
        return None;
    };
    let Some(Node::Map(body)) = map.get_mut(manifest.key()) else {
        return None;
    };
    let Some(Node::Map(config)) = body.get_mut("config") else {
        return None;
    };
    match branch {
        None => {
            config.shift_remove("state");
        }
        Some(branch) => {
            let block = Map::from_iter([("branch".to_owned(), Node::from(branch))]);
            let entry = config.entry("state".to_owned());
            match entry.or_insert_with(|| Node::Map(Map::new())) {
                Node::Map(state) => {
                    state.insert("branch".to_owned(), Node::from(branch));
                }
                other => *other = Node::Map(block),
            }
        }
    }
    Some(root)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# mine\nci:\n  config:\n    schema_version: 1\n    trunk_branch:   main # ours\n    # next\n    environments: [dev]\n  state:\n    dev: { sha: a }\n";

    #[test]
    fn a_branch_is_added_below_the_trunk_renamed_and_removed() {
        let added = set_state_branch(TEXT, "ci", Some("cascade-state")).unwrap();
        let expected = TEXT.replace(
            "main # ours\n",
            "main # ours\n    state: { branch: cascade-state }\n",
        );
        assert_eq!(added, expected);
        let renamed = set_state_branch(&added, "ci", Some("other")).unwrap();
        assert_eq!(renamed, expected.replace("cascade-state", "other"));
        assert_eq!(set_state_branch(&renamed, "ci", None).unwrap(), TEXT);
        assert_eq!(set_state_branch(TEXT, "ci", None).unwrap(), TEXT);
    }

    #[test]
    fn line_endings_and_block_style_stay() {
        let text = TEXT.replace('\n', "\r\n");
        let added = set_state_branch(&text, "ci", Some("s")).unwrap();
        assert!(!added.replace("\r\n", "").contains('\n'), "{added:?}");
        let block = TEXT.replace(
            "    # next\n",
            "    state:\n      # here\n      branch: a # there\n    # next\n",
        );
        let renamed = set_state_branch(&block, "ci", Some("b")).unwrap();
        assert_eq!(renamed, block.replace("branch: a", "branch: b"));
        assert_eq!(set_state_branch(&block, "ci", None).unwrap(), TEXT);
    }

    #[test]
    fn what_cannot_be_edited_is_refused() {
        for text in [
            "ci:\n  config: { trunk_branch: main }\n",
            "ci: { config: { trunk_branch: main } }\n",
            "base: &b { state: { branch: a } }\nci:\n  config:\n    <<: *b\n    trunk_branch: main\n",
        ] {
            assert!(set_state_branch(text, "ci", Some("b")).is_err(), "{text}");
        }
    }
}
