use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
mod shop {
    pub fn x() {}
}

fn main() {}
