use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev))]
pub struct Shop {
    #[deploy(deploy_target(mode = "gitops", repo = "acme/infra", path = "apps/web.yaml", field = "image.tag", token = "GITHUB_TOKEN"))]
    web: Deploy,
}

fn main() {}
