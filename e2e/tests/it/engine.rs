//! The engine of our own: small workflows with a known end, and what it refuses by name.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use e2e::act::Run;
use e2e::engine::{Admission, Earlier, Groups, Request, run};
use e2e::setup::Setup;
use serde_json::{Value, json};

const FILE: &str = ".github/workflows/main.yaml";

/// A run of some files.
struct Case<'a> {
    files: BTreeMap<&'a str, String>,
    payload: Value,
    secrets: Vec<(String, String)>,
    earlier: Option<Earlier>,
    cancel: Option<&'a str>,
}

impl<'a> Case<'a> {
    /// A workflow for a dispatch, with these jobs.
    fn of(jobs: &str) -> Self {
        Self {
            files: [(FILE, format!("on: workflow_dispatch\njobs:\n{jobs}"))].into(),
            payload: json!({}),
            secrets: Vec::new(),
            earlier: None,
            cancel: None,
        }
    }

    fn file(mut self, path: &'a str, text: &str) -> Self {
        self.files.insert(path, text.to_owned());
        self
    }

    fn run(&self) -> anyhow::Result<Run> {
        self.run_among(&Groups::default())
    }

    fn run_among(&self, groups: &Groups) -> anyhow::Result<Run> {
        let folder = e2e::scratch::folder()?;
        let mut setup = Setup {
            event: "workflow_dispatch".to_owned(),
            payload: self.payload.clone(),
            secrets: self.secrets.clone(),
            ..Setup::default()
        };
        setup.env("GITHUB_REPOSITORY", "acme/app");
        setup.env("GITHUB_REF", "refs/heads/main");
        let read = |path: &str| {
            let text = self.files.get(path).cloned();
            text.ok_or_else(|| anyhow::anyhow!("no {path}"))
        };
        run(&Request {
            setup: &setup,
            workflow: FILE,
            read: &read,
            token: &|job| format!("token-of-{job}"),
            earlier: self.earlier.as_ref(),
            cancel: self.cancel,
            admit: &|_| Ok(Admission::default()),
            watch: &|_| (),
            groups,
            folder: folder.path(),
        })
    }

    fn refused(&self) -> String {
        format!("{:#}", self.run().unwrap_err())
    }
}

fn results(run: &Run) -> BTreeMap<&str, &str> {
    let jobs = run.jobs.iter();
    jobs.map(|job| (job.path.as_str(), job.result.as_str()))
        .collect()
}

fn lines(run: &Run) -> Vec<&str> {
    let lines = run.log.lines();
    lines
        .filter_map(|line| line.split_once(" | "))
        .map(|(_, line)| line)
        .collect()
}

#[test]
fn jobs_see_how_those_before_them_ended() {
    let run = Case::of(
        "
  good: { runs-on: x, outputs: { a: '${{ steps.s.outputs.a }}' }, steps: [{ id: s, run: 'echo a=1 >> $GITHUB_OUTPUT' }] }
  bad: { runs-on: x, steps: [{ run: exit 3 }, { run: 'echo never' }, { if: failure(), run: 'echo after' }] }
  skipped: { needs: bad, runs-on: x, steps: [{ run: 'echo no' }] }
  below: { needs: skipped, runs-on: x, steps: [{ run: 'echo no' }] }
  failed: { needs: skipped, if: failure(), runs-on: x, steps: [{ run: 'echo failed' }] }
  always: { needs: [good, bad], if: always(), runs-on: x, steps: [{ run: 'echo ${{ needs.good.outputs.a }} ${{ needs.bad.result }}' }] }
",
    )
    .run()
    .unwrap();
    let expected = [
        ("always", "success"),
        ("bad", "failure"),
        ("failed", "success"),
        ("good", "success"),
    ];
    assert_eq!(results(&run), expected.into());
    assert!(!run.succeeded());
    for (line, there) in [
        ("1 failure", true),
        ("after", true),
        ("failed", true),
        ("never", false),
        ("no", false),
    ] {
        assert_eq!(lines(&run).contains(&line), there, "{line}\n{}", run.log);
    }
}

