//! The steps that jobs of cascade's own begin with: a checkout, and cascade itself.

use super::context::{Context, History};
use super::installation;
use crate::actions::{ActionRef, Expr, Step, StepsJob, Value};

/// The folder of everything that is GitHub's.
const GITHUB: &str = ".github";

/// The files that a checkout brings.
///
/// Files are most of what a large repository weighs, and commands read the manifest, the callbacks
/// and the history. A sparse checkout fetches commits and trees, and files only where it is told so
/// (README of actions/checkout v7, `sparse-checkout`; git-clone(1), `--filter`). What a command reads
/// besides, such as the manifest of an older commit, git fetches then, with the token of the step.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Files {
    /// Those of the pipeline.
    Pipeline,
    /// All of them.
    All,
}

impl Context<'_> {
    /// The steps that a job of cascade's own begins with, on the commit of the run.
    ///
    /// The commit is named: without a `ref`, actions/checkout (v7, `src/ref-helper.ts`) fetches it
    /// *as* the branch of the event, and where the trunk is by now cannot be seen.
    pub(super) fn begin_on_commit(&self, job: &mut StepsJob, history: History) {
        job.step(self.checkout(history, Files::Pipeline, Expr::github("sha")));
        self.install(job);
    }

    /// The same with all files, for a job that merges, compares or changes some.
    pub(super) fn begin_with_files(&self, job: &mut StepsJob, history: History) {
        job.step(self.checkout(history, Files::All, Expr::github("sha")));
        self.install(job);
    }

    /// The same, on the tip of trunk: state may have moved since the run began.
    ///
    /// The branch has its full name: a short one also brings the branches and tags that begin
    /// with it (actions/checkout v7, `src/ref-helper.ts`).
    pub(super) fn begin_on_trunk(&self, job: &mut StepsJob, history: History) {
        job.step(self.checkout(history, Files::Pipeline, self.trunk_ref()));
        self.install(job);
    }

    /// The same with all files.
    pub(super) fn begin_on_trunk_with_files(&self, job: &mut StepsJob, history: History) {
        job.step(self.checkout(history, Files::All, self.trunk_ref()));
        self.install(job);
    }

    fn install(&self, job: &mut StepsJob) {
        let action = ActionRef::local(&self.settings.action_folder);
        let step = Step::uses(action).name("Set up cascade");
        job.step(match self.built {
            Some(sha256) => step.with(installation::SHA256, sha256.clone()),
            None => self.with_cli_token(step),
        });
    }

    pub(super) fn checkout(
        &self,
        history: History,
        files: Files,
        reference: impl Into<Value>,
    ) -> Step {
        let mut step = Step::uses(self.action("actions/checkout")).name("Check out");
        if history == History::Full {
            step = step.with("fetch-depth", 0);
        }
        step = step
            .with("ref", reference)
            .with("persist-credentials", false);
        match files {
            Files::Pipeline => step
                .with("sparse-checkout", self.folders().join("\n"))
                .into(),
            Files::All => step.into(),
        }
    }

    /// The folders of the pipeline: callbacks are in the first one, and files at the top of a
    /// repository always come along (git-sparse-checkout(1), "cone mode").
    fn folders(&self) -> Vec<&str> {
        let settings = self.settings;
        let manifest = settings.manifest_file.rsplit_once('/');
        let manifest = manifest.map(|(folder, _)| folder);
        let action = settings.action_folder.as_str();
        let elsewhere = |folder: &&str| *folder != GITHUB && !folder.starts_with(".github/");
        let named = manifest.into_iter().chain([action]);
        let mut folders = vec![GITHUB];
        folders.extend(named.filter(elsewhere));
        folders
    }
}
