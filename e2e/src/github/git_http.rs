//! Git's smart HTTP protocol: fetches through `git upload-pack` ([`upload_pack`]), everything else
//! through `git http-backend`.

use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::Stdio;
use std::sync::{Arc, OnceLock};
use std::task::{Context as Poller, Poll};

use anyhow::{Context, ensure};
use bytes::Bytes;
use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;
use hyper::body::{Body, Frame, Incoming};
use hyper::{HeaderMap, Request, Response, StatusCode};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader, ReadBuf};
use tokio::process::{Child, ChildStdout};

use super::guard;
use super::http::{Sent, full, whole};
use super::rename;
use super::site::Hub;
use super::token::{Scope, Token};
use super::upload_pack;

/// A path of the protocol: `owner/name`, what follows.
pub(super) fn route(path: &str) -> Option<(String, &str)> {
    let mut parts = path.strip_prefix('/')?.splitn(3, '/');
    let (owner, name, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let known = matches!(rest, "info/refs" | "git-upload-pack" | "git-receive-pack");
    let name = name.strip_suffix(".git").unwrap_or(name);
    (known && owner != "api").then(|| (format!("{owner}/{name}"), rest))
}

/// Returns the answer to a request that does not get through.
fn refusal(hub: &Hub, repository: &str, token: Option<&Token>, push: bool) -> Option<Sent> {
    let world = hub.world();
    let Some(found) = world.repositories.get(repository) else {
        return Some(text(404, "Repository not found."));
    };
    let token = match token {
        Some(token) if !token.is_anonymous() => token,
        Some(_) if !found.private && !push => return None,
        _ => return Some(challenge()),
    };
    if !found.readable(token, Scope::Contents) {
        return Some(text(404, "Repository not found."));
    }
    (push && !found.writable(token, Scope::Contents)).then(|| {
        let message = format!("Permission to {repository}.git denied to {}.", token.login);
        text(403, &message)
    })
}

/// Returns the address at which git finds a repository that had this name, if it may see it.
fn moved(hub: &Hub, old: &str, token: Option<&Token>) -> Option<String> {
    let world = hub.world();
    let name = rename::present(&world, old)?;
    let visible = world.repositories.get(&name)?.visible(token?);
    visible.then(|| format!("{}/{name}.git", hub.site.base))
}

fn text(status: u16, message: &str) -> Sent {
    full(
        status,
        &[("content-type", "text/plain")],
        message.to_owned(),
    )
}

fn challenge() -> Sent {
    let headers = [
        ("content-type", "text/plain"),
        ("www-authenticate", "Basic realm=\"GitHub\""),
    ];
    full(401, &headers, "Bad credentials")
}

/// Answers a request of the protocol. `token` is nothing for a credential that nobody knows.
pub(super) async fn answer(
    hub: Arc<Hub>,
    request: Request<Incoming>,
    (repository, rest): (String, String),
    token: Option<Token>,
) -> anyhow::Result<Sent> {
    let query = request.uri().query().unwrap_or_default().to_owned();
    let push = rest == "git-receive-pack" || query.contains("service=git-receive-pack");
    if let Some(there) = moved(&hub, &repository, token.as_ref()) {
        let there = format!("{there}/{rest}?{query}");
        let pointed = Response::builder().status(StatusCode::MOVED_PERMANENTLY);
        return Ok(pointed.header("location", there).body(whole(""))?);
    }
    if let Some(refusal) = refusal(&hub, &repository, token.as_ref(), push) {
        return Ok(refusal);
    }
    if let Some(fetch) = upload_pack::Fetch::of(&request, &rest, &query) {
        let folder = hub.site.folder.join(format!("{repository}.git"));
        return fetch.answer(&hub, &folder, request.into_body()).await;
    }
    let token = token.unwrap_or_else(Token::anonymous);
    let log = tempfile::NamedTempFile::new_in(&hub.site.folder)?;
    let mut command = tokio::process::Command::from(super::git::command_of(backend()?));
    command
        .env("GIT_PROJECT_ROOT", &hub.site.folder)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("PATH_INFO", format!("/{repository}.git/{rest}"))
        .env("REQUEST_METHOD", request.method().as_str())
        .env("QUERY_STRING", &query)
        .env("REMOTE_ADDR", "127.0.0.1")
        .env("REMOTE_USER", &token.login)
        .envs(headers(request.headers()))
        .env("E2E_UPDATES", log.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    {
        let world = hub.world();
        let found = world.repositories.get(&repository);
        let found = found.context("the repository is gone")?;
        command.envs(guard::environment(&hub.site, found, &token));
    }
    let mut child = command
        .spawn()
        .context("`git http-backend` does not start")?;
    feed(&mut child, request.into_body())?;
    let output = child.stdout.take().context("no output")?;
    let (head, output) = read_head(output).await?;
    if rest != "git-receive-pack" {
        return respond(&head, Output::of(output, child));
    }
    let body = drain(output, child).await?;
    // The client learns of its push when everything that follows from it has happened.
    tokio::task::spawn_blocking(move || settle(&hub, &repository, &token, &log)).await??;
    respond(&head, whole(body))
}

/// The program behind `git http-backend`, which git itself would start as another process.
fn backend() -> anyhow::Result<&'static Path> {
    static FOUND: OnceLock<PathBuf> = OnceLock::new();
    if let Some(found) = FOUND.get() {
        return Ok(found);
    }
    let output = std::process::Command::new("git")
        .arg("--exec-path")
        .output();
    let folder = String::from_utf8(output.context("`git` does not start")?.stdout)?;
    let program = Path::new(folder.trim_end()).join("git-http-backend");
    ensure!(program.is_file(), "git has no {}", program.display());
    Ok(FOUND.get_or_init(|| program))
}

fn headers(headers: &HeaderMap) -> Vec<(&'static str, String)> {
    const PASSED: [(&str, &str); 4] = [
        ("content-type", "CONTENT_TYPE"),
        ("content-length", "CONTENT_LENGTH"),
        ("content-encoding", "HTTP_CONTENT_ENCODING"),
        ("git-protocol", "GIT_PROTOCOL"),
    ];
    let value = |name: &str| Some(headers.get(name)?.to_str().ok()?.to_owned());
    PASSED
        .iter()
        .filter_map(|(name, variable)| Some((*variable, value(name)?)))
        .collect()
}

/// Copies the request to the process while its answer is read.
pub(super) fn feed(child: &mut Child, mut body: Incoming) -> anyhow::Result<()> {
    let mut stdin = child.stdin.take().context("no input")?;
    tokio::spawn(async move {
        while let Some(Ok(frame)) = body.frame().await {
            let Ok(data) = frame.into_data() else {
                continue;
            };
            if stdin.write_all(&data).await.is_err() {
                break;
            }
        }
    });
    Ok(())
}

async fn read_head(
    output: ChildStdout,
) -> anyhow::Result<(Vec<(String, String)>, BufReader<ChildStdout>)> {
    let mut output = BufReader::new(output);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        output.read_line(&mut line).await?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            return Ok((head, output));
        };
        head.push((name.to_ascii_lowercase(), value.to_owned()));
    }
}

