//! How a rollout ended, from how the jobs of its stages did.

use crate::lifecycle::outcome::{Attempted, Job, Outcome, attempts};
use crate::pipeline::Strategy;

/// How the rollout of the deploy whose jobs begin with `id` ended: its completing stage decides,
/// its last wave has the outputs.
///
/// # Errors
/// What `job` says of a job that cannot be read.
pub fn ended<E>(
    id: &str,
    strategy: &Strategy,
    retries: u8,
    job: impl Fn(&str) -> Result<Job, E>,
) -> Result<Attempted, E> {
    let job = |stage: &str| job(&format!("{id}-{stage}"));
    let (waves, completing) = waves(strategy);
    let mut ended = Attempted::default();
    let (mut began, mut cancelled) = (false, false);
    for (begin, deploy) in &waves {
        let begin = job(begin)?.result;
        let wave = attempts(deploy, retries, job)?;
        began |= begin != Outcome::Skipped;
        cancelled |= [begin, wave.result].contains(&Outcome::Cancelled);
        if wave.result != Outcome::Skipped {
            ended.attempts = ended.attempts.max(wave.attempts);
            ended.outputs = wave.outputs;
        }
    }
    for stage in stages_after(waves.len(), completing) {
        cancelled |= job(&stage)?.result == Outcome::Cancelled;
    }
    ended.result = match job(completing)?.result {
        Outcome::Success => Outcome::Success,
        _ if cancelled => Outcome::Cancelled,
        _ if began => Outcome::Failure,
        _ => Outcome::Skipped,
    };
    // Where no wave was reached, an earlier attempt may have left one half there.
    let back = !strategy.has_rollback_callback() || job("rollback")?.result.is_success();
    ended.rolled_back = back && ended.result.is_bad();
    Ok(ended)
}

/// The jobs that begin and deploy each wave, and the one that completes the rollout.
fn waves(strategy: &Strategy) -> (Vec<(String, String)>, &'static str) {
    match strategy {
        Strategy::Canary(canary) => {
            let waves = 1..=canary.steps.len();
            let names = waves.map(|wave| (format!("begin-{wave}"), format!("canary-{wave}")));
            (names.collect(), "promote")
        }
        Strategy::BlueGreen(_) => (vec![("begin".to_owned(), "green".to_owned())], "cutover"),
    }
}

fn stages_after(waves: usize, completing: &str) -> Vec<String> {
    let waves = (1..=waves).flat_map(|wave| [format!("bake-{wave}"), format!("analysis-{wave}")]);
    let last = [
        "bake".to_owned(),
        format!("begin-{completing}"),
        completing.to_owned(),
    ];
    waves.chain(last).collect()
}
