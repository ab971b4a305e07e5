//! Each thing that can be wrong with a repository.

use super::patient::{ADMIN, Patient};
use crate::support::{git, write};
use e2e::github::{Permissions, Token};

/// A mistake in a repository that was set up.
struct Case {
    subject: &'static str,
    /// Some words of what is said of it.
    says: &'static str,
    fault: fn(&Patient),
    /// The remedy of a person; none where `--fix` mends it.
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
