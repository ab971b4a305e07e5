use cascade::prelude::*;

#[pipeline(trunk_branch = "main")]
struct Shop<T> {
    image: T,
}

fn main() {}
