use cascade::prelude::*;

#[pipeline(component)]
pub struct Shop {
    #[build(workflow = ".github/workflows/build-app.yaml")]
    image: Build,

    #[deploy(workflow = ".github/workflows/deploy-api.yaml", depends_on(image, image))]
    api: Deploy,
}

fn main() {}
