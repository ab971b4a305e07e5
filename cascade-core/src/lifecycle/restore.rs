//! What a failed promotion step had replaced is deployed again, as it was.

use super::Planned;
use super::Stage;
use super::outcome::{Results, of};
use super::stage::{Outputs, deploy_bases, find, given};
use crate::pipeline::{CallbackKind, Lane};
use crate::state::{self, Environment, Snapshot};
use indexmap::IndexMap;

/// Plans the deploys of a stage that succeeded and replaced something, at what they replaced;
/// `None` if there are none.
pub(super) fn restoring(
    lane: &Lane,
    environment: &Environment,
    stage: &Stage,
    results: &Results,
) -> Option<Stage> {
    let line = line(environment);
    // What lacks an output was deployed all the same.
    let lacks = |name: &str| {
        results
            .get(name)
            .is_some_and(|each| !each.missing.is_empty())
    };
    let succeeded = stage
        .deploys
        .iter()
        .filter(|(name, _)| of(results, name).is_success() || lacks(name));
    let back = succeeded.filter(|(_, planned)| !planned.previous_sha.is_empty());
    let restored = back.map(|(name, planned)| {
        let planned = Planned {
            sha: planned.previous_sha.clone(),
            version: planned.previous_version.clone(),
            previous_sha: planned.sha.clone(),
            previous_version: planned.version.clone(),
            outputs: planned.outputs.clone(),
            builds: Some(builds(lane, &line, name)),
            external: given(lane, name, &environment.complete_external()),
            strategy: String::new(),
        };
        (name.clone(), planned)
    });
    let deploys: IndexMap<String, Planned> = restored.collect();
    (!deploys.is_empty()).then(|| Stage {
        deploys,
        deploys_base: deploy_bases(&environment.deploys),
        restore: false,
        ..stage.clone()
    })
}

/// Returns what the environment held, newest first: while it was complete, and before.
pub(super) fn line(environment: &Environment) -> Vec<Snapshot> {
    let mut held = environment.clone();
    held.previous.clear();
    held.remember();
    let earlier = environment.previous.iter().cloned();
    held.previous.into_iter().chain(earlier).collect()
}

/// Returns the recorded outputs of the builds that a deploy reads, as they were when the record at
/// the head of `line` was deployed: an environment's builds move on while a deploy stays.
pub(super) fn builds(lane: &Lane, line: &[Snapshot], name: &str) -> IndexMap<String, Outputs> {
    let place = |each: &Snapshot| {
        let deploy = each.deploys.get(name);
        deploy.map(|deploy| (deploy.sha.clone(), deploy.version.clone()))
    };
    let Some((first, older)) = line.split_first() else {
        return IndexMap::new();
    };
    let same = older.iter().take_while(|each| place(each) == place(first));
    let deployed = match place(first) {
        Some(_) => same.last().unwrap_or(first),
        None => first,
    };
    let Some(callback) = find(lane, name) else {
        return IndexMap::new();
    };
    let builds = callback
        .dependencies
        .iter()
        .filter(|each| each.kind == CallbackKind::Build);
    let recorded = |name: &str| -> Option<&state::Build> { deployed.builds.get(name) };
    builds
        .filter_map(|each| {
            let name = each.name.as_str();
            Some((name.to_owned(), recorded(name)?.tags.clone()))
        })
        .collect()
}
