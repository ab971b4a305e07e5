use cascade::prelude::*;

pub fn web() -> Deploy {
    Deploy::new("web", ".github/workflows/deploy-web.yaml").run_policy("alwyas")
}

fn main() {}
