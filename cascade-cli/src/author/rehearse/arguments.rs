//! The arguments of a rehearsal, which belong to the program that it starts.

use clap::{Arg, Command};
use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};

/// The command whose arguments these are.
const COMMAND: &str = "rehearse";
/// The options of this program that a rehearsal takes, too, wherever they stand.
const SHARED: [&str; 3] = ["config", "manifest_key", "color"];

/// Returns the arguments of this program so that everything behind `rehearse` reaches the program
/// that it starts, but for the options that both have.
///
/// Both have an `--output`: here it names a file, there an output of a callback.
pub(crate) fn arranged(arguments: Vec<OsString>, program: &Command) -> Vec<OsString> {
    let Some(at) = command(&arguments, &names(program, |_| true)) else {
        return arguments;
    };
    let shared = names(program, |id| SHARED.contains(&id));
    let mut arranged: Vec<OsString> = arguments[..at].to_vec();
    let mut rest = Vec::new();
    let mut behind = arguments[at + 1..].iter();
    while let Some(argument) = behind.next() {
        let (name, has_value) = name(argument);
        let is_shared = shared.contains(&name);
        match is_shared || argument == "--json" {
            true => arranged.push(argument.clone()),
            false => rest.push(argument.clone()),
        }
        if is_shared && !has_value {
            arranged.extend(behind.next().cloned());
        }
    }
    arranged.extend([COMMAND.into(), "--".into()]);
    arranged.extend(rest);
    arranged
}

/// The names of the program's own options that take a value, of those that are `wanted` by their ids.
fn names(program: &Command, wanted: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let options = program.get_arguments();
    let options = options
        .filter(|option| option.get_action().takes_values() && wanted(option.get_id().as_str()));
    let spelled = |option: &Arg| {
        let long = option.get_long_and_visible_aliases().unwrap_or_default();
        let short = option.get_short().map(|letter| format!("-{letter}"));
        let long = long.into_iter().map(|name| format!("--{name}"));
        long.chain(short).collect::<Vec<_>>()
    };
    options.flat_map(spelled).collect()
}

/// The place of the command, if it is `rehearse`; `values` are options whose value stands behind them.
fn command(arguments: &[OsString], values: &BTreeSet<String>) -> Option<usize> {
    let mut at = 1;
    while let Some(argument) = arguments.get(at) {
        let (name, has_value) = name(argument);
        if argument == COMMAND {
            return Some(at);
        }
        if !name.starts_with('-') {
            return None;
        }
        at += 1 + usize::from(values.contains(&name) && !has_value);
    }
    None
}

/// The name of an option, and whether its value stands behind it in the same word.
fn name(argument: &OsStr) -> (String, bool) {
    let text = argument.to_string_lossy();
    match text.split_once('=') {
        Some((name, _)) => (name.to_owned(), true),
        None => (text.into_owned(), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arranged(line: &str) -> String {
        let words = line.split(' ').map(OsString::from).collect();
        let words = super::arranged(words, &crate::command::grouped());
        let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
        words.join(" ")
    }

    #[test]
    fn what_stands_behind_the_command_reaches_the_rehearsal() {
        for (line, expected) in [
            ("cascade rehearse", "cascade rehearse --"),
            (
                "cascade rehearse --output a.b=c promote",
                "cascade rehearse -- --output a.b=c promote",
            ),
            (
                "cascade rehearse promote --json -c x --dry-run",
                "cascade --json -c x rehearse -- promote --dry-run",
            ),
            (
                "cascade -c rehearse rehearse --config=y",
                "cascade -c rehearse --config=y rehearse --",
            ),
            (
                "cascade --key ci rehearse -o x --key=main",
                "cascade --key ci --key=main rehearse -- -o x",
            ),
            ("cascade lint rehearse", "cascade lint rehearse"),
            ("cascade --json", "cascade --json"),
        ] {
            assert_eq!(arranged(line), expected, "{line}");
        }
    }
}
