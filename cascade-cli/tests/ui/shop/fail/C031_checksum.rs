use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), cli(source = "release", repository = "acme/cascade", version = "0.1.0", checksums("x86_64-apple-darwin" = "abc")))]
pub struct Shop {
}

fn main() {}
