use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[build(workflow = ".github/workflows/build-app.yaml")]
    image: Build,

    #[deploy(workflow = ".github/workflows/deploy-web.yaml", depends_on(image), inputs(cluster = "blue"))]
    #[strategy(canary, bake_time = "10 minutes", promote_callback = ".github/workflows/canary-promote.yaml",
        rollback_callback = ".github/workflows/canary-rollback.yaml")]
    web: Deploy,
}

fn main() {}
