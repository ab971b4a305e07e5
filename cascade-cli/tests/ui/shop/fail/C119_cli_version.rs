use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), cli(source = "preinstalled", version = "1.1.2-rc.0"), runs_on = "self-hosted")]
pub struct Shop {
}

fn main() {}
