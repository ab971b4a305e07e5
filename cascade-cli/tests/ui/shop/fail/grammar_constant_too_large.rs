use cascade::prelude::*;

const WRAPS: u128 = u128::MAX;
const LARGE: u64 = 1 << 63;
const SMALL: i128 = i128::MIN;

#[pipeline(trunk_branch = "main", environments(dev))]
pub struct Shop {
    #[deploy(workflow = ".github/workflows/deploy-api.yaml", retries = WRAPS - 1)]
    api: Deploy,
    #[deploy(workflow = ".github/workflows/deploy-api.yaml", retries = LARGE)]
    web: Deploy,
    #[deploy(workflow = ".github/workflows/deploy-api.yaml", retries = SMALL)]
    cdk: Deploy,
}

fn main() {}
