use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[deploy(workflow = ".github/workflows/deploy-api.yaml", depends_on(b))]
    a: Deploy,

    #[deploy(workflow = ".github/workflows/deploy-api.yaml", depends_on(a))]
    b: Deploy,
}

fn main() {}
