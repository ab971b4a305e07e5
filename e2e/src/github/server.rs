//! The server: a runtime of its own, on loopback.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use anyhow::{Context, bail};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::runtime::Runtime;

use super::app::App;
use super::clock::Clock;
use super::event::Event;
use super::fault::Fault;
use super::guard;
use super::handle::RepositoryHandle;
use super::http;
use super::rename;
use super::repository::{NewRepository, Repository};
use super::site::{Hub, Logged, Site};
use super::token::Token;

/// A GitHub host. Dropping it stops it.
#[derive(Debug)]
pub struct Server {
    hub: Arc<Hub>,
    runtime: Option<Runtime>,
}

impl Server {
    /// Starts a server whose repositories lie in `folder` and whose clock is the machine's.
    ///
    /// # Errors
    /// The folder cannot be made, or there is no free port.
    pub fn start(folder: impl AsRef<Path>) -> anyhow::Result<Self> {
        Self::start_with(folder, Clock::running())
    }

    /// Starts a server with another clock.
    ///
    /// # Errors
    /// The folder cannot be made, or there is no free port.
    pub fn start_with(folder: impl AsRef<Path>, clock: Clock) -> anyhow::Result<Self> {
        let folder = folder.as_ref();
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?;
        listener.set_nonblocking(true)?;
        let base = format!("http://{}", listener.local_addr()?);
        let hub = Arc::new(Hub::new(Site::new(base, folder.canonicalize()?, clock)));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("github")
            .enable_all()
            .build()?;
        runtime.spawn(accept(Arc::clone(&hub), listener));
        Ok(Self {
            hub,
            runtime: Some(runtime),
        })
    }

    /// The host's address (`GITHUB_SERVER_URL`): git lies at `{url}/{owner}/{name}.git`.
    #[must_use]
    pub fn url(&self) -> String {
        self.hub.site.base.clone()
    }

    /// The API's address (`GITHUB_API_URL`).
    #[must_use]
    pub fn api_url(&self) -> String {
        self.hub.site.api("")
    }

    /// The clock that every timestamp comes from.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.hub.site.clock.clone()
    }

    /// Creates a repository.
    ///
    /// # Errors
    /// The name is taken or no `owner/name`, what it is a fork of does not exist, or `git` fails.
    pub fn create(&self, new: &NewRepository) -> anyhow::Result<RepositoryHandle> {
        well_formed(&new.name)?;
        let mut world = self.hub.world();
        if world.repositories.contains_key(&new.name) {
            bail!("the repository {} exists", new.name);
        }
        let repository = Repository::create(&self.hub.site, new)?;
        if let Some(name) = new.fork_of.as_ref().or(new.copy_of.as_ref()) {
            let parent = world.repositories.get(name);
            let parent = parent.with_context(|| format!("no repository {name}"))?;
            let folder = parent.git.folder.to_string_lossy();
            let (heads, tags) = ("refs/heads/*:refs/heads/*", "refs/tags/*:refs/tags/*");
            repository
                .git
                .run(&["fetch", "--quiet", &folder, heads, tags])?;
        }
        guard::install(&repository.git)?;
        world.renamed.remove(&new.name);
        world.repositories.insert(new.name.clone(), repository);
        Ok(self.handle(&new.name))
    }

    /// Gives a repository another name. The old one leads to it, until another repository takes
    /// it; handles with the old one are void.
    ///
    /// # Errors
    /// There is no such repository, the name is taken or no `owner/name`, or its folder cannot be
    /// moved.
    pub fn rename(&self, old: &str, new: &str) -> anyhow::Result<RepositoryHandle> {
        well_formed(new)?;
        rename::rename(&self.hub.site, &mut self.hub.world(), old, new)?;
        Ok(self.handle(new))
    }

    /// A repository that exists.
    ///
    /// # Errors
    /// It does not.
    pub fn repository(&self, name: &str) -> anyhow::Result<RepositoryHandle> {
        if !self.hub.world().repositories.contains_key(name) {
            bail!("no repository {name}");
        }
        Ok(self.handle(name))
    }

    fn handle(&self, name: &str) -> RepositoryHandle {
        RepositoryHandle::new(Arc::clone(&self.hub), name)
    }

    /// Makes a token known, or replaces the one with the same value.
    pub fn register(&self, token: Token) {
        let mut world = self.hub.world();
        world.tokens.insert(token.value.clone(), token);
    }

    /// Makes an App known, or replaces the one with the same id.
    pub fn register_app(&self, app: App) {
        self.hub.world().apps.insert(app.id().to_owned(), app);
    }

    /// Makes a token unknown.
    pub fn revoke(&self, value: &str) {
        self.hub.world().tokens.remove(value);
    }

    /// Returns the events from now on that would start workflows. Every receiver receives every
    /// event.
    #[must_use]
    pub fn events(&self) -> Receiver<Event> {
        let (sender, receiver) = channel();
        self.hub.site.listen(sender);
        receiver
    }

    /// Harms requests to come. The first fault that matches a request is the only one for it.
    pub fn inject(&self, fault: Fault) {
        self.hub.world().faults.push_back(fault);
    }

    /// Forgets the faults that have not struck yet.
    pub fn clear_faults(&self) {
        self.hub.world().faults.clear();
    }

    /// The requests so far.
    #[must_use]
    pub fn requests(&self) -> Vec<Logged> {
        self.hub.world().log.clone()
    }

    /// The events that the receiver of webhooks took so far.
    #[must_use]
    pub fn delivered(&self) -> Vec<serde_json::Value> {
        self.hub.world().delivered.clone()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.hub.world().log.clear();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn well_formed(name: &str) -> anyhow::Result<()> {
    if name.split('/').filter(|part| !part.is_empty()).count() != 2 {
        bail!("`{name}` is not a repository's name");
    }
    Ok(())
}

async fn accept(hub: Arc<Hub>, listener: TcpListener) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let hub = Arc::clone(&hub);
        tokio::spawn(async move {
            let service = service_fn(move |request| http::serve(Arc::clone(&hub), request));
            let mut connection = http1::Builder::new();
            connection.timer(TokioTimer::new());
            // A connection that breaks is the client's matter, or a fault's.
            let _ = connection
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}
