//! A receiver of webhooks of others: it takes CloudEvents in the structured mode that are signed
//! with its secret, and nothing else.

use super::exchange::{Refusal, Reply};
use super::http::{Sent, send};
use super::site::Hub;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use ring::hmac;
use serde_json::Value;

/// The folder of the addresses.
pub(super) const FOLDER: &str = "/hooks/";
/// The secret that it knows.
const SECRET: &str = "hook-secret";
/// The attributes that every event has ("CloudEvents - Version 1.0.2").
const REQUIRED: [&str; 4] = ["id", "source", "specversion", "type"];

/// Answers a delivery.
pub(super) async fn answer(hub: &Hub, request: hyper::Request<Incoming>) -> anyhow::Result<Sent> {
    let (parts, body) = request.into_parts();
    let header = |name: &str| {
        let value = parts.headers.get(name)?.to_str().ok()?;
        Some(value.to_owned())
    };
    let body = body.collect().await?.to_bytes();
    let kind = header("content-type").unwrap_or_default();
    let signature = header("x-cascade-signature-256");
    send(match judge(&body, &kind, signature.as_deref()) {
        Ok(event) => {
            hub.world().delivered.push(event);
            Reply::nothing()
        }
        Err(refusal) => refusal.into_reply(),
    })
}

fn judge(body: &[u8], kind: &str, signature: Option<&str>) -> Result<Value, Refusal> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let tag = hmac::sign(&key, body);
    let hex: String = tag
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    if signature != Some(&format!("sha256={hex}")) {
        return Err(Refusal::new(401, "the signature is wrong"));
    }
    if !kind.starts_with("application/cloudevents+json") {
        return Err(Refusal::new(415, "no event in the structured mode"));
    }
    let event: Value =
        serde_json::from_slice(body).map_err(|_| Refusal::new(400, "the body is no JSON"))?;
    let complete = REQUIRED.iter().all(|name| event[*name].is_string());
    match complete && event["specversion"] == "1.0" {
        true => Ok(event),
        false => Err(Refusal::new(400, "an attribute is missing")),
    }
}
