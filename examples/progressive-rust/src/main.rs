//! Two ways to reach users step by step, declared in Rust: the twin of `examples/progressive`.

use cascade::prelude::*;

/// A site that reaches its users step by step.
#[pipeline(
    trunk_branch = "main",
    // Runners of one's own that have cascade.
    cli(source = "preinstalled"),
    runs_on = "self-hosted",
    environments(staging, prod(gha_environment = "production")),
    rollback(repository_dispatch(types("rollback-requested")))
)]
pub struct Site {
    #[build(workflow = ".github/workflows/build-image.yaml", triggers("src/**"))]
    image: Build,

    /// What visitors see, to a growing share of them.
    #[deploy(
        workflow = ".github/workflows/deploy-web.yaml",
        depends_on(image),
        inputs(tag = image.outputs.image_tag),
        secrets(DEPLOY_KEY = "WEB_DEPLOY_KEY")
    )]
    #[strategy(
        canary,
        steps(10, 50, 100),
        bake_time = "10m",
        analysis = ".github/workflows/analyse-web.yaml",
        promote_callback = ".github/workflows/promote-web.yaml",
        rollback_callback = ".github/workflows/rollback-web.yaml",
        environments(prod)
    )]
    web: Deploy,

    /// Two copies of it, of which one is in use.
    #[deploy(
        workflow = ".github/workflows/deploy-api.yaml",
        depends_on(image),
        inputs(tag = image.outputs.image_tag)
    )]
    #[strategy(
        blue_green,
        cutover_callback = ".github/workflows/switch-api.yaml",
        rollback_callback = ".github/workflows/switch-api.yaml",
        bake_time = "5m"
    )]
    api: Deploy,
}

fn main() -> std::process::ExitCode {
    cascade::main::<Site>()
}
