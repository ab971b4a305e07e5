//! Starting the promotions of linked components.

use crate::cli::error::Failure;
use crate::operation::dispatch::{flag, given, word};
use crate::run::Session;
use cascade_core::lifecycle::promote::{Follower, Plan, followers};
use serde_json::{Map, Value, json};

/// The inputs that a linked component's promotion takes over.
const TAKEN_OVER: [&str; 3] = ["force", "allow_breaking_changes", "allow_downgrade"];

/// Starts the promotions of the components that are linked with the one that was promoted; returns
/// their names.
///
/// Only the promotion that somebody started does; those that it starts are told not to.
pub(super) fn follow(session: &Session, plan: &Plan) -> Result<Vec<String>, Failure> {
    let inputs = given()?;
    let narrowed = !word(&inputs, "deploys").is_empty();
    if session.component.train().is_none() || narrowed || !flag(&inputs, "train", false)? {
        return Ok(Vec::new());
    }
    let Some(github) = session.releases()? else {
        return Ok(Vec::new());
    };
    let following = followers(&session.component, plan, &session.states()?);
    for follower in &following {
        let file = &follower.workflow;
        let trunk = session.settings.trunk.as_str();
        github.dispatch_once(file, trunk, &asked(follower, &inputs)).map_err(|failure| {
            failure.help(format!(
                "`{}` is linked with this component and was not promoted: run the failed jobs again, or start {file} by hand",
                follower.component
            ))
        })?;
    }
    Ok(following.into_iter().map(|each| each.component).collect())
}

/// Returns the inputs of a linked component's promotion.
fn asked(follower: &Follower, inputs: &Map<String, Value>) -> Value {
    let mut asked = json!({ "train": "false" });
    let restore = follower.mode.as_ref().map(|_| "rollback_on_failure");
    for name in TAKEN_OVER.into_iter().chain(restore) {
        if let Some(value) = inputs.get(name) {
            asked[name] = value.clone();
        }
    }
    if let Some(mode) = &follower.mode {
        asked["mode"] = mode.clone().into();
    }
    asked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_is_asked_for_the_same_and_told_to_start_nobody() {
        let inputs = json!({ "train": "true", "mode": "default", "force": "true", "dry_run": "false", "rollback_on_failure": "false" });
        let inputs = inputs.as_object().unwrap();
        let follower = |mode: Option<&str>| Follower {
            component: "web".to_owned(),
            workflow: "promote-web.yaml".to_owned(),
            mode: mode.map(str::to_owned),
        };
        let expected = json!({ "train": "false", "force": "true", "rollback_on_failure": "false", "mode": "dev-to-prod" });
        assert_eq!(asked(&follower(Some("dev-to-prod")), inputs), expected);
        let expected = json!({ "train": "false", "force": "true" });
        assert_eq!(asked(&follower(None), inputs), expected);
    }
}
