//! The stages of a rollout inside the one deploy path.

use super::calls::{Added, Attempts, Calling};
use super::context::{Command, Context, History, command, reading};
use super::deploying::{Deploying, Stage};
use super::gate::Gate;
use super::inputs;
use crate::actions::{Expr, JobHandle, StepsJob, WorkflowBuilder, WorkflowError};
use crate::manifest::{StrategyKind, TimeSpan};
use crate::pipeline::{BlueGreen, Callback, CallbackKind, Canary, Strategy};
use crate::protocol::job::{self, StageName};
use crate::protocol::variable;
use crate::script;

/// The minutes that a bake job may take longer than its bake: checkout, installing, writing state.
const MARGIN: u32 = 10;

/// A deploy whose stages are added.
pub(super) struct Rollout<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) callback: &'a Callback,
    pub(super) gate: &'a Gate,
    pub(super) deployed: &'a Added,
    /// The conditions under which it begins, whatever its strategy.
    pub(super) conditions: Vec<Expr>,
    /// The jobs that it waits for.
    pub(super) after: Vec<JobHandle>,
}

/// The stages that were added so far.
#[derive(Default)]
struct Stages {
    jobs: Vec<JobHandle>,
    /// Deploys whose outputs are the callback's.
    producing: Vec<JobHandle>,
}

/// A wave, or a switch.
struct Wave<'a> {
    /// Its number from 1, in a canary.
    number: Option<usize>,
    /// Its name for people: `canary 10%`, `green`.
    shown: String,
    stage: StageName,
    percent: i64,
    bake: Option<TimeSpan>,
    analysis: Option<&'a Callback>,
}

impl Wave<'_> {
    /// Returns a stage of this wave.
    const fn stage(&self, name: StageName) -> job::Stage {
        job::Stage {
            name,
            wave: self.number,
        }
    }
}

