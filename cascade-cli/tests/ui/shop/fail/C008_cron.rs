use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[external(pull, repo = "acme/models", cadence = "poll", schedule = "0 */6 * *")]
    models: External,
}

fn main() {}
