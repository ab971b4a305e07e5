use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), extra_triggers(workflow_run(types("completed"))))]
pub struct Shop {
}

fn main() {}
