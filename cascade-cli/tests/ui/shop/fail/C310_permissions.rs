use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[deploy(workflow = ".github/workflows/deploy-infra.yaml", permissions(contents = "read"))]
    infra: Deploy,
}

fn main() {}
