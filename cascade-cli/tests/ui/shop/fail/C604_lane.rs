use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), telemetry(enabled = true, adapter = "webhook"))]
pub struct Shop {
}

fn main() {}
