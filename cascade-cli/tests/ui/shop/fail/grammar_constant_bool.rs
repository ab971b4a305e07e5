use cascade::prelude::*;

const FLAG: bool = true;
const LETTER: char = 'a';
const NAME: &str = "1";

#[pipeline(trunk_branch = "main", environments(dev))]
pub struct Shop {
    #[deploy(workflow = ".github/workflows/deploy-api.yaml", retries = FLAG)]
    api: Deploy,
    #[deploy(workflow = ".github/workflows/deploy-api.yaml", retries = LETTER)]
    web: Deploy,
    #[deploy(workflow = ".github/workflows/deploy-api.yaml", retries = NAME)]
    cdk: Deploy,
}

fn main() {}
