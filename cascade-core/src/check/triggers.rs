//! Triggers in the light of the files that there are.

use crate::changes::{Pattern, Patterns};
use crate::finding::{Finding, rules};
use crate::key_path::KeyPath;
use crate::manifest::draft::Reader;
use crate::manifest::{Config, Declared};
use crate::message;

/// Reports lists of patterns that match none of the repository's files. A repository without files
/// says nothing.
pub(super) fn check(config: &Config, files: &[String], reader: &mut Reader) {
    if files.is_empty() {
        return;
    }
    let builds = config.builds.iter().map(Declared::common);
    let deploys = config.deploys.iter().map(Declared::common);
    let validate = config.validate.iter().map(Declared::common);
    let publish = config.publish.iter().map(Declared::common);
    let callbacks = builds.chain(deploys).chain(validate).chain(publish);
    let external = config.external.iter().flat_map(|entry| &entry.deploys);
    let lists = callbacks
        .map(|common| (common.triggers, common.at))
        .chain(external.map(|deploy| (deploy.triggers.as_slice(), &deploy.at)))
        .chain([(config.triggers.as_slice(), &config.at)]);
    for (triggers, at) in lists {
        unmatched(triggers, &at.key("triggers"), files, reader);
    }
}

/// Reports components whose folder, or whose further paths, have no file.
pub(super) fn check_components(config: &Config, files: &[String], reader: &mut Reader) {
    if files.is_empty() {
        return;
    }
    for component in config.components.values() {
        let keys = &component.keys;
        let folder = keys.path.get().map(|path| Pattern::inside(path.as_str()));
        if let Some(Ok(folder)) = folder {
            unmatched(&[folder], &component.at.key("path"), files, reader);
        }
        let at = component.at.key("extra_paths");
        unmatched(&keys.extra_paths, &at, files, reader);
    }
    let at = config.at.key("shared_paths");
    unmatched(&config.shared_paths, &at, files, reader);
}

fn unmatched(triggers: &[Pattern], at: &KeyPath, files: &[String], reader: &mut Reader) {
    let patterns = Patterns::new(triggers.to_vec());
    if patterns.is_empty() || patterns.include_any(files) {
        return;
    }
    let message = "no file of the repository matches these patterns";
    let help = message!(
        "compare them with {}: a change of a file that does not exist yet would match",
        value = "git ls-files"
    );
    reader.report(Finding::new(&rules::UNMATCHED_TRIGGERS, at.as_key(), message).help(help));
}
