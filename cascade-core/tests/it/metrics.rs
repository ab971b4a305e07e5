//! The example of `docs/metrics.md`: its events, made from states, lead to its figures.

use cascade_core::check::check;
use cascade_core::contract::Contracts;
use cascade_core::delivery::{
    CommitGraph, History, Kind, Measures, Node, Quantiles, Report, StateCommit, Window, history,
    openmetrics, report,
};
use cascade_core::manifest::TimeSpan;
use cascade_core::manifest::yaml::Manifest;
use cascade_core::pipeline::Component;
use cascade_core::state::{
    Deploy, Environment, Incomplete, Managed, Patch, Rejected, RolloutState,
};
use cascade_core::time::Time;
use std::collections::HashMap;

const PAGE: &str = include_str!("../../../docs/metrics.md");
const DEPLOYS: [&str; 3] = ["web", "api", "jobs"];
const MANIFEST: &str = "\
ci:
  config:
    trunk_branch: main
    environments: [dev, prod]
    deploys:
      - { name: web, workflow: .github/workflows/deploy.yaml }
      - { name: api, workflow: .github/workflows/deploy.yaml }
      - { name: jobs, workflow: .github/workflows/deploy.yaml }
";

/// The rows of the page's table with this heading.
fn rows(heading: &str) -> Vec<Vec<&'static str>> {
    let (_, table) = PAGE.split_once(heading).unwrap();
    let rows = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let cells = |line: &'static str| line.trim_matches('|').split('|').map(str::trim).collect();
    rows.map(cells).collect()
}

fn time(day_and_hour: &str) -> Time {
    let (day, hour) = day_and_hour.split_once(' ').unwrap();
    format!("2026-01-{day}T{hour}:00Z").parse().unwrap()
}

fn components() -> Vec<Component> {
    let manifest = Manifest::read(MANIFEST.as_bytes(), "ci").unwrap();
    let checked = check(manifest.config(), &Contracts::unavailable());
    let (_, components) = checked.pipeline.unwrap().into_parts();
    components
}

/// The environments as their runs record them.
#[derive(Default)]
struct World {
    managed: Managed,
    commits: Vec<StateCommit>,
}

impl World {
    fn begin() -> Self {
        let mut world = Self::default();
        world.commit("01 00:00");
        world
    }

    fn commit(&mut self, when: &str) {
        let number = self.commits.len();
        let before = self.commits.last().map(|commit| commit.sha.clone());
        self.commits.push(StateCommit {
            sha: format!("c{number}"),
            parents: before.into_iter().collect(),
            at: time(when),
            author: "github-actions[bot]".to_owned(),
            message: format!("chore(cascade): x\n\nRun: https://x/runs/{number}\n"),
            managed: self.managed.clone(),
        });
    }

    fn record(&mut self, row: &[&str]) {
        let [_, when, environment, kind, version, deploys] = row else {
            panic!("{row:?}");
        };
        let at = time(when).to_string();
        let environment = self.managed.state.at_path(environment);
        let kind: Kind = kind.parse().unwrap();
        let left = (
            environment.held.sha.clone(),
            environment.held.version.clone(),
        );
        match kind {
            Kind::Deployed | Kind::Hotfixed | Kind::RolledBack => {
                advance(environment, version, &at);
            }
            Kind::Incomplete => begin(environment, version, deploys),
            Kind::Restored => environment.incomplete = None,
            Kind::RolloutFailed => {
                let deploy = environment.held.deploys.get_mut(*deploys).unwrap();
                deploy.rollout = Some(RolloutState {
                    phase: Some("rolled_back".to_owned()),
                    version: Some((*version).to_owned()),
                    started_at: Some("2026-01-14T10:30:00Z".to_owned()),
                    finished_at: Some(at.clone()),
                    ..RolloutState::default()
                });
            }
            Kind::External | Kind::Released => panic!("{kind}"),
        }
        if kind == Kind::Hotfixed {
            environment.git_ref = Some("env/prod".to_owned());
            environment.patches = vec![Patch::Sha("fix".to_owned())];
        }
        if kind == Kind::RolledBack {
            environment.git_ref = Some("rollback/prod".to_owned());
            environment.previous[0].rejected = true;
            environment.rejected = Some(Rejected {
                sha: left.0,
                version: left.1,
                ..Rejected::default()
            });
        }
        if kind != Kind::RolloutFailed {
            for name in deploys.split(' ') {
                deploy(environment, name, version, &at);
            }
        }
        self.commit(when);
    }
}

fn advance(environment: &mut Environment, version: &str, at: &str) {
    environment.remember();
    environment.incomplete = None;
    environment.git_ref = None;
    environment.patches.clear();
    environment.rejected = None;
    environment.held.sha = Some(version.to_owned());
    environment.held.version = Some(version.to_owned());
    environment.held.committed_at = Some(at.to_owned());
    environment.held.committed_by = Some("octocat".to_owned());
}

fn begin(environment: &mut Environment, version: &str, deploys: &str) {
    let before = environment.held.deploys.clone();
    let incomplete = environment.incomplete.get_or_insert_with(|| Incomplete {
        operation: Some("promote".to_owned()),
        sha: Some(version.to_owned()),
        version: Some(version.to_owned()),
        ..Incomplete::default()
    });
    for name in deploys.split(' ') {
        let before = before[name].clone();
        incomplete.deploys.insert(name.to_owned(), before);
    }
}

