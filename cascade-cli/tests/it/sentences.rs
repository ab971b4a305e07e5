//! What people get wrong at the command line: each answer is true, and says what to do.

use crate::support::{DEPLOY, MANIFEST, Run, Sandbox};

fn repository() -> Sandbox {
    let sandbox = Sandbox::new(MANIFEST);
    sandbox.commit("feat: begin");
    sandbox
}

fn said(sandbox: &Sandbox, arguments: &[&str], code: i32, words: &[&str]) -> Run {
    let run = sandbox.run(arguments);
    assert_eq!(run.code, code, "{arguments:?}: {run}");
    for words in words {
        assert!(run.stderr.contains(words), "{arguments:?}, {words}: {run}");
    }
    run
}

#[test]
fn an_environment_that_does_not_exist_is_told_in_one_way() {
    let sandbox = repository();
    let commit = sandbox.git(&["rev-parse", "HEAD"]);
    let words = [
        "error: there is no environment `prd`\n",
        "help: did you mean `prod`? the environments are dev, prod\n",
    ];
    for arguments in [
        vec!["rollback", "--env", "prd", "--dry-run"],
        vec!["rollback", "preflight", "--env", "prd"],
        vec!["rollout", "abort", "--env", "prd"],
        vec!["rollout", "resume", "--env", "prd"],
        vec!["simulate", "rollback", "--env", "prd"],
        vec![
            "hotfix",
            "plan",
            "--commits",
            &commit,
            "--target-env",
            "prd",
        ],
        vec![
            "simulate",
            "hotfix",
            "--commits",
            &commit,
            "--target-env",
            "prd",
        ],
        vec![
            "simulate",
            "orchestrate",
            "--deploy-result",
            "prd/web=failure",
        ],
        vec!["status", "env", "prd"],
    ] {
        said(&sandbox, &arguments, 2, &words);
    }
}

#[test]
fn an_environment_without_state_is_not_an_unknown_one() {
    let sandbox = repository();
    for (arguments, code, words) in [
        (
            &["rollout", "abort", "--env", "prod"][..],
            2,
            "nothing was deployed to `prod` yet",
        ),
        (
            &["rollout", "resume", "--env", "dev"],
            2,
            "nothing was deployed to `dev` yet",
        ),
        (
            &["rollback", "--env", "prod", "--dry-run"],
            1,
            "nothing was deployed to prod yet",
        ),
        (
            &["promote", "preflight"],
            1,
            "nothing to promote: nothing was deployed yet",
        ),
    ] {
        let run = said(&sandbox, arguments, code, &[words, "help: "]);
        assert!(!run.stderr.contains("did you mean"), "{run}");
    }
    let run = sandbox.run(&["status", "env", "prod"]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (0, "prod holds nothing yet\n")
    );
}

#[test]
fn a_command_of_a_workflow_says_by_hand_where_its_plan_comes_from() {
    let sandbox = repository();
    for (command, decides) in [
        ("orchestrate finalize", "cascade orchestrate setup --json"),
        ("promote finalize", "cascade promote preflight --json"),
        ("rollback finalize", "cascade rollback preflight --json"),
        ("hotfix finalize", "cascade hotfix plan --json"),
        ("hotfix apply", "cascade hotfix plan --json"),
    ] {
        let arguments: Vec<&str> = command.split(' ').collect();
        said(&sandbox, &arguments, 2, &["PLAN is not set", decides]);
    }
}

#[test]
fn a_manifest_that_is_named_wrongly_is_told_with_who_names_it() {
    let sandbox = repository();
    said(
        &sandbox,
        &["-c", "nope.yaml", "lint"],
        2,
        &["there is no file", "nope.yaml", "--config"],
    );
    let folder = ["is a folder, and no manifest", "name the manifest itself"];
    said(
        &sandbox,
        &["-c", ".", "lint"],
        2,
        &[folder[0], folder[1], ".github/manifest.yaml"],
    );
    said(
        &sandbox,
        &["-c", ".github", "lint"],
        2,
        &[folder[0], ".github/manifest.yaml"],
    );
    said(&sandbox, &["-c", ".github/workflows", "lint"], 2, &folder);
    for wrong in ["nope.yaml", "nowhere/manifest.yaml", ".github"] {
        let sandbox = repository().variable("CASCADE_CONFIG", wrong);
        said(
            &sandbox,
            &["lint"],
            2,
            &["the variable CASCADE_CONFIG names it"],
        );
        let other = said(&sandbox, &["-c", "other.yaml", "lint"], 2, &["other.yaml"]);
        assert!(!other.stderr.contains("CASCADE_CONFIG"), "{other}");
    }
}

