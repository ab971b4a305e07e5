use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[build(triggers("src/**"))]
    image: Build,
}

fn main() {}
