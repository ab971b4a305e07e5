use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[deploy(workflow = ".github/workflows/deploy-api.yaml", permissions(contents = "read", id_tokn = "write"))]
    api: Deploy,
}

fn main() {}
