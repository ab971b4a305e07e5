use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
    web: Deploy,

    #[deploy(workflow = ".github/workflows/deploy-api.yaml", name = "web")]
    other: Deploy,
}

fn main() {}
