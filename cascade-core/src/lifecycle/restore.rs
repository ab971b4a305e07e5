//! The redeployment of the versions that a failed promotion step had replaced, as they were.

use super::outcome::{Results, of};
use super::step::{Outputs, deploy_bases, find, given, recorded_outputs};
use super::{Base, Planned, Step};
use crate::pipeline::{CallbackKind, Component};
use crate::state::{self, Environment, Snapshot};
use indexmap::IndexMap;

/// Plans the deploys of a step that succeeded and replaced something, as they were while the
/// environment was complete; `None` if there are none.
///
/// What an incomplete deployment had brought before is not restored: its outputs are recorded
/// nowhere, and the environment would stay incomplete.
pub(super) fn restoring(
    component: &Component,
    environment: &Environment,
    step: &Step,
    results: &Results,
) -> Option<Step> {
    let line = line(environment);
    let (deploys, external) = (
        environment.complete_deploys(),
        environment.complete_external(),
    );
    // What lacks an output was deployed all the same.
    let lacks = |name: &str| {
        results
            .get(name)
            .is_some_and(|each| !each.missing.is_empty())
    };
    let succeeded = step
        .deploys
        .iter()
        .filter(|(name, _)| of(results, name).is_success() || lacks(name));
    let restored = succeeded.filter_map(|(name, arrived)| {
        let held = match component.external_callback(name) {
            Some(_) => external.get(name).map(Base::from),
            None => deploys.get(name).map(Base::from),
        };
        let held = held?;
        let planned = Planned {
            sha: held.sha?,
            version: held.version.unwrap_or_default(),
            previous_sha: arrived.sha.clone(),
            previous_version: arrived.version.clone(),
            builds: Some(builds(component, &line, name)),
            external: given(component, name, &external),
            ..Planned::default()
        };
        Some((name.clone(), planned))
    });
    let mut restored: IndexMap<String, Planned> = restored.collect();
    let mut after = environment.held.deploys.clone();
    after.extend(
        deploys
            .into_iter()
            .filter(|(name, _)| restored.contains_key(name)),
    );
    recorded_outputs(component, &mut restored, &after);
    (!restored.is_empty()).then(|| Step {
        deploys: restored,
        deploys_base: deploy_bases(&environment.held.deploys),
        restore: false,
        ..step.clone()
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
pub(super) fn builds(
    component: &Component,
    line: &[Snapshot],
    name: &str,
) -> IndexMap<String, Outputs> {
    let place = |each: &Snapshot| {
        let deploy = each.held.deploys.get(name);
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
    let Some(callback) = find(component, name) else {
        return IndexMap::new();
    };
    let builds = callback
        .dependencies
        .iter()
        .filter(|each| each.kind == CallbackKind::Build);
    let recorded = |name: &str| -> Option<&state::Build> { deployed.held.builds.get(name) };
    builds
        .filter_map(|each| {
            let name = each.name.as_str();
            Some((name.to_owned(), recorded(name)?.tags.clone()))
        })
        .collect()
}
