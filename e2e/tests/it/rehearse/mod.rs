//! Rehearsals of repositories as people have them.

mod person;

use std::path::Path;

use e2e::github::{NewRepository, Permissions, Server, Token};
use serde_json::{Value, json};

use crate::support::{git, write};
use person::{Person, rehearse, rehearse_with};

#[test]
fn a_push_shows_what_is_called_recorded_and_tagged_and_changes_nothing_here() {
    let person = Person::new();
    let before = person.everything();
    let rehearsed = person.rehearse(&[]);
    assert_eq!(rehearsed.code, Some(0), "{rehearsed:#?}");
    assert_eq!(rehearsed.results(), ["success"]);
    let web = rehearsed.calls("deploy:web");
    assert_eq!(web.len(), 1);
    assert_eq!(web[0]["job"], "deploy-dev/deploy-web");
    assert_eq!(web[0]["inputs"]["tag"], "image.tag");
    assert_eq!(
        rehearsed.calls("deploy:api").len(),
        1,
        "of another repository"
    );
    assert_eq!(rehearsed.changed("tags"), ["v0.1.0-rc.0"]);
    let state = &rehearsed.report["state"];
    assert!(state["before"].is_null());
    assert_eq!(state["after"]["dev"]["version"], "v0.1.0-rc.0");
    let own = json!([".github/workflows/own.yaml"]);
    assert_eq!(rehearsed.report["not_run"], own);
    assert_eq!(person.everything(), before);
}

#[test]
fn a_hook_of_git_may_rehearse() {
    let person = Person::new();
    let before = person.everything();
    // A hook runs with variables that name the repository, or another one.
    let git_dir = person.root().join(".git").into_os_string();
    let index = person.root().join(".git/other-index").into_os_string();
    let variables = [("GIT_DIR", git_dir), ("GIT_INDEX_FILE", index)];
    let rehearsed = rehearse_with(&person.root(), &[], &variables);
    assert_eq!(rehearsed.code, Some(0), "{rehearsed:#?}");
    assert_eq!(person.everything(), before);
}

#[test]
fn what_is_not_committed_is_a_commit_of_the_push() {
    let person = Person::new();
    let root = person.root();
    git(&root, &["tag", "v0.1.0"]);
    write(&root, "src/new.c", "int x;\n");
    write(&root, "ignored.o", "x");
    write(&root, ".gitignore", "*.o\n");
    let before = person.everything();
    let rehearsed = person.rehearse(&["--message", "feat: more"]);
    assert_eq!(rehearsed.code, Some(0), "{rehearsed:#?}");
    assert_eq!(rehearsed.report["head"]["subject"], "feat: more");
    assert_eq!(rehearsed.changed("tags"), ["v0.2.0-rc.0"]);
    assert_eq!(person.everything(), before);
    let rehearsed = person.rehearse(&[]);
    assert!(rehearsed.has_note("chore: what is not committed yet"));
}

#[test]
fn the_remote_is_known_as_it_was_fetched() {
    let person = Person::new();
    let root = person.root();
    let head = git(&root, &["rev-parse", "HEAD"]);
    let url = "https://github.com/acme/shop.git";
    git(&root, &["remote", "add", "origin", url]);
    let tree = git(&root, &["rev-parse", "HEAD^{tree}"]);
    let elsewhere = |tree: &str, parent: &str| {
        let message = ["-m", "fix: elsewhere"];
        let made = git(
            &root,
            &[&["commit-tree", tree, "-p", parent], &message[..]].concat(),
        );
        git(&root, &["update-ref", "refs/remotes/origin/main", &made]);
        made
    };
    let ahead = elsewhere(&tree, &head);
    write(&root, "src/new.c", "int x;\n");
    git(&root, &["add", "--all"]);
    git(&root, &["commit", "--quiet", "--message=feat: here"]);
    let rehearsed = person.rehearse(&[]);
    assert_eq!(rehearsed.code, Some(0), "{rehearsed:#?}");
    assert_eq!(rehearsed.report["repository"], "acme/shop");
    assert!(rehearsed.has_note("they are merged"));
    // A conflict is for the person.
    write(&root, "src/new.c", "int y;\n");
    git(&root, &["add", "--all"]);
    elsewhere(&git(&root, &["write-tree"]), &ahead);
    git(&root, &["reset", "--quiet", "--hard"]);
    let rehearsed = person.rehearse(&[]);
    assert_eq!(rehearsed.code, Some(2));
    assert!(rehearsed.stderr.contains("conflict"), "{rehearsed:#?}");
}

