//! The holders of credentials, and their permissions.

use std::collections::BTreeMap;

/// A credential that the server knows.
#[derive(Debug, Clone)]
pub struct Token {
    pub(super) value: String,
    pub(super) login: String,
    pub(super) kind: TokenKind,
    pub(super) access: BTreeMap<String, Permissions>,
}

/// The kind of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// The `GITHUB_TOKEN` of a run: what it does starts nothing but dispatches, and it never moves
    /// a ref to other workflow files.
    Workflow,
    /// An installation token of a GitHub App.
    App,
    /// A person's token.
    Personal,
    /// An App as itself, by a JWT that it signed: it may mint tokens and nothing else.
    Itself,
}

/// A permission's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Runs and dispatches of workflows.
    Actions,
    /// Settings: protection, environments.
    Administration,
    /// Files, refs, releases, `repository_dispatch`.
    Contents,
    /// Deployments.
    Deployments,
    /// Secrets and variables of environments.
    Environments,
    /// Issues and labels.
    Issues,
    /// Pull requests.
    PullRequests,
    /// Names of secrets.
    Secrets,
    /// Variables.
    Variables,
    /// Workflow files.
    Workflows,
}

/// The level of a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// To look.
    Read,
    /// To change.
    Write,
}

/// The permissions of a credential in one repository.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Permissions(BTreeMap<Scope, Access>);

const ALL: [Scope; 10] = [
    Scope::Actions,
    Scope::Administration,
    Scope::Contents,
    Scope::Deployments,
    Scope::Environments,
    Scope::Issues,
    Scope::PullRequests,
    Scope::Secrets,
    Scope::Variables,
    Scope::Workflows,
];

impl Scope {
    /// The scope of this name, in the words of a workflow's `permissions` or of an App's.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.replace('_', "-");
        ALL.into_iter().find(|scope| scope.name() == name)
    }

    /// Its name in a workflow's `permissions`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Actions => "actions",
            Self::Administration => "administration",
            Self::Contents => "contents",
            Self::Deployments => "deployments",
            Self::Environments => "environments",
            Self::Secrets => "secrets",
            Self::Variables => "variables",
            Self::Issues => "issues",
            Self::PullRequests => "pull-requests",
            Self::Workflows => "workflows",
        }
    }
}

impl Permissions {
    /// Nothing but the repository's metadata.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// To look at everything.
    #[must_use]
    pub fn read_all() -> Self {
        Self(ALL.map(|scope| (scope, Access::Read)).into())
    }

    /// Everything.
    #[must_use]
    pub fn write_all() -> Self {
        Self(ALL.map(|scope| (scope, Access::Write)).into())
    }

    /// Also to look at `scope`.
    #[must_use]
    pub fn read(self, scope: Scope) -> Self {
        self.with(scope, Access::Read)
    }

    /// Also to change `scope`.
    #[must_use]
    pub fn write(self, scope: Scope) -> Self {
        self.with(scope, Access::Write)
    }

    pub(super) fn with(mut self, scope: Scope, access: Access) -> Self {
        self.0.insert(scope, access);
        self
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Scope, Access)> {
        self.0.iter().map(|(scope, access)| (*scope, *access))
    }

    pub(super) fn allow(&self, scope: Scope, access: Access) -> bool {
        self.0.get(&scope).is_some_and(|held| *held >= access)
    }
}

impl Token {
    /// A run's `GITHUB_TOKEN`.
    #[must_use]
    pub fn workflow(value: impl Into<String>) -> Self {
        Self::new(value, "github-actions[bot]", TokenKind::Workflow)
    }

    /// A GitHub App's token; `login` without `[bot]`.
    #[must_use]
    pub fn app(value: impl Into<String>, login: &str) -> Self {
        Self::new(value, &format!("{login}[bot]"), TokenKind::App)
    }

    /// A person's token.
    #[must_use]
    pub fn personal(value: impl Into<String>, login: &str) -> Self {
        Self::new(value, login, TokenKind::Personal)
    }

    /// May do this in that repository (`owner/name`).
    #[must_use]
    pub fn may(mut self, repository: impl Into<String>, permissions: Permissions) -> Self {
        self.access.insert(repository.into(), permissions);
        self
    }

    /// The App with this id.
    pub(super) fn itself(id: &str) -> Self {
        Self::new("", id, TokenKind::Itself)
    }

    pub(super) fn anonymous() -> Self {
        Self::new("", "", TokenKind::Personal)
    }

    pub(super) fn is_anonymous(&self) -> bool {
        self.login.is_empty()
    }

    pub(super) fn allows(&self, repository: &str, scope: Scope, access: Access) -> bool {
        self.access
            .get(repository)
            .is_some_and(|permissions| permissions.allow(scope, access))
    }

    /// Returns true if refs may move to commits with other workflow files.
    pub(super) fn may_change_workflows(&self, repository: &str) -> bool {
        self.kind != TokenKind::Workflow && self.allows(repository, Scope::Workflows, Access::Write)
    }

    /// Returns true if a program acts with it, and no person.
    pub(super) fn is_bot(&self) -> bool {
        self.login.ends_with("[bot]")
    }

    /// The token's kind in GitHub's refusals.
    pub(super) fn noun(&self) -> &'static str {
        match self.kind {
            TokenKind::Workflow | TokenKind::App | TokenKind::Itself => "GitHub App",
            TokenKind::Personal => "Personal Access Token",
        }
    }

    fn new(value: impl Into<String>, login: &str, kind: TokenKind) -> Self {
        Self {
            value: value.into(),
            login: login.to_owned(),
            kind,
            access: BTreeMap::new(),
        }
    }
}
