use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
    api: Deploy,

    #[external(repo = "acme/cdk-infra", deploys(cdk(
        workflow = ".github/workflows/deploy-cdk.yaml", optional_depends_on(apy))))]
    infra: External,
}

fn main() {}
