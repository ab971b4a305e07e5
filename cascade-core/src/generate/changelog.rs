//! The callback that writes the text of a release, and the job that puts it into a draft.

use super::calls::Calling;
use super::context::{Command, Context, History, command, needs};
use super::inputs::{self, Sources};
use crate::actions::{Expr, JobHandle, OutputHandle, Value, WorkflowBuilder, WorkflowError};
use crate::manifest::ExternalField;
use crate::pipeline::{CallbackKind, StandardInput};
use crate::protocol::job;
use crate::protocol::variable;
use crate::script;

/// The text of a release that a job writes.
pub(super) struct Written {
    job: JobHandle,
    /// The versions that it is about, JSON.
    about: Expr,
}

impl Written {
    /// Adds the call, where a callback writes the text; `about` is empty where there is no release.
    pub(super) fn add(
        context: &Context<'_>,
        (setup, about): (&JobHandle, Option<&OutputHandle>),
        mut conditions: Vec<Expr>,
        flow: &mut WorkflowBuilder,
    ) -> Result<Option<Self>, WorkflowError> {
        let callback = context.component.changelog.workflow.as_ref();
        let (Some(callback), Some(about)) = (callback, about) else {
            return Ok(None);
        };
        let about = about.expr();
        conditions.push(about.clone().differs(""));
        let source = About {
            context,
            about: &about,
        };
        let calling = Calling {
            id: job::CHANGELOG.to_owned(),
            title: "Changelog".to_owned(),
            callback,
            when: Expr::all(conditions),
            with: inputs::render(callback, context.component, &source)?,
            matrix: None,
            lock: None,
            after: vec![setup.clone()],
        };
        let job = calling.add(flow).jobs.into_iter().next();
        Ok(job.map(|job| Self { job, about }))
    }

    /// True if it was written.
    pub(super) fn succeeded(&self) -> Expr {
        self.job.succeeded()
    }

    /// Hands it to the step that makes a release.
    pub(super) fn told(&self, step: Command) -> Command {
        let step = step.env(variable::CHANGELOG, self.about.clone());
        needs(step, [&self.job])
    }

    /// Adds the job that puts it into the draft which `finalize` made.
    ///
    /// It is a job of its own: a text that is too long for a variable (`MAX_ARG_STRLEN` in
    /// execve(2)) keeps a step from starting, and the deployment is recorded all the same.
    pub(super) fn describe(
        &self,
        context: &Context<'_>,
        finalize: &JobHandle,
        flow: &mut WorkflowBuilder,
    ) {
        let token = context.settings.release_token();
        let permissions = context.writing(token, "the text of the draft release");
        let mut job = context
            .job(job::DESCRIBE, "Describe the release")
            .permissions(&permissions)
            .needs_all([finalize])
            .when(Expr::not_cancelled().and(self.succeeded()));
        context.begin_on_commit(&mut job, History::Shallow);
        let release = context.token(&mut job, "release-token", token);
        let step = command(
            "Write the changelog into the draft",
            script!("cascade orchestrate describe --gha-output"),
        )
        .env(variable::GITHUB_TOKEN, Expr::token())
        .env(variable::RELEASE_TOKEN, release);
        job.step(self.told(step));
        flow.add(job);
    }
}

/// The values of the callback: the two ends of what it tells.
struct About<'a> {
    context: &'a Context<'a>,
    about: &'a Expr,
}

impl Sources for About<'_> {
    fn standard(&self, input: StandardInput) -> Value {
        let about = Expr::from_json(self.about.clone());
        about.get(input.as_str()).into()
    }

    fn output(&self, _: CallbackKind, _: &str, _: &str) -> Result<Expr, WorkflowError> {
        Ok("".into())
    }

    fn external(&self, _: &str, _: ExternalField) -> Expr {
        "".into()
    }

    fn dispatch(&self) -> Expr {
        super::triggers::dispatch_defaults(self.context.component).into()
    }

    fn dry_run(&self) -> Expr {
        false.into()
    }

    fn environment(&self) -> Expr {
        "".into()
    }
}
