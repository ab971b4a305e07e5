//! Jobs that call a reusable workflow.

use indexmap::IndexMap;

use super::{Common, common};
use crate::actions::{Callee, Concurrency, Expr, JobHandle, Permissions, Strategy, Value};

/// A job that calls a reusable workflow. It has no runner, no environment and no timeout: GitHub
/// does not take them there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallJob {
    pub(in crate::actions) common: Common,
    pub(in crate::actions) callee: Callee,
    pub(in crate::actions) with: IndexMap<String, Value>,
    pub(in crate::actions) secrets: Secrets,
}

/// The secrets that a call passes on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Secrets {
    /// None.
    #[default]
    None,
    /// All that the caller has.
    Inherit,
    /// These, under the names that the callee declares.
    Named(IndexMap<String, Value>),
}

impl CallJob {
    /// A call of `callee`.
    #[must_use]
    pub fn new(id: impl Into<String>, callee: Callee) -> Self {
        Self {
            common: Common::new(id),
            callee,
            with: IndexMap::new(),
            secrets: Secrets::None,
        }
    }

    /// Passes one input.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.with.insert(name.into(), value.into());
        self
    }

    /// Passes several inputs.
    #[must_use]
    pub fn with_all<N: Into<String>, V: Into<Value>>(
        mut self,
        inputs: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let inputs = inputs.into_iter();
        self.with
            .extend(inputs.map(|(name, value)| (name.into(), value.into())));
        self
    }

    /// Passes the secret of the same name.
    #[must_use]
    pub fn secret(self, name: impl Into<String>) -> Self {
        let name = name.into();
        let value = Expr::secret(&name);
        self.secret_as(name, value)
    }

    /// Passes `value` as the secret `name`.
    #[must_use]
    pub fn secret_as(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        let mut named = match self.secrets {
            Secrets::Named(named) => named,
            Secrets::None | Secrets::Inherit => IndexMap::new(),
        };
        named.insert(name.into(), value.into());
        self.secrets = Secrets::Named(named);
        self
    }

    /// Passes `secrets`, and no others.
    #[must_use]
    pub fn secrets(mut self, secrets: Secrets) -> Self {
        self.secrets = secrets;
        self
    }
}

common!(CallJob);
