use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[biuld(workflow = ".github/workflows/build-app.yaml")]
    image: Build,
}

fn main() {}
