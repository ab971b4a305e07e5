//! The outcome of a rollout, derived from the outcomes of its stages' jobs.

use crate::lifecycle::outcome::{Attempted, Job, Outcome, attempts};
use crate::pipeline::Strategy;
use crate::protocol::job::{self, Stage, StageName};

/// Returns how the rollout ended of the deploy whose job has the id `id`: its completing stage
/// decides, its last wave has the outputs.
///
/// # Errors
/// What `job` says of a job that cannot be read.
pub fn ended<E>(
    id: &str,
    strategy: &Strategy,
    retries: u8,
    job: impl Fn(&str) -> Result<Job, E>,
) -> Result<Attempted, E> {
    let of = |stage: Stage| job(&job::stage(id, stage));
    let shape = Shape::of(strategy);
    let mut ended = Attempted::default();
    let (mut began, mut cancelled) = (false, false);
    for (begin, deploy) in &shape.waves {
        let begin = of(*begin)?.result;
        let wave = attempts(&job::stage(id, *deploy), retries, &job)?;
        began |= begin != Outcome::Skipped;
        cancelled |= [begin, wave.result].contains(&Outcome::Cancelled);
        if wave.result != Outcome::Skipped {
            ended.attempts = ended.attempts.max(wave.attempts);
            ended.outputs = wave.outputs;
        }
    }
    for stage in &shape.others {
        cancelled |= of(*stage)?.result == Outcome::Cancelled;
    }
    ended.result = match of(shape.completing)?.result {
        Outcome::Success => Outcome::Success,
        _ if cancelled => Outcome::Cancelled,
        _ if began => Outcome::Failure,
        _ => Outcome::Skipped,
    };
    // Where no wave was reached, an earlier attempt may have left one half there.
    let undone = StageName::Rollback.once();
    let back = !strategy.has_rollback_callback() || of(undone)?.result.is_success();
    ended.rolled_back = back && ended.result.is_bad();
    Ok(ended)
}

/// The stages of a strategy.
struct Shape {
    /// Those that begin and deploy each wave.
    waves: Vec<(Stage, Stage)>,
    /// Those that follow a deployment, the completing one included.
    others: Vec<Stage>,
    /// The one that completes the rollout.
    completing: Stage,
}

impl Shape {
    fn of(strategy: &Strategy) -> Self {
        match strategy {
            Strategy::Canary(canary) => {
                let waves = 1..=canary.steps.len();
                let completing = StageName::Promote.once();
                let watched = waves.clone().flat_map(|wave| {
                    [StageName::Bake, StageName::Analysis].map(|stage| stage.of_wave(wave))
                });
                Self {
                    others: watched
                        .chain([StageName::BeginPromote.once(), completing])
                        .collect(),
                    waves: waves
                        .map(|wave| {
                            let [begin, deploy] = [StageName::Begin, StageName::Canary];
                            (begin.of_wave(wave), deploy.of_wave(wave))
                        })
                        .collect(),
                    completing,
                }
            }
            Strategy::BlueGreen(_) => {
                let completing = StageName::Cutover.once();
                Self {
                    waves: vec![(StageName::Begin.once(), StageName::Green.once())],
                    others: vec![
                        StageName::Bake.once(),
                        StageName::BeginCutover.once(),
                        completing,
                    ],
                    completing,
                }
            }
        }
    }
}
