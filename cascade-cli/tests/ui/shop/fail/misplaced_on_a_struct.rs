use cascade::prelude::*;

#[build(workflow = ".github/workflows/build-app.yaml")]
pub struct Shop {
    #[build(workflow = ".github/workflows/build-app.yaml")]
    image: Build,
}

fn main() {}
