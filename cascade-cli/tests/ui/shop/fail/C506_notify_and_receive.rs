use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), notify(repo = "acme/producer", deploy_name = "shop"))]
pub struct Shop {
    #[external(push, repo = "acme/cdk-infra", workflow = ".github/workflows/deploy-cdk.yaml")]
    cdk: External,
}

fn main() {}
