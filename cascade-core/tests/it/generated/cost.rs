//! The jobs of its own that each operation takes, which `docs/cost.md` tells.
//!
//! `UPDATE_REFERENCE=1 cargo test -p cascade-core --test it -- cost` writes the table anew.

use super::{examples, keep};
use serde_yaml::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;

const MARKS: [&str; 2] = [
    "<!-- jobs: derived from the examples -->\n",
    "<!-- end of the jobs -->\n",
];

/// An operation: what a person calls it, the example, and the jobs that run, by file.
struct Operation {
    name: &'static str,
    example: &'static str,
    runs: &'static [(&'static str, &'static [&'static str])],
}

const ORCHESTRATE: &str = "orchestrate.yaml";
const PROMOTE: &str = "promote.yaml";
const HOTFIX: &str = "cascade-hotfix.yaml";

const OPERATIONS: &[Operation] = &[
    Operation {
        name: "A push that changes nothing that a callback is triggered by",
        example: "shop",
        runs: &[(ORCHESTRATE, &["setup"])],
    },
    Operation {
        name: "A push that builds and deploys",
        example: "shop",
        runs: &[(
            ORCHESTRATE,
            &[
                "setup",
                "validate",
                "build-image",
                "build-assets",
                "deploy-dev",
                "finalize",
            ],
        )],
    },
    Operation {
        name: "A push of a library",
        example: "library",
        runs: &[(
            ORCHESTRATE,
            &["setup", "validate", "build-package", "finalize"],
        )],
    },
    Operation {
        name: "A push that takes versions of other repositories along",
        example: "consumer",
        runs: &[(
            ORCHESTRATE,
            &["resolve", "setup", "build-app", "deploy-dev", "finalize"],
        )],
    },
    Operation {
        name: "A promotion by one environment",
        example: "shop",
        runs: &[(PROMOTE, &["setup", "deploy-test", "finalize"])],
    },
    Operation {
        name: "The same, where GitHub asks a person first",
        example: "shop",
        runs: &[(PROMOTE, &["setup", "approve-uat", "deploy-uat", "finalize"])],
    },
    Operation {
        name: "A promotion to production, with the release",
        example: "shop",
        runs: &[(
            PROMOTE,
            &[
                "setup",
                "release",
                "publish",
                "approve-prod",
                "deploy-prod",
                "finalize",
            ],
        )],
    },
    Operation {
        name: "A release of a library",
        example: "library",
        runs: &[(PROMOTE, &["setup", "release", "publish", "finalize"])],
    },
    Operation {
        name: "A rollback",
        example: "shop",
        runs: &[("cascade-rollback.yaml", &["setup", "deploy-test"])],
    },
    Operation {
        name: "A hotfix: opening its pull request",
        example: "shop",
        runs: &[(HOTFIX, &["setup", "apply"])],
    },
    Operation {
        name: "A hotfix: deploying its merge",
        example: "shop",
        runs: &[
            (HOTFIX, &["merged"]),
            (
                HOTFIX,
                &[
                    "setup",
                    "build-image",
                    "build-assets",
                    "deploy-test",
                    "finalize",
                ],
            ),
        ],
    },
    Operation {
        name: "A report of a producer that deploys",
        example: "consumer",
        runs: &[(
            "external-update.yaml",
            &["update", "deploy_cdk", "finalize"],
        )],
    },
    Operation {
        name: "A poll that finds nothing new",
        example: "consumer",
        runs: &[(
            "cascade-poll.yaml",
            &["resolve-cascade-external-read-token", "record"],
        )],
    },
];

/// The jobs of cascade's own in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Jobs {
    all: usize,
    /// Those that wait for each other.
    in_a_row: usize,
}

/// The workflows of an example, by file name.
struct Workflows(BTreeMap<String, Value>);

impl Workflows {
    fn of(example: &str) -> Self {
        let folder = format!("/{example}/.github/workflows/");
        let files = examples().into_iter();
        Self(
            files
                .filter_map(|(path, workflow)| {
                    let (_, name) = path.split_once(&folder)?;
                    Some((name.to_owned(), workflow))
                })
                .collect(),
        )
    }

    fn count(&self, file: &str, runs: &[&str]) -> Jobs {
        let jobs = &self.0[file]["jobs"];
        let mut longest: BTreeMap<&str, usize> = BTreeMap::new();
        let mut all = 0;
        for name in runs {
            let job = &jobs[*name];
            assert!(job.is_mapping(), "{file} has no job `{name}`");
            let own = self.own(job);
            all += own.all;
            let before = needs(job).into_iter();
            let before = before.filter_map(|need| longest.get(need.as_str()).copied());
            longest.insert(name, before.max().unwrap_or(0) + own.in_a_row);
        }
        Jobs {
            all,
            in_a_row: longest.into_values().max().unwrap_or(0),
        }
    }

    /// The jobs of cascade's own that a job is: one, those of the deploy path, or none.
    fn own(&self, job: &Value) -> Jobs {
        let called = job["uses"]
            .as_str()
            .and_then(|uses| uses.rsplit('/').next());
        match called {
            None => Jobs {
                all: 1,
                in_a_row: 1,
            },
            Some(file) if file.starts_with("cascade-deploy") => {
                let record = needs(&self.0[file]["jobs"]["record"]);
                assert!(record.contains(&"gate".to_owned()));
                self.count(file, &["gate", "record"])
            }
            Some(_) => Jobs::default(),
        }
    }
}

fn needs(job: &Value) -> Vec<String> {
    match &job["needs"] {
        Value::String(one) => vec![one.clone()],
        list => serde_yaml::from_value(list.clone()).unwrap_or_default(),
    }
}

fn table() -> String {
    let mut text =
        "| operation | example | jobs | one after the other |\n|---|---|---|---|\n".to_owned();
    for operation in OPERATIONS {
        let workflows = Workflows::of(operation.example);
        let runs = operation.runs.iter();
        let jobs = runs.map(|(file, runs)| workflows.count(file, runs));
        let jobs = jobs.fold(Jobs::default(), |sum, jobs| Jobs {
            all: sum.all + jobs.all,
            in_a_row: sum.in_a_row + jobs.in_a_row,
        });
        writeln!(
            text,
            "| {0} | [{1}](../examples/{1}) | {2} | {3} |",
            operation.name, operation.example, jobs.all, jobs.in_a_row
        )
        .unwrap();
    }
    text
}

#[test]
fn the_page_of_costs_tells_the_jobs_of_each_operation() {
    keep("cost.md", MARKS, &table());
}
