use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[build(workflow = ".github/workflows/build-app.yaml")]
    image: Build,

    #[deploy(workflow = ".github/workflows/deploy-api.yaml", depends_on(imgae), retries = 9)]
    api: Deploy,

    #[external(pull, repo = "acme/models", version = "two")]
    models: External,
}

fn main() {}
