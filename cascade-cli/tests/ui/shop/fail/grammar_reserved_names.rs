use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev))]
pub struct Shop {
    #[build(workflow = ".github/workflows/build-app.yaml")]
    builder: Build,
    #[build(workflow = ".github/workflows/build-app.yaml")]
    default: Build,
    #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
    WEB: Deploy,
}

fn main() {}
