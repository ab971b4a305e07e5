//! What people read of a hotfix.

use super::Made;
use crate::run::actions::plain;
use cascade_core::commits::short;
use cascade_core::lifecycle::hotfix::{Branch, Deployment, Elevation, Note, Target, base_branch};

/// The plan of pull requests, for the page of the run.
pub(super) fn opening(elevation: &Elevation, dry: bool) -> String {
    let dry = if dry { " (dry run)" } else { "" };
    let mut text = format!(
        "### Hotfix: up to {}{dry}\n\n| environment | holds | gets | branch |\n|---|---|---|---|\n",
        plain(&elevation.target)
    );
    for target in &elevation.targets {
        let branch = match target.branch {
            Branch::Create => "is made",
            Branch::Keep => "is there",
            Branch::Reset { .. } => "is left over, and moved",
        };
        text.push_str(&format!(
            "| {} | {} | {} | {} {branch} |\n",
            plain(&target.environment),
            plain(&target.base.to_string()),
            shorts(&target.commits),
            plain(&base_branch(&target.environment))
        ));
    }
    for waiting in &elevation.waiting {
        text.push_str(&format!("\n{}\n", plain(&waiting.to_string())));
    }
    text
}

/// The same in a terminal.
pub(super) fn spoken(elevation: &Elevation) -> String {
    let target = |target: &Target| {
        format!(
            "{}: {} onto {} in {}\n",
            target.environment,
            shorts(&target.commits),
            target.base,
            target.head
        )
    };
    let targets: String = elevation.targets.iter().map(target).collect();
    let waiting = elevation.waiting.iter().map(|each| format!("{each}\n"));
    targets + &waiting.collect::<String>()
}

fn shorts(commits: &[String]) -> String {
    let shorts: Vec<&str> = commits.iter().map(|commit| short(commit)).collect();
    shorts.join(", ")
}

/// What a merge deploys, for the page of the run.
pub(super) fn deploying(deployment: &Deployment) -> String {
    let run = &deployment.run;
    let step = &run.step;
    if deployment.is_recorded() {
        return format!(
            "### Hotfix: {} has it already\n\nIt holds {}.\n",
            plain(&step.environment),
            plain(&step.base.to_string())
        );
    }
    let dry = if run.dry_run { " (dry run)" } else { "" };
    let mut text = format!(
        "### Hotfix: {} to {}{dry}\n\nIt holds {}, and gets {}.\n\n",
        plain(&step.version),
        plain(&step.environment),
        plain(&step.base.to_string()),
        shorts(&deployment.patches)
    );
    match run.reasons.is_empty() {
        true => text.push_str("No callback runs.\n"),
        false => text.push_str("| runs | because |\n|---|---|\n"),
    }
    for (what, why) in &run.reasons {
        text.push_str(&format!("| {} | {} |\n", plain(what), plain(why)));
    }
    text
}

/// The title of a pull request.
pub(super) fn title(made: &Made) -> String {
    let what = match made.conflict.is_empty() {
        true => "hotfix",
        false => "hotfix with conflicts",
    };
    let target = &made.target;
    let subject = made.subjects.last().map_or("", String::as_str);
    let more = match target.commits.len() {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    let environment = &target.environment;
    let title: String = subject.chars().take(120).collect();
    format!("{what} {environment}: {title}{more}")
}

/// The text of a pull request.
pub(super) fn body(made: &Made, highest: &str) -> String {
    let target = &made.target;
    let environment = plain(&target.environment);
    let mut text = format!(
        "Brings to **{environment}**, which holds {}:\n\n",
        plain(&target.base.to_string())
    );
    for (commit, subject) in target.commits.iter().zip(&made.subjects) {
        text.push_str(&format!("- {} {}\n", short(commit), plain(subject)));
    }
    match made.conflict.is_empty() {
        true => text.push_str("\nMerging deploys it: the merge is built, deployed and recorded.\n"),
        false => text.push_str(&conflict(made)),
    }
    if target.environment != highest {
        text.push_str(&format!(
            "\nThe fix is on its way to {}; merge from the lowest environment up.\n",
            plain(highest)
        ));
    }
    text.push_str(
        "\nShould no run of `cascade-hotfix.yaml` follow the merge, start it with the commit that merged:\n\n\
         ```sh\ngh workflow run cascade-hotfix.yaml -f merge_sha=COMMIT\n```\n\n",
    );
    let note = Note {
        commits: made.picked.clone(),
        conflict: (!made.conflict.is_empty()).then(|| made.head.clone()),
    };
    text.push_str(&note.written());
    text.push('\n');
    text
}

fn conflict(made: &Made) -> String {
    let mut text = "\n**It conflicts** in these files, which have the marks of it:\n\n".to_owned();
    for file in &made.conflict {
        text.push_str(&format!("- {}\n", plain(file)));
    }
    let head = &made.target.head;
    text.push_str(&format!(
        "\nDo not merge it as it is; it would not be deployed. Resolve it:\n\n\
         ```sh\ngit fetch origin && git switch {head}\n# edit the files\ngit commit --all --message \"fix: resolve conflicts\"\n"
    ));
    if !made.rest.is_empty() {
        text.push_str(&format!("git cherry-pick -x {}\n", made.rest.join(" ")));
    }
    text.push_str(
        "git push\n```\n\nThen let somebody approve the last commit who neither opened this pull request nor pushed to it: without that it is not deployed. Merge, and start the hotfix again: it goes on with the environments above.\n",
    );
    text
}

/// What was opened, for the page of the run.
pub(super) fn opened(all: &[(Made, u64)], halted: &[String], same: &[String]) -> String {
    let conflict = all.iter().any(|(made, _)| !made.conflict.is_empty());
    let title = match (conflict, all.is_empty()) {
        (true, _) => "it conflicts",
        (false, true) => "nothing to open",
        (false, false) => "pull requests are open",
    };
    let mut text = format!("### Hotfix: {title}\n\n");
    for (made, number) in all {
        let environment = plain(&made.target.environment);
        match made.conflict.is_empty() {
            true => text.push_str(&format!("- {environment}: #{number}\n")),
            false => {
                let files: Vec<String> = made.conflict.iter().map(|file| plain(file)).collect();
                let files = files.join(", ");
                text.push_str(&format!(
                    "- {environment}: #{number} conflicts in {files}\n"
                ));
            }
        }
    }
    for name in same {
        text.push_str(&format!(
            "- {}: what the fixes change is there already\n",
            plain(name)
        ));
    }
    for name in halted {
        text.push_str(&format!(
            "- {}: waits for the conflict below it\n",
            plain(name)
        ));
    }
    if conflict {
        text.push_str(
            "\nResolve the conflict in the pull request, merge it, and start the hotfix again.\n",
        );
    }
    text
}
