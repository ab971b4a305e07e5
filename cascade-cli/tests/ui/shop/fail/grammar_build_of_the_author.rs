use cascade::prelude::*;

#[derive(Clone, Debug)]
pub struct Build;

#[pipeline(trunk_branch = "main", environments(dev))]
pub struct Shop {
    #[build(workflow = ".github/workflows/build-app.yaml")]
    image: Build,
}

fn main() {}
