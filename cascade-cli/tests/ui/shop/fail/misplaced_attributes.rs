use cascade::prelude::*;

#[build(workflow = ".github/workflows/build-app.yaml")]
struct Image;

#[strategy(canary)]
fn rollout() {}

fn main() {}
