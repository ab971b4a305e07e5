//! The store that release files are fetched from: another host, and an address that alone says
//! who may.
//!
//! Sources: GitHub's "REST API endpoints for release assets" (an asset is answered with 302), and
//! the errors of the store behind it (`InvalidArgument`, `SignatureDoesNotMatch`).

use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, HOST};
use sha2::{Digest, Sha256};

use super::asset::Asset;
use super::exchange::Reply;
use super::http::{Sent, full, send};
use super::page::decode;
use super::release::Release;
use super::site::{Hub, Site};

const OBJECTS: &str = "/objects/";
const SIGNATURE: &str = "X-Amz-Signature";

/// The answer to who asks the API for a file's content.
pub(super) fn pointer(site: &Site, asset: &Asset) -> Reply {
    let host = host(site);
    let id = asset.id.to_string();
    let signed = signature(&host, &id);
    let there = format!("http://{host}{OBJECTS}{id}?X-Amz-Expires=300&{SIGNATURE}={signed}");
    Reply {
        status: 302,
        ..Reply::nothing()
    }
    .header("location", there)
}

/// The file of a release that a page's address names: `/owner/name/releases/download/tag/file`.
///
/// Whoever has no session of a browser gets files of public repositories alone.
/// Source: GitHub's "Linking to releases".
pub(super) fn page(path: &str) -> Option<(String, String, String)> {
    let (repository, rest) = path.strip_prefix('/')?.split_once("/releases/download/")?;
    let (tag, name) = rest.rsplit_once('/')?;
    let is_name = repository.matches('/').count() == 1;
    let file = (
        repository.to_owned(),
        decode(tag, false)?,
        decode(name, false)?,
    );
    is_name.then_some(file)
}

/// Answers a request for such an address.
pub(super) fn download(hub: &Hub, (repository, tag, name): &(String, String, String)) -> Sent {
    let world = hub.world();
    let found = world
        .repositories
        .get(repository)
        .filter(|repository| !repository.private)
        .and_then(|repository| {
            let published = |release: &&Release| release.tag == *tag && !release.draft;
            let release = repository.releases.iter().find(published)?;
            release.assets.iter().find(|asset| asset.name == *name)
        });
    let sent = found.map(|asset| send(pointer(&hub.site, asset)));
    match sent {
        Some(Ok(sent)) => sent,
        _ => full(404, &[("content-type", "text/html")], "<html>404</html>"),
    }
}

/// The object that a path names.
pub(super) fn route(path: &str) -> Option<&str> {
    path.strip_prefix(OBJECTS)
}

/// Answers a request for an object.
pub(super) fn answer(hub: &Hub, request: &hyper::Request<Incoming>, id: &str) -> Sent {
    let headers = request.headers();
    if headers.contains_key(AUTHORIZATION) {
        let said = "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, \
                    Signature query string parameter or the Authorization header should be \
                    specified";
        return refusal(400, "InvalidArgument", said);
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let expected = signature(host.unwrap_or_default(), id);
    let query = request.uri().query().unwrap_or_default();
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    if !pairs.any(|(name, value)| name == SIGNATURE && value == expected) {
        let said = "The request signature we calculated does not match the signature you provided.";
        return refusal(403, "SignatureDoesNotMatch", said);
    }
    let world = hub.world();
    let mut releases = world
        .repositories
        .values()
        .flat_map(|repository| &repository.releases);
    match releases.find_map(|release| {
        release
            .assets
            .iter()
            .find(|asset| asset.id.to_string() == id)
    }) {
        Some(asset) => full(
            200,
            &[("content-type", "application/octet-stream")],
            asset.bytes.clone(),
        ),
        None => refusal(404, "NoSuchKey", "The specified key does not exist."),
    }
}

fn refusal(status: u16, code: &str, said: &str) -> Sent {
    let body = format!("<Error><Code>{code}</Code><Message>{said}</Message></Error>");
    full(status, &[("content-type", "application/xml")], body)
}

/// The same listener under another name.
fn host(site: &Site) -> String {
    let port = site.base.rsplit(':').next().unwrap_or_default();
    format!("localhost:{port}")
}

fn signature(host: &str, id: &str) -> String {
    let hash = Sha256::digest(format!("GET {host}{OBJECTS}{id}"));
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
