//! Rules of how workflows get cascade.

use crate::finding::{Finding, rules, suggest};
use crate::manifest::draft::{KeyPath, Leaf, Reader};
use crate::manifest::{ArchiveTarget, CliBlock, CliSource, Config, ExactVersion};
use crate::pipeline::{Cli, CliGit, CliRelease};

/// The version of this cascade.
const OWN: &str = env!("CARGO_PKG_VERSION");

/// The keys that a source has besides `source` and `version`, and those that it cannot be without.
struct Keys {
    required: &'static [&'static str],
    optional: &'static [&'static str],
}

const fn keys(source: CliSource) -> Keys {
    let (required, optional): (&[&str], &[&str]) = match source {
        CliSource::Release => (&["repository", "version", "checksums"], &["token"]),
        CliSource::Git => (&["url", "rev"], &["features", "token"]),
        CliSource::Workspace => (&["path"], &[]),
        CliSource::Preinstalled => (&[], &[]),
    };
    Keys { required, optional }
}

pub(super) fn check(config: &Config, reader: &mut Reader) {
    let at = config.at.key("cli");
    go_tool_pins(config, reader);
    let Some(cli) = &config.cli else {
        let finding = Finding::new(
            &rules::CLI_PREINSTALLED,
            at,
            "runners must have cascade installed",
        );
        return reader.report(finding.help(
            "say how runs get it: `cli: { source: git, url: .., rev: .. }`, `release` (which `cascade pin` writes), `workspace` for a pipeline crate, or `preinstalled`",
        ));
    };
    let source = *cli.source.get();
    let older_version = config.cli_version.is_some();
    let given = given(cli).map(|(key, given)| (key, given || (key == "version" && older_version)));
    missing(&given, source, &at, reader);
    for (key, _) in given.into_iter().filter(|(_, given)| *given) {
        fits_source(key, source, &at, reader);
    }
    checksums(cli, &at, reader);
    version(config, cli, source, reader);
    if source == CliSource::Preinstalled {
        hosted(config, &at, reader);
    }
}

