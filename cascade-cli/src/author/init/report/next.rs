//! The next steps, in order.

use super::Report;
use crate::author::pipeline_crate::RUN;
use crate::author::pipeline_crate::source::Source;
use cascade_core::contract::Role;

impl Report<'_> {
    /// Returns the steps from here to a first promotion.
    pub(super) fn next(&self) -> Vec<String> {
        let trunk = &self.scaffold.trunk;
        let mut steps = Vec::new();
        if self.place.git.is_none() {
            steps.push(format!(
                "Make it a repository: git init --initial-branch={trunk}"
            ));
        }
        steps.extend(self.samples());
        steps.extend(self.elsewhere());
        steps.push(match self.rust {
            true => format!(
                "Compile the pipeline, which also writes its Cargo.lock: {RUN} verify\n\
                 When you have changed it, `generate` in the place of `verify` writes the files."
            ),
            false => {
                "Check it whenever you have changed something: cascade lint && cascade verify\n\
                      When you have changed the manifest, `cascade generate` writes the files."
                    .to_owned()
            }
        });
        steps.push(self.commit());
        steps.extend(self.secrets());
        let rehearse = match self.rust {
            true => format!("{RUN} rehearse"),
            false => "cascade rehearse".to_owned(),
        };
        steps.push(format!(
            "See what a push would do: `{rehearse}` runs it on this machine, with stubs as callbacks"
        ));
        steps.push(
            "Look at GitHub before you push: `cascade doctor` says what would fail there, `--fix` mends it"
                .to_owned(),
        );
        steps.push(format!(
            "Push. In a pull request, the workflow `Check the pipeline` runs; on `{trunk}`, `orchestrate` does."
        ));
        steps.push(self.promotion());
        steps.extend(self.way());
        steps
    }

    fn samples(&self) -> Option<String> {
        let callbacks = self.scaffold.callbacks.iter();
        let samples = callbacks.filter(|each| each.existing.is_none());
        let mut samples: Vec<(Role, &str)> = samples
            .map(|each| (each.role, each.workflow.as_str()))
            .collect();
        samples.sort_unstable_by_key(|(role, _)| *role);
        if samples.is_empty() {
            return None;
        }
        let listed: Vec<String> = samples
            .iter()
            .map(|(role, path)| match role {
                Role::Validate => format!("{path}  checks a commit"),
                Role::Build => format!("{path}  builds it"),
                Role::Deploy => {
                    format!("{path}  prints what it would deploy: put your commands there")
                }
                Role::Publish => {
                    format!("{path}  prints what it would publish: put your commands there")
                }
            })
            .collect();
        Some(format!(
            "Look through the callbacks, which are yours:\n{}",
            listed.join("\n")
        ))
    }

    fn commit(&self) -> String {
        let paths: Vec<String> = self
            .plan
            .files
            .iter()
            .map(|file| file.path.clone())
            .collect();
        let ignored = self.place.git.as_ref().map(|git| git.ignored(&paths));
        let ignored = ignored.unwrap_or_default();
        let force = match ignored.is_empty() {
            true => String::new(),
            // Patterns of `.gitignore` match them.
            false => format!("git add --force {} && ", ignored.join(" ")),
        };
        format!("Commit: git add --all && {force}git commit --message 'Add a delivery pipeline'")
    }

    fn secrets(&self) -> Option<String> {
        let callbacks = self.scaffold.callbacks.iter();
        let mut names: Vec<&String> = callbacks.flat_map(|each| each.secrets()).collect();
        names.sort_unstable();
        names.dedup();
        let names: Vec<&str> = names.into_iter().map(String::as_str).collect();
        (!names.is_empty()).then(|| {
            format!(
                "The callbacks take secrets, which the repository on GitHub must have: {}",
                names.join(", ")
            )
        })
    }

    fn promotion(&self) -> String {
        match self.scaffold.environments.as_slice() {
            [] => "When a prerelease is good, run the workflow `promote` on GitHub: it publishes the release."
                .to_owned(),
            [only] => format!("Follow the run: it deploys to `{only}`, and `cascade status` shows what is there."),
            [first, .., last] => format!(
                "When `{first}` is good, run the workflow `promote` on GitHub: it goes on towards `{last}`.\n\
                 `cascade status` shows what each environment has."
            ),
        }
    }

    /// Returns what to know about the way that cascade gets to a runner.
    fn way(&self) -> Option<String> {
        if self.sources.preinstalled {
            return Some(
                "Install cascade on your runners, and name their labels under `runs_on`: GitHub's own do not have it"
                    .to_owned(),
            );
        }
        match &self.sources.source {
            Some(Source::Git { .. }) if !self.rust => Some(
                "Later: each run builds cascade once; where it has releases, `cascade pin VERSION` lets runs download one"
                    .to_owned(),
            ),
            _ => None,
        }
    }

    /// Returns what to change before runs can build the crate.
    fn elsewhere(&self) -> Option<String> {
        self.sources.source.as_ref()?.note()
    }
}
