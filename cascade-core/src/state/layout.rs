//! `state` itself: environments are keys beside a few reserved ones.

use super::{Environment, Extra, ReleaseRecord};
use indexmap::IndexMap;
use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

const RELEASE: &str = "release";
const PRERELEASE: &str = "prerelease";
const COMPONENTS: &str = "components";

/// The recorded state of a pipeline, or of one component.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// The recorded state of each environment.
    pub environments: IndexMap<String, Environment>,
    /// The release record.
    pub release: Option<ReleaseRecord>,
    /// The record of candidates, where there are no environments.
    pub prerelease: Option<ReleaseRecord>,
    /// The state of each component.
    pub components: IndexMap<String, Self>,
    /// Keys whose values cannot be environments.
    pub extra: Extra,
}

impl State {
    /// Returns true if nothing is recorded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Serialize for State {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self {
            environments,
            release,
            prerelease,
            components,
            extra,
        } = self;
        let mut map = serializer.serialize_map(None)?;
        let written = environments
            .iter()
            .filter(|(_, each)| !each.is_only_begun());
        for (name, environment) in written {
            map.serialize_entry(name, environment)?;
        }
        if let Some(record) = release {
            map.serialize_entry(RELEASE, record)?;
        }
        if let Some(record) = prerelease {
            map.serialize_entry(PRERELEASE, record)?;
        }
        let components: IndexMap<&String, &Self> = components
            .iter()
            .filter(|(_, each)| !each.is_only_begun())
            .collect();
        if !components.is_empty() {
            map.serialize_entry(COMPONENTS, &components)?;
        }
        for (key, value) in extra {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for State {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries = Option::<IndexMap<String, Value>>::deserialize(deserializer)?;
        let mut state = Self::default();
        for (key, value) in entries.unwrap_or_default() {
            state
                .take(&key, value)
                .map_err(|error| D::Error::custom(format!("{key}: {error}")))?;
        }
        Ok(state)
    }
}

impl State {
    fn take(&mut self, key: &str, value: Value) -> Result<(), serde_json::Error> {
        match (key, value) {
            (RELEASE, value) => self.release = serde_json::from_value(value)?,
            (PRERELEASE, value) => self.prerelease = serde_json::from_value(value)?,
            (COMPONENTS, value) => {
                let components: Option<_> = serde_json::from_value(value)?;
                self.components = components.unwrap_or_default();
            }
            (_, Value::Null) => {
                self.environments
                    .insert(key.to_owned(), Environment::default());
            }
            (_, value @ Value::Object(_)) => {
                let environment = serde_json::from_value(value)?;
                self.environments.insert(key.to_owned(), environment);
            }
            (_, value) => {
                self.extra.insert(key.to_owned(), value);
            }
        }
        Ok(())
    }
}
