use super::world::{World, world_with};
use crate::lifecycle::Ineligible;
use crate::lifecycle::history::Tag;
use crate::lifecycle::hotfix::{
    Branch, Brought, Decision, Elevation, Facts, Inconsistency, Merge, Note, Origin, Progress,
    Pull, Refusal, Remedy, Resolution, inconsistencies,
};
use crate::lifecycle::promote::Closed;
use crate::lifecycle::release::Existing;

/// Every environment holds one version, and trunk has two fixes with a feature between them.
fn world() -> (World, [String; 2]) {
    let mut world = world_with("dev, test, uat, prod");
    world.commit("feat: begin", &["app/main", "docs/page"]);
    world.run(&[]);
    world.promote("dev-to-prod", &[]);
    let first = world.commit("fix: app", &["app/fix"]);
    world.commit("feat: more", &["app/more", "docs/more"]);
    let second = world.commit("fix: docs", &["docs/fix"]);
    (world, [first, second])
}

fn opened(world: &World, target: &str, commits: &[&str]) -> Elevation {
    match world.elevation(target, commits, &[]) {
        Ok(Decision::Open(elevation)) => elevation,
        other => panic!("nothing is opened: {other:?}"),
    }
}

fn refused(world: &World, target: &str, commits: &[&str], pulls: &[Pull]) -> Refusal {
    world.elevation(target, commits, pulls).unwrap_err()
}

/// A pull request that cascade opened into an environment.
fn pull(environment: &str, commits: &[&str], progress: Progress) -> Pull {
    let newest = commits.last().unwrap();
    Pull {
        number: 7,
        environment: environment.to_owned(),
        head: format!("hotfix/{environment}/{}", &newest[..7]),
        head_sha: "1".repeat(40),
        author: "github-actions[bot]".to_owned(),
        conflict: false,
        progress,
        note: Note {
            commits: commits.iter().map(|commit| (*commit).to_owned()).collect(),
            conflict: None,
        },
    }
}

#[test]
fn every_environment_on_the_way_gets_what_it_lacks() {
    let (mut world, [first, second]) = world();
    let elevation = opened(&world, "uat", &[&second, &first, &second]);
    let steps: Vec<_> = elevation
        .targets
        .iter()
        .map(|step| (step.environment.as_str(), step.commits.clone()))
        .collect();
    let both = vec![first.clone(), second.clone()];
    assert_eq!(steps, [("test", both.clone()), ("uat", both)]);
    assert_eq!(elevation.targets[0].branch, Branch::Create);

    let merge = world.merge(&elevation.targets[0]);
    let deployment = world.deployment(&merge).unwrap();
    assert!(world.fix(&deployment, &[]));
    let test = world.held("test");
    assert_eq!(test.held.version.as_deref(), Some("v0.1.0-rc.0.hotfix.0"));
    assert_eq!(test.git_ref.as_deref(), Some("env/test"));
    assert_eq!(test.base_sha, Some(world.history.line[0].0.sha.clone()));
    assert_eq!(test.held.builds["app"].sha.as_ref(), Some(&merge.sha));
    assert_eq!(test.held.deploys["web"].sha.as_ref(), Some(&merge.sha));
    assert_eq!(
        test.previous[0].held.version.as_deref(),
        Some("v0.1.0-rc.0")
    );

    let rest = opened(&world, "uat", &[&first, &second]);
    assert_eq!(rest.targets.len(), 1, "test has it");
}

#[test]
fn only_what_a_fix_concerns_runs() {
    let (mut world, [_, second]) = world();
    let elevation = opened(&world, "prod", &[&second]);
    let merge = world.merge(&elevation.targets[2]);
    let deployment = world.deployment(&merge).unwrap();
    assert_eq!(deployment.run.run_builds, [""; 0]);
    let deploys: Vec<_> = deployment.run.step.deploys.keys().collect();
    assert_eq!(deploys, ["docs"]);
    assert!(world.fix(&deployment, &[]));
    let prod = world.held("prod");
    assert_eq!(prod.held.deploys["web"].version.as_deref(), Some("v0.1.0"));
    assert_eq!(prod.held.deploys["docs"].version.as_deref(), Some("v0.1.1"));
    let latest = &world.managed.latest_release;
    assert_eq!(latest.version.as_deref(), Some("v0.1.1"));
    assert_eq!(latest.sha.as_ref(), Some(&merge.sha));
}

