//! Versions of other repositories: reported, asked for, carried.

use super::world::{World, component};
use crate::lifecycle::Stamp;
use crate::lifecycle::external::{
    Answer, Answers, Found, Refusal, Search, Update, accept, decide, finish, holds, pinned, record,
    recorded, take,
};
use crate::pipeline::{Component, PullSource, PulledVersion};
use crate::state::{Environment, External, State};
use proptest::prelude::*;

const PUSH: &str = "\
environments: [dev, prod]
external:
  - { repo: acme/cdk, deploys: [{ name: cdk, on_update: { deploy: { workflow: .github/workflows/deploy.yaml } } }, { name: net }] }
";

fn pull(keys: &str) -> Component {
    component(&format!(
        "environments: [dev, prod]\nexternal:\n  - {{ mode: pull, repo: acme/models, {keys} }}\n"
    ))
}

fn stamp(at: &str) -> Stamp {
    Stamp {
        at: at.to_owned(),
        by: "octocat".to_owned(),
    }
}

fn update(version: &str) -> Update {
    Update {
        source_repo: "acme/cdk".to_owned(),
        deploy_name: "cdk".to_owned(),
        sha: "a".repeat(40),
        version: version.to_owned(),
        ..Update::default()
    }
}

fn external(version: &str, sha: &str) -> External {
    External {
        repo: Some("acme/models".to_owned()),
        version: Some(version.to_owned()),
        sha: Some(sha.to_owned()),
        source: Some("tag".to_owned()),
        deployed_at: Some("then".to_owned()),
        ..External::default()
    }
}

/// Returns the answer to an entry when its producer has these tags, each at its own commit.
fn asked(source: &PullSource, held: Option<&External>, tags: &[(&str, &str)]) -> Answer {
    let PulledVersion::Tag {
        requirement,
        prefix,
    } = &source.version
    else {
        panic!("not by tag");
    };
    let version = held.and_then(|record| record.version.as_deref());
    let mut search = Search::new(prefix, requirement.as_ref(), version);
    for (name, sha) in tags {
        search.see(name, sha, false);
    }
    let looked = search.end();
    let commit = looked
        .best
        .as_ref()
        .map_or("", |best| &best.object)
        .to_owned();
    decide(source, held, &looked, &commit)
}

fn found(answer: &Answer) -> &str {
    answer.found.as_ref().map_or("", |found| &found.version)
}

#[test]
fn the_highest_version_counts_and_not_the_last_one() {
    let component = pull("version: ^2");
    let source = &component.pull_sources[0];
    let tags = [
        ("v2.10.0", "b"),
        ("v2.9.0", "a"),
        ("v3.0.0", "c"),
        ("v2.11.0-rc.1", "d"),
        ("latest", "e"),
        ("v2.9.9", "f"),
    ];
    assert_eq!(found(&asked(source, None, &tags)), "v2.10.0");
}

#[test]
fn a_prerelease_needs_to_be_named() {
    let tags = [("v2.0.0-rc.2", "a"), ("v1.9.0", "b")];
    let open = pull("source: tag");
    assert_eq!(found(&asked(&open.pull_sources[0], None, &tags)), "v1.9.0");
    let named = pull("version: '>=2.0.0-rc.1'");
    assert_eq!(
        found(&asked(&named.pull_sources[0], None, &tags)),
        "v2.0.0-rc.2"
    );
}

#[test]
fn a_tag_that_is_gone_is_told_and_not_followed_backwards() {
    let component = pull("version: ^1");
    let source = &component.pull_sources[0];
    let held = external("v1.2.0", "b");
    let answer = asked(source, Some(&held), &[("v1.1.0", "a")]);
    assert!(answer.found.is_none());
    assert!(answer.error.unwrap().contains("v1.2.0 is gone"), "says so");
    let answer = asked(source, Some(&held), &[("v1.1.0", "a"), ("v1.3.0", "c")]);
    assert_eq!(found(&answer), "v1.3.0");
    assert!(answer.notice.unwrap().contains("v1.2.0 is gone"));
}

