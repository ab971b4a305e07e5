//! From a connection to an answer: credentials, faults, the request log.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::{HeaderMap, Response};
use sha2::{Digest, Sha256};

use super::app;
use super::exchange::{Content, Refusal, Reply, Request};
use super::fault::FaultKind;
use super::git_http;
use super::hook;
use super::page::decode;
use super::route;
use super::site::{Hub, Logged};
use super::store;
use super::token::Token;

pub(super) type Sent = Response<UnsyncBoxBody<Bytes, std::io::Error>>;

/// The path at which GitHub takes the files of releases.
const UPLOADS: &str = "/api/uploads";
const API: &str = "/api/v3";
const JSON: &str = "application/json; charset=utf-8";

/// Answers a request. An error breaks the connection.
pub(super) async fn serve(
    hub: Arc<Hub>,
    request: hyper::Request<Incoming>,
) -> anyhow::Result<Sent> {
    let method = request.method().to_string();
    let path = request.uri().path().to_owned();
    let short = [API, UPLOADS]
        .iter()
        .find_map(|prefix| path.strip_prefix(prefix))
        .unwrap_or(&path)
        .to_owned();
    let token = identify(&hub, request.headers());
    let query = request.uri().query();
    let shown = query.map_or_else(|| short.clone(), |query| format!("{short}?{query}"));
    let entry = |status| Logged {
        method: method.clone(),
        path: shown.clone(),
        login: token.as_ref().map_or("", |token| &token.login).to_owned(),
        status,
    };
    let credential = token.as_ref().map(|token| token.value.as_str());
    let fault = strike(&hub, &method, &short, credential);
    if let Some(sent) = before(fault).await? {
        note(
            &hub,
            entry(sent.as_ref().map_or(0, |sent| sent.status().as_u16())),
        );
        return sent.context("dropped on purpose");
    }
    let answered = match (store::route(&path), git_http::route(&path)) {
        (Some(id), _) => Ok(store::answer(&hub, &request, id)),
        _ if let Some(file) = store::page(&path) => Ok(store::download(&hub, &file)),
        _ if path.starts_with(hook::FOLDER) => hook::answer(&hub, request).await,
        (None, Some((repository, rest))) => {
            let wanted = (repository, rest.to_owned());
            git_http::answer(Arc::clone(&hub), request, wanted, token.clone()).await
        }
        (None, None) => api(Arc::clone(&hub), request, short.clone(), token.clone()).await,
    };
    if fault == Some(FaultKind::DroppedAfter) {
        note(&hub, entry(0));
        bail!("dropped on purpose, after the effect");
    }
    let status = answered.as_ref().map_or(0, |sent| sent.status().as_u16());
    note(&hub, entry(status));
    answered
}

fn note(hub: &Hub, entry: Logged) {
    hub.world().log.push(entry);
}

fn strike(hub: &Hub, method: &str, path: &str, credential: Option<&str>) -> Option<FaultKind> {
    let mut world = hub.world();
    world
        .faults
        .iter_mut()
        .find_map(|fault| fault.strike(method, path, credential))
}

/// Carries out a fault before the request is handled: no effect, an answer, or none.
async fn before(fault: Option<FaultKind>) -> anyhow::Result<Option<Option<Sent>>> {
    const SECONDARY: &str =
        "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
    let sent = match fault {
        None | Some(FaultKind::DroppedAfter) => return Ok(None),
        Some(FaultKind::Slow(time)) => {
            tokio::time::sleep(time).await;
            return Ok(None);
        }
        Some(FaultKind::Dropped) => return Ok(Some(None)),
        Some(FaultKind::BadGateway) => {
            full(502, &[("content-type", "text/html")], "<html>502</html>")
        }
        Some(FaultKind::Refused) => {
            let said =
                r#"{"message":"Resource not accessible by integration","documentation_url":""}"#;
            full(403, &[("content-type", "application/json")], said)
        }
        Some(FaultKind::TooManyRequests { retry_after }) => {
            limited(429, "API rate limit exceeded", retry_after)?
        }
        Some(FaultKind::SecondaryRateLimit { retry_after }) => {
            limited(403, SECONDARY, retry_after)?
        }
    };
    Ok(Some(Some(sent)))
}

fn limited(status: u16, message: &str, after: Duration) -> anyhow::Result<Sent> {
    let reply = Refusal::new(status, message).into_reply();
    send(reply.header("retry-after", after.as_secs().to_string()))
}

