use cascade::prelude::*;

#[pipeline(trunk_branch = "main")]
enum Shop {
    Image,
}

fn main() {}
