use cascade::prelude::*;

const TIMES: u8 = 9;

#[pipeline(trunk_branch = "main", environments(dev))]
pub struct Shop {
    #[deploy(workflow = ".github/workflows/deploy-api.yaml", retries = TIMES)]
    api: Deploy,
}

fn main() {}
