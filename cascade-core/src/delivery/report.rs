//! The measures of every environment and deploy.

use super::changes::{Change, Subject, changes};
use super::commit_graph::CommitGraph;
use super::event::Event;
use super::history::History;
use super::measures::Measures;
use super::window::Window;
use crate::lifecycle::promotion_order::{Place, promotion_order};
use crate::pipeline::Component;
use crate::time::Time;
use indexmap::IndexMap;
use serde::Serialize;

/// The deliveries of a repository in a window.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The first moment that counts: of the window, or of the history if that begins later.
    pub since: Time,
    /// The first moment that does not count.
    pub until: Time,
    /// Each environment of each component in promotion order.
    pub environments: Vec<EnvironmentReport>,
}

/// The deliveries to one environment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EnvironmentReport {
    /// The component, if the repository has several.
    pub component: Option<String>,
    /// The environment; `release` for releases.
    pub environment: String,
    /// The measures of the environment as a whole.
    pub measures: Measures,
    /// The measures of each deploy.
    pub deploys: IndexMap<String, Measures>,
    /// The measures of each week, oldest first.
    pub weeks: Vec<Week>,
}

/// The deliveries of one week.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Week {
    /// Its first moment: a Monday, or the beginning of the window.
    pub since: Time,
    /// Its measures.
    #[serde(flatten)]
    pub measures: Measures,
}

/// Measures what was delivered in a window. What was recorded after the window counts for nothing:
/// it tells what was known at its end.
#[must_use]
pub fn report(
    components: &[Component],
    history: &History,
    graph: &CommitGraph,
    window: Window,
) -> Report {
    let window = history.begins.map_or(window, |begins| window.from(begins));
    let known = history
        .events
        .iter()
        .filter(|event| event.at < window.until);
    let known: Vec<Event> = known.cloned().collect();
    let environments = components.iter().flat_map(|component| {
        let places = promotion_order(component).into_iter();
        let places = places.filter(|place| *place != Place::Prerelease);
        places.map(|place| environment(component, &place, (&known, graph), window))
    });
    Report {
        since: window.since,
        until: window.until,
        environments: environments.collect(),
    }
}

fn environment(
    component: &Component,
    place: &Place,
    (events, graph): (&[Event], &CommitGraph),
    window: Window,
) -> EnvironmentReport {
    let name = match place {
        Place::Environment(name) => name.as_str(),
        Place::Prerelease | Place::Release => super::RELEASE,
    };
    let subject = |deploy| Subject {
        component: component.name(),
        environment: name,
        deploy,
    };
    let whole = changes(events, subject(None), graph);
    let own = component.deploys.iter();
    let own = own.filter(|_| matches!(place, Place::Environment(_)));
    let deploys = own.map(|deploy| {
        let name = deploy.callback.name.as_str();
        let changes = changes(events, subject(Some(name)), graph);
        (name.to_owned(), Measures::over(&changes, window))
    });
    EnvironmentReport {
        component: component.name().map(str::to_owned),
        environment: name.to_owned(),
        measures: Measures::over(&whole, window),
        deploys: deploys.collect(),
        weeks: weeks(&whole, window),
    }
}

fn weeks(changes: &[Change], window: Window) -> Vec<Week> {
    let weeks = window.weeks().into_iter().map(|week| Week {
        since: week.since,
        measures: Measures::over(changes, week),
    });
    weeks.collect()
}