async fn drain(mut output: BufReader<ChildStdout>, mut child: Child) -> anyhow::Result<Bytes> {
    let mut body = Vec::new();
    output.read_to_end(&mut body).await?;
    child.wait().await?;
    Ok(body.into())
}

fn settle(
    hub: &Hub,
    repository: &str,
    token: &Token,
    log: &tempfile::NamedTempFile,
) -> anyhow::Result<()> {
    let moved = guard::pushed(log.path())?;
    let mut world = hub.world();
    if let Some(repository) = world.repositories.get_mut(repository) {
        guard::moved(&hub.site, repository, token, &moved);
    }
    Ok(())
}

fn respond(
    head: &[(String, String)],
    body: UnsyncBoxBody<Bytes, std::io::Error>,
) -> anyhow::Result<Sent> {
    let mut response = Response::builder();
    for (name, value) in head {
        response = match (name.as_str(), value.split(' ').next()) {
            ("status", Some(code)) => response.status(StatusCode::from_bytes(code.as_bytes())?),
            _ => response.header(name, value),
        };
    }
    Ok(response.body(body)?)
}

/// The output that a process still prints. Dropping it ends the process.
pub(super) struct Output<R> {
    output: R,
    _child: Child,
}

impl<R: AsyncRead + Send + Unpin + 'static> Output<R> {
    /// The body of an answer.
    pub(super) fn of(output: R, child: Child) -> UnsyncBoxBody<Bytes, std::io::Error> {
        let output = Self {
            output,
            _child: child,
        };
        output.boxed_unsync()
    }
}

impl<R: AsyncRead + Unpin> Body for Output<R> {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        poller: &mut Poller<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        let mut space = [0; 16 * 1024];
        let mut buffer = ReadBuf::new(&mut space);
        match Pin::new(&mut self.output).poll_read(poller, &mut buffer) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Err(error)) => Poll::Ready(Some(Err(error))),
            Poll::Ready(Ok(())) if buffer.filled().is_empty() => Poll::Ready(None),
            Poll::Ready(Ok(())) => {
                let data = Bytes::copy_from_slice(buffer.filled());
                Poll::Ready(Some(Ok(Frame::data(data))))
            }
        }
    }
}
