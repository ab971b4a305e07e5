//! Mistakes that are put into generated files: scenarios must fail, in both engines where both can
//! see them.

use std::path::Path;

use e2e::engine::Engine;
use e2e::scenario::suite::{Options, run_one};

/// A mistake in a generated file.
struct Mistake {
    scenario: &'static str,
    file: &'static str,
    right: &'static str,
    wrong: &'static str,
    engines: &'static [Engine],
}

const BOTH: &[Engine] = &[Engine::Own, Engine::Act];

#[test]
fn a_condition() {
    Mistake {
        scenario: "basics/two-environments",
        file: "orchestrate.yaml",
        right: "needs.setup.outputs.deploys != ''",
        wrong: "needs.setup.outputs.deploys == ''",
        engines: BOTH,
    }
    .is_seen();
}

#[test]
fn a_permission() {
    Mistake {
        scenario: "basics/two-environments",
        file: "orchestrate.yaml",
        right: "contents: write # state, tags and the draft release",
        wrong: "contents: read",
        engines: BOTH,
    }
    .is_seen();
}

#[test]
fn the_name_of_an_output() {
    Mistake {
        scenario: "basics/two-environments",
        file: "orchestrate.yaml",
        right: "plan: ${{ steps.plan.outputs.plan }}",
        wrong: "plan: ${{ steps.plan.outputs.plans }}",
        engines: BOTH,
    }
    .is_seen();
}

#[test]
fn a_concurrency_group() {
    Mistake {
        scenario: "external/three-at-once",
        file: "external-update.yaml",
        right: "\n  cancel-in-progress: false\n  queue: max",
        wrong: "\n  cancel-in-progress: false",
        engines: &[Engine::Own],
    }
    .is_seen();
}

#[test]
fn the_permission_of_a_companion() {
    Mistake {
        scenario: "checks/preview-components",
        file: "cascade-pr-comment.yaml",
        right: "pull-requests: write # the comment",
        wrong: "pull-requests: read",
        engines: &[Engine::Own],
    }
    .is_seen();
}

#[test]
fn the_permission_to_read_another_run() {
    Mistake {
        scenario: "checks/preview-components",
        file: "cascade-pr-comment.yaml",
        right: "actions: read",
        wrong: "actions: none",
        engines: &[Engine::Own],
    }
    .is_seen();
}

impl Mistake {
    /// Fails unless each engine sees it.
    fn is_seen(&self) {
        let folder = e2e::scratch::folder().unwrap();
        let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        let path = scenarios.join(self.scenario).with_extension("yaml");
        let text = std::fs::read_to_string(path).unwrap();
        let planted = serde_json::json!([{
            "file": format!(".github/workflows/{}", self.file),
            "right": self.right,
            "wrong": self.wrong,
        }]);
        let file = folder.path().join("planted.yaml");
        std::fs::write(&file, format!("{text}\nmistakes: {planted}\n")).unwrap();
        e2e::tools::Tools::install().unwrap();
        for engine in self.engines {
            let options = Options {
                engine: *engine,
                ..Options::default()
            };
            let outcome = run_one(&file, &options);
            let seen = outcome
                .failures
                .iter()
                .any(|failure| failure.starts_with("step "));
            assert!(seen, "{engine:?} {outcome:#?}");
        }
    }
}