#[test]
fn a_call_has_the_inputs_and_outputs_that_its_callee_declares() {
    let callee = "
on:
  workflow_call:
    inputs: { name: { type: string, required: true }, loud: { type: boolean } }
    outputs: { said: { value: '${{ jobs.speak.outputs.said }}' } }
    secrets: { KEY: { required: false } }
jobs:
  speak:
    runs-on: x
    outputs: { said: '${{ steps.s.outputs.said }}' }
    steps: [{ id: s, run: 'echo said=${{ inputs.name }}-${{ inputs.loud }} >> $GITHUB_OUTPUT; test \"$KEY\" = hidden', env: { KEY: '${{ secrets.KEY }}' } }]
";
    let mut case = Case::of(
        "
  call: { uses: ./callee.yaml, with: { name: Ada, loud: true }, secrets: { KEY: '${{ secrets.K }}' } }
  tell: { needs: call, runs-on: x, steps: [{ run: 'echo told ${{ needs.call.outputs.said }}' }] }
",
    )
    .file("callee.yaml", callee);
    case.secrets.push(("K".to_owned(), "hidden".to_owned()));
    let run = case.run().unwrap();
    assert!(lines(&run).contains(&"told Ada-true"), "{}", run.log);
    let expected = [
        ("call", "success"),
        ("call/speak", "success"),
        ("tell", "success"),
    ];
    assert_eq!(results(&run), expected.into());
}

#[test]
fn calls_that_github_refuses_are_refused() {
    let callee = "on: { workflow_call: { inputs: { n: { type: number, required: true } }, secrets: { K: { required: true } } } }\njobs: { j: { runs-on: x, steps: [{ run: 'true' }] } }";
    for (call, why) in [
        (
            "with: { n: 1, other: 2 }",
            "the callee has no input `other`",
        ),
        ("secrets: { K: k }", "the input `n` is required"),
        ("with: { n: text }, secrets: { K: k }", "is no number"),
        ("with: { n: 1 }", "the secret `K` is required"),
        (
            "with: { n: 1 }, secrets: { K: k, L: l }",
            "the callee has no secret `L`",
        ),
    ] {
        let case = Case::of(&format!("  call: {{ uses: ./callee.yaml, {call} }}\n"));
        let refused = case.file("callee.yaml", callee).refused();
        assert!(refused.contains(why), "{call}: {refused}");
    }
}

#[test]
fn what_is_not_known_is_refused_by_name() {
    for (jobs, why) in [
        (
            "  j: { runs-on: x, container: alpine, steps: [] }\n",
            "container",
        ),
        (
            "  j: { runs-on: x, steps: [{ run: 'true', shell: pwsh }] }\n",
            "pwsh",
        ),
        (
            "  j: { runs-on: x, steps: [{ run: \"echo ${{ hashFiles('!x') }}\" }] }\n",
            "hashFiles",
        ),
        (
            "  j: { runs-on: x, steps: [{ uses: 'docker://alpine' }] }\n",
            "docker://alpine",
        ),
        (
            "  j: { runs-on: x, strategy: { matrix: { a: [1], exclude: [{ a: 1 }] } }, steps: [] }\n",
            "exclude",
        ),
        ("  j: { needs: other, runs-on: x, steps: [] }\n", "`other`"),
        (
            "  j: { uses: acme/ci/.github/workflows/x.yaml@v1 }\n",
            "another repository",
        ),
    ] {
        let refused = Case::of(jobs).refused();
        assert!(refused.contains(why), "{jobs}: {refused}");
    }
}

#[test]
fn an_output_that_a_secret_is_part_of_is_dropped() {
    let mut case = Case::of(
        "
  a: { runs-on: x, outputs: { kept: '${{ steps.s.outputs.kept }}', lost: '${{ steps.s.outputs.lost }}', late: '${{ steps.s.outputs.late }}' }, steps: [{ id: s, run: 'echo kept=1 >> $GITHUB_OUTPUT; echo lost=x-hidden-y >> $GITHUB_OUTPUT; echo ::add-mask::masked; echo late=masked >> $GITHUB_OUTPUT; echo see hidden and masked' }] }
  b: { needs: a, runs-on: x, steps: [{ run: 'echo [${{ needs.a.outputs.kept }}][${{ needs.a.outputs.lost }}][${{ needs.a.outputs.late }}]' }] }
",
    );
    case.secrets.push(("K".to_owned(), "hidden".to_owned()));
    let run = case.run().unwrap();
    assert!(lines(&run).contains(&"[1][][]"), "{}", run.log);
    assert!(lines(&run).contains(&"see *** and ***"), "{}", run.log);
    assert!(!run.log.contains("hidden"), "{}", run.log);
}

