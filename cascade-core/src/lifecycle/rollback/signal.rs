//! Whom a signal is for: each component that listens to its type gets it.

use crate::finding::{Message, suggest};
use crate::lifecycle::eligible::shown;
use crate::pipeline::{Component, Pipeline};
use std::fmt;

/// A signal that names no component of the pipeline, where it must.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unaddressed {
    /// It names none, and several listen to it.
    Nobody {
        /// Its type.
        signal: String,
        /// The components that listen to it.
        listening: Vec<String>,
    },
    /// It names one that does not exist.
    Unknown {
        /// The name.
        named: String,
        /// The way out.
        help: String,
    },
}

/// Returns true if a signal of this type, whose payload names a component, is for this one.
///
/// Without a name it is, if no other component listens to the type.
///
/// # Errors
/// Nobody can tell whom it is for.
pub fn is_addressed(
    pipeline: &Pipeline,
    component: &Component,
    (signal, named): (&str, &str),
) -> Result<bool, Unaddressed> {
    let Some(own) = component.name() else {
        return Ok(true);
    };
    let components = pipeline.components();
    if named.is_empty() {
        let listens = |each: &&Component| {
            let mut types = each.rollback_events.iter();
            types.any(|event| event.as_str() == signal)
        };
        let listening = components
            .iter()
            .filter(listens)
            .filter_map(Component::name);
        let listening: Vec<String> = listening.map(str::to_owned).collect();
        return match listening.len() {
            0 | 1 => Ok(true),
            _ => Err(Unaddressed::Nobody {
                signal: signal.to_owned(),
                listening,
            }),
        };
    }
    let names: Vec<&str> = components.iter().filter_map(Component::name).collect();
    if !names.contains(&named) {
        let list = Message::text("the components are");
        return Err(Unaddressed::Unknown {
            named: named.to_owned(),
            help: suggest::among(named, names, list).to_string(),
        });
    }
    Ok(named == own)
}

impl fmt::Display for Unaddressed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nobody { signal, listening } => write!(
                f,
                "the payload names no `component`, and several listen to `{}`: {}",
                shown(signal),
                super::refusal::listed(listening)
            ),
            Self::Unknown { named, help } => {
                write!(f, "there is no component `{}`: {help}", shown(named))
            }
        }
    }
}

impl std::error::Error for Unaddressed {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::check;
    use crate::contract::Contracts;
    use crate::manifest::yaml::Manifest;

    fn pipeline() -> Pipeline {
        const TEXT: &str = "\
ci:
  config:
    trunk_branch: main
    environments: [dev, prod]
    rollback: { repository_dispatch: { types: [went-wrong] } }
    components:
      api: { path: api, tag_grammar: { prefix: api-v } }
      web: { path: web, tag_grammar: { prefix: web-v } }
      jobs: { path: jobs, tag_grammar: { prefix: jobs-v }, rollback: { repository_dispatch: { types: [jobs-fail] } } }
";
        let manifest = Manifest::read(TEXT.as_bytes(), "ci").unwrap();
        let checked = check(manifest.config(), &Contracts::unavailable());
        checked.pipeline.unwrap()
    }

    fn asked(own: &str, signal: &str, named: &str) -> Result<bool, String> {
        let pipeline = pipeline();
        let mut components = pipeline.components().iter();
        let component = components.find(|each| each.name() == Some(own)).unwrap();
        is_addressed(&pipeline, component, (signal, named)).map_err(|why| why.to_string())
    }

    #[test]
    fn a_signal_is_for_the_component_that_it_names() {
        assert_eq!(asked("api", "went-wrong", "api"), Ok(true));
        assert_eq!(asked("web", "went-wrong", "api"), Ok(false));
    }

    #[test]
    fn a_type_that_one_component_alone_listens_to_needs_no_name() {
        assert_eq!(asked("jobs", "jobs-fail", ""), Ok(true));
        let why = asked("api", "went-wrong", "").unwrap_err();
        assert_eq!(
            why,
            "the payload names no `component`, and several listen to `went-wrong`: `api`, `web`"
        );
    }

    #[test]
    fn nobody_overlooks_a_name_that_does_not_exist() {
        let why = asked("api", "went-wrong", "apo").unwrap_err();
        assert!(
            why.contains("there is no component `apo`") && why.contains("`api`"),
            "{why}"
        );
    }
}
