use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[build(workflow = ".github/workflows/build-app.yaml")]
    image: Build,

    #[deploy(workflow = ".github/workflows/deploy-web.yaml", depends_on(image), inputs(cluster = "blue", replicas = "three"))]
    web: Deploy,
}

fn main() {}
