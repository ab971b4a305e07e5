//! Every place of the promotion order, what is released, and what comes from elsewhere.

use super::collect::Part;
use super::{Table, commit, document, word};
use crate::operation::metrics::span;
use cascade_core::board::{Board, Condition, Place, Rollout, Waiting};
use cascade_core::state::Environment;
use serde_json::{Value, json};

pub(super) fn text(part: &Part) -> String {
    let latest = &part.managed.latest_release;
    let mut text = places(&part.board);
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
    text.push_str(&externals(&part.board));
    text.push_str(&rollouts(&part.board));
    text.push_str(&hotfixes(&part.board));
    text.push_str(&integrations(&part.board));
    text
}

pub(super) fn json(part: &Part) -> Value {
    let state = &part.managed.state;
    let environment = |place: &Place| {
        let held = state.environments.get(&place.name);
        let mut document = document::environment(&place.name, &held.cloned().unwrap_or_default());
        document["age"] = json!(place.age.map(|age| age.as_secs()));
        document["rollouts"] = json!(place.rollouts);
        document["waiting"] = json!(place.waiting.as_ref().map(document::waiting));
        document
    };
    let places = part.board.places.iter();
    let environments = places.filter(|place| place.is_environment);
    let latest = &part.managed.latest_release;
    json!({
        "version": crate::cli::diagnostic::json::VERSION,
        "environments": environments.map(environment).collect::<Vec<_>>(),
        "release": state.release.as_ref().map(document::release_record),
        "prerelease": state.prerelease.as_ref().map(document::release_record),
        "latest_release": latest.version.as_ref().map(|version| json!({
            "version": version,
            "sha": latest.sha,
            "released_on": latest.released_on,
            "released_by": latest.released_by,
        })),
        "hotfixes": part.board.hotfixes.as_ref().map(|all| {
            all.iter().map(document::hotfix).collect::<Vec<_>>()
        }),
        "integrations": part.board.integrations.as_ref().map(|all| {
            all.iter().map(document::integration).collect::<Vec<_>>()
        }),
    })
}

fn places(board: &Board) -> String {
    let mut table = Table::new([
        "ENVIRONMENT",
        "VERSION",
        "SHA",
        "WHEN",
        "AGE",
        "BY",
        "WAITING",
        "NOTES",
    ]);
    rows(board).into_iter().for_each(|row| table.row(row));
    table.render()
}

/// Returns what is shown of each place: its name, version, commit, time, age, person, what waits for
/// it, and notes.
pub(super) fn rows(board: &Board) -> Vec<[String; 8]> {
    let row = |place: &Place| {
        [
            title(place),
            word(place.version.as_ref()),
            commit(place.sha.as_ref()),
            word(place.at.as_ref()),
            place
                .age
                .map_or_else(String::new, |age| span(age.as_secs())),
            word(place.by.as_ref()),
            behind(place),
            list(&place.conditions),
        ]
    };
    board.places.iter().map(row).collect()
}

fn title(place: &Place) -> String {
    match place.is_environment {
        true => place.name.clone(),
        false => format!("({})", place.name),
    }
}

/// Returns how much waits for a place; nothing for one that holds nothing.
fn behind(place: &Place) -> String {
    match &place.waiting {
        Some(some) => waiting(some),
        None if place.sha.is_some() => "unknown".to_owned(),
        None => String::new(),
    }
}

/// Returns how much waits, like `3 commits`.
pub(super) fn waiting(waiting: &Waiting) -> String {
    match waiting.commits {
        0 => "nothing".to_owned(),
        1 => "1 commit".to_owned(),
        many => format!("{many} commits"),
    }
}

/// Returns the notes on an environment.
pub(super) fn notes(held: &Environment) -> String {
    list(&Condition::of(held))
}

fn list(conditions: &[Condition]) -> String {
    let notes: Vec<String> = conditions.iter().map(ToString::to_string).collect();
    notes.join(", ")
}

fn externals(board: &Board) -> String {
    let mut table = Table::new([
        "EXTERNAL",
        "ENVIRONMENT",
        "VERSION",
        "SHA",
        "REPOSITORY",
        "WHEN",
    ]);
    let all = board.places.iter();
    let all = all.flat_map(|place| place.external.iter().map(move |each| (place, each)));
    for (place, external) in all {
        table.row([
            external.name.clone(),
            place.name.clone(),
            word(external.version.as_ref()),
            commit(external.sha.as_ref()),
            word(external.repository.as_ref()),
            word(external.at.as_ref()),
        ]);
    }
    below(&table)
}

fn rollouts(board: &Board) -> String {
    let mut table = Table::new([
        "ROLLOUT",
        "ENVIRONMENT",
        "VERSION",
        "PHASE",
        "PERCENT",
        "SINCE",
        "UNTIL",
    ]);
    let all = board.places.iter();
    let all = all.flat_map(|place| place.rollouts.iter().map(move |each| (place, each)));
    for (place, rollout) in all {
        table.row([
            rollout.deploy.clone(),
            place.name.clone(),
            word(rollout.version.as_ref()),
            word(rollout.phase.as_ref()),
            percent(rollout),
            word(rollout.started_at.as_ref()),
            word(rollout.bake_until.as_ref()),
        ]);
    }
    below(&table)
}

/// Returns the share of the present wave, and those of all, like `10 of 10, 50, 100`.
pub(super) fn percent(rollout: &Rollout) -> String {
    let Some(percent) = rollout.percent else {
        return String::new();
    };
    let waves: Vec<String> = rollout.waves.iter().map(ToString::to_string).collect();
    match waves.len() {
        0 | 1 => percent.to_string(),
        _ => format!("{percent} of {}", waves.join(", ")),
    }
}

fn hotfixes(board: &Board) -> String {
    let mut table = Table::new(["HOTFIX", "ENVIRONMENT", "BY", "NOTES"]);
    for pull in board.hotfixes.iter().flatten() {
        table.row([
            format!("#{}", pull.number),
            pull.environment.clone(),
            pull.author.clone(),
            if pull.conflict { "conflict" } else { "" }.to_owned(),
        ]);
    }
    below(&table)
}

fn integrations(board: &Board) -> String {
    let mut table = Table::new(["INTEGRATION", "STATE", "SINCE"]);
    for issue in board.integrations.iter().flatten() {
        table.row([
            format!("#{}", issue.number),
            document::standing(issue),
            issue.updated.to_string(),
        ]);
    }
    below(&table)
}

/// Returns a table below others; nothing if it has no rows.
fn below<const COLUMNS: usize>(table: &Table<COLUMNS>) -> String {
    match table.is_empty() {
        true => String::new(),
        false => format!("\n{}", table.render()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rollout(percent: Option<u8>, waves: &[u8]) -> Rollout {
        Rollout {
            deploy: "web".to_owned(),
            version: None,
            phase: None,
            percent,
            waves: waves.to_vec(),
            started_at: None,
            bake_until: None,
            run: None,
        }
    }

    #[test]
    fn a_wave_stands_among_the_others() {
        assert_eq!(percent(&rollout(None, &[10])), "");
        assert_eq!(percent(&rollout(Some(10), &[10])), "10");
        assert_eq!(
            percent(&rollout(Some(10), &[10, 50, 100])),
            "10 of 10, 50, 100"
        );
    }

    #[test]
    fn what_waits_is_counted() {
        let texts = [0, 1, 2].map(|commits| {
            waiting(&Waiting {
                commits,
                ..Waiting::new("dev", &[])
            })
        });
        assert_eq!(texts, ["nothing", "1 commit", "2 commits"]);
    }
}