#[test]
fn a_failure_records_only_what_was_deployed() {
    let (mut world, [first, _]) = world();
    let elevation = opened(&world, "test", &[&first]);
    let merge = world.merge(&elevation.targets[0]);
    let deployment = world.deployment(&merge).unwrap();
    let before = world.managed.clone();
    for failing in ["app", "web"] {
        assert!(!world.fix(&deployment, &[failing]));
        assert!(world.managed.is_written_like(&before), "{failing}");
    }
    assert_eq!(world.deployment(&merge), Ok(deployment.clone()));
    assert!(world.fix(&deployment, &[]));
    let again = world.deployment(&merge).unwrap();
    assert!(again.is_recorded(), "{again:?}");
}

#[test]
fn a_version_that_an_earlier_attempt_tagged_stays() {
    let (mut world, [first, _]) = world();
    let elevation = opened(&world, "prod", &[&first]);
    let merge = world.merge(&elevation.targets[2]);
    let before = world.managed.clone();
    let deployment = world.deployment(&merge).unwrap();
    world.fix(&deployment, &[]);
    world.managed = before;
    assert_eq!(world.deployment(&merge), Ok(deployment));
}

#[test]
fn one_fix_at_a_time() {
    let (mut world, [first, second]) = world();
    let step = opened(&world, "test", &[&first]).targets.remove(0);
    let merge = world.merge(&step);
    let merged = Progress::Merged(merge.sha);
    for (progress, other) in [(Progress::Open, false), (merged, true)] {
        let pulls = [pull("test", &[&first], progress)];
        let same = world.elevation("test", &[&first], &pulls);
        assert!(matches!(same, Ok(Decision::Already(_))), "{same:?}");
        let refusal = refused(&world, "uat", &[&second], &pulls);
        match other {
            false => assert!(matches!(refusal, Refusal::Open { number: 7, .. })),
            true => assert!(matches!(refusal, Refusal::Undeployed { number: 7, .. })),
        }
    }
    let mut conflict = pull("test", &[&first], Progress::Open);
    conflict.conflict = true;
    let waits = refused(&world, "uat", &[&first], &[conflict]);
    assert!(
        matches!(waits, Refusal::Conflict { number: 7, .. }),
        "{waits}"
    );
    world.branches.clear();
    let closed = [pull("test", &[&first], Progress::Closed)];
    let open = world.elevation("test", &[&second], &closed);
    assert!(matches!(open, Ok(Decision::Open(_))), "{open:?}");
}

#[test]
fn a_pull_request_with_fewer_fixes_is_another_one() {
    let (world, [first, second]) = world();
    let pulls = [pull("test", &[&second], Progress::Open)];
    let refusal = refused(&world, "test", &[&first, &second], &pulls);
    assert!(matches!(refusal, Refusal::Open { .. }), "{refusal}");
}

#[test]
fn branches_are_made_kept_and_healed() {
    let (mut world, [first, second]) = world();
    let held = world.held("test").held.sha.unwrap();
    let branch = |world: &World| opened(world, "test", &[&second]).targets[0].branch.clone();
    assert_eq!(branch(&world), Branch::Create);
    world.branches.insert("test".to_owned(), held);
    assert_eq!(branch(&world), Branch::Keep);
    world.branches.insert("test".to_owned(), first.clone());
    assert_eq!(
        branch(&world),
        Branch::Reset {
            from: first.clone()
        }
    );
    // Where a hotfix is, a stray commit may be somebody's work.
    let step = opened(&world, "test", &[&first]).targets.remove(0);
    let merge = world.merge(&step);
    let deployment = world.deployment(&merge).unwrap();
    world.fix(&deployment, &[]);
    assert_eq!(branch(&world), Branch::Keep);
    world.branches.insert("test".to_owned(), first);
    let refusal = refused(&world, "test", &[&second], &[]);
    assert!(matches!(refusal, Refusal::Drifted { .. }), "{refusal}");
}

