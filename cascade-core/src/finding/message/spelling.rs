//! The spelling of a message's parts on each surface.

use super::{Part, Phrase, Sample, Setting};
use crate::key_path::KeyPath;

/// The spelling of a surface; its defaults are those of YAML.
pub trait Spelling {
    /// Says where something stands.
    fn place(&self, at: &KeyPath) -> String {
        at.to_string()
    }

    /// Writes a key with its value.
    fn setting(&self, setting: &Setting) -> String {
        format!("{}: {}", setting.key, setting.value)
    }

    /// Writes a value.
    fn sample(&self, sample: &Sample) -> String {
        sample.to_string()
    }

    /// Returns the surface's words for a place, with what they are marked up with.
    fn phrase(&self, phrase: Phrase) -> &'static str {
        match phrase {
            Phrase::Configuration => "the configuration",
            Phrase::Top => "at the top of the configuration",
            Phrase::Deploy => "an entry of `deploys`",
        }
    }

    /// Says one part: everything but words stands between backticks.
    fn part(&self, part: &Part) -> String {
        match part {
            Part::Text(words) => words.clone().into_owned(),
            Part::Key(code) | Part::Value(code) | Part::Name(code) => format!("`{code}`"),
            Part::Place(at) => format!("`{}`", self.place(at)),
            Part::Setting(setting) => format!("`{}`", self.setting(setting)),
            Part::Sample(sample) => format!("`{}`", self.sample(sample)),
            Part::Phrase(phrase) => self.phrase(*phrase).to_owned(),
        }
    }
}

/// The spelling of manifests.
#[derive(Debug, Clone, Copy)]
pub struct Yaml;

impl Spelling for Yaml {}
