use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[deploy(name = web-app, workflow = ".github/workflows/deploy-api.yaml")]
    web: Deploy,
}

fn main() {}
