use cascade::prelude::*;

#[pipeline(trunk_branch = "main")]
pub struct Shop {
    #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
    api: Deploy,
}

fn main() {}
