//! The plan of a deployment, with what was built for it.

use crate::cli::error::Failure;
use crate::operation::orchestrate::{BuildArgs, Built};
use crate::operation::plans;
use crate::run::Session;
use cascade_core::lifecycle::outcome::Results;
use cascade_core::lifecycle::{
    self, Deploying, Operation, Recorded, Step, begin, hotfix, record, rollback,
};
use cascade_core::pipeline::Component;
use cascade_core::state::Managed;

/// A deployment that is about to begin, or has ended.
pub(super) struct Planned {
    pub(super) plan: Plan,
    /// The builds before it, where the operation builds.
    pub(super) built: Option<Built>,
}

/// A plan, by its operation.
pub(super) enum Plan {
    Step(Box<Step>),
    Rollback(Box<rollback::Plan>),
    Hotfix(Box<hotfix::Deployment>),
}

impl Planned {
    /// Reads the plan, and puts what was built into it.
    pub(super) fn read(
        session: &Session,
        operation: Operation,
        args: &BuildArgs,
    ) -> Result<Self, Failure> {
        Ok(match operation {
            Operation::Orchestrate => {
                let built = args.collect(session, &plans::read("orchestrate setup")?)?;
                Self {
                    plan: Plan::Step(Box::new(built.collected.step.clone())),
                    built: Some(built),
                }
            }
            Operation::Hotfix => {
                let mut deployment: hotfix::Deployment = plans::read("hotfix plan")?;
                let built = args.collect(session, &deployment.run)?;
                deployment.run.step = built.collected.step.clone();
                Self {
                    plan: Plan::Hotfix(Box::new(deployment)),
                    built: Some(built),
                }
            }
            Operation::Promote | Operation::Restore => {
                Self::without_builds(Plan::Step(plans::read("promote preflight")?))
            }
            Operation::Rollback => {
                Self::without_builds(Plan::Rollback(plans::read("rollback preflight")?))
            }
        })
    }

    const fn without_builds(plan: Plan) -> Self {
        Self { plan, built: None }
    }

    /// Returns how the builds ended if one failed that must not, or did not put out what is read.
    pub(super) fn aborted(&self) -> Option<&Results> {
        let built = self.built.as_ref()?;
        built.collected.aborted.then_some(&built.builds)
    }
}

impl Plan {
    pub(super) fn step(&self) -> &Step {
        match self {
            Self::Step(step) => step,
            Self::Rollback(plan) => &plan.step,
            Self::Hotfix(deployment) => &deployment.run.step,
        }
    }

    /// By hand nothing noted that the deployment began.
    pub(super) fn record_by_hand(
        &self,
        managed: &Managed,
        deploying: Deploying<'_>,
        component: &Component,
        ended: lifecycle::Ended<'_>,
    ) -> Result<(Managed, Recorded), Failure> {
        let begun = Managed {
            state: begin(&managed.state, self.step(), deploying)?,
            ..managed.clone()
        };
        self.record(&begun, deploying, component, ended)
    }

    pub(super) fn record(
        &self,
        managed: &Managed,
        deploying: Deploying<'_>,
        component: &Component,
        ended: lifecycle::Ended<'_>,
    ) -> Result<(Managed, Recorded), Failure> {
        let state = &managed.state;
        let recorded = match self {
            Self::Step(step) => record(state, step, deploying, component, ended)?,
            Self::Rollback(plan) => rollback::record(state, plan, deploying, component, ended)?,
            Self::Hotfix(deployment) => {
                return Ok(hotfix::record(
                    managed, deployment, deploying, component, ended,
                )?);
            }
        };
        let managed = Managed {
            state: recorded.state.clone(),
            ..managed.clone()
        };
        Ok((managed, recorded))
    }
}
