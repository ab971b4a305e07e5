//! The history of a pipeline whose commands may crash.

use crate::support::host::{Host, error, on_state_branch, outputs_in, success};
use crate::support::{git, write};
use e2e::github::{Fault, FaultKind};
use e2e::hostile;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

const MANIFEST: &str = "\
ci:
  config:
    schema_version: 1
    trunk_branch: main
    cli: { source: preinstalled }
    environments: [dev, uat, prod]
    deploys: [{ name: web, workflow: .github/workflows/deploy-web.yaml }]
";

const VICTIM: &str = "token-of-a-victim";

/// The moment at which commands crash.
#[derive(Debug, Clone, Copy)]
pub(super) struct Crash {
    /// So many writes of the command come through before.
    pub(super) after: usize,
    /// The write at which it crashes takes effect.
    pub(super) applied: bool,
    /// The commands that crash.
    pub(super) victims: Victims,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Victims {
    /// Every command; its job is run again.
    Repeated,
    /// Only what brings tags and releases in step; nobody runs it again, and the next run repairs.
    Abandoned,
}

/// What there is after a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Left {
    /// The manifest.
    state: String,
    /// Subjects, newest first.
    commits: Vec<String>,
    tags: BTreeMap<String, String>,
    /// Tag; draft, prerelease, latest; text.
    releases: Vec<(String, (bool, bool, bool), String)>,
}

impl Left {
    /// Without the candidates of what is published: one whose run nobody repeated before it was
    /// published is not made up for.
    pub(super) fn without_past_candidates(mut self) -> Self {
        let published: Vec<_> = self.releases.iter().map(|(tag, ..)| tag.clone()).collect();
        let open = |tag: &str| {
            let core = tag.split_once("-rc.").map(|(core, _)| core);
            !published.iter().any(|tag| Some(tag.as_str()) == core)
        };
        self.tags.retain(|tag, _| open(tag));
        self.releases.retain(|(tag, ..)| open(tag));
        self
    }
}

type Outputs = BTreeMap<String, String>;

/// A pipeline whose commands may crash.
pub(super) struct Pipeline {
    pub(super) host: Host,
    pub(super) clone: PathBuf,
    pub(super) crash: Option<Crash>,
    /// The state has a branch of its own.
    pub(super) on_branch: bool,
    /// The runner's git is set up to do everything in another way.
    pub(super) hostile: bool,
    /// The commits that somebody pushed.
    pub(super) commits: Vec<String>,
    /// Which run this is.
    pub(super) run: usize,
    /// The commands that crashed.
    pub(super) crashed: Vec<String>,
    /// What each run left.
    pub(super) left: Vec<Left>,
}

