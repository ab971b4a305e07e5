//! Releases of a library, declared in Rust: the twin of `examples/library`.

use cascade::prelude::*;

/// Releases of the library.
// The runners are of one's own and have cascade.
#[pipeline(
    trunk_branch = "main",
    cli(source = "preinstalled"),
    runs_on = "self-hosted"
)]
pub struct Library {
    #[validate(workflow = ".github/workflows/validate.yaml")]
    validate: Validate,

    #[build(
        workflow = ".github/workflows/build-app.yaml",
        triggers("src/**", "!src/**/*.md")
    )]
    package: Build,

    #[publish(workflow = ".github/workflows/publish.yaml")]
    publish: Publish,
}

fn main() -> std::process::ExitCode {
    cascade::main::<Library>()
}
