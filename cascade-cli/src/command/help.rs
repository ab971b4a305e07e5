//! The program's help: everyday commands first, those that workflows call last.

use super::Cli;
use clap::{Command, CommandFactory};
use std::fmt::Write as _;

/// Commands that belong together.
struct Group {
    title: &'static str,
    commands: &'static [&'static str],
}

const GROUPS: &[Group] = &[
    Group {
        title: "Write a pipeline",
        commands: &[
            "init", "lint", "generate", "plan", "verify", "explain", "graph",
        ],
    },
    Group {
        title: "Try it, and watch it",
        commands: &["rehearse", "simulate", "status", "log", "metrics"],
    },
    Group {
        title: "Set up GitHub",
        commands: &[
            "doctor",
            "environments",
            "branch-protection",
            "pin",
            "state",
        ],
    },
    Group {
        title: "Convert",
        commands: &["migrate", "import", "export", "schema"],
    },
    Group {
        title: "Ask the history",
        commands: &["next-version", "generate-changelog", "detect-changes"],
    },
    Group {
        title: "Called by the generated workflows, usable by hand",
        commands: &[
            "orchestrate",
            "promote",
            "rollback",
            "hotfix",
            "deploy",
            "rollout",
            "external",
            "notify",
            "integration",
            "pull-request",
            "reconcile",
            "manage-release",
        ],
    },
    Group {
        title: "This program",
        commands: &["version", "completions", "man", "reset"],
    },
];

/// Returns the command line, with its commands in groups.
pub(crate) fn grouped() -> Command {
    let command = Cli::command();
    let listed = listed(&command);
    command
        .mut_subcommands(|each| each.hide(true))
        .override_usage("cascade [OPTIONS] <COMMAND>")
        .help_template(format!(
            "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{listed}{{all-args}}{{after-help}}"
        ))
}

fn listed(command: &Command) -> String {
    let names = GROUPS.iter().flat_map(|group| group.commands);
    let width = names.map(|name| name.len()).max().unwrap_or_default();
    let mut text = String::new();
    for group in GROUPS {
        writeln!(text, "{}:", group.title).ok();
        for name in group.commands {
            let found = command.find_subcommand(name);
            let about = found.and_then(Command::get_about);
            let about = about.map(ToString::to_string).unwrap_or_default();
            writeln!(text, "  {name:width$}  {about}").ok();
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_command_is_in_one_group() {
        let command = Cli::command();
        let known: BTreeSet<&str> = command.get_subcommands().map(Command::get_name).collect();
        let listed: Vec<&str> = GROUPS
            .iter()
            .flat_map(|group| group.commands.iter().copied())
            .collect();
        assert_eq!(listed.len(), known.len(), "{listed:?}");
        assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), known);
    }

    #[test]
    fn help_shows_each_command_once_and_its_lines_fit() {
        let help = grouped().render_help().to_string();
        for name in Cli::command().get_subcommands().map(Command::get_name) {
            let lines = help.lines().filter(|line| {
                let mut words = line.split_whitespace();
                line.starts_with("  ") && words.next() == Some(name)
            });
            assert_eq!(lines.count(), 1, "{name}\n{help}");
        }
        let longest = help.lines().map(|line| line.chars().count()).max();
        assert!(longest <= Some(100), "{help}");
    }

    #[test]
    fn a_command_that_is_hidden_from_the_list_is_still_suggested() {
        let error = grouped().try_get_matches_from(["cascade", "orchestrat"]);
        let text = error.unwrap_err().to_string();
        assert!(text.contains("orchestrate"), "{text}");
    }
}
