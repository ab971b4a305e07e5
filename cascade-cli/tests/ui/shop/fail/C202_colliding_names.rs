use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[deploy(workflow = ".github/workflows/deploy-api.yaml", name = "app-web")]
    first: Deploy,

    #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
    app_web: Deploy,
}

fn main() {}
