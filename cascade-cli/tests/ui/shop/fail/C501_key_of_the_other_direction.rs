use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[external(push, repo = "acme/cdk-infra", workflow = ".github/workflows/deploy-cdk.yaml", version = "^2")]
    cdk: External,
}

fn main() {}
