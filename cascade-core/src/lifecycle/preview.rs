//! The consequences of a merge: the run of the trunk, and the promotion after it, both as the commands
//! of a run plan them.

use super::history::History;
use super::missing::missing;
use super::orchestrate::{self, Decision, Request};
use super::promote::{self, Entry};
use super::simulate::{self, Facts};
use crate::pipeline::Component;
use crate::pull_request::{Bounded, Carried, ComponentPreview, Concerned, Delivery, Untrusted};
use crate::state::{Managed, State};
use indexmap::IndexMap;

/// The facts that a preview needs beside the history.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The sections in scope of the component.
    pub managed: &'a Managed,
    /// The states of all components.
    pub states: &'a IndexMap<String, State>,
    /// The head of the trunk, if it is known: what is new is counted from there.
    pub trunk: Option<&'a str>,
    /// The results that the run's jobs are supposed to have.
    pub facts: Facts<'a>,
}

/// Shows what a merge of `request.head` would lead to for a component.
///
/// # Errors
/// The history gives no answer.
pub fn preview<H: History>(
    component: &Component,
    known: Known<'_>,
    history: &H,
    request: &Request,
) -> Result<ComponentPreview, H::Error> {
    let name = component.name().map(Untrusted::new);
    let delivery = match orchestrate::plan(component, known.managed, history, request)? {
        Decision::Run(plan) => Some(delivery(component, known, history, (&plan, request))?),
        Decision::Nothing(why) | Decision::Outdated(why) => {
            return Ok(ComponentPreview {
                name,
                idle: Some(Untrusted::new(&why)),
                delivery: None,
            });
        }
    };
    Ok(ComponentPreview {
        name,
        idle: None,
        delivery,
    })
}

fn delivery<H: History>(
    component: &Component,
    known: Known<'_>,
    history: &H,
    (plan, request): (&orchestrate::Plan, &Request),
) -> Result<Delivery, H::Error> {
    let head = request.head.as_str();
    let since = plan.since.as_ref().and_then(|since| since.sha.as_deref());
    let commits = history.commits_of(component, known.trunk.or(since), head)?;
    let breaking = commits.iter().flat_map(|commit| commit.change().breaking);
    let mut after = simulate::delivered(component, known.managed, plan, known.facts).managed;
    suppose_outputs(component, plan, &mut after);
    let facts = promote::Facts {
        trunk: head,
        open_hotfixes: &[],
        states: known.states,
    };
    let default = promote::Request::default();
    let promotion = promote::plan(component, &after, facts, history, &default)?;
    let reasons = plan.reasons.iter();
    Ok(Delivery {
        version: Untrusted::new(&plan.step.version),
        environment: Untrusted::new(&plan.step.environment),
        validates: plan.validate,
        runs: reasons
            .map(|(what, why)| Concerned {
                what: Untrusted::new(what),
                why: Untrusted::new(why),
            })
            .collect(),
        breaking: breaking.map(|what| Untrusted::new(&what)).collect(),
        promotion: promotion.entries().iter().map(carried).collect(),
        refused: lines(&promotion.reason()),
        remarks: promotion
            .warnings
            .iter()
            .map(|warning| Untrusted::new(warning))
            .collect(),
    })
}

/// Lets the callbacks of a run that did not happen put out whatever is read of them.
fn suppose_outputs(component: &Component, plan: &orchestrate::Plan, after: &mut Managed) {
    const UNKNOWN: &str = "unknown";
    let state = &mut after.state;
    let environment = state.environments.get_mut(&plan.step.environment);
    let record = state.prerelease.as_mut().map(|record| &mut record.held);
    let Some(held) = environment.map(|it| &mut it.held).or(record) else {
        return;
    };
    let ran =
        |name: &String| plan.run_builds.contains(name) || plan.step.deploys.contains_key(name);
    let builds = held.builds.iter_mut();
    let builds = builds.map(|(name, build)| (name, &mut build.tags));
    let deploys = held.deploys.iter_mut();
    let deploys = deploys.map(|(name, deploy)| (name, &mut deploy.tags));
    for (name, outputs) in builds.chain(deploys).filter(|(name, _)| ran(name)) {
        for missing in missing(component, name, outputs) {
            outputs.insert(missing.output, UNKNOWN.to_owned());
        }
    }
}

fn carried(entry: &Entry<'_>) -> Carried {
    let (from, deploys) = match entry {
        Entry::Step(step) => {
            let names: Vec<&str> = step.deploys.keys().map(String::as_str).collect();
            (step.from.as_deref().unwrap_or_default(), names.join(", "))
        }
        Entry::Release(release) => (release.from.as_str(), String::new()),
    };
    Carried {
        from: Untrusted::new(from),
        to: Untrusted::new(entry.place()),
        version: Untrusted::new(entry.version()),
        deploys: Untrusted::new(&deploys),
    }
}

fn lines(text: &str) -> Bounded<Untrusted> {
    text.lines().map(Untrusted::new).collect()
}
