//! `import --rust`: what it prints, and what it refuses. That it compiles is shown by
//! `compiled`.

mod common;

use common::{MANIFEST, Sandbox};
use insta::assert_snapshot;

#[test]
fn a_manifest() {
    let sandbox = Sandbox::new(MANIFEST);
    assert_snapshot!(sandbox.run(&["import", "--rust", "--name", "my-shop"]));
}

#[test]
fn missing_callbacks_are_no_obstacle() {
    let sandbox = Sandbox::empty();
    sandbox.write(".github/manifest.yaml", MANIFEST);
    let run = sandbox.run(&["import", "--rust"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run}");
}

#[test]
fn a_manifest_that_breaks_rules() {
    let sandbox = Sandbox::new(&MANIFEST.replace("trunk_branch", "trunk"));
    let run = sandbox.run(&["import", "--rust"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{run}");
    assert!(run.stderr.contains("trunk_branch"), "{run}");
}

#[test]
fn requests_that_make_no_sense() {
    let sandbox = Sandbox::new(MANIFEST);
    assert_eq!(sandbox.run(&["import"]).code, 2);
    for name in ["", "1st", "a b", "fn main() {}"] {
        let run = sandbox.run(&["import", "--rust", "--name", name]);
        let expected = format!(
            "error: `--name`: `{name}` is no name of a struct\n  \
             help: use letters, digits, `_` and `-`, and begin with a letter\n"
        );
        assert_eq!((run.code, run.stderr), (2, expected));
    }
}
