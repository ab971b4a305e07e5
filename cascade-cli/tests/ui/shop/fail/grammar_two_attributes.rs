use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[build(workflow = ".github/workflows/build-app.yaml")]
    #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
    image: Build,
}

fn main() {}
