mod refusals;
mod rendered;
mod roundtrip;

use super::*;
use crate::script;

fn manual() -> Triggers {
    Triggers::new().dispatch([("dry_run", Input::boolean())])
}

fn steps(id: &str) -> StepsJob {
    StepsJob::new(id, RunsOn::label("ubuntu-latest"), 5)
}

fn echo() -> Step {
    Step::run(script!("echo hi")).into()
}
