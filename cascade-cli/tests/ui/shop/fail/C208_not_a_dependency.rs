use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[build(workflow = ".github/workflows/build-app.yaml")]
    image: Build,

    #[deploy(workflow = ".github/workflows/deploy-web.yaml", inputs(cluster = image.outputs.image_tag))]
    web: Deploy,
}

fn main() {}
