//! Git's configuration, read once.

use super::Git;
use super::command::text;
use std::collections::HashMap;

/// The last value of each key.
#[derive(Debug, Default)]
pub(super) struct Settings(HashMap<String, String>);

impl Git {
    /// A value of git's configuration.
    pub(crate) fn config(&self, key: &str) -> Option<String> {
        let settings = self.settings.get_or_init(|| self.read_settings());
        settings.get(key).map(str::to_owned)
    }

    fn read_settings(&self) -> Settings {
        match self.run(&["config", "--list", "-z"]) {
            Ok(output) if output.status.success() => Settings::parse(&text(&output.stdout)),
            _ => Settings::default(),
        }
    }
}

impl Settings {
    /// Reads what `git config --list -z` prints: keys and values, with a line break between them.
    fn parse(listed: &str) -> Self {
        let pairs = listed.split('\0').filter_map(|pair| pair.split_once('\n'));
        Self(
            pairs
                .map(|(key, value)| (key.to_owned(), value.trim().to_owned()))
                .collect(),
        )
    }

    /// The value of a key, unless it is empty. Sections and names are read without their case
    /// (git-config(1), "Syntax").
    fn get(&self, key: &str) -> Option<&str> {
        let value = self.0.get(&normal(key))?;
        (!value.is_empty()).then_some(value)
    }
}

/// A key as git lists it: a subsection, between the first dot and the last one, keeps its case.
fn normal(key: &str) -> String {
    let (Some(first), Some(last)) = (key.find('.'), key.rfind('.')) else {
        return key.to_ascii_lowercase();
    };
    let (section, name) = (&key[..first], &key[last..]);
    let subsection = &key[first..last];
    format!(
        "{}{subsection}{}",
        section.to_ascii_lowercase(),
        name.to_ascii_lowercase()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_value_of_a_key_counts() {
        let settings = Settings::parse("user.name\nAda\0core.bare\0user.name\nAda L\nx\0a.b\n\0");
        assert_eq!(settings.get("user.name"), Some("Ada L\nx"));
        assert_eq!(settings.get("core.bare"), None);
        assert_eq!(settings.get("a.b"), None);
    }

    #[test]
    fn a_subsection_keeps_its_case() {
        let settings = Settings::parse("remote.Origin.x.tagopt\n--no-tags\0");
        assert_eq!(settings.get("remote.Origin.x.tagOpt"), Some("--no-tags"));
        assert_eq!(settings.get("remote.origin.x.tagOpt"), None);
    }
}
