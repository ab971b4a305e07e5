//! The tokens of a run's jobs: each may do what the file gives its job, and nothing else.

use std::collections::BTreeMap;

use cascade_core::actions::{self, Level};

use super::world::{Past, World};
use crate::github::{Event, Permissions, Scope, Token};

/// The token of a job, by the job's id.
pub(super) fn of_job(past: &Past, job: &str) -> String {
    format!("{}-{job}", of_run(past))
}

/// The token that act knows. Only a run with its calls uses it, where jobs have none of their own.
pub(super) fn of_run(past: &Past) -> String {
    format!("e2e-run-{}-{}", past.id, past.attempt)
}

/// Makes the tokens known to the host. Those of a run with its calls are one, which may do
/// whatever some job may.
pub(super) fn register(
    world: &World,
    past: &Past,
    jobs: &BTreeMap<String, actions::Permissions>,
    unflattened: bool,
) {
    let most = if is_restricted(&past.event) {
        Level::Read
    } else {
        Level::Write
    };
    let known = |value: String, granted: &actions::Permissions| {
        let token = Token::workflow(value).may(&past.repository, of_host(granted, most));
        world.server.register(token);
    };
    for (job, granted) in jobs {
        known(of_job(past, job), granted);
    }
    let every = jobs.values().filter(|_| unflattened);
    let every = every.fold(actions::Permissions::none(), actions::Permissions::union);
    known(of_run(past), &every);
}

/// Returns true if the run is of a pull request from a fork, or of Dependabot: its tokens read at most,
/// and it has no secrets.
///
/// Sources: GitHub, "Events that trigger workflows", `pull_request`; "Troubleshooting Dependabot on
/// GitHub Actions", "Restrictions when Dependabot triggers events", which do not hold for
/// `workflow_run`.
pub(super) fn is_restricted(event: &Event) -> bool {
    const OF_DEPENDABOT: [&str; 4] = ["pull_request", "push", "create", "deployment"];
    if event.actor == "dependabot[bot]" && OF_DEPENDABOT.contains(&event.name.as_str()) {
        return true;
    }
    let from = &event.payload["pull_request"]["head"]["repo"]["full_name"];
    event.name == "pull_request" && *from != event.repository.as_str()
}

/// The permissions that the host knows, none higher than `most`.
fn of_host(granted: &actions::Permissions, most: Level) -> Permissions {
    let scopes = granted
        .iter()
        .filter_map(|(scope, level, _)| Some((Scope::from_name(scope.name())?, level.min(most))));
    scopes.fold(
        Permissions::none(),
        |permissions, (scope, level)| match level {
            Level::None => permissions,
            Level::Read => permissions.read(scope),
            Level::Write => permissions.write(scope),
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event(name: &str, head: &str) -> Event {
        let head = json!({ "repo": { "full_name": head } });
        Event {
            repository: "acme/app".to_owned(),
            name: name.to_owned(),
            action: None,
            reference: String::new(),
            sha: String::new(),
            actor: String::new(),
            workflow: None,
            payload: json!({ "pull_request": { "head": head } }),
        }
    }

    #[test]
    fn a_pull_request_of_a_fork_reads_at_most() {
        assert!(is_restricted(&event("pull_request", "mallory/app")));
        assert!(!is_restricted(&event("pull_request", "acme/app")));
        assert!(!is_restricted(&event("push", "mallory/app")));
        let granted = actions::Permissions::none()
            .write(actions::Scope::Contents, "state")
            .read(actions::Scope::Issues)
            .write(actions::Scope::IdToken, "a cloud");
        let own = Permissions::none()
            .write(Scope::Contents)
            .read(Scope::Issues);
        let read = Permissions::none()
            .read(Scope::Contents)
            .read(Scope::Issues);
        assert_eq!(of_host(&granted, Level::Write), own);
        assert_eq!(of_host(&granted, Level::Read), read);
    }
}
