//! Events with filters.

/// The paths to which an event is limited. GitHub takes one of both lists, never both.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::actions) enum Paths {
    #[default]
    All,
    Only(Vec<String>),
    Ignore(Vec<String>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::actions) enum Event {
    Push(Push),
    PullRequest(PullRequest),
    MergeGroup(MergeGroup),
    WorkflowRun(WorkflowRun),
}

impl Event {
    pub(in crate::actions) const fn name(&self) -> &'static str {
        match self {
            Self::Push(_) => "push",
            Self::PullRequest(_) => "pull_request",
            Self::MergeGroup(_) => "merge_group",
            Self::WorkflowRun(_) => "workflow_run",
        }
    }
}

/// The `push` event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Push {
    pub(in crate::actions) branches: Vec<String>,
    pub(in crate::actions) tags: Vec<String>,
    pub(in crate::actions) paths: Paths,
}

/// The `pull_request` event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PullRequest {
    pub(in crate::actions) types: Vec<String>,
    pub(in crate::actions) branches: Vec<String>,
    pub(in crate::actions) paths: Paths,
}

/// The `merge_group` event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MergeGroup {
    pub(in crate::actions) branches: Vec<String>,
}

/// The `workflow_run` event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkflowRun {
    pub(in crate::actions) workflows: Vec<String>,
    pub(in crate::actions) types: Vec<String>,
    pub(in crate::actions) branches: Vec<String>,
}

fn list<T: Into<String>>(items: impl IntoIterator<Item = T>) -> Vec<String> {
    items.into_iter().map(Into::into).collect()
}

macro_rules! filters {
    ($event:ty: $($filter:ident)+) => {
        impl $event {
            $(filters!(@ $filter);)+
        }
    };
    (@ branches) => {
        /// Only these branches.
        #[must_use]
        pub fn branches<T: Into<String>>(mut self, branches: impl IntoIterator<Item = T>) -> Self {
            self.branches = list(branches);
            self
        }
    };
    (@ types) => {
        /// Only these types of activity.
        #[must_use]
        pub fn types<T: Into<String>>(mut self, types: impl IntoIterator<Item = T>) -> Self {
            self.types = list(types);
            self
        }
    };
    (@ tags) => {
        /// Only these tags.
        #[must_use]
        pub fn tags<T: Into<String>>(mut self, tags: impl IntoIterator<Item = T>) -> Self {
            self.tags = list(tags);
            self
        }
    };
    (@ paths) => {
        /// Only changes to these paths; replaces `paths_ignore`.
        #[must_use]
        pub fn paths<T: Into<String>>(mut self, paths: impl IntoIterator<Item = T>) -> Self {
            self.paths = Paths::Only(list(paths));
            self
        }

        /// Not if nothing but these paths changed; replaces `paths`.
        #[must_use]
        pub fn paths_ignore<T: Into<String>>(mut self, paths: impl IntoIterator<Item = T>) -> Self {
            self.paths = Paths::Ignore(list(paths));
            self
        }
    };
}

filters!(Push: branches tags paths);
filters!(PullRequest: types branches paths);
filters!(MergeGroup: branches);
filters!(WorkflowRun: types branches);

impl Push {
    /// Every push.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl PullRequest {
    /// Every pull request.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl MergeGroup {
    /// Every merge group.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl WorkflowRun {
    /// Runs of the workflows with these names.
    #[must_use]
    pub fn new<T: Into<String>>(workflows: impl IntoIterator<Item = T>) -> Self {
        Self {
            workflows: list(workflows),
            types: Vec::new(),
            branches: Vec::new(),
        }
    }
}
