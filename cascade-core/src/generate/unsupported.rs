//! What a valid pipeline may ask for and this version does not generate: refused by name.

use super::Unsupported;
use crate::pipeline::{Lane, Pipeline};

pub(super) fn find(pipeline: &Pipeline) -> Vec<Unsupported> {
    let settings = &pipeline.settings;
    let mut found = Vec::new();
    let mut ask = |asked: bool, field: String, what: &'static str| {
        if asked {
            found.push(Unsupported { field, what });
        }
    };
    ask(
        settings.drift_check.is_some(),
        "drift_check".to_owned(),
        "the drift check lane",
    );
    ask(
        settings.merge_queue,
        "merge_queue".to_owned(),
        "the merge queue lane",
    );
    ask(
        settings.reconcile.is_some(),
        "reconcile".to_owned(),
        "the reconcile lane",
    );
    ask(
        settings.telemetry.is_some(),
        "telemetry".to_owned(),
        "telemetry",
    );
    for lane in &pipeline.lanes {
        lane_fields(lane, &mut ask);
    }
    found
}

fn lane_fields(lane: &Lane, ask: &mut impl FnMut(bool, String, &'static str)) {
    if let Some(component) = &lane.component {
        ask(
            true,
            format!("components.{}", component.name),
            "the lanes of components",
        );
    }
    ask(
        lane.pr_preview.is_some(),
        "pr_preview".to_owned(),
        "the preview lane",
    );
    ask(
        lane.validate_check,
        "validate_check".to_owned(),
        "the validate lane",
    );
    let changelog = lane
        .changelog
        .as_ref()
        .is_some_and(|changelog| changelog.workflow.is_some());
    ask(
        changelog,
        "changelog.workflow".to_owned(),
        "a changelog by a workflow",
    );
    for (place, deploy) in lane.deploys.iter().enumerate() {
        ask(
            deploy.target.is_some(),
            format!("deploys[{place}].deploy_target"),
            "deployment targets",
        );
    }
}
