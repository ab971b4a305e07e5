//! Answers that are none of GitHub's are errors that name the request, and every request ends.

use crate::support::Sandbox;
use crate::support::api::{Answers, Api};

const MANIFEST: &str = "ci:\n  config:\n    schema_version: 1\n    trunk_branch: main\n    cli: { source: preinstalled }\n    runs_on: self-hosted\n    environments: [dev, prod]\n    deploys:\n      - { name: web, workflow: .github/workflows/deploy.yaml, permissions: {} }\n";
/// The request of `promote preflight`: the open pull requests of hotfixes.
const ASKED: &str = "GET /repos/acme/app/pulls?state=open&per_page=100&page=1";

fn refused(answers: Answers) -> String {
    let api = Api::start(answers);
    let sandbox = Sandbox::new(MANIFEST)
        .variable("GITHUB_REPOSITORY", "acme/app")
        .variable("GITHUB_TOKEN", "secret-token")
        .variable("GITHUB_API_URL", &api.address);
    sandbox.commit("feat: a");
    let run = sandbox.run(&["promote", "preflight"]);
    assert_eq!(api.asked(), [ASKED], "{run}");
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains(ASKED), "{run}");
    assert!(run.stderr.contains("GITHUB_API_URL"), "{run}");
    run.stderr
}

#[test]
fn a_web_page_is_no_list_without_pull_requests() {
    let page = || "<html>Sign in to the network</html>".to_owned();
    let said = refused(|_| (200, "<html>Sign in to the network</html>".to_owned()));
    assert!(said.contains(&page()), "{said}");
    refused(|_| (404, "<html>Not found</html>".to_owned()));
}

#[test]
fn an_answer_that_breaks_off_is_no_answer() {
    refused(|_| (200, r#"[{"number": 1, "labels": ["#.to_owned()));
    refused(|_| (200, String::new()));
}

#[test]
fn an_answer_of_another_shape_is_no_answer() {
    let said = refused(|_| (200, r#"{"number": 1}"#.to_owned()));
    assert!(said.contains("it is no list"), "{said}");
    refused(|_| (200, "null".to_owned()));
}

#[test]
fn a_producer_that_limits_without_an_end_is_left_alone() {
    let api = Api::start(|_| {
        let said = r#"{"message": "You have exceeded a secondary rate limit. Please wait."}"#;
        (403, said.to_owned())
    });
    let external = "    external:\n      - { mode: pull, repo: acme/models, version: ^1 }\n";
    let sandbox =
        Sandbox::new(&format!("{MANIFEST}{external}")).variable("GITHUB_API_URL", &api.address);
    sandbox.commit("feat: a");
    let run = sandbox.run(&["external", "resolve", "--json"]);
    assert!(
        run.stdout.contains("HTTP 403: a rate limit, for 60 s"),
        "{run}"
    );
    assert_eq!(api.asked().len(), 1, "{run}");
}