#[test]
fn guards() {
    let (mut world, [first, _]) = world();
    let ask = |world: &World, target: &str| refused(world, target, &[&first], &[]);
    let first_one = Ineligible::First("dev".to_owned());
    assert_eq!(ask(&world, "dev"), Refusal::Environment(first_one));
    assert_eq!(ask(&world, ""), Refusal::Environment(Ineligible::Unnamed));
    assert!(
        ask(&world, "pord")
            .to_string()
            .contains("did you mean `prod`")
    );
    assert_eq!(refused(&world, "uat", &[], &[]), Refusal::NoCommits);
    let beside = world.history.commit_on(&first, "fix: elsewhere", &[]);
    let elsewhere = refused(&world, "uat", &[&beside], &[]);
    assert_eq!(elsewhere, Refusal::NotOnTrunk(beside));
    world.managed.state.environments.shift_remove("uat");
    assert_eq!(ask(&world, "uat"), Refusal::NoState("uat".to_owned()));
    let above = opened(&world, "prod", &[&first]);
    assert_eq!(
        above.targets.len(),
        2,
        "an empty environment on the way is passed by"
    );
    let test = world.managed.state.environments.get_mut("test").unwrap();
    test.git_ref = Some("rollback/test".to_owned());
    test.rejected = Some(crate::state::Rejected {
        sha: test.held.sha.clone(),
        ..crate::state::Rejected::default()
    });
    assert_eq!(
        ask(&world, "test"),
        Refusal::PartlyRolledBack("test".to_owned())
    );
    let test = world.managed.state.environments.get_mut("test").unwrap();
    (test.git_ref, test.rejected) = (None, None);
    let rollout = crate::state::RolloutState {
        phase: Some("baking".to_owned()),
        ..crate::state::RolloutState::default()
    };
    let web = test.held.deploys.entry("web".to_owned()).or_default();
    web.rollout = Some(rollout);
    let unfinished = ask(&world, "test").to_string();
    assert!(unfinished.contains("`cascade rollout abort --env test`"));
    let test = world.managed.state.environments.get_mut("test").unwrap();
    test.held.deploys["web"].rollout = None;
    test.held.version = Some("nightly".to_owned());
    let step = opened(&world, "test", &[&first]).targets.remove(0);
    let merge = world.merge(&step);
    let refusal = world.deployment(&merge).unwrap_err();
    assert!(matches!(refusal, Refusal::NoVersion { .. }), "{refusal}");
}

#[test]
fn a_merge_that_the_environment_left_behind_is_not_deployed() {
    let (mut world, [first, _]) = world();
    let step = opened(&world, "test", &[&first]).targets.remove(0);
    let mut merge = world.merge(&step);
    merge.unresolved = true;
    let refusal = world.deployment(&merge).unwrap_err();
    assert_eq!(refusal, Refusal::Unresolved { number: 1 });
    merge.unresolved = false;
    world.run(&[]);
    world.promote("dev-to-test", &[]);
    let refusal = world.deployment(&merge).unwrap_err();
    assert!(matches!(refusal, Refusal::MovedOn { .. }), "{refusal}");
}

#[test]
fn only_picks_and_approved_resolutions_are_deployed() {
    let (mut world, [first, _]) = world();
    let step = opened(&world, "test", &[&first]).targets.remove(0);
    let merge = world.merge(&step);
    let brought = |origin| Brought {
        sha: "e".repeat(40),
        origin,
    };
    let with = |origin, resolution| Merge {
        brought: vec![
            brought(Origin::Pick),
            brought(Origin::Merge),
            brought(origin),
        ],
        resolution,
        ..merge.clone()
    };
    let deployed = |merge: &Merge| world.deployment(merge);
    assert!(deployed(&with(Origin::Pick, Resolution::Needless)).is_ok());
    let refusal = deployed(&with(Origin::Own, Resolution::Needless)).unwrap_err();
    assert!(matches!(refusal, Refusal::NotOfTrunk { .. }), "{refusal}");
    let nobody = Resolution::Unapproved("nobody approved it".to_owned());
    let refusal = deployed(&with(Origin::Own, nobody)).unwrap_err();
    assert!(matches!(refusal, Refusal::Unapproved { .. }), "{refusal}");
    let somebody = Resolution::Approved("hubot".to_owned());
    assert!(deployed(&with(Origin::Own, somebody)).is_ok());
    let empty = Merge {
        patches: Vec::new(),
        ..merge.clone()
    };
    let refusal = deployed(&empty).unwrap_err();
    assert!(matches!(refusal, Refusal::NoPatches { .. }), "{refusal}");
}

