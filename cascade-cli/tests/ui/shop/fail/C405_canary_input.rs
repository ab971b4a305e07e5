use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
    #[strategy(canary, promote_callback = ".github/workflows/canary-promote.yaml",
        rollback_callback = ".github/workflows/canary-rollback.yaml")]
    api: Deploy,
}

fn main() {}
