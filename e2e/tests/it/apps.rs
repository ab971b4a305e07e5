//! Apps mint tokens with what they ask for, and no more than they have.

use std::process::Command;

use crate::support::client::{Host, Reply, host};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use e2e::github::{App, NewRepository, Permissions, Scope};
use serde_json::{Value, json};

/// Prints a public key and JWTs: a good one, one of another key, an old one, one of nobody.
const MAKE: &str = "
const pair = () => crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const [own, other] = [pair(), pair()];
const now = Math.floor(Date.now() / 1000);
const jwt = (key, iss, exp) => {
  const signed = encode({ alg: 'RS256' }) + '.' + encode({ iat: now - 60, exp, iss });
  return signed + '.' + crypto.sign('sha256', signed, key.privateKey).toString('base64url');
};
console.log(JSON.stringify({
  key: own.publicKey.export({ type: 'pkcs1', format: 'der' }).toString('base64'),
  good: jwt(own, 'Iv1.bot', now + 540),
  forged: jwt(other, 'Iv1.bot', now + 540),
  old: jwt(own, 'Iv1.bot', now - 1),
  long: jwt(own, 'Iv1.bot', now + 3600),
  nobody: jwt(own, 'Iv1.nobody', now + 540),
}));
";

/// A host with an App that may write contents and read issues in `acme/shop`, which is private.
fn with_app() -> (Host, Value) {
    let host = host(NewRepository::private);
    let output = Command::new("node").args(["-e", MAKE]).output().unwrap();
    let made: Value = serde_json::from_slice(&output.stdout).unwrap();
    let key = STANDARD.decode(made["key"].as_str().unwrap()).unwrap();
    let may = Permissions::none()
        .write(Scope::Contents)
        .read(Scope::Issues);
    let app = App::new("Iv1.bot", "bot", key).installed(&["acme/shop".to_owned()], may);
    host.server.register_app(app);
    (host, made)
}

fn mint(host: &Host, jwt: &str, body: &Value, status: u16) -> Reply {
    let found = host.shop("GET", "/installation").token(jwt).expect(200);
    let path = format!("/app/installations/{}/access_tokens", found.json["id"]);
    host.call("POST", &path)
        .token(jwt)
        .json(body)
        .expect(status)
}

#[test]
fn a_token_may_do_what_was_asked_for() {
    let (host, made) = with_app();
    let jwt = made["good"].as_str().unwrap();
    let all = mint(&host, jwt, &json!({}), 201).text("token");
    host.shop("GET", "/issues").token(&all).expect(200);
    let asked = json!({"repositories": ["shop"], "permissions": {"contents": "read"}});
    let minted = mint(&host, jwt, &asked, 201);
    assert_eq!(minted.json["permissions"], json!({"contents": "read"}));
    let few = minted.text("token");
    host.shop("GET", "/tags").token(&few).expect(200);
    for refused in [
        host.shop("GET", "/issues").token(&few),
        host.shop("POST", "/dispatches")
            .token(&few)
            .json(&json!({"event_type": "x"})),
    ] {
        let said = refused.expect(403).text("message");
        assert_eq!(said, "Resource not accessible by integration");
    }
    host.call("DELETE", "/installation/token")
        .token(&few)
        .expect(204);
    host.shop("GET", "/tags").token(&few).expect(401);
    host.shop("GET", "/tags").token(&all).expect(200);
}

#[test]
fn nothing_is_minted_beyond_the_installation() {
    let (host, made) = with_app();
    let jwt = made["good"].as_str().unwrap();
    for permissions in [
        json!({"issues": "write"}),
        json!({"actions": "read"}),
        json!({"contents": "admin"}),
    ] {
        let refused = mint(&host, jwt, &json!({"permissions": permissions}), 422);
        assert!(
            refused
                .text("message")
                .contains("not granted to this installation")
        );
    }
    let refused = mint(&host, jwt, &json!({"repositories": ["other"]}), 422);
    assert!(
        refused
            .text("message")
            .contains("not accessible to the parent")
    );
}

#[test]
fn only_the_app_itself_mints() {
    let (host, made) = with_app();
    for wrong in ["forged", "old", "long", "nobody"] {
        let jwt = made[wrong].as_str().unwrap();
        host.shop("GET", "/installation").token(jwt).expect(401);
    }
    host.shop("GET", "/installation").expect(401);
    // As itself an App sees nothing of what it is installed in.
    let jwt = made["good"].as_str().unwrap();
    host.shop("GET", "/tags").token(jwt).expect(404);
}
