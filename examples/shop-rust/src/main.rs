//! The delivery of the shop, declared in Rust: the twin of `examples/shop`.

use cascade::prelude::*;

/// Delivery of the shop.
#[pipeline(
    trunk_branch = "main",
    // Runners of one's own that have cascade.
    cli(source = "preinstalled"),
    runs_on = "self-hosted",
    environments(
        dev,
        test,
        uat(wait_timer = 5),
        prod(
            gha_environment = "production",
            environment_url = "https://shop.example.com"
        ),
    ),
    dispatch_inputs(region(
        r#type = "choice",
        options("eu", "us"),
        default = "eu",
        description = "Where a preview is deployed",
    )),
    rollback(repository_dispatch(types("rollback-requested")))
)]
pub struct Shop {
    #[validate(workflow = ".github/workflows/validate.yaml")]
    validate: Validate,

    /// The container of the shop.
    #[build(
        workflow = ".github/workflows/build-app.yaml",
        triggers("src/**", "Cargo.toml"),
        retries = 1
    )]
    image: Build,

    #[build(
        workflow = ".github/workflows/build-assets.yaml",
        triggers("web/**"),
        matrix(dimensions(theme("light", "dark")))
    )]
    assets: Build,

    #[deploy(
        workflow = ".github/workflows/deploy-infra.yaml",
        triggers("infra/**"),
        permissions(contents = "read", id_token = "write")
    )]
    infra: Deploy,

    /// What customers see.
    #[deploy(
        workflow = ".github/workflows/deploy-web.yaml",
        depends_on(image, infra),
        optional_depends_on(assets),
        inputs(cluster = "blue", tag = image.outputs.image_tag),
        env_inputs(prod(cluster = "green", replicas = 3)),
        secrets(DEPLOY_KEY = "SHOP_DEPLOY_KEY"),
        supports_dry_run = true,
    )]
    web: Deploy,

    #[deploy(
        workflow = ".github/workflows/deploy-api.yaml",
        depends_on(image),
        retries = 2,
        on_failure = "continue"
    )]
    api: Deploy,

    #[publish(workflow = ".github/workflows/publish.yaml")]
    publish: Publish,
}

fn main() -> std::process::ExitCode {
    cascade::main::<Shop>()
}