#[test]
fn operations_follow_each_other_with_failures_outputs_and_a_no() {
    let person = Person::new();
    let both = ["orchestrate", "promote", "-f", "mode=dev-to-prod"];
    let more = ["--fail", "deploy:web@prod", "--output", "image.tag=v9"];
    let rehearsed = person.rehearse(&[&both[..], &more].concat());
    assert_eq!(rehearsed.code, Some(1), "{rehearsed:#?}");
    assert_eq!(rehearsed.results(), ["success", "failure"]);
    let web = rehearsed.calls("deploy:web").into_iter();
    let web: Vec<_> = web
        .map(|call| (call["inputs"]["tag"].as_str(), call["result"].as_str()))
        .collect();
    let (tag, good, bad) = (Some("v9"), Some("success"), Some("failure"));
    assert_eq!(web, [(tag, good), (tag, bad)]);
    let unreached = "was never called";
    let notes = rehearsed.report["notes"].to_string();
    assert!(!notes.contains(unreached), "{notes}");
    let elsewhere = person.rehearse(&["--fail", "deploy:web@prod"]);
    let notes = elsewhere.report["notes"].to_string();
    assert!(
        notes.contains(&format!("`deploy:web@prod` was to fail, and {unreached}")),
        "{notes}"
    );
    let incomplete = "prod.incomplete.operation";
    assert!(rehearsed.changed("state").contains(&incomplete));
    let rehearsed = person.rehearse(&[&both[..], &["--reject", "prod"]].concat());
    assert_eq!(rehearsed.code, Some(1), "{rehearsed:#?}");
    let asked = &rehearsed.report["asked"];
    assert_eq!(asked[0]["environment"], "production");
    assert_eq!(asked[0]["admitted"], false);
}

#[test]
fn what_the_pipeline_does_not_have_is_refused_with_what_it_has() {
    let person = Person::new();
    for (arguments, expected) in [
        (&["hotfixes"][..], "orchestrate, promote"),
        (&["--fail", "deploy:wob"], "deploy:api, deploy:web"),
        (&["--fail", "deploy:web@prd"], "dev, prod"),
        (&["--run", "build:wob"], "build:image"),
        (&["--output", "wob.tag=1"], "build:image"),
        (&["--output", "image.tog=1"], "it has tag"),
        (&["--reject", "prd"], "dev, prod"),
        (&["promote", "-f", "mood=x"], "mood"),
        (&["--script", "nowhere.yaml"], "nowhere.yaml"),
    ] {
        let rehearsed = person.rehearse(arguments);
        assert_eq!(rehearsed.code, Some(2), "{arguments:?} {rehearsed:#?}");
        let said = &rehearsed.stderr;
        assert!(said.contains(expected), "{arguments:?} {said}");
    }
    let empty = e2e::scratch::folder().unwrap();
    let rehearsed = rehearse(empty.path(), &[]);
    assert_eq!(rehearsed.code, Some(2));
    assert!(rehearsed.stderr.contains("cascade init"), "{rehearsed:#?}");
}

