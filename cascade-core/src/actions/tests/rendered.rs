use super::*;
use crate::template;

const SHA: &str = "3d3c42e5aac5ba805825da76410c181273ba90b1";

#[test]
fn a_workflow_with_everything() {
    let mut flow = Workflow::build("Every: thing", every_trigger())
        .header("Generated; do not edit.")
        .run_name(template!["Run of ", Expr::github("actor")])
        .env("CI", true)
        .concurrency(Concurrency::group("all").queue_all());
    let mut setup = StepsJob::new("setup", RunsOn::labels(["self-hosted", "linux"]), 10)
        .name("Set up")
        .comment("Decides what runs.")
        .permissions(
            &Permissions::none()
                .read(Scope::Actions)
                .write(Scope::Contents, "pushes the state commit"),
        )
        .environment(Environment::new("prod").url("https://example.com"))
        .env("HOME_DIR", Expr::var("DIR"));
    setup.step(
        Step::uses(ActionRef::pinned("actions/checkout", SHA, "v7.0.1"))
            .with("persist-credentials", false)
            .with("fetch-depth", 0),
    );
    let plan = setup.step_as(
        "plan",
        Step::run(script!("set -e\ncascade plan\n"))
            .name("Plan")
            .when(Expr::not_cancelled())
            .shell(Shell::Bash)
            .working_directory("sub")
            .env("NUMBER", "1")
            .continue_on_error(true)
            .timeout_minutes(3)
            .comment("The decision."),
    );
    let matrix = setup.output("matrix", plan.output("matrix"));
    let setup = flow.add(setup);
    flow.add(
        CallJob::new("deploy", Callee::local(".github/workflows/deploy.yaml"))
            .when(setup.succeeded().and(Expr::input("mode").equals("a")))
            .concurrency(
                Concurrency::group(template!["env-", Expr::matrix("env")]).cancel_in_progress(),
            )
            .strategy(
                Strategy::matrix([
                    ("env", Axis::from(Expr::from_json(&matrix))),
                    ("n", Axis::list([1, 2])),
                ])
                .fail_fast(false)
                .max_parallel(1),
            )
            .with("dry_run", false)
            .secret("TOKEN"),
    );
    flow.output("matrix", "What ran.", &matrix);
    let workflow = flow.finish().unwrap();
    insta::assert_snapshot!(render(&workflow));
    assert_eq!(render(&workflow), render(&workflow.clone()));
}

fn every_trigger() -> Triggers {
    Triggers::new()
        .push(Push::new().branches(["main"]).paths_ignore(["docs/**"]))
        .pull_request(PullRequest::new().types(["closed"]))
        .workflow_run(WorkflowRun::new(["Other"]).types(["completed"]))
        .merge_group(MergeGroup::new())
        .repository_dispatch(["go"])
        .schedule(["0 6 * * *", "0 6 * * *"])
        .call(
            Call::new()
                .input("sha", CallInput::string().required())
                .secret("TOKEN", true),
        )
        .dispatch([
            (
                "mode",
                Input::choice(["a", "b"])
                    .default("a")
                    .description("Which way."),
            ),
            ("n", Input::number()),
        ])
}

#[test]
fn an_action_with_everything() {
    let mut action = CompositeAction::build("Set up", "Installs the tool.")
        .header("Generated; do not edit.")
        .input("version", ActionInput::new("Which one.").required())
        .input("dir", ActionInput::new("Where to.").default("bin"));
    let step = action.step_as(
        "install",
        Step::run(script!("install")).env("VERSION", Expr::input("version")),
    );
    action.output("path", "Where it is.", step.output("path"));
    insta::assert_snapshot!(render_action(&action.finish().unwrap()));
}

#[test]
fn secrets_and_groups() {
    let mut flow = Workflow::build("t", manual());
    flow.add(CallJob::new("a", Callee::at("o/r/w.yaml", "v1")).secrets(Secrets::Inherit));
    flow.add(
        StepsJob::new("b", RunsOn::group("big", ["linux"]), 1)
            .environment(Environment::new(Expr::input("dry_run")))
            .strategy(Strategy::from_expr(Expr::from_json("{}")))
            .with_step(echo()),
    );
    insta::assert_snapshot!(render(&flow.finish().unwrap()));
}
