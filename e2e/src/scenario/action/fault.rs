//! Faults: requests that fail, and jobs that are cancelled, or crash.

use std::time::Duration;

use anyhow::{Context, bail};

use crate::github::{Fault, FaultKind};
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
        "crash" => disturbance.crash = Some(job()?),
        "cancel" => disturbance.cancel = Some(job()?),
        _ => {}
    }
    Ok(disturbance)
}

pub(super) fn read(fault: &step::Fault) -> anyhow::Result<Fault> {
    let retry_after = Duration::from_secs(1);
    let kind = match fault.kind.as_str() {
        "429" => FaultKind::TooManyRequests { retry_after },
        "403" => FaultKind::SecondaryRateLimit { retry_after },
        "502" => FaultKind::BadGateway,
        "refused" => FaultKind::Refused,
        "dropped" => FaultKind::Dropped,
        "dropped_after" => FaultKind::DroppedAfter,
        "slow" => FaultKind::Slow(Duration::from_secs(2)),
        other => bail!("unknown kind of fault `{other}`"),
    };
    let made = Fault::new(&fault.path, kind)
        .after(fault.after)
        .times(fault.times);
    Ok(match &fault.method {
        Some(method) => made.method(method),
        None => made,
    })
}
