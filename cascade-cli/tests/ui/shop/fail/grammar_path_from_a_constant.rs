use cascade::prelude::*;

const FILE: &str = ".github/workflows/deploy-api.yaml";

#[pipeline(trunk_branch = "main", environments(dev))]
pub struct Shop {
    #[deploy(workflow = FILE)]
    api: Deploy,
}

fn main() {}
