use super::*;
use crate::check::check;
use crate::commits::{Commit, Kind};
use crate::contract::Contracts;
use crate::manifest::yaml::Manifest;
use crate::state::{Begun, Deploy, Environment, Rejected, RolloutState, State};
use std::time::Duration;

const TEXT: &str = "\
ci:
  config:
    trunk_branch: main
    environments: [dev, prod]
    deploys:
      - name: web
        workflow: .github/workflows/deploy.yaml
        strategy: canary
        canary: { steps: [10, 50, 100], promote_callback: a.yaml, rollback_callback: b.yaml }
";

fn component() -> Component {
    let manifest = Manifest::read(TEXT.as_bytes(), "ci").unwrap();
    let checked = check(manifest.config(), &Contracts::unavailable());
    let (_, components) = checked.pipeline.unwrap().into_parts();
    components.into_iter().next().unwrap()
}

fn holding(sha: &str, version: &str) -> Environment {
    let mut environment = Environment::default();
    environment.held.sha = Some(sha.to_owned());
    environment.held.version = Some(version.to_owned());
    environment.held.committed_at = Some("2026-01-15T10:00:00Z".to_owned());
    environment
}

fn managed() -> Managed {
    let mut managed = Managed::default();
    *managed.state.at_path("dev") = holding("b", "v2");
    *managed.state.at_path("prod") = holding("a", "v1");
    managed
}

#[test]
fn places_stand_in_promotion_order_with_their_ages() {
    let facts = Facts {
        now: "2026-01-15T12:00:00Z".parse().unwrap(),
        ..Facts::default()
    };
    let board = board(&component(), &managed(), facts);
    let places = board.places.iter();
    let places: Vec<_> = places
        .map(|place| (place.name.as_str(), place.version.as_deref(), place.age))
        .collect();
    let hours = Some(Duration::from_secs(7_200));
    assert_eq!(
        places,
        [
            ("dev", Some("v2"), hours),
            ("release", None, None),
            ("prod", Some("v1"), hours)
        ]
    );
    assert_eq!((board.hotfixes, board.integrations), (None, None));
}

#[test]
fn neighbours_that_hold_something_are_compared() {
    let pairs = |state: &State, trunk| {
        let pairs = behind(&component(), state, trunk).into_iter();
        let pair = |each: Behind| {
            format!(
                "{} <- {}: {}..{}",
                each.place, each.from, each.base, each.head
            )
        };
        pairs.map(pair).collect::<Vec<_>>()
    };
    let mut state = managed().state;
    assert_eq!(
        pairs(&state, Some("c")),
        ["dev <- trunk: b..c", "prod <- dev: a..b"]
    );
    state.release = Some(crate::state::ReleaseRecord {
        held: holding("a", "v1").held,
        ..Default::default()
    });
    assert_eq!(
        pairs(&state, None),
        [
            "release <- dev: a..b".to_owned(),
            "prod <- release: a..a".to_owned()
        ]
    );
}

#[test]
fn what_waits_is_a_changelog() {
    let commit = |message: &str| Commit {
        sha: "0123456789".to_owned(),
        message: message.to_owned(),
        ..Commit::default()
    };
    let waiting = Waiting::new(TRUNK, &[commit("feat: a"), commit("fix(web)!: b")]);
    assert_eq!(waiting.commits, 2);
    assert_eq!(waiting.changelog.changes[&Kind::Feature][0].text, "a");
    assert_eq!(waiting.changelog.breaking.len(), 1);
}

#[test]
fn a_rollout_has_its_waves() {
    let mut managed = managed();
    let rolling = |phase: &str| Deploy {
        rollout: Some(RolloutState {
            phase: Some(phase.to_owned()),
            percent: Some(10),
            bake_until: Some("2026-01-15T12:30:00Z".to_owned()),
            ..RolloutState::default()
        }),
        ..Deploy::default()
    };
    let deploys = &mut managed.state.at_path("dev").held.deploys;
    deploys.insert("web".to_owned(), rolling("baking"));
    deploys.insert("old".to_owned(), rolling("promoted"));
    let board = board(&component(), &managed, Facts::default());
    let [rollout] = board.places[0].rollouts.as_slice() else {
        panic!("{:?}", board.places[0].rollouts);
    };
    assert_eq!(
        (rollout.percent, rollout.waves.as_slice()),
        (Some(10), &[10, 50, 100][..])
    );
    assert_eq!(rollout.bake_until.as_deref(), Some("2026-01-15T12:30:00Z"));
}

#[test]
fn conditions_say_what_is_special() {
    assert_eq!(Condition::of(&Environment::default()), []);
    let mut environment = holding("a", "v1");
    environment.git_ref = Some("rollback/prod".to_owned());
    environment.rejected = Some(Rejected {
        sha: Some("0123456789".to_owned()),
        ..Rejected::default()
    });
    environment.begun = Some(Begun {
        version: "v1.2.0".to_owned(),
        running: vec!["web".to_owned()],
        run: Some("https://x/runs/7".to_owned()),
        ..Begun::default()
    });
    let conditions = Condition::of(&environment);
    let texts: Vec<String> = conditions.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "incomplete: v1.2.0 for web (https://x/runs/7)",
            "diverged on rollback/prod",
            "rejected 0123456"
        ]
    );
    let bad: Vec<bool> = conditions.iter().map(Condition::is_bad).collect();
    assert_eq!(bad, [true, false, false]);
}