fn deploy(environment: &mut Environment, name: &str, version: &str, at: &str) {
    assert!(DEPLOYS.contains(&name));
    let deploy = Deploy {
        sha: Some(version.to_owned()),
        version: Some(version.to_owned()),
        deployed_at: Some(at.to_owned()),
        deployed_by: Some("octocat".to_owned()),
        ..Deploy::default()
    };
    environment.held.deploys.insert(name.to_owned(), deploy);
}

fn graph() -> CommitGraph {
    let mut before: Option<String> = None;
    let mut nodes: HashMap<String, Node> = HashMap::new();
    for row in rows("| commit | made |") {
        let node = Node {
            parents: before.replace(row[0].to_owned()).into_iter().collect(),
            at: time(row[1]),
        };
        nodes.insert(row[0].to_owned(), node);
    }
    let fixed = Node {
        parents: vec!["v7".to_owned()],
        at: time("12 20:00"),
    };
    nodes.insert("v7.1".to_owned(), fixed);
    CommitGraph::new(nodes, [])
}

fn events() -> History {
    let mut world = World::begin();
    for row in rows("| event | when |") {
        world.record(&row);
    }
    history(&world.commits, &[])
}

fn january() -> Report {
    let window = Window {
        since: time("01 00:00"),
        until: "2026-02-01T00:00:00Z".parse().unwrap(),
    };
    report(&components(), &events(), &graph(), window)
}

#[test]
fn states_tell_the_events() {
    let history = events();
    assert_eq!(history.gaps, []);
    let rows = rows("| event | when |");
    assert_eq!(rows.len(), 40);
    let expected: Vec<_> = rows
        .iter()
        .map(|row| format!("{} {} {} {}", time(row[1]), row[2], row[3], row[4]))
        .collect();
    let found: Vec<_> = history
        .events
        .iter()
        .map(|event| {
            let version = event.to.version.as_deref().unwrap();
            format!(
                "{} {} {} {version}",
                event.at, event.environment, event.kind
            )
        })
        .collect();
    assert_eq!(found, expected);
    for (event, row) in history.events.iter().zip(&rows) {
        let mut names: Vec<&str> = event
            .deploys
            .iter()
            .map(|each| each.name.as_str())
            .collect();
        names.sort_unstable();
        let mut expected: Vec<&str> = row[5].split(' ').collect();
        expected.sort_unstable();
        assert_eq!(names, expected, "event {}", row[0]);
        assert_eq!(event.commit, format!("c{}", row[0]));
        assert_eq!(event.run, Some(format!("https://x/runs/{}", row[0])));
    }
}

#[test]
fn events_lead_to_the_figures() {
    let report = january();
    for row in rows("| | deployments | per day |") {
        let (name, deploy) = row[0].split_once('/').unwrap_or((row[0], ""));
        let mut environments = report.environments.iter();
        let environment = environments.find(|each| each.environment == name).unwrap();
        let measures = match deploy {
            "" => &environment.measures,
            deploy => &environment.deploys[deploy],
        };
        assert_eq!(shown(measures), row[1..], "{}", row[0]);
    }
}

#[test]
fn weeks_lead_to_the_figures() {
    let report = january();
    let prod = report
        .environments
        .iter()
        .find(|each| each.environment == "prod");
    let weeks = &prod.unwrap().weeks;
    let rows = rows("| prod, week of |");
    assert_eq!(rows.len(), weeks.len());
    for (row, week) in rows.iter().zip(weeks) {
        let measures = &week.measures;
        let failed = format!("{} of {}", measures.failed, measures.changes);
        let since = week.since.to_string();
        let shown = [&since[..10], &measures.deployments.to_string(), &failed];
        assert_eq!(shown, row[..], "{row:?}");
    }
}

#[test]
fn nobody_released_anything() {
    let report = january();
    let release = report
        .environments
        .iter()
        .find(|each| each.environment == "release");
    assert_eq!(release.unwrap().measures.deployments_per_day, None);
}

#[test]
fn monitoring_reads_the_figures() {
    insta::assert_snapshot!(openmetrics(&january()));
}

fn shown(measures: &Measures) -> [String; 6] {
    let rate = measures.change_failure_rate.unwrap();
    [
        measures.deployments.to_string(),
        measures.deployments_per_day.unwrap().to_string(),
        quantiles(measures.lead_time.as_ref().unwrap()),
        format!("{} of {}: {rate}", measures.failed, measures.changes),
        quantiles(measures.time_to_restore.as_ref().unwrap()),
        measures.unrestored.to_string(),
    ]
}

fn quantiles(known: &Quantiles) -> String {
    let hours = |seconds: u64| match (seconds / 3_600, seconds % 3_600) {
        (hours, 0) => format!("{hours}h"),
        (hours, rest) => format!("{hours}h{}", TimeSpan::from_seconds(rest)),
    };
    let times = [known.sum, known.median, known.p90].map(hours);
    format!("{}, {}", known.count, times.join(", "))
}
