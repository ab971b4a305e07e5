use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[deploy(workflow = ".github/workflows/deploy-api.yaml", secrets(TOKEN = "DEPLOY_TOKEN"))]
    api: Deploy,
}

fn main() {}
