//! The part of the GraphQL API that cascade uses.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use super::exchange::{Answer, Refusal, Request};
use super::repository::Scene;
use super::site::{Site, World};
use super::token::Token;
use super::{pull, user};

#[derive(Deserialize)]
struct Query {
    query: String,
    #[serde(default)]
    variables: Variables,
}

#[derive(Deserialize, Default)]
struct Variables {
    #[serde(default)]
    id: String,
    #[serde(default)]
    method: String,
}

/// `POST /graphql`.
pub(super) fn answer(
    site: &Site,
    world: &mut World,
    folders: &BTreeMap<String, PathBuf>,
    (request, token): (&Request, &Token),
) -> Answer {
    let Query { query, variables } = request.body()?;
    if !query.contains("enablePullRequestAutoMerge") {
        return Err(Refusal::unprocessable(
            "the simulator does not know this query",
        ));
    }
    let repositories = world.repositories.values_mut();
    let mut readable = repositories.filter(|repository| repository.visible(token));
    let found = readable.find_map(|repository| {
        let issues = repository.issues.iter();
        let mut pulls = issues.filter(|issue| repository.pulls.contains_key(&issue.number));
        let issue = pulls.find(|issue| user::node("PR", issue.id) == variables.id)?;
        let number = issue.number;
        Some((repository, number))
    });
    let (repository, number) = found.ok_or_else(Refusal::not_found)?;
    let mut scene = Scene {
        site,
        repository,
        folders,
        token,
        request,
    };
    pull::enable(&mut scene, number, &variables.method)
}
