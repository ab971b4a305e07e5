use super::*;
use crate::template;

fn finish(jobs: impl IntoIterator<Item = Job>) -> Result<Workflow, WorkflowError> {
    finish_on(manual(), jobs)
}

fn finish_on(
    triggers: Triggers,
    jobs: impl IntoIterator<Item = Job>,
) -> Result<Workflow, WorkflowError> {
    let mut flow = Workflow::build("t", triggers);
    for job in jobs {
        flow.add(job);
    }
    flow.finish()
}

fn one(step: impl Into<Step>) -> [Job; 1] {
    [steps("a").with_step(step).into()]
}

fn env(expr: Expr) -> [Job; 1] {
    one(Step::run(script!("true")).env("X", expr))
}

#[test]
fn jobs_that_are_read_are_waited_for_in_file_order() {
    let mut flow = Workflow::build("t", manual());
    let mut first = steps("first");
    let step = first.step_as("s", echo());
    let output = first.output("o", step.output("o"));
    let first = flow.add(first);
    let second = flow.add(steps("second").with_step(echo()));
    flow.add(
        CallJob::new("third", Callee::local("c.yaml"))
            .needs(&second)
            .when(second.succeeded().or(first.result().equals("skipped")))
            .with("x", output),
    );
    let text = render(&flow.finish().unwrap());
    assert!(text.contains("    needs: [first, second]\n"), "{text}");
}

#[test]
fn a_job_reads_only_jobs_before_it() {
    let mut late = steps("late").with_step(echo());
    let output = late.output("o", Expr::text("x"));
    let early = steps("early").with_step(Step::run(script!("true")).env("X", &output));
    let error = finish([early.clone().into(), late.into()]).unwrap_err();
    assert!(matches!(&error, WorkflowError::UnknownJob { needs, .. } if needs == "late"));
    assert!(finish([early.into()]).is_err());
}

#[test]
fn only_declared_outputs_have_handles() {
    let callee = Callee::local(".github/workflows/c.yaml").outputs(["url"]);
    let mut flow = Workflow::build("t", manual());
    let call = flow.add(CallJob::new("c", callee));
    assert!(call.output("url").is_ok());
    assert!(matches!(
        call.output("uri"),
        Err(WorkflowError::UndeclaredOutput { .. })
    ));
}

#[test]
fn a_step_is_read_after_it_and_in_its_own_job() {
    let mut a = steps("a");
    let handle = a.step_as("s", echo());
    let b = steps("b").with_step(Step::run(script!("true")).when(handle.outcome().equals("x")));
    assert!(finish([a.clone().into()]).is_ok());
    assert!(matches!(
        finish([a.into(), b.into()]),
        Err(WorkflowError::UnknownStep { .. })
    ));
}

#[test]
fn inputs_and_secrets_must_be_declared() {
    assert!(finish(env(Expr::input("dry_run"))).is_ok());
    assert!(matches!(
        finish(env(Expr::input("dry-run"))),
        Err(WorkflowError::UndeclaredInput { .. })
    ));
    let called = || Triggers::new().call(Call::new().secret("KNOWN", false));
    assert!(finish(env(Expr::secret("OTHER"))).is_ok());
    assert!(finish_on(called(), env(Expr::secret("KNOWN"))).is_ok());
    assert!(finish_on(called(), env(Expr::secret("GITHUB_TOKEN"))).is_ok());
    assert!(matches!(
        finish_on(called(), env(Expr::secret("OTHER"))),
        Err(WorkflowError::UndeclaredSecret { .. })
    ));
}

#[test]
fn contexts_are_read_where_github_offers_them() {
    let run = || Step::run(script!("true"));
    let refused: [Job; 6] = [
        steps("a")
            .with_step(run().when(Expr::secret("S").differs("")))
            .into(),
        steps("a")
            .when(Expr::secret("S").differs(""))
            .with_step(run())
            .into(),
        steps("a")
            .env("X", Expr::runner("temp"))
            .with_step(run())
            .into(),
        steps("a").with_step(run().env("X", Expr::always())).into(),
        CallJob::new("a", Callee::local("c"))
            .with("x", Expr::env("X"))
            .into(),
        steps("a")
            .concurrency(Concurrency::group(template!["x-", Expr::secret("S")]))
            .with_step(run())
            .into(),
    ];
    for job in refused {
        let error = finish([job]).unwrap_err();
        assert!(
            matches!(error, WorkflowError::Unavailable { .. }),
            "{error}"
        );
    }
}

#[test]
fn ids_and_references_are_checked() {
    let job = |id: &str| Job::from(steps(id).with_step(echo()));
    assert!(finish([job("1a")]).is_err());
    assert!(finish([job("a"), job("a")]).is_err());
    let mut twice = steps("a");
    twice.step_as("s", echo());
    twice.step_as("s", echo());
    assert!(finish([twice.into()]).is_err());
    for action in [
        ActionRef::at("checkout", "v1"),
        ActionRef::at("a/b", ""),
        ActionRef::pinned("a/b", "v1", "v1"),
        ActionRef::local("${{ inputs.x }}"),
        ActionRef::local(""),
    ] {
        assert!(finish(one(Step::uses(action))).is_err());
    }
    assert!(finish(one(Step::uses(ActionRef::at("a/b/c", "v1")))).is_ok());
    assert_eq!(Callee::written("./a@b.yaml"), Callee::local("./a@b.yaml"));
    assert_eq!(
        Callee::written("a/b/c.yaml@v1"),
        Callee::at("a/b/c.yaml", "v1")
    );
}

#[test]
fn nothing_is_empty() {
    assert!(finish([]).is_err());
    assert!(finish([steps("a").into()]).is_err());
    assert!(finish_on(Triggers::new(), one(echo())).is_err());
}

#[test]
fn defaults_fit_their_inputs() {
    let on = |input: Input| finish_on(Triggers::new().dispatch([("x", input)]), one(echo()));
    assert!(on(Input::boolean().default(true)).is_ok());
    assert!(on(Input::boolean().default("true")).is_err());
    assert!(on(Input::choice(["a", "b"]).default("b")).is_ok());
    assert!(on(Input::choice(["a", "b"]).default("c")).is_err());
    assert!(on(Input::string().default(1)).is_err());
}

#[test]
fn outputs_need_a_caller() {
    let mut job = steps("a").with_step(echo());
    let output = job.output("o", Expr::text("x"));
    for (triggers, callable) in [(manual(), false), (Triggers::new().call(Call::new()), true)] {
        let mut flow = Workflow::build("t", triggers);
        flow.add(job.clone());
        flow.output("o", "An output.", &output);
        assert_eq!(flow.finish().is_ok(), callable);
    }
}

#[test]
fn actions_read_their_own_inputs_and_no_secrets() {
    let build = |expr: Expr| {
        let mut action = CompositeAction::build("Setup", "Installs.")
            .input("version", ActionInput::new("Which one.").default("1"));
        action.step(Step::run(script!("true")).env("X", expr));
        action.finish()
    };
    assert!(build(Expr::input("version")).is_ok());
    assert!(build(Expr::input("other")).is_err());
    assert!(build(Expr::secret("S")).is_err());
    let mut timed = CompositeAction::build("a", "b");
    timed.step(Step::run(script!("true")).timeout_minutes(1));
    assert!(timed.finish().is_err());
}
