//! Requests that `init` refuses, with nothing written.

use super::init;
use crate::support::Sandbox;

#[test]
fn requests_that_contradict_themselves() {
    let sandbox = Sandbox::empty();
    let refused = |args: &[&str], stderr: &str| {
        let run = init(&sandbox, args);
        assert_eq!((run.code, run.stderr.as_str()), (2, stderr), "{args:?}");
        assert_eq!(sandbox.files(), [""; 0]);
    };
    refused(
        &["--topology", "library", "--envs", "dev"],
        "error: a library has no environments, and `--envs` names 1\n  \
         help: change `--envs`, or leave `--topology` out\n",
    );
    refused(
        &["--topology", "promotion", "--envs", "dev"],
        "error: `promotion` needs at least two environments, and `--envs` names 1\n  \
         help: change `--envs`, or leave `--topology` out\n",
    );
    refused(
        &["--name", "a b"],
        "error: `--name`: `a b` is not a name\n  \
         help: use up to 100 letters, digits, `_` and `-`; names become job ids and variables\n",
    );
    refused(
        &["--envs", "dev,release"],
        "error: `environments[1].name`: `release` cannot be the name of an environment\n  \
         help: state and the modes of a promotion use `release`, `prerelease`, `components` and `a-to-b`\n",
    );
    refused(
        &["--codeowners", "acme/ops"],
        "error: `--codeowners`: `acme/ops` is not an owner\n  \
         help: write `@user`, `@organization/team` or an address\n",
    );
    refused(
        &["--trunk", "a..b"],
        "error: `--trunk`: `a..b` is not a branch name\n  \
         help: git refuses spaces, `..`, `~^:?*[\\`, a leading `-` or `.`, and a trailing `/` or `.lock`\n",
    );
    refused(
        &["--trunk", "cascade-state"],
        "error: `state.branch`: `state.branch` and `trunk_branch` are both `cascade-state`\n  \
         help: use a branch that has no other purpose, such as `cascade-state`\n",
    );
    refused(
        &["--config", "x.yaml"],
        "error: `init` writes `.github/manifest.yaml`, with the pipeline under the key `ci`\n  \
         help: leave `--config`, `--manifest-key` and their variables out; `--dir` names a folder\n",
    );
    refused(
        &["--callback", "build=x.yaml"],
        "error: `--callback`: there is no workflow `x.yaml`\n  \
         help: name a file below `.github/workflows`\n",
    );
    refused(
        &["--callback", "x.yaml"],
        "error: `--callback`: `x.yaml` names no role\n  \
         help: write `ROLE=FILE`, such as `build=.github/workflows/ci.yaml`; the roles are validate, \
         build, deploy and publish\n",
    );
}

#[test]
fn a_token_is_not_taken_for_the_name_of_a_secret() {
    for token in ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"] {
        let token = format!("{token}{}", "a1".repeat(18));
        let sandbox = Sandbox::empty();
        let run = init(&sandbox, &["--cascade-token", &token]);
        assert_eq!(run.code, 2, "{run}");
        assert!(run.stderr.contains("never the secret itself"), "{run}");
        assert_eq!(sandbox.files(), Vec::<String>::new());
    }
    let named = init(&Sandbox::empty(), &["--cascade-token", "ghp_cascade"]);
    assert_eq!(named.code, 0, "{named}");
}
