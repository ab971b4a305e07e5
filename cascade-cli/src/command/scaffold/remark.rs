//! What is said about workflows that do not become callbacks.

use cascade_core::contract::{Insertion, Role};
use std::fmt;

/// Something about a workflow that does not become a callback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::command) enum Remark {
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
        f.write_str(&self.text())
    }
}

impl Remark {
    fn text(&self) -> String {
        match self {
            Self::Unreadable { path, why } => {
                format!("`{path}` cannot be read, and stays as it is: {why}\n")
            }
            Self::Unfit {
                path,
                role,
                why,
                help,
            } => {
                let mut out = format!("`{path}` is not called as the {role} callback: {why}\n");
                if let Some(help) = help {
                    out.push_str(&format!("  help: {help}\n"));
                }
                out
            }
            Self::NotCallable {
                path,
                role,
                events,
                insertion,
            } => {
                let events: Vec<String> = events.iter().map(|event| format!("`{event}`")).collect();
                let mut out = format!(
                    "`{path}` runs on {}, and cascade cannot call it yet.\n",
                    events.join(" and ")
                );
                out.push_str(&placed(insertion, role.to_string().as_str()));
                out.extend(insertion.lines.iter().map(|line| format!("    {line}\n")));
                out.push_str(&format!(
                "  check out `ref: ${{{{ inputs.sha || github.sha }}}}` in it, and write `workflow: {path}` in the pipeline.\n\
                 \x20 Its event `push` may go then: cascade starts it.\n"
            ));
                out
            }
        }
    }
}

fn placed(insertion: &Insertion, role: &str) -> String {
    let Insertion { line, lines, .. } = insertion;
    match insertion.replaced {
        None => format!(
            "  To make it the {role} callback, add these {} lines below line {line}, `on:`:\n",
            if lines.len() == 4 {
                "four".to_owned()
            } else {
                lines.len().to_string()
            }
        ),
        Some(last) if last == *line => {
            format!("  To make it the {role} callback, write this in the place of line {line}:\n")
        }
        Some(last) => format!(
            "  To make it the {role} callback, write this in the place of lines {line} to {last}:\n"
        ),
    }
}
