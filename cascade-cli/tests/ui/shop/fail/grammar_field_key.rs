use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), builds(image(workflow = ".github/workflows/build-app.yaml")))]
pub struct Shop {
}

fn main() {}
