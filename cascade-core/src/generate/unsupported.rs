//! What a valid pipeline may ask for and this version does not generate: refused by name.

use super::Unsupported;
use crate::pipeline::{Component, Pipeline};

pub(super) fn find(pipeline: &Pipeline) -> Vec<Unsupported> {
    let settings = pipeline.settings();
    let mut found = Vec::new();
    let mut ask = |asked: bool, field: String, what: &'static str| {
        if asked {
            found.push(Unsupported { field, what });
        }
    };
    ask(
        settings.telemetry.is_some(),
        "telemetry".to_owned(),
        "telemetry",
    );
    for component in pipeline.components() {
        component_fields(component, &mut ask);
    }
    found
}

fn component_fields(component: &Component, ask: &mut impl FnMut(bool, String, &'static str)) {
    ask(
        component.changelog.workflow.is_some(),
        "changelog.workflow".to_owned(),
        "a changelog by a workflow",
    );
    for (place, deploy) in component.deploys.iter().enumerate() {
        ask(
            deploy.target.is_some(),
            format!("deploys[{place}].deploy_target"),
            "deployment targets",
        );
    }
}
