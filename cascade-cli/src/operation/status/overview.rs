//! Every place of the promotion order, what is released, and what comes from elsewhere.

use super::{Table, commit, document, word};
use cascade_core::lifecycle::promotion_order::{Place, promotion_order};
use cascade_core::pipeline::Component;
use cascade_core::state::{Environment, Managed, ReleaseRecord};
use serde_json::{Value, json};

pub(super) fn text(component: &Component, managed: &Managed) -> String {
    let latest = &managed.latest_release;
    let mut text = places(component, managed);
    text.push_str("\nLatest release: ");
    match &latest.version {
        Some(version) => text.push_str(&format!(
            "{version} ({}), {} by {}\n",
            commit(latest.sha.as_ref()),
            latest
                .released_on
                .as_deref()
                .unwrap_or("at an unknown time"),
            latest.released_by.as_deref().unwrap_or("somebody"),
        )),
        None => text.push_str("none\n"),
    }
    text.push_str(&externals(managed));
    text.push_str(&rollouts(managed));
    text
}

pub(super) fn json(component: &Component, managed: &Managed) -> Value {
    let state = &managed.state;
    let environment = |environment: &cascade_core::pipeline::Environment| {
        let name = environment.name.as_str();
        let held = state.environments.get(name).cloned().unwrap_or_default();
        document::environment(name, &held)
    };
    let latest = &managed.latest_release;
    json!({
        "version": crate::cli::diagnostic::json::VERSION,
        "environments": component.environments.iter().map(environment).collect::<Vec<_>>(),
        "release": state.release.as_ref().map(document::release_record),
        "prerelease": state.prerelease.as_ref().map(document::release_record),
        "latest_release": latest.version.as_ref().map(|version| json!({
            "version": version,
            "sha": latest.sha,
            "released_on": latest.released_on,
            "released_by": latest.released_by,
        })),
    })
}

fn places(component: &Component, managed: &Managed) -> String {
    let state = &managed.state;
    let empty = ReleaseRecord::default();
    let mut table = Table::new(["ENVIRONMENT", "VERSION", "SHA", "WHEN", "BY", "NOTES"]);
    for place in promotion_order(component) {
        let record = match &place {
            Place::Environment(name) => {
                let held = state.environments.get(name).cloned().unwrap_or_default();
                table.row(environment(name, &held));
                continue;
            }
            Place::Prerelease => state.prerelease.as_ref(),
            Place::Release => state.release.as_ref(),
        };
        let record = record.unwrap_or(&empty);
        table.row([
            format!("({place})"),
            word(record.held.version.as_ref()),
            commit(record.held.sha.as_ref()),
            word(record.held.committed_at.as_ref()),
            word(record.held.committed_by.as_ref()),
            String::new(),
        ]);
    }
    table.render()
}

fn environment(name: &str, held: &Environment) -> [String; 6] {
    [
        name.to_owned(),
        word(held.held.version.as_ref()),
        commit(held.held.sha.as_ref()),
        word(held.held.committed_at.as_ref()),
        word(held.held.committed_by.as_ref()),
        notes(held),
    ]
}

/// What to know of an environment besides.
pub(super) fn notes(held: &Environment) -> String {
    let diverged = held
        .git_ref
        .as_ref()
        .map(|branch| format!("diverged on {branch}"));
    let rejected = held.rejected.as_ref().map(|rejected| {
        let version = rejected.version.clone();
        format!(
            "rejected {}",
            version.unwrap_or_else(|| commit(rejected.sha.as_ref()))
        )
    });
    let incomplete = held.unfinished().map(|unfinished| {
        let deploys = held.deviating().join(", ");
        let text = format!("incomplete: {} for {deploys}", unfinished.version);
        match held.begun.as_ref().and_then(|begun| begun.run.as_deref()) {
            Some(run) => format!("{text} ({run})"),
            None => text,
        }
    });
    let notes = [incomplete, diverged, rejected].into_iter().flatten();
    let notes: Vec<String> = notes.collect();
    notes.join(", ")
}

fn externals(managed: &Managed) -> String {
    let mut table = Table::new([
        "EXTERNAL",
        "ENVIRONMENT",
        "VERSION",
        "SHA",
        "REPOSITORY",
        "WHEN",
    ]);
    let mut count = 0;
    for (environment, held) in &managed.state.environments {
        for (name, external) in &held.held.external {
            count += 1;
            table.row([
                name.clone(),
                environment.clone(),
                word(external.version.as_ref()),
                commit(external.sha.as_ref()),
                word(external.repo.as_ref()),
                word(external.deployed_at.as_ref()),
            ]);
        }
    }
    if count == 0 {
        String::new()
    } else {
        format!("\n{}", table.render())
    }
}

fn rollouts(managed: &Managed) -> String {
    let mut table = Table::new([
        "ROLLOUT",
        "ENVIRONMENT",
        "VERSION",
        "PHASE",
        "PERCENT",
        "SINCE",
    ]);
    let mut count = 0;
    for (environment, held) in &managed.state.environments {
        for (name, deploy) in held
            .held
            .deploys
            .iter()
            .filter(|(_, deploy)| deploy.is_rolling_out())
        {
            let Some(rollout) = &deploy.rollout else {
                continue;
            };
            count += 1;
            table.row([
                name.clone(),
                environment.clone(),
                word(rollout.version.as_ref()),
                word(rollout.phase.as_ref()),
                rollout
                    .percent
                    .map_or_else(String::new, |percent| percent.to_string()),
                word(rollout.started_at.as_ref()),
            ]);
        }
    }
    if count == 0 {
        String::new()
    } else {
        format!("\n{}", table.render())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cascade_core::state::{Begun, Deploy, Held, Rejected, RolloutState};

    #[test]
    fn notes_say_what_is_special_about_an_environment() {
        assert_eq!(notes(&Environment::default()), "");
        let held = Environment {
            git_ref: Some("rollback/prod".to_owned()),
            rejected: Some(Rejected {
                sha: Some("0123456789".to_owned()),
                ..Rejected::default()
            }),
            ..Environment::default()
        };
        assert_eq!(notes(&held), "diverged on rollback/prod, rejected 0123456");
    }

    #[test]
    fn an_incomplete_environment_names_its_deploys_and_the_run() {
        let held = Environment {
            begun: Some(Begun {
                version: "v1.2.0".to_owned(),
                running: vec!["web".to_owned()],
                run: Some("https://x/runs/7".to_owned()),
                ..Begun::default()
            }),
            ..Environment::default()
        };
        assert_eq!(
            notes(&held),
            "incomplete: v1.2.0 for web (https://x/runs/7)"
        );
    }

    #[test]
    fn only_rollouts_that_go_on_are_listed() {
        let rolling = |phase: &str, finished: Option<&str>| Deploy {
            rollout: Some(RolloutState {
                phase: Some(phase.to_owned()),
                percent: Some(10),
                finished_at: finished.map(str::to_owned),
                ..RolloutState::default()
            }),
            ..Deploy::default()
        };
        let mut managed = Managed::default();
        assert_eq!(rollouts(&managed), "");
        let held = Held {
            deploys: [
                ("web".to_owned(), rolling("canary", None)),
                (
                    "api".to_owned(),
                    rolling("promoted", Some("2026-01-01T00:00:00Z")),
                ),
            ]
            .into(),
            ..Held::default()
        };
        let held = Environment {
            held,
            ..Environment::default()
        };
        managed.state.environments.insert("dev".to_owned(), held);
        let text = rollouts(&managed);
        assert!(
            text.contains("web      dev          -        canary  10"),
            "{text}"
        );
        assert!(!text.contains("api"), "{text}");
    }
}
