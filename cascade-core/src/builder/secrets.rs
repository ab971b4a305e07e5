//! The secrets that a called workflow gets.

use crate::manifest::draft::{Map, Node};

/// The secrets that a called workflow gets.
///
/// ```
/// use cascade_core::builder::{Deploy, Secrets};
/// let deploy = |name| Deploy::new(name, ".github/workflows/deploy.yaml");
/// let all = deploy("web").secrets(Secrets::Inherit);
/// let one = deploy("api").secrets([("DEPLOY_KEY", "API_DEPLOY_KEY")]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Secrets {
    /// Every secret of the caller.
    Inherit,
    /// The callee's names, each with the caller's.
    Named(Map),
}

impl Secrets {
    /// Returns the secrets with these names of the callee's and the caller's.
    pub fn named<K: Into<String>, V: Into<String>>(
        names: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let entry = |(callee, caller): (K, V)| (callee.into(), Node::from(caller.into()));
        Self::Named(names.into_iter().map(entry).collect())
    }
}

impl<K: Into<String>, V: Into<String>, const N: usize> From<[(K, V); N]> for Secrets {
    fn from(names: [(K, V); N]) -> Self {
        Self::named(names)
    }
}

impl From<Secrets> for Node {
    fn from(secrets: Secrets) -> Self {
        match secrets {
            Secrets::Inherit => Self::from("inherit"),
            Secrets::Named(named) => Self::Map(named),
        }
    }
}
