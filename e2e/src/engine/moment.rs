//! The things that happen in a run, for somebody who watches.

/// Something that happens, as it happens. A path is that of the calls around a job, each with `/`
/// behind it, and the job's own id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment<'a> {
    /// A run begins.
    Started {
        /// The path of its workflow.
        workflow: &'a str,
        /// The name of the event.
        event: &'a str,
    },
    /// A job begins.
    Began {
        /// Its path.
        path: &'a str,
    },
    /// A job ended, or was skipped.
    Ended {
        /// Its path.
        path: &'a str,
        /// `success`, `failure`, `cancelled` or `skipped`.
        result: &'a str,
    },
    /// A job prints a line, in which secrets are hidden.
    Printed {
        /// Its path.
        path: &'a str,
        /// The line.
        line: &'a str,
    },
}

/// Hears of what happens.
pub type Watch<'a> = dyn Fn(&Moment<'_>) + Sync + 'a;
