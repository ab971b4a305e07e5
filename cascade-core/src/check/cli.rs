//! Rules of how workflows get cascade.

use crate::finding::message::{Sample, Setting};
use crate::finding::{Finding, Message, rules, suggest};
use crate::key_path::KeyPath;
use crate::manifest::draft::Reader;
use crate::manifest::{ArchiveTarget, CliBlock, CliSource, Config, ExactVersion};
use crate::message;
use crate::pipeline::{Cli, CliGit, CliRelease};
use std::str::FromStr;

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
        return reader.report(finding.help(message!(
            "say how runs get it: {}, {} (which {} writes), {} for a pipeline crate, or {}",
            setting = Setting::new(
                "cli",
                Sample::map([("source", "git"), ("url", ".."), ("rev", "..")])
            ),
            value = "release",
            value = "cascade pin",
            value = "workspace",
            value = "preinstalled"
        )));
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
    let missing: Vec<Message> = given
        .iter()
        .filter(|(key, given)| required.contains(key) && !given)
        .filter(|(key, _)| reader.is_known_below(&at.key(key)))
        .map(|(key, _)| Message::key(key))
        .collect();
    if missing.is_empty() {
        return;
    }
    let message = message!(
        "{} needs {}",
        setting = Setting::word("source", source),
        part = Message::list(missing, " and ")
    );
    let finding = Finding::new(&rules::CLI_SOURCE, at.key("source"), message);
    reader.report(finding.help(match source {
        CliSource::Release => message!(
            "{} fetches the checksums of a release and writes all three",
            value = "cascade pin VERSION --repository OWNER/REPO"
        ),
        CliSource::Git => message!(
            "write the repository of cascade, as {} takes it, and the full hash of a commit",
            value = "git clone"
        ),
        CliSource::Workspace | CliSource::Preinstalled => {
            "write the folder of the pipeline crate".into()
        }
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
    let owners = owners.map(|owner| Message::setting(Setting::word("source", owner)));
    let message = message!(
        "{} belongs to {}, and the source is {}",
        key = key,
        part = Message::list(owners, " and "),
        value = source
    );
    let finding = Finding::new(&rules::CLI_SOURCE, at.key(key).as_key(), message);
    reader.report(finding.help(message!("remove it, or change {}", key = "source")));
}

fn checksums(cli: &CliBlock, at: &KeyPath, reader: &mut Reader) {
    for target in cli.checksums.keys() {
        if ArchiveTarget::from_str(target).is_ok() {
            continue;
        }
        let here = at.key("checksums").key(target).as_key();
        let message = message!("releases of cascade have no archive for {}", value = target);
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
            let message = message!(
                "{} pins the Go tool of the same name, and is ignored",
                key = key
            );
            let finding = Finding::new(&rules::GO_TOOL_PIN, config.at.key(key).as_key(), message);
            reader.report(finding.help(match key {
                "cli_version" => message!(
                    "remove it; {} says how workflows get this cascade",
                    key = "cli"
                ),
                _ => message!(
                    "remove it; {} has the checksums of a release",
                    key = "cli.checksums"
                ),
            }));
        }
    }
}

fn version(config: &Config, cli: &CliBlock, source: CliSource, reader: &mut Reader) {
    let (at, version) = match (&cli.version, &config.cli_version) {
        (Some(version), _) => (config.at.key("cli").key("version"), version.clone()),
        (None, Some(text)) => {
            let at = config.at.key("cli_version");
            match ExactVersion::from_str(text) {
                Ok(version) => (at, version),
                Err(problem) => return reader.report(problem.at(at)),
            }
        }
        (None, None) => return,
    };
    let built = matches!(source, CliSource::Git | CliSource::Workspace);
    if built && version.to_string() != OWN {
        let message = message!(
            "{} builds cascade {}, not {}",
            setting = Setting::word("source", source),
            text = OWN,
            text = &version
        );
        let finding = Finding::new(&rules::CLI_VERSION, at, message);
        reader.report(finding.help("remove the version: what is built decides it"));
    } else if !version.is_compatible_with(OWN) {
        let message = message!(
            "cascade {} generates workflows that cascade {} may not understand",
            text = OWN,
            text = &version
        );
        let finding = Finding::new(&rules::CLI_VERSION, at, message);
        reader.report(finding.help(message!(
            "pin a version that is compatible with {}, or generate with cascade {}",
            text = OWN,
            text = &version
        )));
    }
}

fn hosted(config: &Config, at: &KeyPath, reader: &mut Reader) {
    if let Some(label) = config.runs_on.get().hosted() {
        let message = message!(
            "runners with the label {} are GitHub's own, which have no cascade",
            value = label
        );
        let finding = Finding::new(&rules::CLI_PREINSTALLED, at.key("source"), message);
        reader.report(finding.help(message!(
            "write {}, {} or {}, or name runners of your own under {}",
            setting = Setting::word("source", "git"),
            value = "release",
            value = "workspace",
            key = "runs_on"
        )));
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
    let older = || ExactVersion::from_str(config.cli_version.as_deref()?).ok();
    block.version.clone().or_else(older)
}
