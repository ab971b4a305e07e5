//! The workflows that an event starts.

use serde_yaml::Value;

use super::git;
use super::world::{Repository, World};
use crate::github::Event;

/// The workflow files that the event starts, in the order of their names.
pub(super) fn started(
    world: &World,
    repository: &Repository,
    event: &Event,
) -> anyhow::Result<Vec<String>> {
    if let Some(only) = &event.workflow {
        return Ok(vec![only.clone()]);
    }
    let bare = repository.handle.folder();
    // What is not started by a push runs as the default branch has it.
    let at = match event.name.as_str() {
        "push" | "create" | "pull_request" | "merge_group" => event.sha.clone(),
        _ => repository.trunk.clone(),
    };
    let list = git::run(
        &bare,
        &["ls-tree", "--name-only", &at, ".github/workflows/"],
    )?;
    let mut started = Vec::new();
    for path in list.lines() {
        let text = git::run(&bare, &["show", &format!("{at}:{path}")])?;
        let Ok(workflow) = serde_yaml::from_str::<Value>(&text) else {
            continue;
        };
        let changed = changed(world, &bare, event);
        if starts(&workflow, event, &changed) {
            started.push(path.to_owned());
        }
    }
    Ok(started)
}

fn changed(_world: &World, bare: &std::path::Path, event: &Event) -> Vec<String> {
    let before = event.payload["before"].as_str().unwrap_or_default();
    let range = [before, event.sha.as_str()];
    let all = before.is_empty() || before.starts_with("00000000");
    let listed = if all {
        git::run(bare, &["ls-tree", "-r", "--name-only", &event.sha])
    } else {
        git::run(bare, &["diff", "--name-only", range[0], range[1]])
    };
    let listed = listed.unwrap_or_default();
    listed.lines().map(str::to_owned).collect()
}

/// Returns true if a workflow's text reacts to an event of this name at all, whatever its filters.
pub(super) fn reacts(text: &str, event: &str) -> bool {
    let workflow: Result<Value, _> = serde_yaml::from_str(text);
    workflow.is_ok_and(|workflow| trigger(&workflow, event).is_some())
}

/// The filters of an event; null if it has none.
fn trigger<'a>(workflow: &'a Value, event: &str) -> Option<&'a Value> {
    const UNFILTERED: &Value = &Value::Null;
    let on = workflow
        .get("on")
        .or_else(|| workflow.get(Value::Bool(true)))?;
    match on {
        Value::String(one) => (one == event).then_some(UNFILTERED),
        Value::Sequence(all) => all.iter().any(|one| one == event).then_some(UNFILTERED),
        on => on.get(event),
    }
}

fn starts(workflow: &Value, event: &Event, changed: &[String]) -> bool {
    let Some(trigger) = trigger(workflow, &event.name) else {
        return false;
    };
    of_type(trigger, event) && of_branch(trigger, event) && of_paths(trigger, event, changed)
}

fn list(trigger: &Value, key: &str) -> Option<Vec<String>> {
    match trigger.get(key)? {
        Value::String(one) => Some(vec![one.clone()]),
        Value::Sequence(all) => Some(
            all.iter()
                .filter_map(|one| Some(one.as_str()?.to_owned()))
                .collect(),
        ),
        _ => None,
    }
}

fn of_type(trigger: &Value, event: &Event) -> bool {
    let Some(action) = &event.action else {
        return true;
    };
    match (list(trigger, "types"), event.name.as_str()) {
        (Some(types), _) => types.contains(action),
        (None, "pull_request" | "pull_request_target") => {
            ["opened", "synchronize", "reopened"].contains(&action.as_str())
        }
        (None, _) => true,
    }
}

