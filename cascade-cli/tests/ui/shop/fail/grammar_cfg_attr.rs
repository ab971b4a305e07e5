use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev))]
pub struct Shop {
    #[cfg_attr(all(), build(workflow = ".github/workflows/build-app.yaml"))]
    image: Build,
    #[cfg(all())]
    api: Deploy,
    #[cfg_attr(all(), deploy)]
    #[cfg(all())]
    #[deploy(workflow = ".github/workflows/deploy-api.yaml", depends_on(image))]
    web: Deploy,
}

fn main() {}
