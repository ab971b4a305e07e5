use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[external(pull, repo = "acme/models")]
    models: External,

    #[external(pull, repo = "beta/other", name = "models")]
    other: External,
}

fn main() {}
