//! The files that a component and its callbacks watch.

use crate::changes::Pattern;
use crate::pipeline::{Component, ComponentIdentity};
use std::collections::HashSet;

/// Narrows everything that a component watches to its own files: its folder, its further paths, and
/// what its callbacks watch elsewhere.
pub(super) fn narrow(component: &mut Component, identity: &ComponentIdentity) {
    let folder = Pattern::inside(identity.path.as_str()).into_iter();
    let own: Vec<Pattern> = folder.chain(identity.extra_paths.iter().cloned()).collect();
    let filter = filter(component);
    let builds = component.builds.iter_mut().map(|build| &mut build.callback);
    let deploys = component.deploys.iter_mut();
    let callbacks = builds.chain(deploys.map(|deploy| &mut deploy.callback));
    for callback in callbacks {
        if !callback.follows_builds() {
            callback.triggers = watched(&own, &identity.extra_paths, &callback.triggers);
        }
    }
    let mut seen = HashSet::new();
    let all = own.into_iter().chain(filter);
    component.push_filter = all
        .filter(|pattern| seen.insert(pattern.as_str().to_owned()))
        .collect();
}

/// Returns what starts a run besides the component's own files: the configured patterns, or what the
/// callbacks watch, without exclusions that concern one of them.
fn filter(component: &Component) -> Vec<Pattern> {
    if !component.push_filter.is_empty() {
        return component.push_filter.clone();
    }
    let builds = component.builds.iter().map(|build| &build.callback);
    let callbacks = builds.chain(component.deploys.iter().map(|deploy| &deploy.callback));
    let patterns = callbacks.flat_map(|callback| &callback.triggers);
    patterns
        .filter(|pattern| !pattern.excludes())
        .cloned()
        .collect()
}

/// Returns the patterns of a callback: without any of its own, and where these only take files out,
/// the component's come first; else its further paths, which concern every callback.
fn watched(own: &[Pattern], extra: &[Pattern], triggers: &[Pattern]) -> Vec<Pattern> {
    let before = match triggers.iter().all(Pattern::excludes) {
        true => own,
        false => extra,
    };
    before.iter().chain(triggers).cloned().collect()
}
