//! A GitHub host on loopback, for tests: git over HTTP and the parts of the REST API that cascade
//! uses, with GitHub's refusals.
//!
//! ```no_run
//! use e2e::github::{NewRepository, Permissions, Server, Token};
//!
//! let server = Server::start("target/tmp/host")?;
//! let shop = server.create(&NewRepository::new("acme/shop"))?;
//! server.register(Token::workflow("secret").may("acme/shop", Permissions::write_all()));
//! println!("{} {}", server.api_url(), shop.clone_url());
//! # anyhow::Ok(())
//! ```

mod activity;
mod app;
mod asset;
mod branch;
pub(crate) mod clock;
mod commit;
mod contents;
mod deployment;
mod dispatch;
mod environment;
mod event;
mod exchange;
mod fault;
mod git;
mod git_http;
mod graphql;
mod guard;
mod handle;
mod hook;
mod http;
mod issue;
mod label;
mod object;
mod page;
mod pull;
mod ref_files;
mod refs;
mod release;
mod rename;
mod repository;
mod review;
mod route;
mod ruleset;
mod run;
mod server;
mod settings;
mod site;
mod store;
mod token;
mod upload_pack;
mod user;

pub use app::App;
pub use asset::Asset;
pub use clock::{Clock, stamp};
pub use deployment::{Deployment, DeploymentStatus};
pub use event::Event;
pub use fault::{Fault, FaultKind};
pub(crate) use git::{command as git_command, forget_variables};
pub use handle::RepositoryHandle;
pub use issue::{Comment, Issue, IssueEvent, NewIssue};
pub use label::Label;
pub use pull::{Gate, Pull};
pub use release::Release;
pub use repository::NewRepository;
pub use run::{Job, Run};
pub use server::Server;
pub use settings::Settings;
pub use site::Logged;
pub use token::{Access, Permissions, Scope, Token, TokenKind};
