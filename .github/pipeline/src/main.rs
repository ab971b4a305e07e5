//! How cascade itself is tested, built and released.

use cascade::prelude::*;

/// Releases of cascade.
#[pipeline(
    trunk_branch = "main",
    cli(source = "workspace", path = ".github/pipeline"),
    state(branch = "cascade-state"),
    triggers(
        "cascade-*/**",
        "e2e/**",
        "examples/**",
        "schema/**",
        "docs/errors/**",
        "Cargo.*",
        ".ci/**",
        ".github/**"
    )
)]
pub struct Cascade {
    #[validate(workflow = ".github/workflows/test.yaml")]
    test: Validate,

    /// One archive for each platform, and their checksums.
    #[build(
        workflow = ".github/workflows/build-archives.yaml",
        permissions(
            contents = "read",
            id_token = "write",
            attestations = "write"
        ),
        artifacts(
            "cascade-x86_64-unknown-linux-musl"(path = "cascade-x86_64-unknown-linux-musl.tar.gz"),
            "cascade-aarch64-unknown-linux-musl"(path = "cascade-aarch64-unknown-linux-musl.tar.gz", required = false),
            "cascade-x86_64-apple-darwin"(path = "cascade-x86_64-apple-darwin.tar.gz", required = false),
            "cascade-aarch64-apple-darwin"(path = "cascade-aarch64-apple-darwin.tar.gz", required = false),
            "cascade-x86_64-pc-windows-msvc"(path = "cascade-x86_64-pc-windows-msvc.tar.gz", required = false),
            "SHA256SUMS"(path = "SHA256SUMS"),
        ),
    )]
    archives: Build,

    /// Installs the release as a user would.
    #[publish(workflow = ".github/workflows/check-release.yaml")]
    check: Publish,
}

fn main() -> std::process::ExitCode {
    cascade::main::<Cascade>()
}