#[test]
fn a_tag_that_moved_is_not_followed() {
    let component = pull("version: ^1");
    let answer = asked(
        &component.pull_sources[0],
        Some(&external("v1.2.0", "b")),
        &[("v1.2.0", "other")],
    );
    assert!(answer.found.is_none());
    assert!(answer.error.unwrap().contains("moved from b to other"));
}

#[test]
fn a_requirement_that_excludes_what_is_recorded_is_followed() {
    let component = pull("version: ~1.1");
    let answer = asked(
        &component.pull_sources[0],
        Some(&external("v1.2.0", "b")),
        &[("v1.1.5", "a"), ("v1.2.0", "b")],
    );
    assert_eq!(found(&answer), "v1.1.5");
    assert_eq!(answer.notice, None);
}

#[test]
fn a_requirement_that_nothing_satisfies_says_what_there_is() {
    let component = pull("version: ^9");
    let answer = asked(&component.pull_sources[0], None, &[("v2.0.0", "a")]);
    let error = answer.error.unwrap();
    assert!(
        error.contains("`^9`") && error.contains("v2.0.0"),
        "{error}"
    );
}

#[test]
fn what_is_found_is_recorded_once_and_deployed_until_it_is() {
    let component = pull(
        "cadence: poll, environment: prod, deploys: [{ name: models, on_update: { deploy: { workflow: .github/workflows/deploy.yaml } } }]",
    );
    let answers = Answers::from([(
        "models".to_owned(),
        Answer::found(Found {
            version: "v1.0.0".to_owned(),
            sha: "a".to_owned(),
        }),
    )]);
    let taken = take(&component, &State::default(), &answers, &stamp("one"));
    assert_eq!(taken.changed.len(), 1);
    assert_eq!(taken.arrivals["models"].environment, "prod");
    let again = take(&component, &taken.state, &answers, &stamp("two"));
    assert_eq!(again.state, taken.state);
    assert!(again.changed.is_empty());
    assert!(
        again.arrivals.contains_key("models"),
        "it is not deployed yet"
    );
    let (done, finished) = finish(
        &again.state,
        "models",
        &again.arrivals["models"],
        &stamp("three"),
    );
    assert!(finished);
    let last = take(&component, &done, &answers, &stamp("four"));
    assert_eq!(last.state, done);
    assert!(last.arrivals.is_empty());
}

#[test]
fn an_answer_that_is_older_than_the_state_does_not_take_it_back() {
    let component = pull("version: ^1");
    let mut state = State::default();
    let dev = state.environments.entry("dev".to_owned()).or_default();
    dev.held
        .external
        .insert("models".to_owned(), external("v1.5.0", "e"));
    let answers = Answers::from([(
        "models".to_owned(),
        Answer::found(Found {
            version: "v1.4.0".to_owned(),
            sha: "d".to_owned(),
        }),
    )]);
    assert_eq!(
        take(&component, &state, &answers, &stamp("now")).state,
        state
    );
}

#[test]
fn every_name_of_an_entry_gets_its_version() {
    let component = pull("deploys: [{ name: a }, { name: b }]");
    let source = &component.pull_sources[0];
    let mut held = Environment::default().held.external;
    held.insert("a".to_owned(), external("v1.0.0", "x"));
    assert!(recorded(source, &held).is_none(), "one record is missing");
    let answers = Answers::from([(
        "models".to_owned(),
        Answer::found(Found {
            version: "v1.0.0".to_owned(),
            sha: "x".to_owned(),
        }),
    )]);
    let pins = pinned(&component, "dev", &held, &answers, &stamp("now"));
    assert_eq!(pins.keys().collect::<Vec<_>>(), ["b"]);
}

