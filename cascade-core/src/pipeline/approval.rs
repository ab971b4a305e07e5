//! The job that asks for the approval of a deployment: one of cascade's own, or one in the deploys'
//! workflows.

use super::{Callback, Component, Environment};
use crate::expression::{Expression, Template};

impl Callback {
    /// Returns true if a job of the callback's own waits for what GitHub's environment `gate` of
    /// `environment` demands.
    ///
    /// An expression is believed, except that of the standard input, whose value is known.
    #[must_use]
    pub fn waits_for(&self, gate: &str, environment: &Environment) -> bool {
        self.environments.iter().any(|written| {
            let Ok(template) = Template::parse(written) else {
                return true;
            };
            match template.whole().and_then(Expression::property) {
                Some((context, "environment")) if context.eq_ignore_ascii_case("inputs") => {
                    is_same(environment.name.as_str(), gate)
                }
                _ => template.expressions().next().is_some() || is_same(written, gate),
            }
        })
    }
}

impl Component {
    /// Returns the environment of GitHub's that a job of cascade's own waits for before anything is
    /// deployed to `environment`; `None` if no such environment gates it, or every deploy waits for
    /// it in a job of its own.
    #[must_use]
    pub fn approval<'a>(&self, environment: &'a Environment) -> Option<&'a str> {
        let gate = environment.gate()?;
        let mut deploys = self.deploy_callbacks().peekable();
        let asked_for = deploys.peek().is_some()
            && deploys.all(|callback| callback.waits_for(gate, environment));
        (!asked_for).then_some(gate)
    }

    /// Returns the deploys that wait for an environment of GitHub's in a job of their own although
    /// cascade waits for it, too, because other deploys do not.
    pub fn approved_twice(&self) -> impl Iterator<Item = &Callback> {
        self.deploy_callbacks().filter(|callback| {
            self.environments.iter().any(|environment| {
                self.approval(environment)
                    .is_some_and(|gate| callback.waits_for(gate, environment))
            })
        })
    }
}

/// GitHub reads names of environments without case.
fn is_same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}
