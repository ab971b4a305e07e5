//! Hotfixes of a pipeline in memory.

use super::{World, ended_so, results};
use crate::lifecycle::history::Tag;
use crate::lifecycle::hotfix::{self, Deployment, Facts, Merge, Pull, Refusal, Target};
use crate::lifecycle::orchestrate::collect;
use crate::lifecycle::outcome::Outcome;
use crate::lifecycle::{Deploying, Operation, Stopped, begin};
use crate::state::Managed;
use std::convert::Infallible;

impl World {
    /// Returns what a fix needs on its way up, while these pull requests are there.
    pub(in crate::lifecycle::tests) fn elevation(
        &self,
        target: &str,
        commits: &[&str],
        pulls: &[Pull],
    ) -> Result<hotfix::Decision, Refusal> {
        let request = hotfix::Request {
            target: target.to_owned(),
            commits: commits.iter().map(|commit| (*commit).to_owned()).collect(),
        };
        let facts = Facts {
            trunk: &self.head(),
            branches: &self.branches,
            pulls,
        };
        let state = &self.managed.state;
        hotfix::elevate(&self.component, state, facts, &self.history, &request).map_err(refusal)
    }

    /// Merges the pull request of a step: a commit on top of what the environment holds.
    pub(in crate::lifecycle::tests) fn merge(&mut self, step: &Target) -> Merge {
        let of = |sha: &String| {
            let found = self
                .history
                .line
                .iter()
                .find(|(commit, _)| commit.sha == *sha);
            found.map(|(_, files)| files.clone()).unwrap_or_default()
        };
        let files: Vec<String> = step.commits.iter().flat_map(of).collect();
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let sha = self.history.commit_on(&step.onto, "Merge a hotfix", &files);
        self.branches.insert(step.environment.clone(), sha.clone());
        Merge {
            environment: step.environment.clone(),
            sha,
            number: 1,
            patches: step.commits.clone(),
            ..Merge::default()
        }
    }

    /// Returns what a merge deploys.
    pub(in crate::lifecycle::tests) fn deployment(
        &self,
        merge: &Merge,
    ) -> Result<Deployment, Refusal> {
        hotfix::deploy(&self.component, &self.managed, merge, false, &self.history).map_err(refusal)
    }

    /// Builds, deploys, records and tags a merge; the callbacks named fail. Whether it is recorded.
    pub(in crate::lifecycle::tests) fn fix(
        &mut self,
        deployment: &Deployment,
        failing: &[&str],
    ) -> bool {
        let builds = self.builds(&deployment.run, failing);
        let stamp = self.stamp();
        let mut deployment = deployment.clone();
        let collected = collect(
            &self.component,
            &deployment.run,
            Outcome::Skipped,
            &builds,
            &stamp,
        );
        deployment.run.step = collected.step;
        let results = results(&self.component, &deployment.run.step, failing);
        let deploying = Deploying {
            operation: Operation::Hotfix,
            run: None,
            stamp: &stamp,
        };
        let state = begin(&self.managed.state, &deployment.run.step, deploying).unwrap();
        let begun = Managed {
            state,
            ..self.managed.clone()
        };
        let ended = ended_so(&results);
        let (managed, recorded) =
            hotfix::record(&begun, &deployment, deploying, &self.component, ended).unwrap();
        let (again, _) =
            hotfix::record(&managed, &deployment, deploying, &self.component, ended).unwrap();
        assert_eq!(again, managed, "recording twice is recording once");
        let done = recorded.advanced;
        self.managed = managed;
        let step = &deployment.run.step;
        if done {
            let (name, sha) = (step.version.clone(), step.sha.clone());
            self.history.tags.push(Tag { name, sha });
        }
        done
    }
}

fn refusal(stopped: Stopped<Refusal, Infallible>) -> Refusal {
    let Stopped::Refused(refusal) = stopped;
    refusal
}