impl Pipeline {
    pub(super) fn new(crash: Option<Crash>, on_branch: bool) -> Self {
        let host = match on_branch {
            true => Host::new(&on_state_branch(MANIFEST)),
            false => Host::new(MANIFEST),
        };
        host.register(VICTIM);
        let clone = host.clone_as("checkout");
        let commits = vec![host.head.clone()];
        Self {
            host,
            clone,
            crash,
            on_branch,
            hostile: false,
            commits,
            run: 0,
            crashed: Vec::new(),
            left: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, message: &str) {
        self.check_out();
        let count = self.commits.len().to_string();
        write(&self.clone, "src/a", &count);
        git(&self.clone, &["add", "--all"]);
        git(&self.clone, &["commit", "--quiet", "--message", message]);
        let bare = self.host.repository.folder();
        let bare = bare.to_str().unwrap();
        git(&self.clone, &["push", "--quiet", bare, "HEAD:main"]);
        self.commits.push(git(&self.clone, &["rev-parse", "HEAD"]));
    }

    fn check_out(&self) {
        let bare = self.host.repository.folder();
        let bare = bare.to_str().unwrap();
        let trunk = "+refs/heads/main:refs/remotes/origin/main";
        let fixed = "+refs/heads/env/*:refs/remotes/origin/env/*";
        let tags = "+refs/tags/*:refs/tags/*";
        git(
            &self.clone,
            &["fetch", "--quiet", "--prune", bare, trunk, fixed, tags],
        );
        git(&self.clone, &["reset", "--quiet", "--hard", "origin/main"]);
    }

    pub(super) fn orchestrate(&mut self) {
        self.begin();
        let decided = self.call("orchestrate setup", &[]);
        let plan = decided["plan"].as_str();
        self.record("orchestrate", plan);
        let ended = [("PLAN", plan), ("NEEDS_DEPLOY_DEV", &success())];
        self.call("orchestrate finalize --commit-push", &ended);
        self.left.push(self.look());
    }

    pub(super) fn promote(&mut self, inputs: &Value) {
        self.begin();
        let decided = self.call("promote preflight", &[("DISPATCH", &inputs.to_string())]);
        let plan = decided["plan"].as_str();
        let mut ended = vec![("PLAN", plan)];
        let success = success();
        for environment in ["uat", "prod"] {
            if environment == "prod" && !decided["release"].is_empty() {
                self.call("promote release --commit-push", &[("PLAN", plan)]);
                ended.push(("NEEDS_RELEASE", &success));
            }
            let stage = &decided[&format!("plan-{environment}")];
            if !stage.is_empty() {
                self.record("promote", stage);
            }
        }
        ended.push(("NEEDS_DEPLOY_UAT", &success));
        ended.push(("NEEDS_DEPLOY_PROD", &success));
        self.call("promote finalize --commit-push", &ended);
        self.left.push(self.look());
    }

    /// Opens a hotfix of uat, merges it as a person does, and deploys it.
    pub(super) fn hotfix(&mut self, fix: &str) {
        self.begin();
        let asked = json!({ "commits": fix, "target_env": "uat" }).to_string();
        let opened = self.call("hotfix plan", &[("DISPATCH", &asked)]);
        self.call("hotfix apply", &[("PLAN", &opened["plan"])]);
        let merge = self.merge();
        self.begin();
        let asked = json!({ "merge_sha": merge }).to_string();
        let decided = self.call("hotfix plan", &[("DISPATCH", &asked)]);
        let plan = decided["plan"].as_str();
        self.record("hotfix", plan);
        let ended = [("PLAN", plan), ("NEEDS_DEPLOY_UAT", &success())];
        self.call("hotfix finalize --commit-push", &ended);
        self.left.push(self.look());
    }

    /// Merges the one pull request that is open; its commit.
    fn merge(&mut self) -> String {
        let pulls = self.host.repository.pulls().unwrap();
        let open: Vec<_> = pulls.iter().filter(|(issue, _)| issue.open).collect();
        let [(issue, pull)] = open.as_slice() else {
            panic!("not one is open: {open:?}");
        };
        assert_eq!(issue.labels, ["cascade-hotfix"]);
        self.commits.push(pull.head_sha.clone());
        let merged = self.host.merge(issue.number);
        self.commits.push(merged.clone());
        merged
    }

    fn record(&mut self, operation: &str, plan: &str) {
        let success = success();
        let mut variables = vec![("OPERATION", operation), ("PLAN", plan)];
        self.call("deploy gate --commit-push", &variables);
        variables.extend([("NEEDS_GATE", &*success), ("NEEDS_DEPLOY_WEB", &*success)]);
        self.call("deploy record --commit-push", &variables);
    }

    /// The next run, a minute later.
    fn begin(&mut self) {
        self.run += 1;
        let now = 1_800_000_000 + self.run * 60;
        std::fs::write(self.clock(), now.to_string()).unwrap();
    }

    fn clock(&self) -> PathBuf {
        self.host.folder().join("clock")
    }

    fn call(&mut self, verb: &str, variables: &[(&str, &str)]) -> Outputs {
        let crashes = self.crash.is_some_and(|crash| match crash.victims {
            Victims::Repeated => true,
            Victims::Abandoned => verb.contains(" finalize"),
        });
        if let Some(crash) = self.crash.filter(|_| crashes) {
            match self.crash(verb, variables, crash) {
                Some(outputs) => return outputs,
                None if crash.victims == Victims::Abandoned => return Outputs::new(),
                None => {}
            }
        }
        let attempt = if crashes { "2" } else { "1" };
        let mut command = self.command(verb, variables);
        let output = command.env("GITHUB_RUN_ATTEMPT", attempt).output().unwrap();
        assert!(output.status.success(), "{verb}: {}", error(&output));
        self.outputs()
    }

    /// Lets a command crash; returns its outputs if it has ended before it came so far.
    fn crash(&mut self, verb: &str, variables: &[(&str, &str)], crash: Crash) -> Option<Outputs> {
        let kind = match crash.applied {
            true => FaultKind::DroppedAfter,
            false => FaultKind::Dropped,
        };
        let server = &self.host.server;
        let fault = |kind| Fault::new("*", kind).writes().credential(VICTIM);
        server.clear_requests();
        server.inject(fault(kind).after(crash.after));
        server.inject(
            fault(FaultKind::Dropped)
                .after(crash.after)
                .times(usize::MAX),
        );
        let mut command = self.command(verb, variables);
        let mut child = command.env("GITHUB_TOKEN", VICTIM).spawn().unwrap();
        let dropped = || {
            let requests = self.host.server.requests();
            requests.iter().any(|request| request.status == 0)
        };
        let status = loop {
            if dropped() {
                child.kill().unwrap();
                child.wait().unwrap();
                break None;
            }
            if let Some(status) = child.try_wait().unwrap() {
                break Some(status);
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        self.host.server.clear_faults();
        let Some(status) = status else {
            self.crashed.push(verb.to_owned());
            return None;
        };
        assert!(status.success(), "{verb}");
        Some(self.outputs())
    }

    fn command(&self, verb: &str, variables: &[(&str, &str)]) -> Command {
        self.check_out();
        let _ = std::fs::remove_file(self.host.folder().join("outputs"));
        let arguments: Vec<_> = verb.split(' ').chain(["--gha-output"]).collect();
        let mut command = self.host.verb(&self.clone, &arguments);
        command
            .envs(variables.iter().copied())
            .env("GITHUB_OUTPUT", self.host.folder().join("outputs"))
            .env("GITHUB_RUN_ID", self.run.to_string())
            .env("E2E_CLOCK", self.clock());
        if self.hostile {
            hostile::set_up(&mut command, self.host.folder()).unwrap();
        }
        command
    }

    fn outputs(&self) -> Outputs {
        outputs_in(&self.host.folder().join("outputs"))
    }

    /// What is there now; commits go by the order in which they were pushed.
    fn look(&self) -> Left {
        let shas = |text: String| {
            let numbered = self.commits.iter().enumerate();
            numbered.fold(text, |text, (at, commit)| {
                let text = text.replace(commit, &format!("commit{at}"));
                text.replace(&commit[..7], &format!("commit{at}"))
            })
        };
        let tags = self.host.repository.tags().unwrap();
        let releases = self.host.repository.releases().unwrap();
        let releases = releases.into_iter().map(|release| {
            let kind = (release.draft, release.prerelease, release.latest);
            let body = shas(release.body.unwrap_or_default());
            (release.tag, kind, body)
        });
        Left {
            state: shas(match self.on_branch {
                true => self.host.state().to_string(),
                false => self.host.manifest(),
            }),
            commits: self.host.subjects(),
            tags: tags.into_iter().map(|(tag, at)| (tag, shas(at))).collect(),
            releases: releases.collect(),
        }
    }
}
