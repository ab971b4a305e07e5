//! Requests to the host and to people, and what others were told.

use serde_json::{Value, json};

use super::{Before, compare_each};
use crate::scenario::step::Expect;
use crate::scenario::world::{LOGIN, World};

pub(super) fn check(world: &World, expect: &Expect, before: &Before) -> Vec<String> {
    let asked = world.asked().split_off(before.asked);
    let delivered = world.server.delivered().split_off(before.delivered);
    let mut found = compare_each([
        ("asked", &expect.asked, json!(asked)),
        ("delivered", &expect.delivered, json!(delivered)),
    ]);
    if let Some(expected) = &expect.requests {
        found.extend(requests(world, before, expected));
    }
    found
}

fn requests(world: &World, before: &Before, expected: &Value) -> Vec<String> {
    let log = world.server.requests();
    let api: Vec<_> = log[before.requests.min(log.len())..]
        .iter()
        .filter(|request| {
            request.path.starts_with("/repos/") || request.path.starts_with("/graphql")
        })
        .filter(|request| request.login != LOGIN)
        .collect();
    let most = expected.as_u64().or_else(|| expected["at_most"].as_u64());
    match most {
        Some(most) if api.len() as u64 > most => {
            let shown: Vec<_> = api
                .iter()
                .map(|one| format!("{} {}", one.method, one.path))
                .collect();
            vec![format!(
                "requests: expected at most {most}, found {}: {shown:#?}",
                api.len()
            )]
        }
        Some(_) => Vec::new(),
        None => vec!["requests: a number is needed".to_owned()],
    }
}
