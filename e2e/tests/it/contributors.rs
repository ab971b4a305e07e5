//! Contributors of a release, with the logins that GitHub knows.

use crate::support::host::{Host, error};
use crate::support::{git, write};

const PIPELINE: &str = "\
ci:
  config:
    schema_version: 1
    trunk_branch: main
    cli: { source: preinstalled }
    environments: [dev, prod]
    changelog: { contributors: true }
    deploys: [{ name: web, workflow: .github/workflows/deploy-web.yaml }]
";

#[test]
fn a_release_names_people_once_with_their_logins() {
    let host = Host::new(PIPELINE);
    let clone = host.clone_as("clone");
    let commit = |author: &str, message: &str| {
        write(&clone, "src/a", message);
        git(&clone, &["add", "--all"]);
        let author = format!("--author={author}");
        git(
            &clone,
            &["commit", "--quiet", &author, "--message", message],
        );
    };
    // The simulated GitHub gives each address of `example.com` to the account of its name.
    commit("Ada Lovelace <ada@example.com>", "fix: a");
    commit("Unknown <nobody@nowhere.example>", "fix: b");
    commit(
        "Bob <7+bob@users.noreply.github.com>",
        "fix: c\n\nCo-authored-by: A. Lovelace <ada@example.com>",
    );
    commit(
        "renovate[bot] <29139614+renovate[bot]@users.noreply.github.com>",
        "fix: d",
    );
    let bare = host.repository.folder();
    git(
        &clone,
        &["push", "--quiet", bare.to_str().unwrap(), "HEAD:main"],
    );
    let draft = [
        "manage-release",
        "--action",
        "draft",
        "--version",
        "v2.0.0-rc.0",
    ];
    let output = host.verb(&clone, &draft).output().unwrap();
    assert!(output.status.success(), "{}", error(&output));
    let releases = host.repository.releases().unwrap();
    let body = releases[0].body.clone().unwrap();
    let (_, contributors) = body.split_once("### Contributors\n\n").unwrap();
    let people = "Bob (bob), A. Lovelace (ada), Unknown";
    assert!(contributors.starts_with(people), "{contributors}");
    assert_eq!(contributors.matches("ada").count(), 1, "{contributors}");
    assert!(
        contributors.contains("\nBots: renovate\\[bot\\]"),
        "{contributors}"
    );
}