/// The keys of a block, each with whether it is written.
fn given(cli: &CliBlock) -> [(&'static str, bool); 8] {
    [
        ("repository", cli.repository.is_some()),
        ("version", cli.version.is_some()),
        ("checksums", !cli.checksums.is_empty()),
        ("url", cli.url.is_some()),
        ("rev", cli.rev.is_some()),
        ("features", !cli.features.is_empty()),
        ("token", cli.token.is_some()),
        ("path", cli.path.is_some()),
    ]
}

fn missing(given: &[(&str, bool)], source: CliSource, at: &KeyPath, reader: &mut Reader) {
    let required = keys(source).required;
    let missing: Vec<String> = given
        .iter()
        .filter(|(key, given)| required.contains(key) && !given)
        .filter(|(key, _)| reader.is_known_below(&at.key(key)))
        .map(|(key, _)| format!("`{key}`"))
        .collect();
    let list = match missing.as_slice() {
        [] => return,
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => missing.concat(),
    };
    let message = format!("`source: {source}` needs {list}");
    let finding = Finding::new(&rules::CLI_SOURCE, at.key("source"), message);
    reader.report(finding.help(match source {
        CliSource::Release => "`cascade pin VERSION --repository OWNER/REPO` fetches the checksums of a release and writes all three",
        CliSource::Git => "write the repository of cascade, as `git clone` takes it, and the full hash of a commit",
        CliSource::Workspace | CliSource::Preinstalled => "write the folder of the pipeline crate",
    }));
}

fn fits_source(key: &str, source: CliSource, at: &KeyPath, reader: &mut Reader) {
    let has = |source: CliSource| {
        let Keys { required, optional } = keys(source);
        required.contains(&key) || optional.contains(&key)
    };
    if key == "version" || has(source) {
        return;
    }
    let sources = [CliSource::Release, CliSource::Git, CliSource::Workspace];
    let owners = sources.into_iter().filter(|source| has(*source));
    let owners: Vec<String> = owners.map(|owner| format!("`source: {owner}`")).collect();
    let message = format!(
        "`{key}` belongs to {}, and the source is `{source}`",
        owners.join(" and ")
    );
    let finding = Finding::new(&rules::CLI_SOURCE, at.key(key).as_key(), message);
    reader.report(finding.help("remove it, or change `source`"));
}

fn checksums(cli: &CliBlock, at: &KeyPath, reader: &mut Reader) {
    for target in cli.checksums.keys() {
        if ArchiveTarget::parse(target).is_ok() {
            continue;
        }
        let here = at.key("checksums").key(target).as_key();
        let message = format!("releases of cascade have no archive for `{target}`");
        let help = suggest::among(
            target,
            ArchiveTarget::WORDS.iter().copied(),
            "the archives are for",
        );
        reader.report(Finding::new(&rules::CLI_SOURCE, here, message).help(help));
    }
}

/// The pins of the Go tool of the same name mean nothing to this one.
fn go_tool_pins(config: &Config, reader: &mut Reader) {
    let pins = [
        (
            "cli_version",
            config.cli_version.is_some() && config.cli.is_none(),
        ),
        ("cli_version_sha", config.cli_version_sha.is_some()),
    ];
    for (key, found) in pins {
        if found {
            let message = format!("`{key}` pins the Go tool of the same name, and is ignored");
            let finding = Finding::new(&rules::GO_TOOL_PIN, config.at.key(key).as_key(), message);
            reader.report(finding.help(match key {
                "cli_version" => "remove it; `cli` says how workflows get this cascade",
                _ => "remove it; `cli.checksums` has the checksums of a release",
            }));
        }
    }
}

fn version(config: &Config, cli: &CliBlock, source: CliSource, reader: &mut Reader) {
    let (at, version) = match (&cli.version, &config.cli_version) {
        (Some(version), _) => (config.at.key("cli").key("version"), version.clone()),
        (None, Some(text)) => {
            let at = config.at.key("cli_version");
            match ExactVersion::parse(text) {
                Ok(version) => (at, version),
                Err(problem) => return reader.report(problem.at(at)),
            }
        }
        (None, None) => return,
    };
    let built = matches!(source, CliSource::Git | CliSource::Workspace);
    if built && version.to_string() != OWN {
        let message = format!("`source: {source}` builds cascade {OWN}, not {version}");
        let finding = Finding::new(&rules::CLI_VERSION, at, message);
        reader.report(finding.help("remove the version: what is built decides it"));
    } else if !version.is_compatible_with(OWN) {
        let message =
            format!("cascade {OWN} generates workflows that cascade {version} may not understand");
        let finding = Finding::new(&rules::CLI_VERSION, at, message);
        reader.report(finding.help(format!(
            "pin a version that is compatible with {OWN}, or generate with cascade {version}"
        )));
    }
}

fn hosted(config: &Config, at: &KeyPath, reader: &mut Reader) {
    if let Some(label) = config.runs_on.get().hosted() {
        let message =
            format!("runners with the label `{label}` are GitHub's own, which have no cascade");
        let finding = Finding::new(&rules::CLI_PREINSTALLED, at.key("source"), message);
        reader.report(finding.help(
            "write `source: git`, `release` or `workspace`, or name runners of your own under `runs_on`",
        ));
    }
}

/// Returns what became of a block; `None` if it lacks something, which [`check`] reports.
pub(super) fn lower(block: Option<&CliBlock>) -> Option<Cli> {
    let Some(block) = block else {
        return Some(Cli::Preinstalled);
    };
    Some(match *block.source.get() {
        CliSource::Release => Cli::Release(CliRelease {
            repository: block.repository.clone()?,
            checksums: ArchiveTarget::ALL
                .into_iter()
                .filter_map(|target| Some((target, block.checksums.get(target.as_str())?.clone())))
                .collect(),
            token: block.token.as_ref().map(|token| token.0.clone()),
        }),
        CliSource::Git => Cli::Git(CliGit {
            url: block.url.clone()?,
            rev: block.rev.clone()?,
            features: block.features.clone(),
            token: block.token.as_ref().map(|token| token.0.clone()),
        }),
        CliSource::Workspace => Cli::Workspace(block.path.clone()?),
        CliSource::Preinstalled => Cli::Preinstalled,
    })
}

/// Returns the version that workflows install, where a `cli` block or its older spelling names one.
pub(super) fn lower_version(config: &Config) -> Option<ExactVersion> {
    let block = config.cli.as_ref()?;
    let older = || ExactVersion::parse(config.cli_version.as_deref()?).ok();
    block.version.clone().or_else(older)
}
