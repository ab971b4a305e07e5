//! One test for each scenario of `e2e/scenarios`, named after its file, and one more for those that
//! also run with the state on a branch or with a hostile configuration of git. A scenario waits for
//! processes about half of its time, so by default one more runs at a time than there are cores.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use e2e::scenario::suite::{self, Options};
use e2e::tools::Tools;
use libtest_mimic::{Arguments, Failed, Trial};

/// The scenarios that run with the state on a branch, too: quick ones that write much.
const ON_STATE_BRANCH: [&str; 23] = [
    "basics/two-environments",
    "checks/preview-components",
    "checks/validate",
    "components/contention",
    "components/independent",
    "external/crash-recovery",
    "external/pull-poll-tags",
    "failures/deploy-restores",
    "faults/foreign-workflows",
    "faults/crash-and-rerun",
    "gates/hotfix-open",
    "gates/other-refs",
    "hotfix/clean",
    "integration/clean",
    "promotion/library",
    "lifecycle/two-quick-pushes",
    "rollback/two-signals",
    "selection/per-deploy",
    "settings/dry-run",
    "strategies/canary-promoted",
    "targets/gitops-commit",
    "truth/restore-fails",
    "versions/moved-tag",
];
/// The kinds of scenarios that need no other run with a state branch: these have one already.
const WITH_STATE_BRANCH: [&str; 2] = ["state", "install"];
/// The scenarios that run in act, too, which knows nothing of the engine of our own and must do the
/// same: they have every kind of generated file and of job. `cargo run -p e2e -- --engine act e2e/scenarios` runs all.
const IN_ACT: [&str; 28] = [
    "basics/two-environments",
    "basics/fails-then-retries",
    "checks/drift",
    "checks/preview-components",
    "checks/reconcile-hostile",
    "checks/validate",
    "components/independent",
    "external/pull-poll-tags",
    "external/push-deploys",
    "failures/build-continue",
    "failures/deploy-restores",
    "faults/crash-and-rerun",
    "gates/approvals",
    "hotfix/clean",
    "hotfix/failed-deploy",
    "install/from-git",
    "integration/clean",
    "lifecycle/two-quick-pushes",
    "promotion/three-environments",
    "rollback/by-hand",
    "selection/per-deploy",
    "settings/release-files",
    "state/first-run",
    "strategies/blue-green",
    "strategies/canary-promoted",
    "targets/gitops-commit",
    "truth/restore-fails",
    "versions/moved-tag",
];
/// Added to the name of a scenario that runs with the state on a branch.
const STATE_BRANCH: &str = " (state branch)";
/// The scenarios that run on machines whose git is set up to do everything in another way, too: those
/// whose commands the tests of settings do not run themselves.
const ON_HOSTILE_GIT: [&str; 4] = [
    "external/pull-poll-tags",
    "hotfix/conflict",
    "integration/clean",
    "rollback/two-signals",
];

fn main() -> anyhow::Result<ExitCode> {
    let mut arguments = Arguments::from_args();
    let cores = std::thread::available_parallelism()?.get();
    arguments.test_threads.get_or_insert(cores + 1);
    let trials = trials(&folder())?;
    Ok(libtest_mimic::run(&arguments, trials).exit_code())
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

fn trials(folder: &Path) -> anyhow::Result<Vec<Trial>> {
    let files = suite::files(&[folder.to_owned()])?;
    let names: Vec<String> = files.iter().map(|file| name(folder, file)).collect();
    let mut trials = Vec::new();
    for (name, file) in names.iter().zip(&files) {
        let own = Options::default();
        let compared = Options {
            compare: IN_ACT.contains(&name.as_str()),
            ..own.clone()
        };
        trials.push(trial(name.clone(), file, compared));
        if ON_STATE_BRANCH.contains(&name.as_str()) {
            let options = Options {
                state_branch: true,
                ..own.clone()
            };
            trials.push(trial(format!("{name}{STATE_BRANCH}"), file, options));
        }
        if ON_HOSTILE_GIT.contains(&name.as_str()) {
            let options = Options {
                hostile_git: true,
                ..Options::default()
            };
            trials.push(trial(format!("{name} (hostile git)"), file, options));
        }
    }
    trials.push(Trial::test("each_kind_runs_in_every_way", move || {
        each_kind_runs(&names, &ON_STATE_BRANCH, &WITH_STATE_BRANCH)?;
        each_kind_runs(&names, &IN_ACT, &[])
    }));
    Ok(trials)
}

/// Returns the name of a scenario: the path of its file, as `hotfix/clean`.
fn name(folder: &Path, file: &Path) -> String {
    let inside = file.strip_prefix(folder).unwrap_or(file);
    inside.with_extension("").display().to_string()
}

fn trial(name: String, file: &Path, options: Options) -> Trial {
    let file = file.to_owned();
    Trial::test(name, move || run(&file, &options))
}

fn run(file: &Path, options: &Options) -> Result<(), Failed> {
    Tools::install()?;
    let outcome = suite::run_one(file, options);
    match outcome.failures.is_empty() {
        true => Ok(()),
        false => Err(outcome.report().into()),
    }
}

/// Fails unless `chosen` are scenarios, of every kind but `others`.
fn each_kind_runs(names: &[String], chosen: &[&str], others: &[&str]) -> Result<(), Failed> {
    let kind = |name: &str| name.split('/').next().unwrap_or_default().to_owned();
    if let Some(gone) = chosen
        .iter()
        .find(|chosen| !names.iter().any(|name| name == *chosen))
    {
        return Err(format!("there is no scenario `{gone}`").into());
    }
    let covered: Vec<String> = chosen.iter().map(|name| kind(name)).collect();
    let mut kinds = names.iter().map(|name| kind(name));
    let missing = kinds.find(|kind| !covered.contains(kind) && !others.contains(&kind.as_str()));
    match missing {
        Some(kind) => Err(format!("no scenario of `{kind}` is among {chosen:?}").into()),
        None => Ok(()),
    }
}
