//! A fork is kept in step with its upstream: people decide, machines track, remind and recover.
//!
//! One issue tracks one change of the upstream. Its labels are its state ([`State`]), and only
//! moves that [`State::may_become`] knows are made. What happened to it is noted in its text
//! ([`Trail`]), so that whoever looks needs no further request. The passes of the monitor
//! ([`Pass`]) read a [`Board`] and decide; nothing here writes.

mod begin;
mod board;
mod health;
mod pass;
mod state;
mod trail;

pub use begin::{Begin, begin};
pub use board::{Board, Facts, Illegal, Issue, PATIENCE, Progress, Pull, Run};
pub use health::{Health, Share};
pub use pass::{Action, Pass, decide};
pub use state::{Contradiction, State, Status};
pub use trail::{Entry, Event, Trail, Trigger};