#[test]
fn a_pipeline_in_code_knows_what_config_means() {
    let sandbox = Sandbox::empty().program("in-code");
    sandbox.write(".github/workflows/deploy.yaml", DEPLOY);
    sandbox.commit("feat: begin");
    let missing = ["there is no file", "`generate` writes it"];
    said(&sandbox, &["-c", "nope.yaml", "status"], 2, &missing);
    said(&sandbox, &["status"], 2, &missing);
    said(
        &sandbox,
        &["-c", ".", "status"],
        2,
        &["is a folder, and no manifest"],
    );
    let sandbox = sandbox.variable("CASCADE_CONFIG", "nowhere/manifest.yaml");
    said(
        &sandbox,
        &["lint"],
        2,
        &["the variable CASCADE_CONFIG names it"],
    );
}

#[test]
fn a_name_that_is_no_hash_is_not_said_to_be_no_commit() {
    let sandbox = repository();
    for name in ["HEAD", "main", "v1.0.0", "abc"] {
        let arguments = ["hotfix", "plan", "--commits", name, "--target-env", "prod"];
        let words = [
            &format!("`{name}` is not the hash of a commit"),
            "at least 7 characters",
        ];
        said(&sandbox, &arguments, 2, &words);
    }
}

#[test]
fn what_a_repository_lacks_is_named() {
    let sandbox = repository();
    said(
        &sandbox,
        &["status", "consistency"],
        2,
        &["no remote `origin`", "git remote add origin"],
    );
    said(
        &sandbox,
        &["status", "--component", "api"],
        2,
        &["no components", "leave `--component` out"],
    );
    sandbox.git(&["mv", ".github/manifest.yaml", ".github/manifest.yml"]);
    said(&sandbox, &["status"], 2, &["rename `.github/manifest.yml`"]);
    sandbox.git(&["mv", ".github/manifest.yml", ".github/manifest.yaml"]);
    sandbox.write(".github/manifest.yaml", "name: x\n");
    let run = sandbox.run(&["lint"]);
    assert_eq!(run.code, 1, "{run}");
    assert!(run.stdout.contains("the manifest has no `ci`"), "{run}");
}

#[test]
fn a_hotfix_whose_pick_changes_nothing_says_so() {
    // Picking needs git 2.40, which may not be the first one of the machine's usual folders.
    let path = std::env::var("PATH").unwrap();
    let sandbox = Sandbox::new(MANIFEST).variable("PATH", &path);
    sandbox.write("a", "0");
    sandbox.commit("feat: begin");
    sandbox.write("a", "1");
    let held = sandbox.commit("feat: what prod holds");
    sandbox.write("a", "0");
    sandbox.commit("fix: undo it");
    sandbox.write("a", "1");
    let fix = sandbox.commit("fix: do it again");
    let state = format!(
        "{MANIFEST}  state:\n    dev: {{ sha: {fix}, version: v0.1.0-rc.1 }}\n    prod: {{ sha: {held}, version: v0.1.0 }}\n"
    );
    sandbox.write(".github/manifest.yaml", state);
    sandbox.commit("chore: state");
    sandbox.git(&["init", "--quiet", "--bare", ".git/origin"]);
    let origin = sandbox.path(".git/origin");
    sandbox.git(&["remote", "add", "origin", origin.to_str().unwrap()]);
    sandbox.git(&["push", "--quiet", "origin", "main"]);
    let arguments = [
        "simulate",
        "hotfix",
        "--commits",
        &fix,
        "--target-env",
        "prod",
    ];
    let run = sandbox.run(&arguments);
    assert_eq!(run.code, 0, "{run}");
    assert!(
        run.stdout
            .contains("what the fixes change is there already"),
        "{run}"
    );
}