/// The token of a request: anonymous without a credential, nothing for one that nobody knows.
fn identify(hub: &Hub, headers: &HeaderMap) -> Option<Token> {
    let Some(header) = headers.get("authorization") else {
        return Some(Token::anonymous());
    };
    let (scheme, value) = header.to_str().ok()?.split_once(' ')?;
    let secret = match scheme.to_ascii_lowercase().as_str() {
        "bearer" | "token" => value.trim().to_owned(),
        "basic" => {
            let pair = String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()?;
            pair.split_once(':')?.1.to_owned()
        }
        _ => return None,
    };
    let world = hub.world();
    let known = world.tokens.get(&secret).cloned();
    known.or_else(|| app::of_jwt(&world, &secret))
}

async fn api(
    hub: Arc<Hub>,
    request: hyper::Request<Incoming>,
    path: String,
    token: Option<Token>,
) -> anyhow::Result<Sent> {
    let uploads = request.uri().path().starts_with(UPLOADS);
    let Some(token) = token else {
        return send(Refusal::new(401, "Bad credentials").into_reply());
    };
    let request = read(request, path).await?;
    tokio::task::spawn_blocking(move || {
        let reply = route::answer(&hub, &request, &token, uploads);
        send(limits(&hub, tagged(&request, reply)))
    })
    .await?
}

async fn read(request: hyper::Request<Incoming>, path: String) -> anyhow::Result<Request> {
    let (parts, body) = request.into_parts();
    let header = |name: &str| {
        let value = parts.headers.get(name)?.to_str().ok()?;
        Some(value.to_owned())
    };
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    let segments: Option<Vec<_>> = segments.map(|segment| decode(segment, false)).collect();
    let pairs = parts.uri.query().unwrap_or_default().split('&');
    let query: BTreeMap<_, _> = pairs
        .filter(|pair| !pair.is_empty())
        .filter_map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decode(name, true)?, decode(value, true)?))
        })
        .collect();
    Ok(Request {
        method: parts.method.to_string(),
        path,
        segments: segments.unwrap_or_default(),
        query,
        accept: header("accept").unwrap_or_default(),
        content_type: header("content-type").unwrap_or_default(),
        if_none_match: header("if-none-match"),
        body: body.collect().await?.to_bytes(),
    })
}

/// With an entity tag, and without a body if the client has that one.
fn tagged(request: &Request, reply: Reply) -> Reply {
    let (200, "GET", Content::Json(body)) = (reply.status, request.method.as_str(), &reply.body)
    else {
        return reply;
    };
    let text = body.to_string();
    let hash = Sha256::digest(&text);
    let hash: String = hash[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let tag = format!("W/\"{hash}\"");
    let reply = if request.if_none_match.as_ref() == Some(&tag) {
        Reply {
            status: 304,
            body: Content::Nothing,
            ..reply
        }
    } else {
        let body = Content::Bytes(text.into_bytes(), JSON.to_owned());
        Reply { body, ..reply }
    };
    reply.header("etag", tag)
}

fn limits(hub: &Hub, reply: Reply) -> Reply {
    let reset = hub.site.clock.seconds() + 3_600;
    reply
        .header("x-ratelimit-limit", "5000")
        .header("x-ratelimit-remaining", "4999")
        .header("x-ratelimit-used", "1")
        .header("x-ratelimit-resource", "core")
        .header("x-ratelimit-reset", reset.to_string())
        .header("x-github-request-id", "E2E:1")
}

pub(super) fn send(reply: Reply) -> anyhow::Result<Sent> {
    let (body, kind) = match reply.body {
        Content::Nothing => (Vec::new(), None),
        Content::Json(value) => (serde_json::to_vec(&value)?, Some(JSON.to_owned())),
        Content::Bytes(bytes, kind) => (bytes, Some(kind)),
    };
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    if let Some(kind) = kind {
        response = response.header("content-type", kind);
    }
    Ok(response.body(whole(body))?)
}

pub(super) fn whole(body: impl Into<Bytes>) -> UnsyncBoxBody<Bytes, std::io::Error> {
    Full::new(body.into())
        .map_err(|never| match never {})
        .boxed_unsync()
}

/// An answer whose parts are known to be well-formed.
pub(super) fn full(
    status: u16,
    headers: &[(&'static str, &'static str)],
    body: impl Into<Bytes>,
) -> Sent {
    let mut response = Response::new(whole(body));
    *response.status_mut() =
        hyper::StatusCode::from_u16(status).unwrap_or(hyper::StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in headers {
        let value = hyper::header::HeaderValue::from_static(value);
        response.headers_mut().insert(*name, value);
    }
    response
}
