//! The contexts that GitHub offers in each place (its documentation, "Context availability").

use crate::expression::Context;

/// A key that may hold an expression.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) key: &'static str,
    allows: u16,
}

const EARLY: u16 = Context::Github as u16 | Context::Inputs as u16 | Context::Vars as u16;
const SECRETS: u16 = Context::Secrets as u16;
const STATUS: u16 = Context::Status as u16;
const NEEDS: u16 = EARLY | Context::Needs as u16;
const JOB: u16 = NEEDS | Context::Strategy as u16 | Context::Matrix as u16;
const RUNNING: u16 = JOB
    | Context::Job as u16
    | Context::Runner as u16
    | Context::Env as u16
    | Context::Steps as u16;
const FILES: u16 = Context::HashFiles as u16;

macro_rules! places {
    ($($name:ident: $key:literal, $allows:expr;)+) => {
        impl Place {
            $(pub(super) const $name: Self = Self { key: $key, allows: $allows };)+
        }
    };
}

places! {
    RUN_NAME: "run-name", EARLY;
    CONCURRENCY: "concurrency", EARLY;
    ENV: "env", EARLY | SECRETS;
    OUTPUTS: "outputs", EARLY | Context::Jobs as u16;
    JOB_NAME: "name", JOB;
    JOB_IF: "if", NEEDS | STATUS;
    JOB_RUNS_ON: "runs-on", JOB;
    JOB_ENVIRONMENT: "environment", JOB;
    JOB_ENVIRONMENT_URL: "environment.url", RUNNING;
    JOB_CONCURRENCY: "concurrency", JOB;
    JOB_OUTPUTS: "outputs", RUNNING | SECRETS;
    JOB_ENV: "env", JOB | SECRETS;
    JOB_STRATEGY: "strategy", NEEDS;
    CALL_WITH: "with", JOB;
    CALL_SECRETS: "secrets", JOB | SECRETS;
    STEP_IF: "if", RUNNING | STATUS | FILES;
    STEP: "step", RUNNING | SECRETS | FILES;
    ACTION_IF: "if", ACTION | STATUS;
    ACTION_STEP: "step", ACTION;
    ACTION_OUTPUTS: "outputs", ACTION;
}

const ACTION: u16 = Context::Github as u16
    | Context::Inputs as u16
    | Context::Strategy as u16
    | Context::Matrix as u16
    | Context::Job as u16
    | Context::Runner as u16
    | Context::Env as u16
    | Context::Steps as u16
    | FILES;

impl Place {
    pub(super) const fn allows(self, context: Context) -> bool {
        self.allows & context as u16 != 0
    }
}
