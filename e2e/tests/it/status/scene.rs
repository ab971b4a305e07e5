//! A repository of which everything is known that can be: four weeks of deliveries, a rollout, an
//! incomplete environment, a rollback, a hotfix, an integration, and names that are hostile.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use cascade_core::state::{
    Deploy, Environment, External, Incomplete, LatestRelease, Managed, Rejected, ReleaseRecord,
    RolloutState,
};
use cascade_core::time::Time;
use serde_json::{Value, json};
use std::time::Duration;

use crate::support::host::{Host, MANIFEST, TOKEN};
use crate::support::{git, write};

const HEAD: &str = "\
ci:
  config:
    schema_version: 1
    trunk_branch: main
    cli: { source: preinstalled }
    runs_on: self-hosted
    environments: [dev, staging, prod]
    deploys:
      - name: web
        workflow: .github/workflows/canary.yaml
        permissions: {}
        strategy: canary
        canary:
          steps: [10, 50, 100]
          bake_time: 30m
          promote_callback: .github/workflows/deploy-web.yaml
          rollback_callback: .github/workflows/canary.yaml
      - { name: api, workflow: .github/workflows/deploy-web.yaml, permissions: {} }
    external:
      - { mode: pull, repo: acme/models, version: ^1 }
    integration: { upstream: acme/upstream }
";

const CANARY: &str = "\
on:
  workflow_call:
    inputs:
      environment: { type: string }
      percent: { type: number }
jobs:
  call:
    if: always()
    runs-on: ubuntu-latest
    steps: [{ run: echo }]
";

pub(super) const HOSTILE: &str = "fix(<b>)!: <script>alert(1)</script> & \"quotes\" ]]> </details>";
const SUBJECTS: [&str; 6] = [
    "feat(cart): remember the cart between visits",
    "fix: round prices once",
    "perf(search): ask for one page less",
    "feat: show the delivery date",
    "docs: say how to sign in",
    "fix(api): answer 404 for what is gone",
];
/// Monday, January 5.
const BEGIN: &str = "2026-01-05T09:00:00Z";
const HOUR: Duration = Duration::from_secs(3_600);

pub(super) struct Scene {
    host: Host,
    root: PathBuf,
    managed: Managed,
    now: Time,
}

impl Scene {
    pub(super) fn new() -> Self {
        let host = Host::new(HEAD);
        let root = host.clone_as("work");
        let mut scene = Self {
            host,
            root,
            managed: Managed::default(),
            now: BEGIN.parse().unwrap(),
        };
        write(&scene.root, ".github/workflows/canary.yaml", CANARY);
        scene.commit("ci: a canary");
        (0..20).for_each(|day| scene.day(day));
        scene.ask();
        scene.end();
        scene
    }

    /// A commit is deployed to the first environment at once, and to the others now and then.
    fn day(&mut self, day: u64) {
        let subject = SUBJECTS[usize::try_from(day).unwrap() % SUBJECTS.len()];
        write(&self.root, "src/shop.c", &format!("int day = {day};\n"));
        let sha = self.commit(subject);
        let version = format!("v1.{day}.0");
        self.pass(1);
        self.deploy("dev", &sha, &version);
        if day.is_multiple_of(2) {
            self.pass(3);
            self.deploy("staging", &sha, &version);
        }
        if day.is_multiple_of(4) {
            self.pass(2);
            self.deploy("prod", &sha, &version);
            self.publish(&sha, &version);
        }
        if day == 8 {
            self.pass(1);
            self.roll_back();
        }
        let passed = self.now - BEGIN.parse::<Time>().unwrap();
        let weekend = if day % 5 == 4 { 48 } else { 0 };
        let rest = 24 - passed.as_secs() / 3_600 % 24 + weekend;
        self.pass(rest);
    }

    fn deploy(&mut self, environment: &str, sha: &str, version: &str) {
        let at = self.now.to_string();
        let held = self.managed.state.at_path(environment);
        held.remember();
        held.git_ref = None;
        held.rejected = None;
        held.held.sha = Some(sha.to_owned());
        held.held.version = Some(version.to_owned());
        held.held.committed_at = Some(at.clone());
        held.held.committed_by = Some("octocat".to_owned());
        for name in ["web", "api"] {
            held.held
                .deploys
                .insert(name.to_owned(), deployed(sha, version, &at));
        }
        self.record(&format!("promote {environment} {version}"));
    }

    fn roll_back(&mut self) {
        let prod = self.managed.state.at_path("prod");
        let earlier = prod.previous[0].held.clone();
        let left = prod.held.clone();
        prod.remember();
        prod.reject_newest();
        prod.held = earlier;
        prod.held.committed_at = Some(self.now.to_string());
        prod.git_ref = Some("rollback/prod".to_owned());
        prod.rejected = Some(Rejected {
            sha: left.sha,
            version: left.version,
            ..Rejected::default()
        });
        self.record("rollback prod");
    }

    fn publish(&mut self, sha: &str, version: &str) {
        let mut record = ReleaseRecord::default();
        record.held.sha = Some(sha.to_owned());
        record.held.version = Some(version.to_owned());
        record.held.committed_at = Some(self.now.to_string());
        self.managed.state.release = Some(record);
        self.managed.latest_release = LatestRelease {
            version: Some(version.to_owned()),
            sha: Some(sha.to_owned()),
            released_on: Some(self.now.to_string()),
            released_by: Some("octocat".to_owned()),
            ..LatestRelease::default()
        };
        self.record(&format!("release {version}"));
    }

