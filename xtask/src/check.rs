//! Checks that are quick enough to run before each commit.

use crate::Step;

const STEPS: [Step; 4] = [
    Step::new("cargo fmt --all --check"),
    Step::new("cargo clippy --workspace --all-targets -- --deny warnings"),
    Step::new("cargo test --package cascade-core"),
    Step::new("cargo test --package cascade-cli --lib"),
];

/// Runs it.
///
/// # Errors
/// The first command that fails.
pub fn run() -> anyhow::Result<()> {
    STEPS.iter().try_for_each(Step::run)
}
