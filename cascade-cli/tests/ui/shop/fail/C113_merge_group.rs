use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), extra_triggers(merge_group(types("checks_requested"))))]
pub struct Shop {
}

fn main() {}
