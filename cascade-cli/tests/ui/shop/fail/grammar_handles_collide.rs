use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[build(workflow = ".github/workflows/build-app.yaml")]
    web: Build,



    #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
    Web: Deploy,
}

fn main() {}