#[test]
fn a_promotion_without_the_fix_is_refused_and_one_with_it_rejoins() {
    let (mut world, [first, _]) = world();
    let behind = world.history.line[0].0.sha.clone();
    let step = opened(&world, "test", &[&first]).targets.remove(0);
    let merge = world.merge(&step);
    let deployment = world.deployment(&merge).unwrap();
    world.fix(&deployment, &[]);
    let dev = world.managed.state.environments.get_mut("dev").unwrap();
    assert_eq!(dev.held.sha.as_ref(), Some(&behind));
    dev.held.version = Some("v0.1.0-rc.1".to_owned());
    let plan = world.promotion("dev-to-test", |_| {});
    let missing = |closed: &Closed| matches!(closed, Closed::PatchMissing { .. });
    assert!(
        plan.gates.iter().any(|gate| missing(&gate.closed)),
        "{plan:?}"
    );
    world.run(&[]);
    world.promote("dev-to-test", &[]);
    let test = world.held("test");
    assert_eq!(
        (test.git_ref, test.base_sha, test.patches),
        (None, None, Vec::new())
    );
    assert_eq!(test.previous[0].held.sha.as_ref(), Some(&merge.sha));
}

/// Returns what does not fit the state, with the releases that are there, if those are known.
fn misfits(world: &World, releases: Option<&[Existing]>) -> Vec<Inconsistency> {
    let facts = Facts {
        trunk: &world.head(),
        branches: &world.branches,
        pulls: &[],
    };
    let (component, state) = (&world.component, &world.managed.state);
    let Ok(found) = inconsistencies(component, state, facts, releases, &world.history);
    found
}

#[test]
fn what_does_not_fit_the_state_is_found() {
    let (mut world, [first, _]) = world();
    let found = |world: &World| misfits(world, None);
    assert!(matches!(
        found(&world).as_slice(),
        [Inconsistency { remedy: Some(Remedy::Tag { tag, .. }), .. }] if tag == "v0.1.0"
    ));
    let name = "v0.1.0".to_owned();
    let sha = world.held("prod").held.sha.unwrap();
    world.history.tags.push(Tag { name, sha });
    assert_eq!(found(&world), []);
    let step = opened(&world, "test", &[&first]).targets.remove(0);
    let merge = world.merge(&step);
    let deployment = world.deployment(&merge).unwrap();
    world.fix(&deployment, &[]);
    assert_eq!(found(&world), []);
    world.branches.clear();
    world.branches.insert("prod".to_owned(), first);
    world.history.tags.clear();
    let remedies: Vec<_> = found(&world)
        .into_iter()
        .filter_map(|each| each.remedy)
        .collect();
    let branch = |remedy: &Remedy, name: &str, goes: bool| matches!(remedy, Remedy::MoveBranch { branch, to, .. } if branch == name && to.is_none() == goes);
    let tag =
        |remedy: &Remedy, name: &str| matches!(remedy, Remedy::Tag { tag, .. } if tag == name);
    assert_eq!(remedies.len(), 4, "{remedies:?}");
    assert!(branch(&remedies[0], "env/test", false), "{remedies:?}");
    assert!(branch(&remedies[1], "env/prod", true), "{remedies:?}");
    assert!(tag(&remedies[2], "v0.1.0-rc.0.hotfix.0"), "{remedies:?}");
    assert!(tag(&remedies[3], "v0.1.0"), "{remedies:?}");
    let existing = |tag: &str| Existing {
        tag: tag.to_owned(),
        ..Existing::default()
    };
    let found = misfits(&world, Some(&[existing("v0.1.0")]));
    let missing: Vec<&str> = found
        .iter()
        .filter(|each| matches!(each.remedy, Some(Remedy::Release { .. })))
        .map(|each| each.what.as_str())
        .collect();
    assert_eq!(missing, ["the release v0.1.0-rc.0.hotfix.0 is missing"]);
}
