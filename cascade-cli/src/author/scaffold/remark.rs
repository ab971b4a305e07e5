//! Remarks about workflows that do not become callbacks.

use cascade_core::contract::{Insertion, Role};
use std::fmt;

/// Something about a workflow that does not become a callback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::author) enum Remark {
    /// It runs on events; these lines would make it a callback.
    NotCallable {
        path: String,
        role: Role,
        events: Vec<String>,
        insertion: Insertion,
    },
    /// It can be called, but not as it is.
    Unfit {
        path: String,
        role: Role,
        why: String,
        help: Option<String>,
    },
    /// It cannot be read.
    Unreadable { path: String, why: String },
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stop = match self {
            Self::NotCallable { .. } => ".",
            Self::Unfit { .. } | Self::Unreadable { .. } => "",
        };
        writeln!(f, "{}{stop}", self.message())?;
        let label = match self {
            Self::Unfit { .. } => "help: ",
            Self::NotCallable { .. } | Self::Unreadable { .. } => "",
        };
        self.advice()
            .iter()
            .try_for_each(|line| writeln!(f, "  {label}{line}"))
    }
}

impl Remark {
    /// Returns what it is about, without a final stop.
    pub(in crate::author) fn message(&self) -> String {
        match self {
            Self::Unreadable { path, why } => {
                format!("`{path}` cannot be read, and stays as it is: {why}")
            }
            Self::Unfit {
                path, role, why, ..
            } => format!("`{path}` is not called as the {role} callback: {why}"),
            Self::NotCallable { path, events, .. } => {
                let events: Vec<String> = events.iter().map(|event| format!("`{event}`")).collect();
                format!(
                    "`{path}` runs on {}, and cascade cannot call it yet",
                    events.join(" and ")
                )
            }
        }
    }

    /// Returns what to do, in lines.
    pub(in crate::author) fn advice(&self) -> Vec<String> {
        match self {
            Self::Unreadable { .. } => Vec::new(),
            Self::Unfit { help, .. } => help.iter().cloned().collect(),
            Self::NotCallable {
                path,
                role,
                insertion,
                ..
            } => {
                let mut lines = vec![placed(insertion, role.to_string().as_str())];
                lines.extend(insertion.lines.iter().map(|line| format!("  {line}")));
                lines.push(format!(
                    "check out `ref: ${{{{ inputs.sha || github.sha }}}}` in it, and write `workflow: {path}` in the pipeline."
                ));
                lines.push("Its event `push` may go then: cascade starts it.".to_owned());
                lines
            }
        }
    }
}

fn placed(insertion: &Insertion, role: &str) -> String {
    let Insertion { line, lines, .. } = insertion;
    match insertion.replaced {
        None => format!(
            "To make it the {role} callback, add these {} lines below line {line}, `on:`:",
            if lines.len() == 4 {
                "four".to_owned()
            } else {
                lines.len().to_string()
            }
        ),
        Some(last) if last == *line => {
            format!("To make it the {role} callback, write this in the place of line {line}:")
        }
        Some(last) => format!(
            "To make it the {role} callback, write this in the place of lines {line} to {last}:"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_to_add_and_lines_to_replace_are_told_apart() {
        let placed = |replaced, count| {
            let insertion = Insertion {
                line: 3,
                lines: vec![String::new(); count],
                replaced,
            };
            super::placed(&insertion, "build")
        };
        assert!(placed(None, 4).contains("add these four lines below line 3"));
        assert!(placed(None, 2).contains("add these 2 lines"));
        assert!(placed(Some(3), 2).ends_with("in the place of line 3:"));
        assert!(placed(Some(5), 2).ends_with("in the place of lines 3 to 5:"));
    }
}
