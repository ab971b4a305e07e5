use cascade::prelude::*;

#[pipeline(
    trunk_branch = "main",
    environments(dev),
    platform(ghes = "3.20"),
    runs_on = "linux",
    drift_check(enabled = true)
)]
pub struct Shop {}

fn main() {}
