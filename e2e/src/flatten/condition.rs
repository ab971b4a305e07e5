//! Conditions of jobs, with GitHub's meaning spelled out.

use cascade_core::expression::Function;
use serde_yaml::Value;

use super::expression::{self, Reference};
use super::template;

/// The condition of a job whose ancestors have these ids in the flat workflow; without a status
/// function only success lets it run.
pub(super) fn of_job(job: &Value, ancestors: &[String]) -> anyhow::Result<String> {
    let own = job.get("if").map(template::condition).transpose()?;
    let succeeded = succeeded(ancestors);
    let Some(own) = own else { return Ok(succeeded) };
    if !expression::has_status(&own)? {
        return Ok(format!("{succeeded} && ({own})"));
    }
    let spelled = expression::rewrite(&own, &mut |reference| {
        Ok(match reference {
            Reference::Status(Function::Success) => Some(succeeded.clone()),
            Reference::Status(Function::Failure) => Some(failed(ancestors)),
            _ => None,
        })
    })?;
    Ok(format!("({spelled})"))
}

fn succeeded(ancestors: &[String]) -> String {
    let each = ancestors
        .iter()
        .map(|id| format!(" && needs.{id}.result == 'success'"));
    format!("(!cancelled(){})", each.collect::<String>())
}

fn failed(ancestors: &[String]) -> String {
    let each = ancestors
        .iter()
        .map(|id| format!(" || needs.{id}.result == 'failure'"));
    format!("(false{})", each.collect::<String>())
}
