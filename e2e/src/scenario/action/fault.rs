//! Faults: requests that fail, and jobs that are cancelled or killed.

use std::time::Duration;

use anyhow::{Context, bail};

use crate::github::{Fault, Harm};
use crate::scenario::launch::Disturbance;
use crate::scenario::step::{self, Launch};

pub(super) fn disturb(verb: &str, launch: &Launch) -> anyhow::Result<Disturbance> {
    let mut disturbance = Disturbance {
        after: launch.after,
        applied: launch.applied,
        unflattened: launch.unflattened,
        ..Disturbance::default()
    };
    let job = || launch.job.clone().context("`job` is missing");
    match verb {
        "kill" => disturbance.kill = Some(job()?),
        "cancel" => disturbance.cancel = Some(job()?),
        _ => {}
    }
    Ok(disturbance)
}

pub(super) fn harm(fault: &step::Fault) -> anyhow::Result<Fault> {
    let retry_after = Duration::from_secs(1);
    let harm = match fault.harm.as_str() {
        "429" => Harm::TooManyRequests { retry_after },
        "403" => Harm::SecondaryRateLimit { retry_after },
        "502" => Harm::BadGateway,
        "refused" => Harm::Refused,
        "dropped" => Harm::Dropped,
        "dropped_after" => Harm::DroppedAfter,
        "slow" => Harm::Slow(Duration::from_secs(2)),
        other => bail!("unknown harm `{other}`"),
    };
    let made = Fault::new(&fault.path, harm)
        .after(fault.after)
        .times(fault.times);
    Ok(match &fault.method {
        Some(method) => made.method(method),
        None => made,
    })
}
