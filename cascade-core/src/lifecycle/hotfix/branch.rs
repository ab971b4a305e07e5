//! The branch of a hotfixed environment.

use crate::commits::short;
use crate::lifecycle::Base;
use crate::state::Environment;
use serde::{Deserialize, Serialize};

pub(super) const BASES: &str = "env/";

/// The action that an environment's branch needs before a fix can go there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "branch", rename_all = "kebab-case")]
pub enum Branch {
    /// It is not there, and is made.
    Create,
    /// It stands where the environment is.
    Keep,
    /// It is left over, and is moved.
    Reset {
        /// The commit at which it stands.
        from: String,
    },
}

impl Branch {
    /// Decides the action; an error is the commit at which a branch stands that may not be moved.
    pub(super) fn decide(held: &Environment, tip: Option<&str>) -> Result<Self, String> {
        match tip {
            None => Ok(Self::Create),
            Some(tip) if held.held.sha.as_deref() == Some(tip) => Ok(Self::Keep),
            Some(tip) if is_hotfix(&Base::from(held)) => Err(tip.to_owned()),
            Some(tip) => Ok(Self::Reset {
                from: tip.to_owned(),
            }),
        }
    }
}

/// Returns the branch that stands at what an environment holds: `env/prod`, or `env/api/prod` of a
/// component.
#[must_use]
pub fn base_branch(component: Option<&str>, environment: &str) -> String {
    format!("{BASES}{}", within(component, environment))
}

/// Returns the environment of the component whose branch this is.
#[must_use]
pub fn environment_of<'a>(component: Option<&str>, branch: &'a str) -> Option<&'a str> {
    let rest = branch.strip_prefix(BASES)?;
    let environment = match component {
        Some(name) => rest.strip_prefix(name)?.strip_prefix('/')?,
        None => rest,
    };
    // A name has no `/`: what has one is a branch of some component.
    (!environment.contains('/')).then_some(environment)
}

/// Returns true if a hotfix took this off trunk.
#[must_use]
pub fn is_hotfix(base: &Base) -> bool {
    base.git_ref
        .as_deref()
        .is_some_and(|branch| branch.starts_with(BASES))
}

/// The branch that fixes are picked onto; the newest of them names it.
pub(super) fn fix_branch(component: Option<&str>, environment: &str, newest: &str) -> String {
    let environment = within(component, environment);
    format!("hotfix/{environment}/{}", short(newest))
}

fn within(component: Option<&str>, environment: &str) -> String {
    match component {
        Some(name) => format!("{name}/{environment}"),
        None => environment.to_owned(),
    }
}
