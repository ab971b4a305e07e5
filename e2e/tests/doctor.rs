//! `cascade doctor` against a host in which something is wrong: it is named, its fix works, and a
//! second look finds nothing.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::host::Host;
use common::{git, write};
use e2e::github::{NewRepository, Permissions, RepositoryHandle, Server, Settings, Token};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const ADMIN: &str = "admin-token";
const WRITER: &str = "writer-token";
/// A pipeline with something of everything that GitHub must be set up for.
const PIPELINE: &str = "\
ci:
  config:
    schema_version: 1
    trunk_branch: main
    cli: { source: git, url: \"HOST/acme/cascade.git\", rev: REV }
    state: { branch: cascade-state }
    environments:
      - dev
      - name: prod
        gha_environment: production
        required_reviewers: [octocat]
        wait_timer: 30
        branch_policy: custom
        branch_patterns: [main]
        secrets: [DEPLOY_KEY]
        variables: [REGION]
    deploys:
      - name: web
        workflow: .github/workflows/deploy-web.yaml
        permissions: {}
        secrets: { KEY: WEB_KEY }
        inputs: { target: \"${{ vars.TARGET }}\" }
    integration: { upstream: acme/base }
";
const CALLBACK: &str = "\
on:
  workflow_call:
    inputs:
      environment: { type: string }
      target: { type: string }
    secrets: { KEY: { required: true } }
jobs: { call: { runs-on: ubuntu-latest, steps: [{ run: echo }] } }
";

/// A repository on a host, and the clone that a doctor looks at.
struct Patient {
    folder: tempfile::TempDir,
    server: Server,
    shop: RepositoryHandle,
    clone: PathBuf,
}

impl Patient {
    /// A repository in which nothing is wrong but what GitHub has by default.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start(folder.path().join("host")).unwrap();
        let shop = server.create(&NewRepository::new("acme/shop")).unwrap();
        let cascade = server.create(&NewRepository::new("acme/cascade")).unwrap();
        for token in [
            Token::personal(ADMIN, "ada").may("acme/shop", Permissions::write_all()),
            Token::personal(WRITER, "ada").may("acme/shop", Permissions::read_all()),
        ] {
            server.register(token);
        }
        let bare = cascade.folder();
        let tree = git(&bare, &["hash-object", "-t", "tree", "-w", "/dev/null"]);
        let rev = git(&bare, &["commit-tree", &tree, "-m", "feat: begin"]);
        git(&bare, &["update-ref", "refs/heads/main", &rev]);
        let clone = folder.path().join("clone");
        let pipeline = PIPELINE.replace("HOST", &server.url()).replace("REV", &rev);
        write(&clone, ".github/manifest.yaml", &pipeline);
        write(&clone, ".github/workflows/deploy-web.yaml", CALLBACK);
        git(&clone, &["init", "--quiet", "--initial-branch=main"]);
        git(&clone, &["remote", "add", "origin", &shop.clone_url()]);
        let patient = Self {
            folder,
            server,
            shop,
            clone,
        };
        patient.push();
        patient
    }

    fn push(&self) {
        let bare = self.shop.folder();
        git(&self.clone, &["add", "--all"]);
        git(
            &self.clone,
            &[
                "commit",
                "--quiet",
                "--allow-empty",
                "--message=ci: pipeline",
            ],
        );
        git(
            &self.clone,
            &["push", "--quiet", bare.to_str().unwrap(), "HEAD:main"],
        );
    }

    /// Makes what GitHub cannot be told by `--fix`: secrets and variables.
    fn with_names(self) -> Self {
        self.set(|settings| {
            settings.secrets.insert("WEB_KEY".to_owned());
            settings.variables.insert("TARGET".to_owned());
            let keys = ["DEPLOY_KEY".to_owned()].into();
            settings
                .environment_secrets
                .insert("production".to_owned(), keys);
            let regions = ["REGION".to_owned()].into();
            settings
                .environment_variables
                .insert("production".to_owned(), regions);
        });
        self
    }

    /// A repository that is set up: nothing is wrong.
    fn healthy() -> Self {
        let patient = Self::new().with_names();
        let fixed = patient.doctor(&["--fix"]);
        assert_eq!(fixed.code, Some(0), "{fixed:?}");
        patient
    }

    fn set(&self, change: impl FnOnce(&mut Settings)) {
        self.shop.set(change).unwrap();
    }

    fn edit(&self, from: &str, to: &str) {
        let file = ".github/manifest.yaml";
        let text = std::fs::read_to_string(self.clone.join(file)).unwrap();
        assert!(text.contains(from), "{from}");
        write(&self.clone, file, &text.replace(from, to));
    }

    /// Writes a pipeline crate that takes cascade from a folder.
    fn build_crate(&self, folder: &str) {
        let cargo = format!("[dependencies]\ncascade-cli = {{ path = \"{folder}\" }}\n");
        write(&self.clone, "pipeline/Cargo.toml", &cargo);
        write(&self.clone, "pipeline/Cargo.lock", "version = 4\n");
        write(&self.clone, "cascade-cli/Cargo.toml", "");
    }

    fn doctor(&self, arguments: &[&str]) -> Run {
        self.doctor_with(ADMIN, arguments)
    }

    fn doctor_with(&self, token: &str, arguments: &[&str]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_e2e-cascade"));
        command
            .args(["doctor", "--json"])
            .args(arguments)
            .current_dir(&self.clone)
            .env_remove("GITHUB_REPOSITORY")
            .env("HOME", self.folder.path())
            .env("GITHUB_TOKEN", token)
            .env("GITHUB_API_URL", self.server.api_url())
            .env("GITHUB_SERVER_URL", self.server.url());
        Run::of(&command.output().unwrap())
    }
}

#[derive(Debug)]
struct Run {
    code: Option<i32>,
    items: Vec<Value>,
    fixed: Vec<Value>,
    error: String,
}

impl Run {
    fn of(output: &Output) -> Self {
        let document: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let list = |field: &str| document[field].as_array().cloned().unwrap_or_default();
        Self {
            code: output.status.code(),
            items: list("items"),
            fixed: list("fixed"),
            error: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The subjects of one verdict.
    fn subjects(&self, verdict: &str) -> Vec<&str> {
        let items = self.items.iter().filter(|item| item["verdict"] == verdict);
        items
            .map(|item| item["subject"].as_str().unwrap())
            .collect()
    }

    fn said(&self, subject: &str) -> String {
        let item = self.items.iter().find(|item| item["subject"] == subject);
        let item = item.unwrap_or_else(|| panic!("{subject}: {self:?}"));
        format!("{} {}", item["message"], item["fix"])
    }
}

#[test]
fn a_fresh_repository_is_set_up() {
    let patient = Patient::new().with_names();
    let before = patient.doctor(&[]);
    assert_eq!(before.code, Some(1), "{before:?}");
    let wrong = before.subjects("wrong");
    assert_eq!(
        wrong,
        [
            "pull requests by Actions",
            "history of `cascade-state`",
            "environment `production`",
            "secrets of the environment `production`",
            "variables of the environment `production`",
            "label `upstream-sync`",
            "label `human-required`",
            "label `cascade-active`",
            "label `cascade-blocked`",
            "label `cascade-failed`",
            "label `production-ready`",
            "label `cascade-escalated`",
            "label `cascade-trigger-failed`",
            "label `high-priority`",
        ],
        "{before:?}"
    );
    let dry = patient.doctor(&["--fix", "--dry-run"]);
    assert_eq!((dry.code, dry.fixed.len()), (Some(1), 0), "{dry:?}");
    let fixed = patient.doctor(&["--fix"]);
    assert_eq!(fixed.code, Some(0), "{fixed:?}");
    assert_eq!(fixed.fixed.len(), 12, "{fixed:?}");
    let again = patient.doctor(&[]);
    assert_eq!(again.code, Some(0), "{again:?}");
    assert_eq!(again.subjects("ok").len(), again.items.len(), "{again:?}");
}

/// What is wrong with a repository that was set up.
struct Case {
    subject: &'static str,
    /// Some words of what is said of it.
    says: &'static str,
    fault: fn(&Patient),
    /// What a person does about it; nothing where `--fix` does.
    cure: Option<fn(&Patient)>,
}

const CASES: [Case; 17] = [
    Case {
        subject: "default branch",
        says: "it is `old`, and the trunk is `main`",
        fault: |patient| {
            let bare = patient.shop.folder();
            git(&bare, &["branch", "old", "main"]);
            patch(patient, "{\"default_branch\": \"old\"}");
        },
        cure: None,
    },
    Case {
        subject: "Actions",
        says: "switched off",
        fault: |patient| patient.set(|settings| settings.actions_enabled = false),
        cure: None,
    },
    Case {
        subject: "allowed actions",
        says: "`actions/checkout`",
        fault: |patient| {
            patient.set(|settings| {
                "selected".clone_into(&mut settings.allowed_actions);
                settings.patterns_allowed = vec!["acme/*".to_owned()];
            });
        },
        cure: None,
    },
    Case {
        subject: "allowed actions",
        says: "only actions of the owner may run",
        fault: |patient| {
            patient.set(|settings| "local_only".clone_into(&mut settings.allowed_actions));
        },
        cure: Some(|patient| {
            patient.set(|settings| "all".clone_into(&mut settings.allowed_actions));
        }),
    },
    Case {
        subject: "pinned actions",
        says: "`pin_mode` is `tag`",
        fault: |patient| {
            patient.set(|settings| settings.sha_pinning_required = true);
            patient.edit("    environments:", "    pin_mode: tag\n    environments:");
        },
        cure: Some(|patient| patient.edit("pin_mode: tag", "pin_mode: sha")),
    },
    Case {
        subject: "pull requests by Actions",
        says: "GITHUB_TOKEN opens the pull requests",
        fault: |patient| {
            patient.set(|settings| settings.can_approve_pull_request_reviews = false);
        },
        cure: None,
    },
    Case {
        subject: "writing state to `cascade-state`",
        says: "changes come by pull request",
        fault: |patient| patient.shop.protect("cascade-state", &[]).unwrap(),
        cure: Some(|patient| patient.shop.unprotect("cascade-state").unwrap()),
    },
    Case {
        subject: "writing state to `main`",
        says: "cascade state move cascade-state",
        fault: |patient| {
            patient.shop.protect("main", &["ada"]).unwrap();
            patient.edit("    state: { branch: cascade-state }\n", "");
        },
        cure: Some(|patient| {
            patient.edit(
                "    environments:",
                "    state: { branch: cascade-state }\n    environments:",
            );
        }),
    },
    Case {
        subject: "making tags",
        says: "the ruleset `tags` refuses them",
        fault: |patient| patient.shop.restrict_tags(&[]).unwrap(),
        cure: Some(|patient| {
            patient.shop.restrict_tags(&["ada".to_owned()]).unwrap();
            patient.set(|settings| {
                settings.secrets.insert("RELEASER".to_owned());
            });
            patient.edit(
                "    environments:",
                "    release_token: RELEASER\n    environments:",
            );
        }),
    },
    Case {
        subject: "environment `production`",
        says: "it waits 0 minutes, and the pipeline says 30, `octocat` does not review, other branches may deploy",
        fault: |patient| {
            let path = "/repos/acme/shop/environments/production";
            request(patient, "PUT", path, "{}");
        },
        cure: None,
    },
    Case {
        subject: "secrets",
        says: "missing: `WEB_KEY`\" \"gh secret set NAME\"",
        fault: |patient| patient.set(|settings| settings.secrets.clear()),
        cure: Some(|patient| {
            patient.set(|settings| {
                settings.secrets.insert("WEB_KEY".to_owned());
            });
        }),
    },
    Case {
        subject: "variables",
        says: "missing: `TARGET`",
        fault: |patient| patient.set(|settings| settings.variables.clear()),
        cure: Some(|patient| {
            patient.set(|settings| {
                settings.variables.insert("TARGET".to_owned());
            });
        }),
    },
    Case {
        subject: "secrets of the environment `production`",
        says: "gh secret set NAME --env production",
        fault: |patient| patient.set(|settings| settings.environment_secrets.clear()),
        cure: Some(|patient| {
            patient.set(|settings| {
                let keys = ["DEPLOY_KEY".to_owned()].into();
                settings
                    .environment_secrets
                    .insert("production".to_owned(), keys);
            });
        }),
    },
    Case {
        subject: "cascade on the runners",
        says: "a run cannot fetch commit",
        fault: |patient| {
            let cascade = patient.server.repository("acme/cascade").unwrap();
            cascade.hide().unwrap();
        },
        cure: Some(|patient| {
            let reader = Token::personal(ADMIN, "ada")
                .may("acme/shop", Permissions::write_all())
                .may("acme/cascade", Permissions::read_all());
            patient.server.register(reader);
            patient.set(|settings| {
                settings.secrets.insert("READ_CASCADE".to_owned());
            });
            patient.edit(
                "cli: { source: git,",
                "cli: { source: git, token: READ_CASCADE,",
            );
        }),
    },
    Case {
        subject: "cascade on the runners",
        says: "takes cascade from ../nowhere, which is on this machine only",
        fault: |patient| {
            patient.build_crate("../nowhere");
            let file = patient.clone.join(".github/manifest.yaml");
            let text = std::fs::read_to_string(&file).unwrap();
            let old = text.lines().find(|line| line.contains("cli: {")).unwrap();
            patient.edit(old, "    cli: { source: workspace, path: pipeline }");
        },
        cure: Some(|patient| patient.build_crate("../cascade-cli")),
    },
    Case {
        subject: "label `cascade-blocked`",
        says: "it does not exist",
        fault: |patient| {
            let path = "/repos/acme/shop/labels/cascade-blocked";
            request(patient, "DELETE", path, "");
        },
        cure: None,
    },
    Case {
        subject: "files of the Go tool",
        says: "`.github/workflows/cascade-old.yaml`",
        fault: |patient| {
            let text = "# AUTO-GENERATED by cascade - DO NOT EDIT MANUALLY\non: push\njobs: {}\n";
            write(&patient.clone, ".github/workflows/cascade-old.yaml", text);
        },
        cure: Some(|patient| {
            let file = patient.clone.join(".github/workflows/cascade-old.yaml");
            std::fs::remove_file(file).unwrap();
        }),
    },
];

fn patch(patient: &Patient, body: &str) {
    request(patient, "PATCH", "/repos/acme/shop", body);
}

fn request(patient: &Patient, method: &str, path: &str, body: &str) {
    let url = format!("{}{path}", patient.server.api_url());
    let request = ureq::http::Request::builder()
        .method(method)
        .uri(url)
        .header("authorization", format!("Bearer {ADMIN}"))
        .body(body.to_owned());
    ureq::run(request.unwrap()).unwrap();
}

#[test]
fn each_thing_that_is_wrong_is_named_and_can_be_mended() {
    for case in &CASES {
        let patient = Patient::healthy();
        (case.fault)(&patient);
        let found = patient.doctor(&[]);
        assert_eq!(found.code, Some(1), "{}: {found:?}", case.subject);
        assert_eq!(found.subjects("wrong"), [case.subject], "{found:?}");
        let said = found.said(case.subject);
        assert!(said.contains(case.says), "{}: {said}", case.subject);
        let fixable = said.contains("--fix");
        assert_eq!(fixable, case.cure.is_none(), "{}: {said}", case.subject);
        match case.cure {
            Some(cure) => cure(&patient),
            None => {
                let fixed = patient.doctor(&["--fix"]);
                assert_eq!(fixed.fixed, [case.subject], "{fixed:?}");
            }
        }
        let again = patient.doctor(&[]);
        assert_eq!(again.code, Some(0), "{}: {again:?}", case.subject);
    }
}

#[test]
fn what_a_token_may_not_see_is_not_called_wrong() {
    let patient = Patient::healthy();
    let blind = Token::personal(WRITER, "ada").may(
        "acme/shop",
        Permissions::none().read(e2e::github::Scope::Contents),
    );
    patient.server.register(blind);
    let found = patient.doctor_with(WRITER, &[]);
    assert_eq!(found.code, Some(0), "{found:?}");
    assert!(found.subjects("unknown").contains(&"Actions"), "{found:?}");
    assert!(found.said("secrets").contains("HTTP 403"), "{found:?}");
}

#[test]
fn without_a_token_or_a_remote_it_says_what_to_do() {
    let host = Host::new("ci: { config: { trunk_branch: main } }\n");
    let clone = host.clone_as("clone");
    let run = |change: fn(&mut Command)| {
        let mut command = host.verb(&clone, &["doctor"]);
        command
            .env_remove("GITHUB_TOKEN")
            .env_remove("GH_TOKEN")
            .env("PATH", path_without("gh"));
        change(&mut command);
        Run::of(&command.output().unwrap())
    };
    let without = run(|_| {});
    assert_eq!(without.code, Some(2));
    assert!(
        without.error.contains("log in with `gh auth login"),
        "{without:?}"
    );
    git(&clone, &["remote", "remove", "origin"]);
    let lost = run(|command| {
        command
            .env("GITHUB_TOKEN", "x")
            .env_remove("GITHUB_REPOSITORY");
    });
    assert_eq!(lost.code, Some(2));
    assert!(lost.error.contains("has no remote `origin`"), "{lost:?}");
}

fn path_without(program: &str) -> String {
    let path = std::env::var("PATH").unwrap();
    let folders = path
        .split(':')
        .filter(|folder| !Path::new(folder).join(program).exists());
    folders.collect::<Vec<_>>().join(":")
}
