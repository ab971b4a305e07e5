//! cascade from a release: the archive of the runner's platform, compared with its checksum.

use super::{absent, look, token_input};
use crate::actions::{CompositeActionBuilder, Expr, Step};
use crate::generate::installation::TOKEN;
use crate::manifest::ArchiveTarget;
use crate::pipeline::CliRelease;
use crate::script;

pub(super) fn steps(
    release: &CliRelease,
    version: &str,
    action: CompositeActionBuilder,
) -> CompositeActionBuilder {
    let mut action = match release.token {
        Some(_) => token_input(action),
        None => action,
    };
    let absent = absent(&look(version, None, &mut action));
    let step = Step::run(script!(include_str!("download.sh")))
        .name("Download, verify and install")
        .when(absent)
        .env("CASCADE_VERSION", version)
        .env("REPOSITORY", release.repository.to_string())
        .env("ARCHIVES", archives(release));
    action.step(match release.token {
        Some(_) => step.env("TOKEN", Expr::input(TOKEN)),
        None => step.env("TOKEN", ""),
    });
    action
}

/// Returns a line for each platform: its `RUNNER_OS` and `RUNNER_ARCH`, its target, and the checksum
/// of its archive, if there is one.
fn archives(release: &CliRelease) -> String {
    let line = |target: ArchiveTarget| {
        let (system, processor) = target.runner();
        let mut checksums = release.checksums.iter();
        let sum = checksums.find(|(other, _)| *other == target);
        let sum = sum.map_or_else(String::new, |(_, sum)| format!(" {sum}"));
        format!("{system} {processor} {target}{sum}\n")
    };
    ArchiveTarget::ALL.into_iter().map(line).collect()
}
