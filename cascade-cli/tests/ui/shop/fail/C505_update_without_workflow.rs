use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[external(push, repo = "acme/cdk-infra", on_update(deploy()))]
    cdk: External,
}

fn main() {}
