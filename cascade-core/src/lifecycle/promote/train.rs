//! The members of a train that are promoted with one of them.

use super::Plan;
use crate::pipeline::{Component, Member};
use crate::state::State;
use indexmap::IndexMap;

/// A linked component that is promoted, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follower {
    /// Its name.
    pub component: String,
    /// The file of the workflow that promotes it.
    pub workflow: String,
    /// The mode of its promotion; none where its promotion knows no modes.
    pub mode: Option<String>,
}

/// Returns the other members of the train that go along with a promotion and are not there yet.
#[must_use]
pub fn followers(
    component: &Component,
    plan: &Plan,
    states: &IndexMap<String, State>,
) -> Vec<Follower> {
    let train = component.train();
    let members = train.into_iter().flat_map(|train| &train.members);
    let others = members.filter(|member| component.name() != Some(member.name.as_str()));
    let nothing = State::default();
    let follows = |member: &Member| {
        let state = states.get(member.name.as_str()).unwrap_or(&nothing);
        let mode = mode(component, member, plan)?;
        (!is_there(component, member, plan, state)).then(|| Follower {
            component: member.name.to_string(),
            workflow: member.file("promote"),
            mode,
        })
    };
    others.filter_map(follows).collect()
}

/// Returns the mode of a member's promotion; nothing if it has no part in this one.
#[expect(clippy::option_option, reason = "no part, or a part without a mode")]
fn mode(component: &Component, member: &Member, plan: &Plan) -> Option<Option<String>> {
    if member.environments.len() < 2 {
        return plan.release.is_some().then_some(None);
    }
    if component.environments.len() < 2 {
        // What it released says nothing of how far others go.
        return None;
    }
    let has = |name: &str| {
        let mut environments = member.environments.iter();
        name == "release" || environments.any(|each| each.as_str() == name)
    };
    let known = match plan.mode.split_once("-to-") {
        Some((from, to)) => has(from) && has(to),
        None => plan.steps.iter().all(|step| has(&step.environment)),
    };
    known.then(|| Some(plan.mode.clone()))
}

/// Returns true if a member holds everything that the promotion brought, as its own version.
fn is_there(component: &Component, member: &Member, plan: &Plan, state: &State) -> bool {
    let parsed = |version: &str| component.tag_grammar.parse(version);
    let held = |version: Option<&String>| member.tag_grammar.parse(version?);
    let environments = plan.steps.iter().all(|step| {
        let environment = state.environments.get(&step.environment);
        let held = held(environment.and_then(|each| each.held.version.as_ref()));
        member.environments.len() < 2 || held == parsed(&step.version)
    });
    let released = plan.release.as_ref().is_none_or(|release| {
        let record = state.release.as_ref();
        held(record.and_then(|record| record.held.version.as_ref())) == parsed(&release.version)
    });
    environments && released
}
