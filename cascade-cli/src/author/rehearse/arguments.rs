//! The arguments of a rehearsal, which belong to the program that it starts.

use std::ffi::{OsStr, OsString};

/// The command whose arguments these are.
const COMMAND: &str = "rehearse";
/// Options of this program that take a value.
const VALUES: [&str; 9] = [
    "-c",
    "--config",
    "--manifest-key",
    "--key",
    "--component",
    "--actor",
    "-o",
    "--output",
    "--color",
];
/// Those of them that a rehearsal takes, too, wherever they stand.
const SHARED: [&str; 5] = ["-c", "--config", "--manifest-key", "--key", "--color"];

/// Returns the arguments of this program so that everything behind `rehearse` reaches the program
/// that it starts, but for the options that both have.
///
/// Both have an `--output`: here it names a file, there an output of a callback.
pub(crate) fn arranged(arguments: Vec<OsString>) -> Vec<OsString> {
    let Some(at) = command(&arguments) else {
        return arguments;
    };
    let mut arranged: Vec<OsString> = arguments[..at].to_vec();
    let mut rest = Vec::new();
    let mut behind = arguments[at + 1..].iter();
    while let Some(argument) = behind.next() {
        let (name, has_value) = name(argument);
        if argument == "--json" || (SHARED.contains(&name.as_str()) && has_value) {
            arranged.push(argument.clone());
        } else if SHARED.contains(&name.as_str()) {
            arranged.push(argument.clone());
            arranged.extend(behind.next().cloned());
        } else {
            rest.push(argument.clone());
        }
    }
    arranged.extend([COMMAND.into(), "--".into()]);
    arranged.extend(rest);
    arranged
}

/// The place of the command, if it is `rehearse`.
fn command(arguments: &[OsString]) -> Option<usize> {
    let mut at = 1;
    while let Some(argument) = arguments.get(at) {
        let (name, has_value) = name(argument);
        if argument == COMMAND {
            return Some(at);
        }
        if !name.starts_with('-') {
            return None;
        }
        let takes_the_next = VALUES.contains(&name.as_str()) && !has_value;
        at += 1 + usize::from(takes_the_next);
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
        let words = super::arranged(words);
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
            ("cascade lint rehearse", "cascade lint rehearse"),
            ("cascade --json", "cascade --json"),
        ] {
            assert_eq!(arranged(line), expected, "{line}");
        }
    }
}
