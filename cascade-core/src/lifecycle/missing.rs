//! Outputs that a callback did not put out though it ended well.
//!
//! GitHub drops an output that contains a secret, and one that is empty, and the job stays green.
//! Its readers would be given nothing, or the value of an earlier run.
//!
//! Source: GitHub's documentation, "Workflow syntax", `jobs.<job_id>.outputs`.

use super::outcome::{Outcome, Results};
use super::step::Outputs;
use crate::pipeline::{Callback, Component};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An output that somebody reads and nobody put out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// The build or deploy.
    pub producer: String,
    /// The output.
    pub output: String,
    /// The callback that reads it.
    pub consumer: String,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            producer,
            output,
            consumer,
        } = self;
        write!(
            f,
            "`{producer}` succeeded without its output `{output}`, which `{consumer}` reads: GitHub drops an output that is empty or contains a secret"
        )
    }
}

/// Returns what is missing of a callback's outputs.
pub(super) fn missing(component: &Component, producer: &str, outputs: &Outputs) -> Vec<Missing> {
    let put_out = |output: &str| outputs.get(output).is_some_and(|value| !value.is_empty());
    let mut found: Vec<Missing> = Vec::new();
    for consumer in consumers(component) {
        for output in consumer.outputs_of(producer) {
            let known = found.iter().any(|missing| missing.output == output);
            if !known && !put_out(output) {
                found.push(Missing {
                    producer: producer.to_owned(),
                    output: output.to_owned(),
                    consumer: consumer.name.to_string(),
                });
            }
        }
    }
    let tag = component.release_build.tag.as_ref();
    if let Some(tag) = tag.filter(|tag| tag.build.as_str() == producer)
        && !put_out(&tag.output)
    {
        found.push(Missing {
            producer: producer.to_owned(),
            output: tag.output.clone(),
            consumer: "release_build.tag".to_owned(),
        });
    }
    found
}

fn consumers(component: &Component) -> impl Iterator<Item = &Callback> {
    let builds = component.builds.iter().map(|build| &build.callback);
    builds
        .chain(component.deploy_callbacks())
        .chain(&component.publish)
}

/// Turns callbacks that succeeded without an output that somebody reads into failures.
pub fn require_outputs(component: &Component, results: &mut Results) {
    let succeeded = results
        .iter_mut()
        .filter(|(_, each)| each.result.is_success());
    for (name, ended) in succeeded {
        ended.missing = missing(component, name, &ended.outputs);
        if !ended.missing.is_empty() {
            ended.result = Outcome::Failure;
        }
    }
}
