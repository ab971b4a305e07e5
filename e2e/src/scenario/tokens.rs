//! The tokens of a run's jobs: each may do what the file gives its job, and nothing else.

use std::collections::BTreeMap;

use cascade_core::workflow::{Level, Permissions as Granted};

use super::world::{Past, World};
use crate::github::{Permissions, Scope, Token};

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
    jobs: &BTreeMap<String, Granted>,
    unflattened: bool,
) {
    let known = |value: String, granted: &Granted| {
        let token = Token::workflow(value).may(&past.repository, of_host(granted));
        world.server.register(token);
    };
    for (job, granted) in jobs {
        known(of_job(past, job), granted);
    }
    let every = jobs.values().filter(|_| unflattened);
    let every = every.fold(Granted::none(), Granted::union);
    known(of_run(past), &every);
}

/// The permissions that the host knows.
fn of_host(granted: &Granted) -> Permissions {
    let scopes = granted
        .iter()
        .filter_map(|(scope, level, _)| Some((Scope::from_name(scope.name())?, level)));
    scopes.fold(
        Permissions::none(),
        |permissions, (scope, level)| match level {
            Level::None => permissions,
            Level::Read => permissions.read(scope),
            Level::Write => permissions.write(scope),
        },
    )
}
