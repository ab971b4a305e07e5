//! Files of the Go tool of the same name: those that go away, and lines of others that need it.

use super::Scene;
use crate::files::Disk;
use crate::repository::{WORKFLOWS, go_tool};
use cascade_core::migration::{Note, Outcome, Place};

/// Files of the Go tool in a repository.
#[derive(Debug, Default)]
pub(super) struct GoTool {
    /// Files that may go away.
    pub(super) removable: Vec<String>,
    /// Remarks about the others, and about files that use the tool.
    pub(super) notes: Vec<Note>,
}

impl GoTool {
    /// Finds the files.
    pub(super) fn find(scene: &Scene<'_>) -> Self {
        let disk = Disk::new(&scene.root);
        let git = scene.git();
        let mut found = Self::default();
        for path in candidates(&disk) {
            match disk.read(&path) {
                Ok(Some(text)) if is_its_own(&path, &text) => {
                    if git.as_ref().is_some_and(|git| git.has_committed(&path)) {
                        found.removable.push(path);
                    } else {
                        let message = "the Go tool's file is not committed as it is, and stays";
                        let note = Note::new(Outcome::ByHand, Place::file(&path), message);
                        found.notes.push(note.help(
                            "look at it, then remove it: it would run beside the new workflows",
                        ));
                    }
                }
                Ok(Some(text)) => found.notes.extend(uses(&path, &text)),
                Ok(None) => {}
                Err(_) => {
                    let message =
                        "it is reached by a symbolic link or is no file, and was not read";
                    let note = Note::new(Outcome::LeftOut, Place::file(&path), message);
                    found
                        .notes
                        .push(note.help("if the Go tool generated it, remove it"));
                }
            }
        }
        found
    }

    /// Returns true if the repository has something of the Go tool.
    pub(super) const fn is_there(&self) -> bool {
        !self.removable.is_empty() || !self.notes.is_empty()
    }

    /// Returns what is told about the files that may go away, if nobody asked for that.
    pub(super) fn kept(&self) -> impl Iterator<Item = Note> {
        self.removable.iter().map(|path| {
            let (message, help) = match path.starts_with(WORKFLOWS) {
                true => (
                    "the Go tool generated it, and it runs beside the new workflows",
                    "`cascade migrate --remove` removes it, and `cascade generate` writes the new ones",
                ),
                false => (
                    "this action is the Go tool's, and nothing that cascade generates uses it",
                    "`cascade migrate --remove` removes it",
                ),
            };
            Note::new(Outcome::ByHand, Place::file(path), message).help(help)
        })
    }
}

/// Returns the files that may be of the Go tool.
fn candidates(disk: &Disk) -> Vec<String> {
    let folders = [WORKFLOWS, go_tool::MANAGE_RELEASE, go_tool::SETUP_CLI];
    let mut paths = Vec::new();
    for folder in folders {
        let names = disk.names(folder).unwrap_or_default();
        paths.extend(names.into_iter().map(|name| format!("{folder}/{name}")));
    }
    paths.retain(|path| path.starts_with(go_tool::SETUP_CLI) || is_yaml(path));
    paths
}

fn is_yaml(path: &str) -> bool {
    path.ends_with(".yaml") || path.ends_with(".yml")
}

/// Returns true for a file that the tool generated, or for a copy of the action that installs it.
fn is_its_own(path: &str, text: &str) -> bool {
    let in_setup = path.starts_with(&format!("{}/", go_tool::SETUP_CLI));
    go_tool::generated(text.as_bytes()) || (in_setup && text.contains(go_tool::REPOSITORY))
}

/// Returns a note for each step of a file that uses the tool's actions.
fn uses(path: &str, text: &str) -> Vec<Note> {
    let lines = text.lines().enumerate();
    let uses = lines.filter_map(|(index, line)| {
        let line = line.trim_start();
        let line = line.strip_prefix("- ").unwrap_or(line).trim_start();
        let action = line.strip_prefix("uses:")?.trim().trim_matches(['"', '\'']);
        let own = action
            .strip_prefix("./")
            .map(|own| own.trim_end_matches('/'));
        let is_own =
            own.is_some_and(|own| own == go_tool::MANAGE_RELEASE || own == go_tool::SETUP_CLI);
        (is_own || go_tool::installs(action)).then_some((index + 1, action.to_owned()))
    });
    uses.map(|(line, action)| {
        let message = format!("this step uses the Go tool: `{action}`");
        let note = Note::new(Outcome::ByHand, Place::line(path, line), message);
        note.help(
            "remove the step, or take the action that cascade generates, \
             `./.github/actions/setup-cascade`; look at the commands that it runs then",
        )
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_other_tool_are_its_own() {
        assert!(is_its_own(
            "x.yaml",
            "# AUTO-GENERATED by cascade - DO NOT EDIT MANUALLY\non: push\n"
        ));
        assert!(!is_its_own("x.yaml", "on: push\n"));
        let action = format!("{}/action.yaml", go_tool::SETUP_CLI);
        assert!(is_its_own(&action, go_tool::REPOSITORY));
        assert!(!is_its_own("x.yaml", go_tool::REPOSITORY));
        assert!(is_yaml("a.yml") && is_yaml("a.yaml") && !is_yaml("a.yaml.orig"));
    }
}
