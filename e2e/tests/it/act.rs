//! Rendered workflows run in act.

use crate::support;
use std::path::Path;

use e2e::act::{Act, known_to_act};
use e2e::tools::Tools;

fn dispatch(input: &str, value: &str) -> e2e::act::Run {
    let tools = Tools::install().unwrap();
    let _place = support::machine::one_core();
    let repository = support::repository(|text| known_to_act(&text));
    let stand_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stand-in/checkout");
    Act::new(tools.act(), repository.path(), "workflow_dispatch")
        .workflow(support::CALLER)
        .action(support::CHECKOUT, &stand_in)
        .env("TEST_NAME", "world")
        .input(input, value)
        .run()
        .unwrap()
}

#[test]
fn outputs_travel_through_a_called_workflow() {
    let run = dispatch("greeting", "it's $HOME");
    assert!(run.succeeded(), "{}{}", run.log, run.stderr);
    let results: Vec<_> = ["setup", "hear", "optional", "finalize"]
        .map(|id| run.result(id))
        .to_vec();
    assert_eq!(
        results,
        [Some("success"), Some("success"), None, Some("success")]
    );
    let summary = run.summaries.concat();
    assert!(summary.starts_with("it's $HOME world!\n"), "{summary}");
    assert!(summary.contains("\"result\": \"skipped\""), "{summary}");
}

#[test]
fn a_failed_job_fails_the_run() {
    let run = dispatch("fail", "true");
    assert_eq!(run.code, Some(1));
    assert_eq!(run.result("optional"), Some("failure"));
    assert_eq!(run.result("finalize"), Some("success"));
}
