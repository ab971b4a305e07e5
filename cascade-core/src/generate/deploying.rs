//! The values that a deploy, or a stage of its rollout, is given in the deploy path.

use super::calls::Added;
use super::gate::Gate;
use super::inputs::Sources;
use crate::actions::{Expr, Value, WorkflowError};
use crate::manifest::ExternalField;
use crate::pipeline::{CallbackKind, StandardInput};

/// The part of a deploy that a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// All of it.
    Direct,
    /// A stage on the way to everybody, with the share that it reaches.
    Forward(&'static str, i64),
    /// The rollback to what ran before.
    Back,
}

/// The sources of values in this workflow.
pub(super) struct Deploying<'a> {
    pub(super) name: &'a str,
    pub(super) gate: &'a Gate,
    pub(super) deployed: &'a Added,
    pub(super) stage: Stage,
}

impl Deploying<'_> {
    fn planned(&self) -> Expr {
        self.gate.planned(self.name)
    }

    const fn percent(&self) -> i64 {
        match self.stage {
            Stage::Direct => 100,
            Stage::Forward(_, percent) => percent,
            Stage::Back => 0,
        }
    }

    const fn stage(&self) -> &'static str {
        match self.stage {
            Stage::Direct => "direct",
            Stage::Forward(stage, _) => stage,
            Stage::Back => "rollback",
        }
    }
}

impl Sources for Deploying<'_> {
    fn standard(&self, input: StandardInput) -> Value {
        match input {
            StandardInput::Environment => self.environment().into(),
            StandardInput::DryRun => self.dry_run().into(),
            StandardInput::DeployName => self.name.into(),
            StandardInput::Percent => self.percent().into(),
            StandardInput::Stage => self.stage().into(),
            StandardInput::Sha if self.stage == Stage::Back => {
                self.planned().get("previous_sha").into()
            }
            StandardInput::Version if self.stage == Stage::Back => {
                self.planned().get("previous_version").into()
            }
            other => self.planned().get(other.as_str()).into(),
        }
    }

    fn output(&self, kind: CallbackKind, name: &str, output: &str) -> Result<Expr, WorkflowError> {
        if kind == CallbackKind::Build {
            // What is restored or rolled back has the outputs that it was deployed with.
            let builds = self.planned().get("builds").or(self.gate.builds());
            return Ok(builds.get(name).get(output));
        }
        let producer = self.deployed.get(name);
        let fresh = producer
            .map(|attempts| attempts.output(output))
            .transpose()?;
        let recorded = self.planned().get("outputs").get(name).get(output);
        Ok(fresh.map_or(recorded.clone(), |fresh| fresh.or(recorded)))
    }

    fn external(&self, name: &str, field: ExternalField) -> Expr {
        self.planned().get("external").get(name).get(field.as_str())
    }

    fn dispatch(&self) -> Expr {
        Expr::input("dispatch")
    }

    fn dry_run(&self) -> Expr {
        Expr::input("dry_run")
    }

    fn environment(&self) -> Expr {
        Expr::input("environment")
    }
}
