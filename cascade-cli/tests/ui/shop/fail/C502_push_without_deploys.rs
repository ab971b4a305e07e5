use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[external(push, repo = "acme/cdk-infra")]
    cdk: External,
}

fn main() {}