#[test]
fn a_report_is_recorded_once_and_deployed_until_it_is() {
    let component = component(PUSH);
    let update = update("v1.0.0");
    let accepted = accept(&component, &update).unwrap();
    assert_eq!(accepted.environment, "dev");
    let one = record(&State::default(), &accepted, &update, &stamp("one"));
    assert_eq!(
        one.state.environments["dev"].held.external["cdk"].deployed_at,
        None
    );
    assert!(one.arrivals.contains_key("cdk"));
    let two = record(&one.state, &accepted, &update, &stamp("two"));
    assert_eq!(two.state, one.state);
    assert!(two.arrivals.contains_key("cdk"), "it is not deployed yet");
    let (done, _) = finish(&two.state, "cdk", &two.arrivals["cdk"], &stamp("three"));
    let three = record(&done, &accepted, &update, &stamp("four"));
    assert_eq!(three.state, done);
    assert!(three.arrivals.is_empty());
}

#[test]
fn a_deployment_that_ends_late_says_nothing_of_what_came_after() {
    let component = component(PUSH);
    let (old, new) = (update("v1.0.0"), update("v2.0.0"));
    let accepted = accept(&component, &old).unwrap();
    let one = record(&State::default(), &accepted, &old, &stamp("one"));
    let two = record(&one.state, &accepted, &new, &stamp("two"));
    let (old, new, state) = (&one.arrivals["cdk"], &two.arrivals["cdk"], two.state);
    assert!(!holds(&state, "cdk", old));
    assert!(holds(&state, "cdk", new));
    let (after, done) = finish(&state, "cdk", old, &stamp("three"));
    assert!(!done);
    assert_eq!(after, state);
}

#[test]
fn nothing_of_a_report_is_believed() {
    let component = component(PUSH);
    let refused = |change: &dyn Fn(&mut Update)| {
        let mut update = update("v1.0.0");
        change(&mut update);
        accept(&component, &update).unwrap_err()
    };
    let repository = refused(&|it| it.source_repo = "evil/cdk".to_owned());
    assert!(matches!(repository, Refusal::UnknownRepository { .. }));
    let deploy = refused(&|it| it.deploy_name = "../cdk".to_owned());
    assert!(matches!(deploy, Refusal::UnknownDeploy { .. }));
    let environment = refused(&|it| it.environment = "$(id)".to_owned());
    assert!(matches!(environment, Refusal::UnknownEnvironment { .. }));
    assert!(matches!(
        refused(&|it| it.sha = "main".to_owned()),
        Refusal::BadSha(_)
    ));
    let version = refused(&|it| it.version = "v1\n2".to_owned());
    assert!(matches!(version, Refusal::BadVersion(_)));
    assert!(matches!(
        refused(&|it| it.version.clear()),
        Refusal::Missing("version")
    ));
}

#[test]
fn what_arrives_while_a_run_goes_on_stays() {
    let mut world = World::new(&format!("{PUSH}deploys: [{{ name: web, deploy! }}]\n"));
    world.commit("feat: a", &["a"]);
    world.run(&[]);
    world.commit("feat: b", &["b"]);
    let plan = world.plan();
    let component = world.component.clone();
    let mut report = update("v7.0.0");
    report.deploy_name = "net".to_owned();
    let accepted = accept(&component, &report).unwrap();
    world.managed.state = record(&world.managed.state, &accepted, &report, &stamp("x")).state;
    world.carry_on(&plan, &[]);
    let dev = &world.managed.state.environments["dev"];
    assert_eq!(dev.held.external["net"].version.as_deref(), Some("v7.0.0"));
    assert_eq!(dev.held.version, Some(plan.step.version));
}

proptest! {
    #[test]
    fn whatever_tags_are_called_they_are_data(names in prop::collection::vec("\\PC{0,300}", 0..40)) {
        let component = pull("version: ^1");
        let source = &component.pull_sources[0];
        let tags: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "a")).collect();
        let answer = asked(source, None, &tags);
        let version = found(&answer);
        prop_assert!(version.chars().all(|c| c.is_ascii_alphanumeric() || ".+-".contains(c)));
    }
}
