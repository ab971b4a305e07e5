//! Refused by a rule, or failed for want of a fact.

/// The reason that something is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stopped<R, E> {
    /// A rule of the lifecycle refuses it.
    Refused(R),
    /// Somebody who was asked for facts gives no answer.
    Failed(E),
}