#[test]
fn a_callback_runs_for_real_if_somebody_wants_it() {
    let person = Person::new();
    let rehearsed = person.rehearse(&["--run", "build"]);
    assert_eq!(rehearsed.code, Some(0), "{rehearsed:#?}");
    assert!(rehearsed.calls("build:image").is_empty());
    let tag = &rehearsed.calls("deploy:web")[0]["inputs"]["tag"];
    assert_eq!(tag, "really-built");
    let rehearsed = person.rehearse(&["--run", "deploy:web"]);
    assert_eq!(rehearsed.code, Some(1), "the real one fails");
    // An action that nobody has is refused by name.
    let build = ".github/workflows/build.yaml";
    let text = std::fs::read_to_string(person.root().join(build)).unwrap();
    let text = text.replace(
        "      - id: tag",
        "      - uses: acme/lint@v3\n      - id: tag",
    );
    write(&person.root(), build, &text);
    let rehearsed = person.rehearse(&["--run", "build:image"]);
    assert_eq!(rehearsed.code, Some(2));
    for part in ["acme/lint@v3", "--actions"] {
        assert!(rehearsed.stderr.contains(part), "{rehearsed:#?}");
    }
}

#[test]
fn stubs_of_builds_upload_the_files_of_a_release() {
    let person = Person::new();
    let manifest = person.root().join(".github/manifest.yaml");
    let text = std::fs::read_to_string(&manifest).unwrap();
    let files = "triggers: [\"src/**\"], artifacts: [{ name: app, path: out/app.tar.gz }]";
    let text = text.replace("triggers: [\"src/**\"]", files);
    write(&person.root(), ".github/manifest.yaml", &text);
    let generated = person.cascade(&["generate"]).output().unwrap();
    assert!(generated.status.success(), "{generated:?}");
    let rehearsed = person.rehearse(&[]);
    assert_eq!(rehearsed.code, Some(0), "{rehearsed:#?}");
    let release = &rehearsed.report["changes"]["releases"][0];
    assert_eq!(release["after"], "draft, 1 file");
}

#[test]
fn a_story_is_played_and_compared() {
    let person = Person::new();
    let story = "\
name: story
steps:
  - orchestrate: {}
    expect: { result: success, state: { dev: { version: v0.1.0-rc.0 } } }
  - promote: { inputs: { mode: dev-to-prod } }
    expect: { result: success, tags: { exist: [v0.1.0] } }
";
    write(&person.root(), "story.yaml", story);
    let rehearsed = person.rehearse(&["--script", "story.yaml"]);
    assert_eq!(rehearsed.code, Some(0), "{rehearsed:#?}");
    assert_eq!(rehearsed.results(), ["success", "success"]);
    let wrong = story.replace("[v0.1.0]", "[v9.9.9]");
    write(&person.root(), "story.yaml", &wrong);
    let rehearsed = person.rehearse(&["--script", "story.yaml"]);
    assert_eq!(rehearsed.code, Some(1));
    let difference = rehearsed.report["differences"][0].to_string();
    for part in ["step 2", "v9.9.9"] {
        assert!(difference.contains(part), "{difference}");
    }
}

#[test]
fn nothing_of_a_repository_is_markup_on_the_page() {
    let person = Person::new();
    write(&person.root(), "src/x", "1");
    let message = "feat: <script>alert(1)</script> & \"quotes\"";
    let rehearsed = person.rehearse(&["--message", message, "--html", "page.html"]);
    assert_eq!(rehearsed.code, Some(0), "{rehearsed:#?}");
    let page = std::fs::read_to_string(person.root().join("page.html")).unwrap();
    assert!(page.contains("&lt;script&gt;alert(1)"));
    assert!(!page.contains("<script"));
    for shown in ["<svg", "build:image", "v0.1.0-rc.0"] {
        assert!(page.contains(shown), "{shown}");
    }
}

#[test]
fn the_page_can_be_read_everywhere() {
    let person = Person::new();
    let failing = ["orchestrate", "promote", "-f", "mode=dev-to-prod"];
    let more = ["--fail", "deploy:web@prod", "--html", "page.html"];
    let rehearsed = person.rehearse(&[&failing[..], &more].concat());
    assert_eq!(rehearsed.code, Some(1), "{rehearsed:#?}");
    let tools = e2e::tools::Tools::install().unwrap();
    for view in e2e::tools::View::all() {
        let look = tools.look(&person.root().join("page.html"), &view).unwrap();
        assert_eq!(look.problems(), [""; 0], "{view:?}");
        for text in ["Rehearsal of", "deploy:web", "prod.incomplete.operation"] {
            assert!(look.selected.contains(text), "{text}: {}", look.selected);
        }
    }
}

