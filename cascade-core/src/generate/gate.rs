//! The job that lets the deploys of an environment begin.

use super::context::{Command, Context, History, command};
use crate::actions::{
    Expr, JobHandle, OutputHandle, Permissions, Scope, StepsJob, WorkflowBuilder,
};
use crate::pipeline::{Callback, CallbackKind, Component};
use crate::protocol::job;
use crate::protocol::variable;
use crate::script;

/// The input with how the jobs of the caller ended.
pub(super) const RESULTS: &str = "results";

/// The job that lets the deploys begin.
pub(super) struct Gate {
    pub(super) job: JobHandle,
    /// The deploys by name, as JSON.
    deploys: OutputHandle,
    /// Outputs of builds, by name, JSON.
    builds: OutputHandle,
    /// GitHub's number of the deployment, where it is told of it.
    pub(super) deployment: Option<OutputHandle>,
}

impl Gate {
    /// Returns what is planned for a deploy.
    pub(super) fn planned(&self, name: &str) -> Expr {
        Expr::from_json(self.deploys.expr()).get(name)
    }

    /// Returns the outputs of builds, by their names.
    pub(super) fn builds(&self) -> Expr {
        Expr::from_json(self.builds_text())
    }

    /// Returns the same as JSON text.
    pub(super) fn builds_text(&self) -> Expr {
        self.builds.expr()
    }
}

/// Returns what a job is granted that writes state.
pub(super) fn recording(context: &Context<'_>) -> Permissions {
    let token = &context.settings.state_token;
    let state = context.writing(token, "state");
    match context.records_deployments() {
        true => {
            let records = "deployment records";
            state.union(&context.writing_also(token, Scope::Deployments, records))
        }
        false => state,
    }
}

/// The token that writes state, and tells GitHub of deployments where the pipeline wants that.
pub(super) fn token(context: &Context<'_>, job: &mut StepsJob) -> Expr {
    let scopes: &[&str] = match context.records_deployments() {
        true => &["contents", "deployments"],
        false => &["contents"],
    };
    context.token_for(job, "state-token", &context.settings.state_token, scopes)
}

/// Tells a step how the jobs of the caller ended that validated and built what is deployed.
pub(super) fn built(context: &Context<'_>, step: Command) -> Command {
    let jobs = before_deploys(context.component).into_iter();
    jobs.fold(step, |step, id| {
        let ended = Expr::from_json(Expr::input(RESULTS)).get(&id);
        step.told_of(&id, Expr::to_json(ended))
    })
}

/// Returns the ids of the jobs that run before anything is deployed, attempt by attempt.
fn before_deploys(component: &Component) -> Vec<String> {
    let validate = component.validate.iter();
    let validate = validate.map(|callback| (job::VALIDATE.to_owned(), callback));
    let builds = component.builds.iter().map(|build| {
        let callback = &build.callback;
        (
            job::callback(CallbackKind::Build, callback.name.as_str()),
            callback,
        )
    });
    let attempts = |(id, callback): (String, &Callback)| {
        let retries = (1..=callback.retries).map(|retry| job::retry(&id, retry));
        let retries: Vec<String> = retries.collect();
        std::iter::once(id).chain(retries)
    };
    validate.chain(builds).flat_map(attempts).collect()
}

/// Adds the job. It looks whether the plan still holds, now that nobody else can change it: while
/// the caller waited for a person, or for the lock, another run may have. It puts what was built
/// into the plan, and notes that the deployment begins.
pub(super) fn gate(context: &Context<'_>, flow: &mut WorkflowBuilder) -> Gate {
    let mut job = context
        .job(job::GATE, "Gate")
        .permissions(&recording(context));
    context.begin_on_commit(&mut job, History::Shallow);
    let token = token(context, &mut job);
    let step = command(
        "Check that the plan still holds, and note that it begins",
        script!("cascade deploy gate --commit-push --gha-output"),
    )
    .env(variable::GITHUB_TOKEN, token)
    .env(variable::OPERATION, Expr::input("operation"))
    .env(variable::PLAN, Expr::input("plan"))
    .env(variable::DRY_RUN, Expr::input("dry_run"));
    let step = context.signing(built(context, step));
    let step = job.step_as("gate", step);
    let [deploys, builds] = ["deploys", "builds"].map(|name| job.output(name, step.output(name)));
    let told = context.records_deployments();
    let deployment = told.then(|| job.output("deployment", step.output("deployment")));
    Gate {
        job: flow.add(job),
        deploys,
        builds,
        deployment,
    }
}
