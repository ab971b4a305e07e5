//! The pipeline crate of a repository: a package of its own, whose program is `cascade`.

pub(crate) mod source;

use crate::cli::error::Failure;
use crate::origin::PACKAGE;
use cascade_core::manifest::draft::Map;
use cascade_core::rust_source;
use source::Source;
use std::path::Path;

/// The folder of the crate: beside the workflows, away from the application's own packages.
pub(crate) const FOLDER: &str = ".github/pipeline";

/// The command that runs the crate's program at the root of the repository.
pub(crate) const RUN: &str =
    "cargo run --manifest-path .github/pipeline/Cargo.toml --bin cascade --";

/// Refuses a repository that has the folder of the crate.
pub(crate) fn refuse_second(root: &Path) -> Result<(), Failure> {
    if root.join(FOLDER).symlink_metadata().is_err() {
        return Ok(());
    }
    let failure = Failure::new(format!("`{FOLDER}` is there already"));
    Err(failure.help(
        "if it is a pipeline in Rust, its `generate` writes the files; otherwise move it away; \
         nothing was written",
    ))
}

/// Returns the files of the crate that declares `config`; its struct is named like `name`.
pub(crate) fn files(name: &str, config: &Map, source: &Source) -> Vec<(String, String)> {
    [
        // A repository may ignore its own lock file; runs need this one.
        (".gitignore", "/target/\n!/Cargo.lock\n".to_owned()),
        ("Cargo.toml", cargo(name, source)),
        ("src/main.rs", rust_source::program(config, name)),
    ]
    .map(|(path, text)| (format!("{FOLDER}/{path}"), text))
    .into()
}

fn cargo(name: &str, source: &Source) -> String {
    let fit = |c: char| match c.is_ascii_alphanumeric() || c == '_' {
        true => c,
        false => '-',
    };
    let name: String = name.chars().map(fit).collect();
    let name = name.trim_matches('-');
    let package = if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        format!("{name}-pipeline")
    } else {
        format!("pipeline-{name}")
    };
    format!(
        "[package]\n\
         name = \"{package}\"\n\
         version = \"0.0.0\"\n\
         edition = \"2024\"\n\
         publish = false\n\
         \n\
         # The package is a workspace of its own, also below the application's.\n\
         [workspace]\n\
         \n\
         [dependencies]\n\
         {PACKAGE} = {}\n\
         \n\
         [[bin]]\n\
         name = \"cascade\"\n\
         path = \"src/main.rs\"\n\
         \n\
         # The macros check the pipeline at each build: optimised, and without checks of their\n\
         # own arithmetic, they are quicker at it.\n\
         [profile.dev.build-override]\n\
         opt-level = 1\n\
         debug-assertions = false\n\
         overflow-checks = false\n",
        source.dependency()
    )
}
