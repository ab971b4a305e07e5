//! Pull requests and issues, which people merge and change.

use anyhow::Context;
use serde_json::{Value, json};

use super::Done;
use super::runs::ask;
use crate::scenario::launch::Disturbance;
use crate::scenario::step::{Issue, MergePull};
use crate::scenario::world::{Repository, World};

pub(super) fn merge_pull(
    world: &mut World,
    repository: &Repository,
    merge: &MergePull,
    done: &mut Done,
) -> anyhow::Result<()> {
    let pulls = repository.handle.pulls()?;
    let found = pulls
        .iter()
        .rev()
        .find(|(issue, pull)| match (merge.number, &merge.head) {
            (Some(number), _) => issue.number == number,
            (None, Some(head)) => pull.head == *head,
            (None, None) => issue.open,
        });
    let (issue, _) = found.context("there is no such pull request")?;
    let method = merge.method.as_deref().unwrap_or("merge");
    let number = issue.number;
    if let Some(login) = &merge.approved_by {
        world.approve(repository.handle.name(), number, login)?;
    }
    let path = format!("/pulls/{number}/merge");
    ask(
        world,
        repository,
        "PUT",
        &path,
        &json!({"merge_method": method}),
        &Disturbance::default(),
        done,
    )?;
    let pulls = repository.handle.pulls()?;
    let merged = pulls.iter().find(|(issue, _)| issue.number == number);
    let commit = merged.and_then(|(_, pull)| pull.merge_commit.clone());
    let at = usize::try_from(number)?;
    if world.merges.len() <= at {
        world.merges.resize(at + 1, String::new());
    }
    world.merges[at] = commit.unwrap_or_default();
    Ok(())
}

pub(super) fn change_issue(
    world: &mut World,
    repository: &Repository,
    issue: &Issue,
    done: &mut Done,
) -> anyhow::Result<()> {
    let mut change = serde_json::Map::new();
    let given = [
        ("title", issue.title.clone().map(Value::from)),
        ("body", issue.body.clone().map(Value::from)),
        ("state", issue.state.clone().map(Value::from)),
        ("labels", issue.labels.clone().map(Value::from)),
    ];
    change.extend(
        given
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?))),
    );
    let path = format!("/issues/{}", issue.number);
    let change = Value::Object(change);
    let calm = Disturbance::default();
    ask(world, repository, "PATCH", &path, &change, &calm, done)
}
