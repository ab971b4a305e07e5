//! Callbacks of other repositories, at commits.

use crate::support::{MANIFEST, Sandbox};

const PATH: &str = "acme/ci/.github/workflows/deploy.yaml";

/// A pipeline whose only callback is of `acme/ci`, which has the branch `main` and the tags `v1` and
/// `v1.2.0`, annotated; and the commits of the tag and the branch.
fn repository(workflow: &str) -> (Sandbox, String, String) {
    let manifest = MANIFEST.replace("workflow: .github/workflows/deploy.yaml", workflow);
    let sandbox = Sandbox::new(&manifest);
    sandbox.commit("feat: begin");
    sandbox.write(
        "host/acme/ci/.github/workflows/deploy.yaml",
        "on: workflow_call\n",
    );
    let other = |args: &[&str]| sandbox.git_in("host/acme/ci", args).trim().to_owned();
    other(&["init", "--quiet", "--initial-branch=main"]);
    other(&["add", "--all"]);
    other(&["commit", "--quiet", "--message=feat: one"]);
    other(&["tag", "v1"]);
    other(&["tag", "--annotate", "--message=x", "v1.2.0"]);
    let tagged = other(&["rev-parse", "HEAD"]);
    other(&["commit", "--quiet", "--allow-empty", "--message=feat: two"]);
    other(&["branch", "v1.2.0"]);
    let head = other(&["rev-parse", "HEAD"]);
    let server = format!("file://{}", sandbox.path("host").display());
    (sandbox.variable("GITHUB_SERVER_URL", &server), tagged, head)
}

fn manifest(sandbox: &Sandbox) -> String {
    std::fs::read_to_string(sandbox.path(".github/manifest.yaml")).unwrap()
}

#[test]
fn a_callback_at_a_branch_or_tag_is_a_warning_with_its_commit() {
    for (reference, is_tag) in [("v1", true), ("v1.2.0", true), ("main", false)] {
        let (sandbox, tagged, head) = repository(&format!("workflow: {PATH}@{reference}"));
        let run = sandbox.run(&["lint"]);
        assert_eq!(run.code, 0, "{run}");
        assert!(run.stdout.contains("warning[C315]"), "{run}");
        let commit = if is_tag { &tagged } else { &head };
        assert!(run.stdout.contains(commit), "{reference}: {run}");
    }
    let (sandbox, ..) = repository(&format!("workflow: {PATH}@gone"));
    let run = sandbox.run(&["lint"]);
    assert!(
        run.stdout
            .contains("`cascade pin --callbacks` writes that commit\n"),
        "{run}"
    );
}

#[test]
fn a_callback_at_a_commit_and_a_pipeline_with_tags_are_none() {
    let commit = "1".repeat(40);
    for workflow in [
        format!("workflow: {PATH}@{commit}"),
        "workflow: .github/workflows/deploy.yaml".to_owned(),
    ] {
        let (sandbox, ..) = repository(&workflow);
        let run = sandbox.run(&["lint"]);
        assert!(!run.stdout.contains("C315"), "{run}");
    }
    let (sandbox, ..) = repository(&format!("workflow: {PATH}@v1"));
    let tags = manifest(&sandbox).replace("    runs_on:", "    pin_mode: tag\n    runs_on:");
    sandbox.write(".github/manifest.yaml", &tags);
    assert!(!sandbox.run(&["lint"]).stdout.contains("C315"));
    assert_eq!(sandbox.run(&["pin", "--callbacks"]).code, 0);
    assert_eq!(manifest(&sandbox), tags);
}

#[test]
fn pinning_writes_the_commit_and_keeps_everything_else() {
    for (written, pinned) in [
        ("workflow: PATH@v1", "workflow: PATH@TAGGED # v1\n"),
        (
            "workflow: PATH@main # ours",
            "workflow: PATH@HEAD # main ours\n",
        ),
        (
            "workflow: \"PATH@v1.2.0\"",
            "workflow: \"PATH@TAGGED\" # v1.2.0\n",
        ),
        ("workflow: 'PATH@v1' # v1", "workflow: 'PATH@TAGGED' # v1\n"),
    ] {
        let (sandbox, tagged, head) = repository(&written.replace("PATH", PATH));
        let before = manifest(&sandbox);
        let dry = sandbox.run(&["pin", "--callbacks", "--dry-run"]);
        assert!(dry.stdout.contains("would pin"), "{dry}");
        assert_eq!(manifest(&sandbox), before);
        let run = sandbox.run(&["pin", "--callbacks"]);
        assert_eq!(run.code, 0, "{run}");
        let line = pinned.replace("TAGGED", &tagged).replace("HEAD", &head);
        let line = line.replace("PATH", PATH);
        let wanted = before.replace(&format!("{}\n", written.replace("PATH", PATH)), &line);
        assert_eq!(manifest(&sandbox), wanted, "{written}");
        let again = sandbox.run(&["pin", "--callbacks"]);
        assert!(again.stdout.starts_with("every callback"), "{again}");
        assert_eq!(manifest(&sandbox), wanted, "{written}");
        assert!(!sandbox.run(&["lint"]).stdout.contains("C315"));
    }
}

#[test]
fn what_was_pinned_is_pinned_anew() {
    let (sandbox, tagged, head) = repository(&format!("workflow: {PATH}@v1"));
    sandbox.run(&["pin", "--callbacks"]);
    assert!(manifest(&sandbox).contains(&format!("{PATH}@{tagged} # v1\n")));
    sandbox.git_in("host/acme/ci", &["tag", "--force", "v1", "HEAD"]);
    let run = sandbox.run(&["pin", "--callbacks", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(told["callbacks"][0]["commit"], head.as_str(), "{run}");
    assert!(manifest(&sandbox).contains(&format!("{PATH}@{head} # v1\n")));
}

#[test]
fn a_reference_that_is_gone_changes_nothing() {
    let (sandbox, ..) = repository(&format!("workflow: {PATH}@gone"));
    let before = manifest(&sandbox);
    let run = sandbox.run(&["pin", "--callbacks"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("`gone` of acme/ci"), "{run}");
    assert_eq!(manifest(&sandbox), before);
}
