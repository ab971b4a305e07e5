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
        settings.drift_check.is_some(),
        "drift_check".to_owned(),
        "the drift check",
    );
    ask(
        settings.reconcile.is_some(),
        "reconcile".to_owned(),
        "the reconcile workflow",
    );
    for component in pipeline.components() {
        component_fields(component, &mut ask);
    }
    found
}

fn component_fields(component: &Component, ask: &mut impl FnMut(bool, String, &'static str)) {
    ask(
        component.pr_preview.is_some(),
        "pr_preview".to_owned(),
        "the preview",
    );
}
