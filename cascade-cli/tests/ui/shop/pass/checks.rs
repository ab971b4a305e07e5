//! The optional workflows that check pull requests.

use cascade::prelude::*;

#[pipeline(
    trunk_branch = "main",
    environments(dev, prod),
    state_token_app(app_id = "APP_ID", private_key = "APP_KEY"),
    validate_check(enabled = true),
    merge_queue(enabled = true),
    drift_check(enabled = true),
    pr_preview(enabled = true, comment = false),
    board(enabled = true, pages = true),
    reconcile(enabled = true, source = "renovate", commit = "followup"),
    action_pins("actions/checkout" = "0123456789abcdef0123456789abcdef01234567 # v7.0.2"),
)]
pub struct Shop {
    #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
    api: Deploy,
}

pub fn main() {
    let definition = Shop::builder().build().expect("a pipeline");
    let reconcile = definition.node().get("reconcile").expect("a block");
    assert_eq!(reconcile.get("commit"), Some(&"followup".into()));
}
