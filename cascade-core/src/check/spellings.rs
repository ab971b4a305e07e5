//! Older spellings: read as the same thing, refused beside the present one.

use crate::finding::{Finding, rules};
use crate::manifest::draft::{KeyPath, Reader};
use crate::manifest::{Config, Declared};
use crate::message;

pub(super) fn check(config: &Config, reader: &mut Reader) {
    let at = &config.at;
    let prefix = config.tag_grammar.get().prefix.is_written();
    both(
        config.tag_prefix.is_some() && prefix,
        at,
        "tag_prefix",
        (at, "tag_grammar.prefix"),
        reader,
    );
    both(
        config.release.is_some() && config.release_build.is_some(),
        at,
        "release",
        (at, "release_build"),
        reader,
    );
    both(
        config.cli_version.is_some()
            && config.cli.as_ref().is_some_and(|cli| cli.version.is_some()),
        at,
        "cli_version",
        (at, "cli.version"),
        reader,
    );
    let single = [
        config.validate.as_ref().map(Declared::common),
        config.publish.as_ref().map(Declared::common),
    ];
    let builds = config.builds.iter().map(Declared::common);
    let deploys = config.deploys.iter().map(Declared::common);
    for common in single.into_iter().flatten().chain(builds).chain(deploys) {
        both(
            common.artifact.is_some() && common.artifact_upload.is_some(),
            common.at,
            "artifact",
            (common.at, "artifact_upload"),
            reader,
        );
    }
    for deploy in &config.deploys {
        let Some(rollout) = &deploy.rollout else {
            continue;
        };
        let at = &rollout.at;
        both(
            rollout.r#type.is_some() && deploy.strategy.is_some(),
            at,
            "type",
            (&deploy.at, "strategy"),
            reader,
        );
        both(
            rollout.canary.is_some() && deploy.canary.is_some(),
            at,
            "canary",
            (&deploy.at, "canary"),
            reader,
        );
        both(
            rollout.blue_green.is_some() && deploy.blue_green.is_some(),
            at,
            "blue_green",
            (&deploy.at, "blue_green"),
            reader,
        );
    }
}

fn both(
    broken: bool,
    at: &KeyPath,
    old: &str,
    (new_at, new): (&KeyPath, &str),
    reader: &mut Reader,
) {
    if broken {
        let here = at.key(old);
        let message = message!(
            "{} is the older spelling of {}, and both are given",
            place = &here,
            key = new
        );
        let new_at = new.split('.').fold(new_at.clone(), |at, key| at.key(key));
        reader.report(
            Finding::new(&rules::BOTH_SPELLINGS, here.as_key(), message)
                .help(message!("keep {}", key = new))
                .related(new_at.as_key(), "the present spelling"),
        );
    }
}