#[test]
fn every_example_can_be_rehearsed_without_waiting_for_its_bakes() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    for name in [
        "shop",
        "shop-rust",
        "progressive",
        "consumer",
        "library",
        "producer",
        "single",
        "fork",
        "monorepo",
    ] {
        let rehearsed = rehearse(&examples.join(name), &[]);
        assert_eq!(rehearsed.code, Some(0), "{name} {rehearsed:#?}");
    }
}

#[test]
fn a_rehearsal_in_act_does_the_same() {
    let tools = e2e::tools::Tools::install().unwrap();
    let person = Person::new();
    let path = std::env::join_paths([tools.bin(), "/usr/bin".into(), "/bin".into()]).unwrap();
    let rehearsed = rehearse_with(&person.root(), &["--act"], &[("PATH", path)]);
    assert_eq!(rehearsed.code, Some(0), "{rehearsed:#?}");
    let tag = &rehearsed.calls("deploy:web")[0]["inputs"]["tag"];
    assert_eq!(tag, "image.tag");
    assert_eq!(rehearsed.changed("tags"), ["v0.1.0-rc.0"]);
}

#[test]
fn github_is_asked_for_what_git_does_not_know() {
    const SECRET: &str = "a-long-token";
    let person = Person::new();
    let folder = e2e::scratch::folder().unwrap();
    let server = Server::start(folder.path()).unwrap();
    let repository = server.create(&NewRepository::new("acme/shop")).unwrap();
    let token = Token::personal(SECRET, "octocat");
    server.register(token.may("acme/shop", Permissions::write_all()));
    let other = || ["OTHER_KEY".to_owned()].into();
    repository
        .set(|settings| settings.secrets = other())
        .unwrap();
    let path = "/repos/acme/shop/environments/production";
    ureq::put(format!("{}{path}", server.api_url()))
        .header("authorization", format!("Bearer {SECRET}"))
        .send_json(json!({ "wait_timer": 30 }))
        .unwrap();
    server.clear_requests();
    let arguments = [
        "rehearse",
        "orchestrate",
        "promote",
        "-f",
        "mode=dev-to-prod",
        "--json",
    ];
    let output = person
        .cascade(&arguments)
        .env("GITHUB_API_URL", server.api_url())
        .env("GITHUB_TOKEN", SECRET)
        .env("GITHUB_REPOSITORY", "acme/shop")
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(report["asked"][0]["wait_timer"], 30, "{said}");
    let notes = report["notes"].to_string();
    assert!(notes.contains("`DEPLOY_KEY` is not set"), "{notes}");
    assert!(!report.to_string().contains(SECRET) && !said.contains(SECRET));
    assert!(server.requests().iter().all(|one| one.method == "GET"));
}

#[test]
fn a_host_that_refuses_is_no_reason_not_to_rehearse() {
    let person = Person::new();
    let folder = e2e::scratch::folder().unwrap();
    let server = Server::start(folder.path()).unwrap();
    let output = person
        .cascade(&["rehearse", "--json"])
        .env("GITHUB_API_URL", server.api_url())
        .env("GITHUB_TOKEN", "of-nobody")
        .env("GITHUB_REPOSITORY", "acme/shop")
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let notes = report["notes"].to_string();
    assert!(notes.contains("GitHub was not asked"), "{output:?}");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn files_that_drifted_are_rehearsed_and_said_to_have() {
    let person = Person::new();
    let file = ".github/workflows/orchestrate.yaml";
    let text = std::fs::read_to_string(person.root().join(file)).unwrap();
    let changed = text.replace("name: Setup\n", "name: Set up by hand\n");
    write(&person.root(), file, &changed);
    let output = person.cascade(&["rehearse", "--offline"]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        text.contains("not those that `cascade generate` writes"),
        "{text}"
    );
    assert_eq!(output.status.code(), Some(0), "{text}");
}