fn of_branch(trigger: &Value, event: &Event) -> bool {
    let target = match event.name.as_str() {
        "push" => event.reference.as_str(),
        "pull_request" | "pull_request_target" => event.payload["pull_request"]["base"]["ref"]
            .as_str()
            .unwrap_or_default(),
        "merge_group" => event.payload["merge_group"]["base_ref"]
            .as_str()
            .unwrap_or_default(),
        _ => return true,
    };
    if let Some(tag) = target.strip_prefix("refs/tags/") {
        return list(trigger, "tags").is_some_and(|tags| wanted(&tags, tag))
            || list(trigger, "branches").is_none();
    }
    let branch = target.trim_start_matches("refs/heads/");
    match list(trigger, "branches") {
        Some(branches) => wanted(&branches, branch),
        None => list(trigger, "tags").is_none(),
    }
}

/// Returns true if `on.workflow_run` follows runs of a branch, in any repository of the network.
pub(super) fn follows(trigger: &Value, branch: &str) -> bool {
    list(trigger, "branches").is_none_or(|branches| wanted(&branches, branch))
}

/// The last pattern that matches decides.
fn wanted(patterns: &[String], name: &str) -> bool {
    patterns
        .iter()
        .fold(false, |wanted, pattern| match pattern.strip_prefix('!') {
            Some(pattern) => wanted && !matches(pattern, name),
            None => wanted || matches(pattern, name),
        })
}

fn of_paths(trigger: &Value, event: &Event, changed: &[String]) -> bool {
    if !["push", "pull_request", "pull_request_target"].contains(&event.name.as_str()) {
        return true;
    }
    if let Some(paths) = list(trigger, "paths") {
        return changed.iter().any(|file| wanted(&paths, file));
    }
    if let Some(ignored) = list(trigger, "paths-ignore") {
        return changed.iter().any(|file| !wanted(&ignored, file));
    }
    true
}

/// `**` is anything, `*` anything within a folder, `+` and `?` repeat the character before, which
/// stands for itself behind a backslash.
///
/// Source: GitHub, "Workflow syntax for GitHub Actions", "Filter pattern cheat sheet".
fn matches(pattern: &str, name: &str) -> bool {
    if let Some(rest) = pattern.strip_prefix("**") {
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        return (0..=name.len())
            .filter(|at| name.is_char_boundary(*at))
            .filter(|at| {
                *at == 0
                    || *at == name.len()
                    || pattern == "**"
                    || rest.is_empty()
                    || name[..*at].ends_with('/')
                    || !pattern.starts_with("**/")
            })
            .any(|at| matches(rest, &name[at..]));
    }
    if let Some(rest) = pattern.strip_prefix('*') {
        let end = name.find('/').unwrap_or(name.len());
        return (0..=end)
            .filter(|at| name.is_char_boundary(*at))
            .any(|at| matches(rest, &name[at..]));
    }
    let literal = pattern.strip_prefix('\\').unwrap_or(pattern);
    let Some(one) = literal.chars().next() else {
        return name.is_empty();
    };
    let rest = &literal[one.len_utf8()..];
    let after = name.strip_prefix(one);
    if let Some(optional) = rest.strip_prefix('?') {
        return matches(optional, name) || after.is_some_and(|after| matches(optional, after));
    }
    if let Some(repeated) = rest.strip_prefix('+') {
        let again = format!("{}{repeated}", &pattern[..pattern.len() - repeated.len()]);
        return after.is_some_and(|after| matches(repeated, after) || matches(&again, after));
    }
    after.is_some_and(|after| matches(rest, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_filters_do() {
        for (pattern, name, expected) in [
            ("main", "main", true),
            ("release/*", "release/1", true),
            ("release/*", "release/1/x", false),
            ("src/**", "src/a/b", true),
            ("**/*.md", "a/b.md", true),
            ("**/*.md", "b.md", true),
            ("**", "x/y", true),
            ("src/**/x", "src/a/b/x", true),
            ("v*", "x", false),
            ("release\\+1", "release+1", true),
            ("release+1", "release+1", false),
            ("release+1", "releasee1", true),
            ("c\\+\\+", "c++", true),
            ("ab?c", "ac", true),
            ("\\!x", "!x", true),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
        let patterns = ["src/**".to_owned(), "!src/**/*.md".to_owned()];
        assert!(wanted(&patterns, "src/a"));
        assert!(!wanted(&patterns, "src/a/b.md"));
    }
}
