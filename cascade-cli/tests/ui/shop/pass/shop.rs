//! Every kind of field, and every sugar.

use cascade::prelude::*;

/// Delivery of the shop.
#[pipeline(
    trunk_branch = "main",
    environments(
        dev,
        test,
        uat(wait_timer = 5),
        prod(
            gha_environment = "production",
            environment_url = "https://shop.example.com"
        ),
    ),
    rollback(repository_dispatch(types("rollback-requested")))
)]
pub struct Shop {
    #[validate(workflow = ".github/workflows/validate.yaml")]
    validate: Validate,

    #[build(
        workflow = ".github/workflows/build-app.yaml",
        triggers("src/**", "Cargo.toml")
    )]
    image: Build,

    #[deploy(
        workflow = ".github/workflows/deploy-infra.yaml",
        triggers("infra/**"),
        permissions(contents = "read", id_token = "write")
    )]
    infra: Deploy,

    #[deploy(
        workflow = ".github/workflows/deploy-web.yaml",
        depends_on(image, infra),
        inputs(cluster = "blue", tag = image.outputs.image_tag),
        env_inputs(prod(cluster = "green")),
    )]
    #[strategy(
        canary,
        percent = 10,
        bake_time = "10m",
        promote_callback = ".github/workflows/canary-promote.yaml",
        rollback_callback = ".github/workflows/canary-rollback.yaml"
    )]
    web: Deploy,

    #[deploy(workflow = ".github/workflows/deploy-api.yaml", depends_on(image))]
    #[strategy(blue_green, cutover_callback = ".github/workflows/cutover.yaml")]
    api: Deploy,

    /// A central repository that many pipelines consume: this one pulls, nobody holds a token to it.
    #[external(
        pull,
        source = "tag",
        repo = "acme/models",
        version = "^2",
        cadence = "poll",
        schedule = "0 */6 * * *"
    )]
    models: External,

    /// A producer that reports its versions here.
    #[external(
        push,
        repo = "acme/cdk-infra",
        workflow = ".github/workflows/deploy-cdk.yaml",
        on_update(deploy(workflow = ".github/workflows/deploy-cdk.yaml"))
    )]
    cdk: External,

    #[publish(workflow = ".github/workflows/publish.yaml")]
    publish: Publish,
}

pub fn main() {
    // Named, not called: without arguments it would print its usage and fail.
    let _: fn() -> std::process::ExitCode = cascade::main::<Shop>;
}