    /// Leaves something in each environment that people should know.
    fn end(&mut self) {
        let at = self.now.to_string();
        let until = (self.now + HOUR).to_string();
        let state = &mut self.managed.state;
        let models = External {
            repo: Some("acme/models".to_owned()),
            sha: Some("3".repeat(40)),
            version: Some("v1.4.0".to_owned()),
            deployed_at: Some(at.clone()),
            ..External::default()
        };
        let dev = state.at_path("dev");
        dev.held.external.insert("models".to_owned(), models);
        let web = dev.held.deploys.get_mut("web").unwrap();
        web.rollout = Some(RolloutState {
            strategy: Some("canary".to_owned()),
            phase: Some("baking".to_owned()),
            version: Some("v1.20.0".to_owned()),
            percent: Some(50),
            started_at: Some(at.clone()),
            bake_until: Some(until),
            run: Some("https://github.example/acme/app/actions/runs/77".to_owned()),
            ..RolloutState::default()
        });
        incomplete(state.at_path("staging"), &at);
        let prod = state.at_path("prod");
        prod.git_ref = Some("rollback/prod".to_owned());
        prod.rejected = Some(Rejected {
            version: Some("v1.17.0".to_owned()),
            ..Rejected::default()
        });
        self.record("the end");
        for subject in [HOSTILE, &format!("feat: {}", "long".repeat(60))] {
            write(&self.root, "src/shop.c", subject);
            self.commit(subject);
        }
        git(&self.root, &["push", "--quiet", self.bare(), "HEAD:main"]);
    }

    /// Opens a hotfix and an integration on the host.
    fn ask(&self) {
        git(
            &self.root,
            &["push", "--quiet", self.bare(), "HEAD:main", "HEAD:env/prod"],
        );
        git(
            &self.root,
            &["checkout", "--quiet", "-b", "hotfix/prod/1234567"],
        );
        write(&self.root, "src/fix.c", "int fix;\n");
        git(&self.root, &["add", "--all"]);
        git(&self.root, &["commit", "--quiet", "-m", "fix: a fix"]);
        git(
            &self.root,
            &["push", "--quiet", self.bare(), "HEAD:hotfix/prod/1234567"],
        );
        git(&self.root, &["checkout", "--quiet", "main"]);
        let pull = json!({ "title": "fix", "head": "hotfix/prod/1234567", "base": "env/prod", "body": "" });
        let number = &self.post("pulls", &pull)["number"];
        let labels = json!({ "labels": ["cascade-hotfix"] });
        self.post(&format!("issues/{number}/labels"), &labels);
        let labels = ["upstream-sync", "cascade-blocked"];
        self.post(
            "issues",
            &json!({ "title": "change", "body": "", "labels": labels }),
        );
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        let url = format!("{}/repos/acme/app/{path}", self.host.server.api_url());
        let request = ureq::post(&url).header("authorization", &format!("Bearer {TOKEN}"));
        let text = request
            .send(body.to_string())
            .unwrap()
            .body_mut()
            .read_to_string();
        serde_json::from_str(&text.unwrap()).unwrap()
    }

    fn bare(&self) -> &'static str {
        self.host
            .repository
            .folder()
            .to_str()
            .unwrap()
            .to_owned()
            .leak()
    }

    fn record(&mut self, what: &str) {
        let text = self.managed.write(HEAD, "ci").unwrap();
        write(&self.root, MANIFEST, &text);
        self.commit(&format!("chore(cascade): {what} [skip ci]\n\nRun: https://github.example/acme/app/actions/runs/1"));
    }

    fn commit(&self, message: &str) -> String {
        git(&self.root, &["add", "--all"]);
        let at = self.now.to_string();
        let committed = Command::new("git")
            .args(["-c", "user.name=octocat", "-c", "user.email=o@example.com"])
            .args(["commit", "--quiet", "--allow-empty", "--message", message])
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_AUTHOR_DATE", &at)
            .env("GIT_COMMITTER_DATE", &at)
            .current_dir(&self.root)
            .status()
            .unwrap();
        assert!(committed.success(), "{message}");
        git(&self.root, &["rev-parse", "HEAD"])
    }

    fn pass(&mut self, hours: u64) {
        let hours = u32::try_from(hours).unwrap();
        self.now = self.now + HOUR * hours;
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Runs `status` half an hour after all of it, by hand.
    pub(super) fn status(&self, arguments: &[&str]) -> Output {
        let clock = self.host.folder().join("clock");
        let now = self.now + HOUR / 2 - Time::UNIX_EPOCH;
        std::fs::write(&clock, now.as_secs().to_string()).unwrap();
        let mut command = self
            .host
            .verb(&self.root, &[&["status"], arguments].concat());
        let command = command.env_remove("GITHUB_ACTIONS").env("E2E_CLOCK", clock);
        command.output().unwrap()
    }
}

fn deployed(sha: &str, version: &str, at: &str) -> Deploy {
    Deploy {
        sha: Some(sha.to_owned()),
        version: Some(version.to_owned()),
        deployed_at: Some(at.to_owned()),
        deployed_by: Some("octocat".to_owned()),
        ..Deploy::default()
    }
}

fn incomplete(environment: &mut Environment, at: &str) {
    let api = environment.held.deploys["api"].clone();
    environment.incomplete = Some(Incomplete {
        operation: Some("promote".to_owned()),
        sha: Some("5".repeat(40)),
        version: Some("v1.19.0".to_owned()),
        deploys: [("api".to_owned(), api)].into(),
        ..Incomplete::default()
    });
    let deploy = deployed(&"5".repeat(40), "v1.19.0", at);
    environment.held.deploys.insert("api".to_owned(), deploy);
}
