//! Accounts: whatever login somebody acts under.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::exchange::{Answer, Refusal, Reply};
use super::git::Signature;
use super::site::Site;
use super::token::{Token, TokenKind};

/// A number that is always the same for the same text.
pub(super) fn number(text: &str) -> u64 {
    let hash = Sha256::digest(text);
    hash[..4]
        .iter()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// The `node_id` of something.
pub(super) fn node(kind: &str, id: impl std::fmt::Display) -> String {
    format!("{kind}_{id}")
}

pub(super) fn json(site: &Site, login: &str) -> Value {
    let api = site.api(&format!("/users/{login}"));
    let html = format!("{}/{login}", site.base);
    let id = number(login);
    let kind = if login.ends_with("[bot]") {
        "Bot"
    } else {
        "User"
    };
    json!({
        "login": login,
        "id": id,
        "node_id": node("U", id),
        "avatar_url": format!("{html}.png"),
        "gravatar_id": "",
        "url": api,
        "html_url": html,
        "followers_url": format!("{api}/followers"),
        "following_url": format!("{api}/following{{/other_user}}"),
        "gists_url": format!("{api}/gists{{/gist_id}}"),
        "starred_url": format!("{api}/starred{{/owner}}{{/repo}}"),
        "subscriptions_url": format!("{api}/subscriptions"),
        "organizations_url": format!("{api}/orgs"),
        "repos_url": format!("{api}/repos"),
        "events_url": format!("{api}/events{{/privacy}}"),
        "received_events_url": format!("{api}/received_events"),
        "type": kind,
        "site_admin": false,
    })
}

/// `GET /users/{login}`: whoever is asked for is there.
pub(super) fn known(site: &Site, login: &str) -> Reply {
    site.remember(number(login), login);
    Reply::ok(json(site, login))
}

/// The commit identity of an account.
pub(super) fn signature(site: &Site, login: &str) -> Signature {
    Signature {
        name: login.to_owned(),
        email: format!("{}+{login}@users.noreply.github.com", number(login)),
        date: site.clock.stamp(),
    }
}

/// `GET /user`.
pub(super) fn myself(site: &Site, token: &Token) -> Answer {
    if token.is_anonymous() {
        return Err(Refusal::new(401, "Requires authentication"));
    }
    if token.kind != TokenKind::Personal {
        return Err(Refusal::new(403, "Resource not accessible by integration"));
    }
    let mut user = json(site, &token.login);
    for field in ["name", "company", "location", "email", "hireable", "bio"] {
        user[field] = Value::Null;
    }
    user["blog"] = json!("");
    for field in ["public_repos", "public_gists", "followers", "following"] {
        user[field] = json!(0);
    }
    user["created_at"] = json!("2020-01-01T00:00:00Z");
    user["updated_at"] = json!("2020-01-01T00:00:00Z");
    Ok(Reply::ok(user))
}

/// `GET /rate_limit`.
pub(super) fn rate_limit(site: &Site) -> Reply {
    let limit = json!({
        "limit": 5000,
        "used": 0,
        "remaining": 5000,
        "reset": site.clock.seconds() + 3_600,
    });
    Reply::ok(json!({"resources": {"core": limit, "search": limit}, "rate": limit}))
}
