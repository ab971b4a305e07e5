//! Contexts: the names that an expression reads values from.

/// A context, or a family of functions, that GitHub offers in some places only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u16)]
#[allow(missing_docs, reason = "the names are GitHub's")]
pub enum Context {
    Github = 1,
    Inputs = 1 << 1,
    Vars = 1 << 2,
    Secrets = 1 << 3,
    Needs = 1 << 4,
    Strategy = 1 << 5,
    Matrix = 1 << 6,
    Job = 1 << 7,
    Runner = 1 << 8,
    Env = 1 << 9,
    Steps = 1 << 10,
    Jobs = 1 << 11,
    /// `success()`, `failure()`, `always()`, `cancelled()`.
    Status = 1 << 12,
    /// `hashFiles()`.
    HashFiles = 1 << 13,
}

impl Context {
    /// Every context by the name that an expression has for it.
    const NAMED: [(&'static str, Self); 12] = [
        ("github", Self::Github),
        ("inputs", Self::Inputs),
        ("vars", Self::Vars),
        ("secrets", Self::Secrets),
        ("needs", Self::Needs),
        ("strategy", Self::Strategy),
        ("matrix", Self::Matrix),
        ("job", Self::Job),
        ("runner", Self::Runner),
        ("env", Self::Env),
        ("steps", Self::Steps),
        ("jobs", Self::Jobs),
    ];

    /// Returns the context that an expression calls `name`, in any case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let mut named = Self::NAMED.iter();
        let found = named.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, context)| *context)
    }

    /// Returns the name that an expression has for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Status => "always()",
            Self::HashFiles => "hashFiles()",
            named => Self::NAMED
                .iter()
                .find(|(_, context)| *context == named)
                .map_or("", |(name, _)| name),
        }
    }
}
