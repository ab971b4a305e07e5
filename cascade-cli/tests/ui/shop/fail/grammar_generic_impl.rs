use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop<T> {
    #[build(workflow = ".github/workflows/build-app.yaml")]
    image: Build,
}

impl<T> Shop<T> {
    fn own(&self) {}
}

fn main() {}