impl Rollout<'_> {
    /// Adds the stages beside the direct `attempts`.
    pub(super) fn add(
        &self,
        strategy: &Strategy,
        attempts: Attempts,
        flow: &mut WorkflowBuilder,
    ) -> Result<Attempts, WorkflowError> {
        match strategy {
            Strategy::Canary(canary) => self.canary(canary, attempts, flow),
            Strategy::BlueGreen(switch) => self.switch(switch, attempts, flow),
        }
    }

    fn canary(
        &self,
        canary: &Canary,
        attempts: Attempts,
        flow: &mut WorkflowBuilder,
    ) -> Result<Attempts, WorkflowError> {
        let mut stages = Stages::default();
        let mut done: Option<Expr> = None;
        let (mut first, mut reached) = (None, 0);
        for (place, percent) in canary.steps.iter().enumerate() {
            let wave = Wave {
                number: Some(place + 1),
                shown: format!("canary {}%", percent.get()),
                stage: StageName::Canary,
                percent: percent.get(),
                bake: canary.bake_time,
                analysis: canary.analysis.as_ref(),
            };
            let begins = done.unwrap_or_else(|| self.begins(StrategyKind::Canary));
            let (deploy, baked) = self.wave(&wave, begins, &mut stages, flow)?;
            first.get_or_insert(deploy);
            reached = wave.percent;
            done = Some(Expr::not_cancelled().and(baked));
        }
        let promote = self.finish(
            (StageName::BeginPromote, StageName::Promote),
            &canary.promote,
            (done, reached),
            &mut stages,
            flow,
        );
        let rollback = Some(&canary.rollback);
        self.end(promote?, (first, rollback), stages, attempts, flow)
    }

    fn switch(
        &self,
        switch: &BlueGreen,
        attempts: Attempts,
        flow: &mut WorkflowBuilder,
    ) -> Result<Attempts, WorkflowError> {
        let mut stages = Stages::default();
        let wave = Wave {
            number: None,
            shown: "green".to_owned(),
            stage: StageName::Green,
            percent: 100,
            bake: switch.bake_time,
            analysis: None,
        };
        let begins = self.begins(StrategyKind::BlueGreen);
        let (green, baked) = self.wave(&wave, begins, &mut stages, flow)?;
        let done = Some(Expr::not_cancelled().and(baked));
        let cutover = self.finish(
            (StageName::BeginCutover, StageName::Cutover),
            &switch.cutover,
            (done, 100),
            &mut stages,
            flow,
        );
        let rollback = switch.rollback.as_ref();
        self.end(cutover?, (Some(green), rollback), stages, attempts, flow)
    }

    fn planned(&self) -> Expr {
        self.gate.planned(self.callback.name.as_str())
    }

    /// Returns the condition under which the first wave begins.
    fn begins(&self, kind: StrategyKind) -> Expr {
        let strategy = self.planned().get("strategy");
        let own = [strategy.equals(kind.as_str()), !Expr::input("dry_run")];
        Expr::all(self.conditions.iter().cloned().chain(own))
    }

    /// Adds a wave: its first attempt to deploy, and whether it came to its end.
    fn wave(
        &self,
        wave: &Wave<'_>,
        begins: Expr,
        stages: &mut Stages,
        flow: &mut WorkflowBuilder,
    ) -> Result<(JobHandle, Expr), WorkflowError> {
        let begin = self.begin(wave, begins, stages, flow);
        let mut call = self.call(
            wave.stage(wave.stage),
            &wave.shown,
            self.callback,
            Stage::Forward(wave.stage.as_str(), wave.percent),
        )?;
        call.when = Expr::not_cancelled().and(begin.succeeded());
        let deployed = call.add(flow);
        let first = deployed.jobs[0].clone();
        let mut done = deployed.succeeded();
        stages.jobs.extend(deployed.jobs.iter().cloned());
        stages.producing.extend(deployed.jobs);
        if let Some(bake) = wave.bake {
            done = self.bake(wave, bake, done, stages, flow).succeeded();
        }
        if let Some(analysis) = wave.analysis {
            let mut call = self.call(
                wave.stage(StageName::Analysis),
                &format!("analysis of {}", wave.shown),
                analysis,
                Stage::Forward(StageName::Analysis.as_str(), wave.percent),
            )?;
            call.when = Expr::not_cancelled().and(done);
            let judged = call.add(flow);
            done = judged.succeeded();
            stages.jobs.extend(judged.jobs);
        }
        Ok((first, done))
    }

    /// Records that a wave begins, before anybody sees it.
    fn begin(
        &self,
        wave: &Wave<'_>,
        when: Expr,
        stages: &mut Stages,
        flow: &mut WorkflowBuilder,
    ) -> JobHandle {
        let mut job = self
            .own(
                wave.stage(StageName::Begin),
                &format!("begin {}", wave.shown),
            )
            .when(when);
        if stages.jobs.is_empty() {
            job = job.needs_all(&self.after);
        }
        self.context.begin_on_commit(&mut job, History::Shallow);
        let token = &self.context.settings.state_token;
        let token = self.context.token(&mut job, "state-token", token);
        let script = match stages.jobs.is_empty() {
            true => script!("cascade rollout record --commit-push --gha-output"),
            false => script!("cascade rollout record --continued --commit-push --gha-output"),
        };
        let step = command("Record that it begins", script).env(variable::GITHUB_TOKEN, token);
        let step = self.context.signing(step);
        job.step(self.told(step, wave.percent));
        let job = flow.add(job);
        stages.jobs.push(job.clone());
        job
    }

    /// Watches a wave for a while.
    fn bake(
        &self,
        wave: &Wave<'_>,
        bake: TimeSpan,
        when: Expr,
        stages: &mut Stages,
        flow: &mut WorkflowBuilder,
    ) -> JobHandle {
        let minutes = u32::try_from(bake.minutes()).unwrap_or(u32::MAX);
        let mut job = self
            .own(wave.stage(StageName::Bake), &format!("bake {bake}"))
            .when(Expr::not_cancelled().and(when))
            .timeout(minutes.saturating_add(MARGIN));
        self.context.begin_on_commit(&mut job, History::Shallow);
        let token = &self.context.settings.state_token;
        let token = self.context.token(&mut job, "state-token", token);
        let step = command(
            "Wait, and watch",
            script!("cascade rollout bake --commit-push --gha-output"),
        )
        .env(variable::GITHUB_TOKEN, token)
        .env(variable::BAKE_TIME, bake.to_string());
        let step = self.context.signing(step);
        job.step(self.told(step, wave.percent));
        let job = flow.add(job);
        stages.jobs.push(job.clone());
        job
    }

    /// The stage that completes the rollout, behind a look whether the waves before still stand:
    /// where only the failed jobs of a run are run again, they may have been rolled back.
    fn finish<'c>(
        &'c self,
        (begin, stage): (StageName, StageName),
        callback: &'c Callback,
        (done, reached): (Option<Expr>, i64),
        stages: &mut Stages,
        flow: &mut WorkflowBuilder,
    ) -> Result<Calling<'c>, WorkflowError> {
        let mut job = self
            .context
            .job(
                &self.id(begin.once()),
                self.title(&format!("begin {}", stage.as_str())),
            )
            .permissions(&reading())
            .when(done.unwrap_or_else(Expr::not_cancelled));
        self.context.begin_on_commit(&mut job, History::Shallow);
        let step = command(
            "Check that the rollout is under way",
            script!("cascade rollout record --continued"),
        )
        .env(variable::GITHUB_TOKEN, Expr::token());
        job.step(self.told(step, reached));
        let job = flow.add(job);
        stages.jobs.push(job.clone());
        let mut call = self.call(
            stage.once(),
            stage.as_str(),
            callback,
            Stage::Forward(stage.as_str(), 100),
        )?;
        call.when = Expr::not_cancelled().and(job.succeeded());
        Ok(call)
    }

    /// A step that is told which wave it is about.
    fn told(&self, step: Command, percent: i64) -> Command {
        step.env(variable::ENVIRONMENT, Expr::input("environment"))
            .env(variable::DEPLOY, self.callback.name.as_str())
            .env(variable::PLANNED, Expr::to_json(self.planned()))
            .env(variable::PERCENT, percent)
    }

    /// Adds the completing stage, and the rollback of the waves.
    fn end(
        &self,
        finish: Calling<'_>,
        (first, rollback): (Option<JobHandle>, Option<&Callback>),
        mut stages: Stages,
        attempts: Attempts,
        flow: &mut WorkflowBuilder,
    ) -> Result<Attempts, WorkflowError> {
        let finished = finish.add(flow).jobs[0].clone();
        stages.jobs.push(finished.clone());
        if let (Some(first), Some(rollback)) = (first, rollback) {
            let mut call = self.call(
                StageName::Rollback.once(),
                "rollback",
                rollback,
                Stage::Back,
            )?;
            // Also when somebody cancels the run: users must not stay on half a version.
            call.when = Expr::all([
                Expr::always(),
                first.result().differs("skipped"),
                !finished.succeeded(),
            ]);
            stages.jobs.extend(call.add(flow).jobs);
        }
        Ok(attempts.or_rollout(stages.jobs, finished, stages.producing))
    }

    fn call<'c>(
        &'c self,
        id: job::Stage,
        shown: &str,
        callback: &'c Callback,
        stage: Stage,
    ) -> Result<Calling<'c>, WorkflowError> {
        let source = Deploying {
            name: self.callback.name.as_str(),
            gate: self.gate,
            deployed: self.deployed,
            stage,
        };
        Ok(Calling {
            id: self.id(id),
            title: self.title(shown),
            callback,
            when: Expr::not_cancelled(),
            with: inputs::render(callback, self.context.component, &source)?,
            matrix: None,
            lock: None,
            after: Vec::new(),
        })
    }

    fn own(&self, id: job::Stage, shown: &str) -> StepsJob {
        self.context
            .job(&self.id(id), self.title(shown))
            .permissions(
                &self
                    .context
                    .writing(&self.context.settings.state_token, "how far the rollout is"),
            )
    }

    fn id(&self, stage: job::Stage) -> String {
        let id = job::callback(CallbackKind::Deploy, self.callback.name.as_str());
        job::stage(&id, stage)
    }

    /// `Web: canary 10%`.
    fn title(&self, shown: &str) -> String {
        let name = self.callback.name.as_str();
        let (first, rest) = name.split_at(1);
        format!("{}{rest}: {shown}", first.to_uppercase())
    }
}
