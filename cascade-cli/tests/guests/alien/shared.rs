// A file of this package that others include.

use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev))]
pub struct Shared {
    #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
    api: Deploy,
}