#[test]
fn a_matrix_runs_each_leg_and_fails_with_any() {
    let legs = |condition: &str| {
        let job = format!(
            "  m: {{ runs-on: x, strategy: {{ fail-fast: false, matrix: {{ n: [1, 2, 3] }} }}, steps: [{{ run: 'echo leg ${{{{ matrix.n }}}} of ${{{{ strategy.job-total }}}}; {condition}' }}] }}\n"
        );
        Case::of(&job).run().unwrap()
    };
    let run = legs("true");
    let mut seen: Vec<&str> = lines(&run)
        .into_iter()
        .filter(|line| line.starts_with("leg"))
        .collect();
    seen.sort_unstable();
    assert_eq!(seen, ["leg 1 of 3", "leg 2 of 3", "leg 3 of 3"]);
    assert_eq!(results(&run), [("m", "success")].into());
    assert_eq!(
        results(&legs("test ${{ matrix.n }} != 2")),
        [("m", "failure")].into()
    );
}

#[test]
fn a_run_that_is_cancelled_runs_only_what_asks_for_it() {
    let mut case = Case::of(
        "
  first: { runs-on: x, steps: [{ run: 'true' }] }
  next: { needs: first, runs-on: x, steps: [{ run: 'true' }] }
  cleans: { needs: first, if: always(), runs-on: x, steps: [{ run: 'true' }] }
  notes: { needs: first, if: cancelled(), runs-on: x, steps: [{ run: 'true' }] }
  failed: { needs: first, if: failure(), runs-on: x, steps: [{ run: 'true' }] }
",
    );
    case.cancel = Some("first");
    let run = case.run().unwrap();
    let expected = [
        ("cleans", "success"),
        ("first", "cancelled"),
        ("notes", "success"),
    ];
    assert_eq!(results(&run), expected.into());
}

#[test]
fn only_what_failed_runs_again_and_the_rest_keeps_its_outputs() {
    let jobs = "
  a: { runs-on: x, outputs: { v: '${{ steps.s.outputs.v }}' }, steps: [{ id: s, run: 'echo ran a; echo v=new >> $GITHUB_OUTPUT' }] }
  b: { needs: a, runs-on: x, steps: [{ run: 'echo ran b with ${{ needs.a.outputs.v }}' }] }
  c: { needs: b, runs-on: x, steps: [{ run: 'echo ran c' }] }
  d: { needs: a, runs-on: x, steps: [{ run: 'echo ran d' }] }
";
    let mut case = Case::of(jobs);
    let result = |(job, result): (&str, &str)| (job.to_owned(), result.to_owned());
    case.earlier = Some(Earlier {
        jobs: [
            ("a", "success"),
            ("b", "failure"),
            ("c", "skipped"),
            ("d", "success"),
        ]
        .map(result)
        .into(),
        outputs: vec![e2e::act::Output {
            job: "a".to_owned(),
            step: "s".to_owned(),
            name: "v".to_owned(),
            value: "old".to_owned(),
        }],
    });
    let run = case.run().unwrap();
    let ran: Vec<&str> = lines(&run)
        .into_iter()
        .filter(|line| line.starts_with("ran"))
        .collect();
    assert_eq!(ran, ["ran b with old", "ran c"]);
    let expected = ["a", "b", "c", "d"].map(|job| (job, "success"));
    assert_eq!(results(&run), expected.into());
}

#[test]
fn runs_of_one_group_run_one_after_the_other() {
    let folder = e2e::scratch::folder().unwrap();
    let file = folder.path().join("order");
    // Each run waits so often for all three to be there.
    let with = |group: &str, tries: usize| {
        let script = format!(
            "echo in >> {0}; for i in $(seq {tries}); do test $(grep -c in {0}) = 3 && break; sleep 0.1; done; echo out >> {0}",
            file.display()
        );
        let text = format!(
            "on: workflow_dispatch\n{group}jobs: {{ j: {{ runs-on: x, steps: [{{ run: '{script}' }}] }} }}\n"
        );
        Case::of("").file(FILE, &text)
    };
    let order = |case: &Case<'_>| {
        std::fs::write(&file, "").unwrap();
        let groups = Groups::default();
        let ended = Mutex::new(Vec::new());
        std::thread::scope(|threads| {
            for _ in 0..3 {
                threads.spawn(|| {
                    let run = case.run_among(&groups).unwrap();
                    ended.lock().unwrap().push((run.succeeded(), run.cancelled));
                });
            }
        });
        assert_eq!(ended.into_inner().unwrap(), [(true, false); 3]);
        read(&file)
    };
    let queue = "concurrency: { group: 'G-${{ github.ref_name }}', queue: max }\n";
    assert_eq!(order(&with(queue, 3)), "in out in out in out");
    assert_eq!(order(&with("", 300)), "in in in out out out");
}

fn read(file: &Path) -> String {
    let text = std::fs::read_to_string(file).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
