//! cascade from a release: the archive of the runner's platform, compared with its checksum.

use super::{TOKEN, absent, look, token_input};
use crate::pipeline::CliRelease;
use crate::script;
use crate::workflow::{CompositeActionBuilder, Expr, Step};

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
    let checksums: String = release
        .checksums
        .iter()
        .map(|(target, sum)| format!("{target} {sum}\n"))
        .collect();
    let step = Step::run(script!(include_str!("download.sh")))
        .name("Download, verify and install")
        .when(absent)
        .env("CASCADE_VERSION", version)
        .env("REPOSITORY", release.repository.to_string())
        .env("CHECKSUMS", checksums);
    action.step(match release.token {
        Some(_) => step.env("TOKEN", Expr::input(TOKEN)),
        None => step.env("TOKEN", ""),
    });
    action
}
