use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[build(workflow = ".github/workflows/build-app.yaml", depends_on(api))]
    image: Build,

    #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
    api: Deploy,
}

fn main() {}
