//! The callbacks of a run in waves.

use super::Plan;
use crate::pipeline::{Callback, CallbackKind, Component};

type Open<'a> = (CallbackKind, &'a Callback);

impl Plan {
    /// Returns the names of the callbacks that run, in waves: each has what can begin once those
    /// before have ended. Deploys wait for every build.
    #[must_use]
    pub fn waves<'a>(&self, component: &'a Component) -> Vec<Vec<&'a str>> {
        let builds = component.builds.iter();
        let builds = builds.map(|each| (CallbackKind::Build, &each.callback));
        let builds = builds.filter(|(_, each)| {
            self.run_builds
                .iter()
                .any(|name| each.name.as_str() == name)
        });
        let deploys = component.deploy_callbacks();
        let deploys = deploys.map(|each| (CallbackKind::Deploy, each));
        let deploys =
            deploys.filter(|(_, each)| self.step.deploys.contains_key(each.name.as_str()));
        let mut open: Vec<Open<'a>> = builds.chain(deploys).collect();
        let mut waves = Vec::new();
        while !open.is_empty() {
            let waits = |callback: &Open<'_>| waits(callback, &open);
            let (later, now): (Vec<_>, Vec<_>) = open.iter().copied().partition(waits);
            waves.push(now.iter().map(|(_, each)| each.name.as_str()).collect());
            open = later;
        }
        waves
    }
}

/// Returns true if a callback waits for one that has not run.
fn waits((kind, callback): &Open<'_>, open: &[Open<'_>]) -> bool {
    let is_open = |kind: CallbackKind, name: &str| {
        let mut open = open.iter();
        open.any(|(other, each)| *other == kind && each.name.as_str() == name)
    };
    let builds = open.iter().any(|(other, _)| *other == CallbackKind::Build);
    let mut dependencies = callback.dependencies.iter();
    *kind == CallbackKind::Deploy && builds
        || dependencies.any(|each| is_open(each.kind, each.name.as_str()))
}
