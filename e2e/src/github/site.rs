//! The parts that every handler shares: addresses, the clock, numbers, listeners.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use bytes::Bytes;

use serde_json::Value;

use super::app::App;
use super::clock::Clock;
use super::event::Event;
use super::fault::Fault;
use super::repository::Repository;
use super::token::{Token, TokenKind};

/// The parts that need no lock of their own, or have one.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) base: String,
    pub(super) folder: PathBuf,
    pub(super) clock: Clock,
    listeners: Mutex<Vec<Sender<Event>>>,
    next_id: AtomicU64,
    /// Logins by their numbers.
    accounts: Mutex<BTreeMap<u64, String>>,
}

/// Everything that changes.
#[derive(Debug, Default)]
pub(super) struct World {
    pub(super) repositories: BTreeMap<String, Repository>,
    /// Names of the past, and the numbers of the repositories that had them.
    pub(super) renamed: BTreeMap<String, u64>,
    pub(super) tokens: BTreeMap<String, Token>,
    /// By their ids.
    pub(super) apps: BTreeMap<String, App>,
    pub(super) faults: VecDeque<Fault>,
    pub(super) log: Vec<Logged>,
    /// The events that the receiver of webhooks took.
    pub(super) delivered: Vec<Value>,
}

/// A request that the server answered, or left unanswered because of a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// `GET`, ...
    pub method: String,
    /// An API path without the `/api/v3` prefix and with its query, or a git path.
    pub path: String,
    /// Whose token it was; empty without one that is known.
    pub login: String,
    /// The answer's status; 0 if there was no answer.
    pub status: u16,
}

/// The server's state: one lock.
#[derive(Debug)]
pub(super) struct Hub {
    pub(super) site: Site,
    /// The offer of git to every client of a repository that speaks version 2 of its protocol.
    pub(super) offered: OnceLock<Bytes>,
    world: Mutex<World>,
}

impl Hub {
    pub(super) fn new(site: Site) -> Self {
        Self {
            site,
            offered: OnceLock::new(),
            world: Mutex::default(),
        }
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Site {
    pub(super) fn new(base: String, folder: PathBuf, clock: Clock) -> Self {
        Self {
            base,
            folder,
            clock,
            listeners: Mutex::default(),
            next_id: AtomicU64::new(1_000),
            accounts: Mutex::default(),
        }
    }

    /// An address of the API.
    pub(super) fn api(&self, path: &str) -> String {
        format!("{}/api/v3{path}", self.base)
    }

    pub(super) fn id(&self) -> u64 {
        self.next_id.fetch_add(1, Ordering::Relaxed)
    }

    pub(super) fn now(&self) -> String {
        self.clock.stamp()
    }

    /// Remembers an account.
    pub(super) fn remember(&self, id: u64, login: &str) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.insert(id, login.to_owned());
    }

    /// Returns the login of an account that was asked for.
    pub(super) fn login(&self, id: u64) -> Option<String> {
        let accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.get(&id).cloned()
    }

    pub(super) fn listen(&self, listener: Sender<Event>) {
        self.listeners().push(listener);
    }

    /// Tells the listeners, unless GitHub would start nothing for this token.
    pub(super) fn emit(&self, token: &Token, event: &Event) {
        if token.kind == TokenKind::Workflow && !event.is_dispatch() {
            return;
        }
        self.listeners()
            .retain(|listener| listener.send(event.clone()).is_ok());
    }

    fn listeners(&self) -> MutexGuard<'_, Vec<Sender<Event>>> {
        self.listeners
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
