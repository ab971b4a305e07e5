//! Recorded entries for scripts: every field is there, null where nothing is recorded.

use cascade_core::board::Waiting;
use cascade_core::commits::Entry;
use cascade_core::lifecycle::hotfix::Pull;
use cascade_core::lifecycle::integration::Issue;
use cascade_core::state::{
    Build, Deploy, Environment, External, ReleaseRecord, RolloutState, Snapshot,
};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

pub(super) fn environment(name: &str, environment: &Environment) -> Value {
    let rejected = environment.rejected.as_ref();
    json!({
        "name": name,
        "sha": environment.held.sha,
        "version": environment.held.version,
        "committed_at": environment.held.committed_at,
        "committed_by": environment.held.committed_by,
        "diverged": environment.is_diverged(),
        "ref": environment.git_ref,
        "base_sha": environment.base_sha,
        "patches": environment.patches.iter().filter_map(|patch| patch.sha()).collect::<Vec<_>>(),
        "incomplete": environment.unfinished().map(|each| json!({
            "operation": each.operation,
            "sha": each.sha,
            "version": each.version,
            "deploys": environment.deviating(),
        })),
        "rejected": rejected.map(|each| json!({ "sha": each.sha, "version": each.version })),
        "builds": each(&environment.held.builds, build),
        "deploys": each(&environment.held.deploys, deploy),
        "external": each(&environment.held.external, external),
        "previous": environment.previous.iter().map(snapshot).collect::<Vec<_>>(),
    })
}

pub(super) fn release_record(record: &ReleaseRecord) -> Value {
    json!({
        "sha": record.held.sha,
        "version": record.held.version,
        "committed_at": record.held.committed_at,
        "committed_by": record.held.committed_by,
    })
}

pub(super) fn build(build: &Build) -> Value {
    json!({
        "sha": build.sha,
        "built_at": build.built_at,
        "artifact_id": build.artifact_id,
        "outputs": build.tags,
    })
}

pub(super) fn deploy(deploy: &Deploy) -> Value {
    json!({
        "sha": deploy.sha,
        "version": deploy.version,
        "deployed_at": deploy.deployed_at,
        "deployed_by": deploy.deployed_by,
        "outputs": deploy.tags,
        "rollout": deploy.rollout.as_ref().map(rollout),
    })
}

fn rollout(rollout: &RolloutState) -> Value {
    json!({
        "strategy": rollout.strategy,
        "phase": rollout.phase,
        "version": rollout.version,
        "percent": rollout.percent,
        "started_at": rollout.started_at,
        "bake_until": rollout.bake_until,
        "finished_at": rollout.finished_at,
        "run": rollout.run,
    })
}

fn external(external: &External) -> Value {
    json!({
        "repo": external.repo,
        "sha": external.sha,
        "version": external.version,
        "deployed_at": external.deployed_at,
        "deployed_by": external.deployed_by,
    })
}

fn snapshot(snapshot: &Snapshot) -> Value {
    json!({
        "sha": snapshot.held.sha,
        "version": snapshot.held.version,
        "committed_at": snapshot.held.committed_at,
        "committed_by": snapshot.held.committed_by,
    })
}

/// Returns the commits that wait for a place, as JSON.
pub(super) fn waiting(waiting: &Waiting) -> Value {
    let log = &waiting.changelog;
    let entry =
        |entry: &Entry| json!({ "scope": entry.scope, "text": entry.text, "sha": entry.sha });
    let changes = log.changes.iter().flat_map(|(kind, entries)| {
        entries.iter().map(move |each| {
            let mut document = entry(each);
            document["kind"] = json!(kind.title());
            document
        })
    });
    json!({
        "from": waiting.from,
        "commits": waiting.commits,
        "breaking": log.breaking.iter().map(entry).collect::<Vec<_>>(),
        "changes": changes.collect::<Vec<_>>(),
    })
}

pub(super) fn hotfix(pull: &Pull) -> Value {
    json!({
        "number": pull.number,
        "environment": pull.environment,
        "by": pull.author,
        "conflict": pull.conflict,
        "commits": pull.note.commits,
    })
}

pub(super) fn integration(issue: &Issue) -> Value {
    json!({
        "number": issue.number,
        "state": standing(issue),
        "created": issue.created,
        "updated": issue.updated,
    })
}

/// Returns the state of an integration, as its labels say.
pub(super) fn standing(issue: &Issue) -> String {
    let state = issue.status.as_ref().ok().map(|status| json!(status.state));
    let state = state.as_ref().and_then(Value::as_str);
    state.unwrap_or("contradictory labels").to_owned()
}

fn each<T>(entries: &IndexMap<String, T>, json: fn(&T) -> Value) -> Value {
    let entries = entries
        .iter()
        .map(|(name, entry)| (name.clone(), json(entry)));
    Value::Object(entries.collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use cascade_core::state::Rejected;

    #[test]
    fn an_environment_without_state_has_every_field() {
        let document = environment("dev", &Environment::default());
        assert_eq!(document["name"], "dev");
        assert_eq!(document["diverged"], false);
        for field in ["sha", "version", "ref", "incomplete", "rejected"] {
            assert!(document.as_object().unwrap().contains_key(field), "{field}");
            assert_eq!(document[field], Value::Null, "{field}");
        }
        assert_eq!(
            (&document["builds"], &document["previous"]),
            (&json!({}), &json!([]))
        );
    }

    #[test]
    fn a_diverged_environment_says_on_what_and_why() {
        let held = Environment {
            git_ref: Some("rollback/dev".to_owned()),
            rejected: Some(Rejected {
                version: Some("v2".to_owned()),
                ..Rejected::default()
            }),
            ..Environment::default()
        };
        let document = environment("dev", &held);
        assert_eq!(document["diverged"], true);
        assert_eq!(document["ref"], "rollback/dev");
        assert_eq!(
            document["rejected"],
            json!({ "sha": null, "version": "v2" })
        );
    }

    #[test]
    fn a_deploy_has_its_rollout() {
        let state = RolloutState {
            phase: Some("canary".to_owned()),
            percent: Some(10),
            ..RolloutState::default()
        };
        let held = Deploy {
            rollout: Some(state),
            ..Deploy::default()
        };
        assert_eq!(deploy(&held)["rollout"]["percent"], 10);
        assert_eq!(deploy(&Deploy::default())["rollout"], Value::Null);
    }
}
