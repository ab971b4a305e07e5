use cascade::prelude::*;

#[pipeline(environments(dev))]
pub struct Shop {
}

fn main() {}
