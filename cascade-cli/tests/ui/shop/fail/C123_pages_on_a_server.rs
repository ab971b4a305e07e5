use cascade::prelude::*;

#[pipeline(
    trunk_branch = "main",
    environments(dev),
    platform(ghes = "3.20"),
    runs_on = "linux",
    action_pins("actions/upload-artifact" = "v3", "actions/download-artifact" = "v3"),
    board(enabled = true, pages = true)
)]
pub struct Shop {}

fn main() {}
