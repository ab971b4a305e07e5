use cascade::prelude::*;

macro_rules! concat {
    ($($any:tt)*) => {
        ".github/workflows/deploy-web.yaml"
    };
}

#[pipeline(trunk_branch = "main", environments(dev))]
pub struct Shop {
    #[deploy(workflow = concat!(".github/workflows/", "deploy-api.yaml"))]
    api: Deploy,
}

fn main() {}
