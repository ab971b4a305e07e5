//! `integration labels`.

use super::scene::Scene;
use crate::cli::error::CommandResult;
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use cascade_core::pipeline::Labels;
use serde_json::json;

pub(super) fn run(request: &Request, terminal: &Terminal) -> CommandResult {
    let scene = Scene::open(request, terminal)?;
    let tracker = scene.tracker()?;
    let mut made = Vec::new();
    for (name, color, description) in described(&scene.integration.labels) {
        if scene.session.dry_run || tracker.ensure_label(name, color, description)? {
            made.push(name);
        }
    }
    if terminal.json() {
        let document = json!({ "labels": made, "dry_run": scene.session.dry_run });
        terminal.out(&crate::cli::diagnostic::json::pretty(&document))?;
    } else if made.is_empty() {
        terminal.out("every label is as it should be\n")?;
    } else {
        let action = if scene.session.dry_run {
            "would look after"
        } else {
            "made or mended"
        };
        terminal.say(&format!("{action} {}\n", made.join(", ")))?;
    }
    Ok(ExitStatus::Success)
}

/// Each label with its colour, six hexadecimal digits, and what it means, at most 100 characters.
///
/// Source: GitHub's REST API, labels.
fn described(labels: &Labels) -> [(&str, &str, &str); 9] {
    [
        (
            &labels.sync,
            "1d76db",
            "A change of the upstream, tracked until trunk has it",
        ),
        (&labels.human, "fbca04", "A person must act"),
        (
            &labels.active,
            "5319e7",
            "A run integrates it; nothing to do",
        ),
        (&labels.blocked, "d93f0b", "A conflict waits for a person"),
        (&labels.failed, "b60205", "The integration failed"),
        (
            &labels.ready,
            "0e8a16",
            "A pull request into trunk waits to be merged",
        ),
        (
            &labels.escalated,
            "e11d21",
            "Nobody has acted for long, and somebody was told",
        ),
        (
            &labels.trigger_failed,
            "d4c5f9",
            "A run could not be started",
        ),
        (&labels.high_priority, "b60205", "Look at this first"),
    ]
    .map(|(name, color, description)| (name.as_str(), color, description))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_has_a_name_of_its_own_and_a_colour_that_github_takes() {
        let labels = Labels::default();
        let described = described(&labels);
        let mut names = described.map(|(name, ..)| name);
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
        for (name, color, description) in described {
            let is_hex = color.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(color.len() == 6 && is_hex, "{name}: {color}");
            // GitHub takes at most 100 characters.
            assert!(
                !description.is_empty() && description.len() <= 100,
                "{name}"
            );
        }
    }
}
