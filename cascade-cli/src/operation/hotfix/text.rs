//! The texts of a hotfix for people.

use super::{Made, unchanged};
use crate::run::actions::plain;
use cascade_core::commits::short;
use cascade_core::lifecycle::hotfix::{Branch, Deployment, Elevation, Note, Target};
use cascade_core::markdown;
use cascade_core::summary::{Move, Origin, Summary, Table, moved};

/// The plan of pull requests, for the page of the run.
pub(super) fn opening(elevation: &Elevation, dry: bool) -> Summary {
    let dry = if dry { " (dry run)" } else { "" };
    let rows = elevation.targets.iter().map(|target| {
        let branch = match target.branch {
            Branch::Create => "is made",
            Branch::Keep => "is there",
            Branch::Reset { .. } => "is left over, and moved",
        };
        [
            target.environment.clone(),
            target.base.to_string(),
            shorts(&target.commits),
            format!("{} {branch}", target.into),
        ]
    });
    Summary::new("Hotfix", &format!("up to {}{dry}", elevation.target))
        .table(Table::new(["environment", "holds", "gets", "branch"]).rows(rows))
        .points(elevation.waiting.iter().map(ToString::to_string))
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

/// Describes what a merge deploys, for the page of the run.
pub(super) fn deploying(deployment: &Deployment) -> Summary {
    let run = &deployment.run;
    let step = &run.step;
    if deployment.is_recorded() {
        return Summary::new("Hotfix", &format!("{} has it already", step.environment))
            .sentence(format!("It holds {}.", step.base));
    }
    let dry = if run.dry_run { " (dry run)" } else { "" };
    let outcome = format!("{} to {}{dry}", step.version, step.environment);
    let gets = shorts(&deployment.patches);
    let holds = format!("It holds {}, and gets {gets}.", step.base);
    let runs = match run.reasons.is_empty() {
        true => " No callback runs.",
        false => "",
    };
    let reasons = run.reasons.iter();
    let rows = reasons.map(|(what, why)| [what.clone(), why.to_string()]);
    Summary::new("Hotfix", &outcome)
        .sentence(holds + runs)
        .table(Table::new(["runs", "because"]).rows(rows))
        .picture(moved([Move {
            from: Origin::Commit(&step.sha),
            ..Move::of(step, false)
        }]))
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
    let environment = target.place();
    let title: String = subject.chars().take(120).collect();
    format!("{what} {environment}: {title}{more}")
}

/// The text of a pull request.
pub(super) fn body(made: &Made, highest: &str, workflow: &str) -> String {
    let target = &made.target;
    let environment = plain(&target.environment);
    let mut text = format!(
        "Brings to **{environment}**, which holds {}:\n\n",
        plain(&target.base.to_string())
    );
    for (commit, subject) in target.commits.iter().zip(&made.subjects) {
        text.push_str(&format!(
            "- {} {}\n",
            short(commit),
            markdown::plain(subject)
        ));
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
    text.push_str(&format!(
        "\nShould no run of `{workflow}` follow the merge, start it with the commit that merged:\n\n\
         ```sh\ngh workflow run {workflow} -f merge_sha=COMMIT\n```\n\n"
    ));
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

/// Describes what was opened, for the page of the run.
pub(super) fn opened(all: &[(Made, u64)], halted: &[String], same: &[String]) -> Summary {
    let conflict = all.iter().any(|(made, _)| !made.conflict.is_empty());
    let title = match (conflict, all.is_empty()) {
        (true, _) => "it conflicts",
        (false, true) => "nothing to open",
        (false, false) => "pull requests are open",
    };
    let opened = all.iter().map(|(made, number)| {
        let environment = &made.target.environment;
        match made.conflict.is_empty() {
            true => format!("{environment}: #{number}"),
            false => {
                let files = made.conflict.join(", ");
                format!("{environment}: #{number} conflicts in {files}")
            }
        }
    });
    let waits = halted.iter();
    let waits = waits.map(|name| format!("{name}: waits for the conflict below it"));
    let summary = Summary::new("Hotfix", title)
        .points(opened)
        .points(same.iter().map(|name| unchanged(name)))
        .points(waits);
    match conflict {
        true => summary.sentence(
            "Resolve the conflict in the pull request, merge it, and start the hotfix again.",
        ),
        false => summary,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cascade_core::lifecycle::Base;
    use cascade_core::lifecycle::hotfix::Waiting;
    use cascade_core::summary::LARGEST;

    const FIRST: &str = "1111111111111111111111111111111111111111";
    const SECOND: &str = "2222222222222222222222222222222222222222";

    fn target(environment: &str) -> Target {
        Target {
            environment: environment.to_owned(),
            base: Base {
                version: Some("v1.0.0".to_owned()),
                ..Base::default()
            },
            onto: "0".repeat(40),
            commits: vec![FIRST.to_owned(), SECOND.to_owned()],
            head: format!("hotfix/{environment}/1111111"),
            into: format!("env/{environment}"),
            branch: Branch::Create,
        }
    }

    fn made(environment: &str, conflict: &[&str]) -> Made {
        Made {
            target: target(environment),
            head: "3".repeat(40),
            picked: vec![FIRST.to_owned()],
            subjects: vec!["fix: one".to_owned(), "fix: <two>".to_owned()],
            conflict: conflict.iter().map(|file| (*file).to_owned()).collect(),
            rest: vec![SECOND.to_owned()],
        }
    }

    #[test]
    fn an_opening_lists_each_environment_and_what_becomes_of_its_branch() {
        let left_over = Branch::Reset {
            from: FIRST.to_owned(),
        };
        let elevation = Elevation {
            target: "prod".to_owned(),
            targets: vec![
                target("uat"),
                Target {
                    branch: left_over,
                    ..target("prod")
                },
            ],
            waiting: vec![Waiting {
                environment: "test".to_owned(),
                number: 7,
                merged: false,
            }],
        };
        let text = opening(&elevation, true).markdown(LARGEST);
        assert!(
            text.starts_with("### Hotfix: up to prod (dry run)\n"),
            "{text}"
        );
        assert!(
            text.contains("| 1111111, 2222222 | env/uat is made |\n"),
            "{text}"
        );
        assert!(
            text.contains("env/prod is left over, and moved |\n"),
            "{text}"
        );
        assert!(text.contains("#7"), "{text}");
        assert!(
            !opening(&elevation, false)
                .markdown(LARGEST)
                .contains("dry run")
        );
        let spoken = spoken(&elevation);
        assert!(spoken.contains("uat: 1111111, 2222222 onto "), "{spoken}");
        assert_eq!(spoken.lines().count(), 3);
    }

    #[test]
    fn a_title_names_the_last_fix_and_counts_the_others() {
        assert_eq!(
            title(&made("prod", &[])),
            "hotfix prod: fix: <two> and 1 more"
        );
        let mut one = made("prod", &["src/a"]);
        one.target.commits.truncate(1);
        one.subjects = vec!["x".repeat(300)];
        let title = title(&one);
        assert_eq!(
            title,
            format!("hotfix with conflicts prod: {}", "x".repeat(120))
        );
    }

    #[test]
    fn a_pull_request_says_what_it_brings_and_can_be_read_again() {
        let text = body(&made("prod", &[]), "prod", "cascade-hotfix.yaml");
        assert!(
            text.starts_with("Brings to **prod**, which holds "),
            "{text}"
        );
        assert!(
            text.contains("- 1111111 fix: one\n- 2222222 fix: \\<two>\n"),
            "{text}"
        );
        assert!(text.contains("Merging deploys it"), "{text}");
        assert!(!text.contains("on its way"), "{text}");
        assert_eq!(Note::read(&text).commits, [FIRST]);
        assert!(
            body(&made("uat", &[]), "prod", "cascade-hotfix.yaml").contains("on its way to prod")
        );
    }

    #[test]
    fn a_conflict_says_how_it_is_resolved() {
        let text = body(&made("prod", &["src/a"]), "prod", "cascade-hotfix.yaml");
        for part in [
            "- src/a\n",
            "git switch hotfix/prod/1111111\n",
            &format!("git cherry-pick -x {SECOND}\n"),
            "let somebody approve",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("Merging deploys it"), "{text}");
        let mut last = made("prod", &["src/a"]);
        last.rest.clear();
        assert!(!body(&last, "prod", "cascade-hotfix.yaml").contains("cherry-pick"));
    }

    #[test]
    fn what_was_opened_is_told_with_what_waits() {
        assert!(
            opened(&[], &[], &["uat".to_owned()])
                .markdown(LARGEST)
                .contains("nothing to open")
        );
        let clean = opened(&[(made("uat", &[]), 7)], &[], &[]).markdown(LARGEST);
        assert_eq!(clean, "### Hotfix: pull requests are open\n\n- uat: #7\n");
        let all = [(made("uat", &["a", "b"]), 7)];
        let text = opened(&all, &["prod".to_owned()], &[]).markdown(LARGEST);
        assert!(text.starts_with("### Hotfix: it conflicts\n"), "{text}");
        assert!(text.contains("- uat: #7 conflicts in a, b\n"), "{text}");
        assert!(
            text.contains("- prod: waits for the conflict below it\n"),
            "{text}"
        );
        assert!(text.contains("start the hotfix again.\n"), "{text}");
    }
}
