use cascade::prelude::*;

const SHARE: f64 = 12.5;

#[pipeline(trunk_branch = "main", environments(dev))]
pub struct Shop {
    #[deploy(workflow = ".github/workflows/deploy-web.yaml", inputs(cluster = "blue"))]
    #[strategy(canary, percent = SHARE, promote_callback = ".github/workflows/canary-promote.yaml",
        rollback_callback = ".github/workflows/canary-rollback.yaml")]
    web: Deploy,
}

fn main() {}
