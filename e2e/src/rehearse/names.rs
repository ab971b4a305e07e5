//! The names of callbacks, as people write them and as jobs have them.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use serde_json::Value;

/// The work of a callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Validate,
    Build,
    Deploy,
    Publish,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Validate, Self::Build, Self::Deploy, Self::Publish];

    fn word(self) -> &'static str {
        match self {
            Self::Validate => "validate",
            Self::Build => "build",
            Self::Deploy => "deploy",
            Self::Publish => "publish",
        }
    }
}

/// A callback: `validate`, `build:image`, `deploy:web`, `deploy:web:rollback`; `build` stands for all
/// builds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Callback {
    pub(super) kind: Kind,
    /// Empty for all of the kind.
    pub(super) name: String,
    /// The part of a strategy that has a callback of its own.
    pub(super) part: Option<&'static str>,
}

/// The parts of a strategy that have callbacks of their own.
const PARTS: [&str; 4] = ["analysis", "promote", "cutover", "rollback"];

/// The stages and attempts that follow a callback's name in the id of a job.
const STAGES: [&str; 10] = [
    "retry", "canary", "bake", "analysis", "promote", "rollback", "green", "cutover", "begin",
    "target",
];

impl Callback {
    /// The callback that the job with this id calls.
    pub(super) fn of_job(id: &str, config: &Value) -> Option<Self> {
        let kind = *Kind::ALL.iter().find(|kind| {
            let rest = id.strip_prefix(kind.word());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
        })?;
        let rest = id[kind.word().len()..].trim_start_matches(['-', '_']);
        let mut names = names(config, kind);
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        let fits = |name: &&String| {
            let spelled = [name.to_string(), name.replace('-', "_")];
            spelled.iter().any(|name| {
                rest.strip_prefix(name.as_str()).is_some_and(|more| {
                    more.is_empty()
                        || STAGES
                            .iter()
                            .any(|stage| more.starts_with(&format!("-{stage}")))
                })
            })
        };
        let name = names.iter().find(fits).cloned().unwrap_or_default();
        let stage = rest.get(name.len()..).unwrap_or_default();
        let part = PARTS.into_iter().find(|part| {
            let own = stage.strip_prefix('-');
            own.is_some_and(|own| own.starts_with(part))
        });
        Some(Self { kind, name, part })
    }

    /// Returns true if the other one is this one, or one of this kind.
    pub(super) fn covers(&self, other: &Self) -> bool {
        self.kind == other.kind
            && (self.name.is_empty() || self.name == other.name)
            && (self.part.is_none() || self.part == other.part)
    }

    /// Returns true if the other one is covered, and no other part of a strategy.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.covers(other) && self.part == other.part
    }
}

fn names(config: &Value, kind: Kind) -> Vec<String> {
    let named = |list: &Value| -> Vec<String> {
        let items = list.as_array().into_iter().flatten();
        let names = items.filter_map(|item| Some(item["name"].as_str()?.to_owned()));
        names.collect()
    };
    let of = |section: &Value| match kind {
        Kind::Validate => Vec::new(),
        Kind::Build | Kind::Publish => named(&section["builds"]),
        Kind::Deploy => {
            let external = section["external"].as_array().into_iter().flatten();
            let external = external.flat_map(|entry| named(&entry["deploys"]));
            let own = named(&section["deploys"]).into_iter();
            own.chain(external).collect()
        }
    };
    sections(config).flat_map(of).collect()
}

/// The root of a configuration and its components, each of which may have callbacks and environments
/// of its own.
pub(super) fn sections(config: &Value) -> impl Iterator<Item = &Value> {
    let components = config["components"].as_object().into_iter();
    std::iter::once(config).chain(components.flat_map(serde_json::Map::values))
}

impl fmt::Display for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.word())?;
        match self.name.as_str() {
            "" => Ok(()),
            name => write!(f, ":{name}"),
        }?;
        match self.part {
            Some(part) => write!(f, ":{part}"),
            None => Ok(()),
        }
    }
}

impl FromStr for Callback {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
        let (name, part) = rest.split_once(':').unwrap_or((rest, ""));
        let known = Kind::ALL.into_iter().find(|known| known.word() == kind);
        let kind = known.ok_or_else(|| {
            format!("`{text}` is no callback: write `validate`, `build`, `build:NAME`, `deploy:NAME` or `publish:NAME`")
        })?;
        let found = PARTS.into_iter().find(|known| *known == part);
        if found.is_none() && !part.is_empty() {
            let parts = PARTS.join("`, `");
            return Err(format!(
                "`{part}` is no part of a strategy with a callback: they are `{parts}`"
            ));
        }
        Ok(Self {
            kind,
            name: name.to_owned(),
            part: found,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_job_is_that_of_the_callback_with_the_longest_name() {
        let config = json!({
            "builds": [{ "name": "image" }],
            "deploys": [{ "name": "web" }, { "name": "web-canary" }, { "name": "api" }],
            "external": [{ "deploys": [{ "name": "cat-alog" }] }],
            "components": { "app": { "builds": [{ "name": "site" }] } },
        });
        for (id, expected) in [
            ("validate", Some("validate")),
            ("build-image", Some("build:image")),
            ("build-image-retry-1", Some("build:image")),
            ("deploy-web", Some("deploy:web")),
            ("deploy-web-canary", Some("deploy:web-canary")),
            ("deploy-web-canary-1", Some("deploy:web")),
            ("deploy-api-canary-1-retry-2", Some("deploy:api")),
            ("deploy-api-analysis-1", Some("deploy:api:analysis")),
            ("deploy-api-rollback", Some("deploy:api:rollback")),
            ("deploy_cat_alog", Some("deploy:cat-alog")),
            ("publish", Some("publish")),
            ("build-site-retry-1", Some("build:site")),
            ("setup", None),
            ("deployment", None),
        ] {
            let found = Callback::of_job(id, &config).map(|callback| callback.to_string());
            assert_eq!(found.as_deref(), expected, "{id}");
        }
    }

    #[test]
    fn a_kind_covers_every_callback_of_it() {
        let read = |text: &str| text.parse::<Callback>().unwrap();
        assert!(read("build").covers(&read("build:image")));
        assert!(!read("build:image").covers(&read("build:other")));
        assert!(!read("deploy").covers(&read("build:image")));
        assert!("test:x".parse::<Callback>().is_err());
        assert!("deploy:web:bake".parse::<Callback>().is_err());
    }

    #[test]
    fn a_deploy_is_not_the_parts_of_its_strategy() {
        let read = |text: &str| text.parse::<Callback>().unwrap();
        let (web, back) = (read("deploy:web"), read("deploy:web:rollback"));
        assert!(web.covers(&back) && !web.is(&back));
        assert!(back.is(&back) && !back.covers(&web));
        assert!(web.is(&web) && read("deploy").is(&web));
    }
}
