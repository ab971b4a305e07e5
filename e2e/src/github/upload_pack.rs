//! Fetches, answered by `git upload-pack` itself.
//!
//! `git http-backend` would start it, too, as one more process, and once only to hear what it
//! offers: in version 2 of the protocol that is the same for each client (gitprotocol-v2(5),
//! "Capability Advertisement"). Requests that are compressed are left to `git http-backend`.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, ensure};
use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use hyper::body::Incoming;
use hyper::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE};
use hyper::{Request, Response};
use tokio::process::Command;

use super::git_http::{Output, feed};
use super::http::{Sent, whole};
use super::site::Hub;

/// The version of the protocol that clients of today ask for.
const VERSION: &str = "version=2";

/// A request of a fetch.
pub(super) enum Fetch {
    /// For what can be fetched, and how.
    Offer,
    /// For objects.
    Objects,
}

impl Fetch {
    /// Returns the kind of a request; `None` for one that `git http-backend` has to answer.
    pub(super) fn of(request: &Request<Incoming>, rest: &str, query: &str) -> Option<Self> {
        let headers = request.headers();
        let protocol = headers.get("git-protocol")?.to_str().ok()?;
        if protocol != VERSION || headers.contains_key(CONTENT_ENCODING) {
            return None;
        }
        match (rest, query) {
            ("info/refs", "service=git-upload-pack") => Some(Self::Offer),
            ("git-upload-pack", _) => Some(Self::Objects),
            _ => None,
        }
    }

    pub(super) async fn answer(
        self,
        hub: &Hub,
        folder: &Path,
        body: Incoming,
    ) -> anyhow::Result<Sent> {
        match self {
            Self::Offer => {
                let offered = match hub.offered.get() {
                    Some(known) => known.clone(),
                    None => {
                        let offered = offer(folder).await?;
                        hub.offered.get_or_init(|| offered).clone()
                    }
                };
                respond("advertisement", whole(offered))
            }
            Self::Objects => {
                let mut command = upload_pack(&[], folder);
                let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
                let mut child = child.context("`git upload-pack` does not start")?;
                feed(&mut child, body)?;
                let output = child.stdout.take().context("no output")?;
                respond("result", Output::of(output, child))
            }
        }
    }
}

async fn offer(folder: &Path) -> anyhow::Result<Bytes> {
    let mut command = upload_pack(&["--http-backend-info-refs"], folder);
    let output = command.output().await?;
    ensure!(output.status.success(), "`git upload-pack` offers nothing");
    Ok(output.stdout.into())
}

fn upload_pack(arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::from(super::git::command());
    command
        .args(["upload-pack", "--stateless-rpc"])
        .args(arguments)
        .arg(folder)
        .env("GIT_PROTOCOL", VERSION)
        .stderr(Stdio::null())
        .kill_on_drop(true);
    command
}

fn respond(kind: &str, body: UnsyncBoxBody<Bytes, std::io::Error>) -> anyhow::Result<Sent> {
    let response = Response::builder()
        .header(
            CONTENT_TYPE,
            format!("application/x-git-upload-pack-{kind}"),
        )
        .header(CACHE_CONTROL, "no-cache");
    Ok(response.body(body)?)
}
