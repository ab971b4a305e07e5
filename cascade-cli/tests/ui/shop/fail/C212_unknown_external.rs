use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[deploy(workflow = ".github/workflows/deploy-api.yaml", inputs(version = model.version))]
    api: Deploy,

    #[external(pull, repo = "acme/models")]
    models: External,
}

fn main() {}
