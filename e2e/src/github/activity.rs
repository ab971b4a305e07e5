//! The movements of refs, and who made them.

use serde_json::{Value, json};

use super::exchange::Answer;
use super::git::ZERO;
use super::guard::Moved;
use super::repository::{Repository, Scene};
use super::site::Site;
use super::token::Token;
use super::{page, user};

/// A movement of a ref.
#[derive(Debug, Clone)]
pub(super) struct Activity {
    id: u64,
    moved: Moved,
    actor: String,
    at: String,
}

/// Writes a movement down.
pub(super) fn remember(site: &Site, repository: &mut Repository, token: &Token, moved: &Moved) {
    repository.activity.push(Activity {
        id: site.id(),
        moved: moved.clone(),
        actor: token.login.clone(),
        at: site.now(),
    });
}

/// `GET activity`: the newest first; of one ref if it is named.
pub(super) fn list(scene: &Scene<'_>) -> Answer {
    let wanted = scene.request.query("ref");
    let found = scene.repository.activity.iter().rev();
    let found = found.filter(|each| wanted.is_none_or(|name| each.moved.name == name));
    let found: Vec<&Activity> = found.collect();
    page::list(scene.site, scene.request, found, |each| shown(scene, each))
}

fn shown(scene: &Scene<'_>, activity: &Activity) -> Value {
    let Moved { name, old, new } = &activity.moved;
    let kind = match (old.as_str(), new.as_str()) {
        (ZERO, _) => "branch_creation",
        (_, ZERO) => "branch_deletion",
        (old, new) if scene.git().is_ancestor(old, new) => "push",
        _ => "force_push",
    };
    json!({
        "id": activity.id,
        "node_id": user::node("PSH", activity.id),
        "before": old,
        "after": new,
        "ref": name,
        "timestamp": activity.at,
        "activity_type": kind,
        "actor": user::json(scene.site, &activity.actor),
    })
}
