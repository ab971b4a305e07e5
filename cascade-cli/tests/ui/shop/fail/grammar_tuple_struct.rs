use cascade::prelude::*;

#[pipeline(trunk_branch = "main")]
struct Shop(Build);

fn main() {}
