//! Which host `doctor` asks, and with what.

use crate::support::{Run, Sandbox};

const MANIFEST: &str = "ci:\n  config:\n    schema_version: 1\n    trunk_branch: main\n    \
                        cli: { source: preinstalled }\n    runs_on: self-hosted\n";

fn doctor(remote: &str, variables: &[(&str, &str)]) -> Run {
    let sandbox = Sandbox::new(MANIFEST);
    sandbox.git(&["init", "--quiet"]);
    sandbox.git(&["remote", "add", "origin", remote]);
    // Without `gh`, which may be logged in.
    let sandbox = sandbox.variable("PATH", "/usr/bin:/bin");
    let given = |sandbox: Sandbox, (name, value): &(&str, &str)| sandbox.variable(name, value);
    variables.iter().fold(sandbox, given).run(&["doctor"])
}

#[test]
fn a_token_of_github_goes_to_no_other_host() {
    for remote in [
        "https://127.0.0.1:1/acme/shop.git",
        "ssh://git@127.0.0.1:22/acme/shop.git",
        "git@127.0.0.1:acme/shop.git",
    ] {
        for variable in ["GITHUB_TOKEN", "GH_TOKEN"] {
            let run = doctor(remote, &[(variable, "secret-token")]);
            assert_eq!(run.code, 2, "{run}");
            let expected = "there is no token to ask 127.0.0.1";
            assert!(run.stderr.contains(expected), "{remote}: {run}");
            assert!(run.stderr.contains("GH_ENTERPRISE_TOKEN"), "{run}");
        }
    }
    let enterprise = [("GH_ENTERPRISE_TOKEN", "x"), ("NO_PROXY", "*")];
    let run = doctor("https://127.0.0.1:1/acme/shop.git", &enterprise);
    let asked = "did not answer GET /repos/acme/shop";
    assert!(run.stderr.contains(asked), "{run}");
}

#[test]
fn a_password_in_a_remote_is_not_shown() {
    let run = doctor(
        "https://user:hidden-password@github.com/acme/shop/tree/main",
        &[("GITHUB_TOKEN", "x")],
    );
    assert_eq!(run.code, 2, "{run}");
    let shown = "no repository of GitHub: https://github.com/acme/shop/tree/main";
    assert!(run.stderr.contains(shown), "{run}");
    assert!(!run.stderr.contains("hidden-password"), "{run}");
}

#[test]
fn the_name_of_a_repository_is_no_path() {
    for name in ["acme", "a/b/c", "../..", "a/b?x", "a/b\nc", " ", "a /b"] {
        let variables = [("GITHUB_TOKEN", "x"), ("GITHUB_REPOSITORY", name)];
        let run = doctor("https://github.com/acme/shop.git", &variables);
        assert_eq!(run.code, 2, "{run}");
        let expected = format!("error: GITHUB_REPOSITORY: `{name}` is not a repository");
        assert!(run.stderr.starts_with(&expected), "{run}");
    }
}
