use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), integration(upstream = "acme/base", monitor(stale_after = "5m")))]
pub struct Shop {
}

fn main() {}
