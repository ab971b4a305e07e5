//! The spelling of a message's parts in Rust: keys are attributes, and entries are fields.

use cascade_core::finding::message::{Phrase, Sample, Setting, Spelling};
use cascade_core::key_path::{KeyPath, Segment};
use cascade_core::scalar::Scalar;

/// The names of entries of the draft in Rust: `deploys[0]` is `web`.
#[derive(Debug, Default)]
pub(crate) struct Places(Vec<(KeyPath, String)>);

/// The spelling of Rust.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rust<'a> {
    /// The names of fields.
    pub(crate) places: &'a Places,
    /// Returns the place of a finding in the draft of the author.
    pub(crate) written: fn(&KeyPath) -> KeyPath,
}

impl Places {
    pub(crate) fn add(&mut self, place: KeyPath, name: &str) {
        self.0.push((place, name.to_owned()));
    }

    /// Says a place, beginning with the field that it is in.
    fn name(&self, at: &KeyPath) -> String {
        let segments = at.segments();
        let around = self.0.iter().filter_map(|(place, name)| {
            let rest = segments.strip_prefix(place.segments().as_slice())?;
            Some((rest.to_vec(), name))
        });
        match around.min_by_key(|(rest, _)| rest.len()) {
            Some((rest, name)) => rest
                .iter()
                .fold(name.clone(), |said, segment| match segment {
                    Segment::Key(key) => format!("{said}.{key}"),
                    Segment::Index(index) => format!("{said}[{index}]"),
                }),
            None => at.to_string(),
        }
    }
}

impl Spelling for Rust<'_> {
    fn place(&self, at: &KeyPath) -> String {
        self.places.name(&(self.written)(at))
    }

    fn setting(&self, setting: &Setting) -> String {
        match setting.within {
            Some(block) => {
                let key = setting.key.replace('-', "_");
                format!("{block}({})", entry(&key, &setting.value))
            }
            None => entry(&setting.key, &setting.value),
        }
    }

    fn sample(&self, sample: &Sample) -> String {
        match sample {
            Sample::Map(entries) => joined(entries.iter().map(|(key, value)| entry(key, value))),
            Sample::List(items) => joined(items.iter().map(value)),
            sample => value(sample),
        }
    }

    fn phrase(&self, phrase: Phrase) -> &'static str {
        match phrase {
            Phrase::Configuration => "`#[pipeline(...)]`",
            Phrase::Top => "on the pipeline of the whole repository",
            Phrase::Deploy => "a `#[deploy]` field",
            _ => cascade_core::finding::message::Yaml.phrase(phrase),
        }
    }
}

fn entry(key: &str, sample: &Sample) -> String {
    match (key, sample) {
        ("mode", Sample::Scalar(word)) if matches!(word.text().as_str(), "push" | "pull") => {
            word.text()
        }
        ("strategy", Sample::Scalar(word)) => format!("#[strategy({})]", word.text()),
        (_, Sample::Map(entries)) => {
            let inner = joined(entries.iter().map(|(key, value)| entry(key, value)));
            format!("{key}({inner})")
        }
        (_, Sample::List(items)) => {
            let inner = joined(items.iter().map(|item| listed(key, item)));
            format!("{key}({inner})")
        }
        (_, sample) => format!("{key} = {}", value(sample)),
    }
}

fn listed(key: &str, sample: &Sample) -> String {
    match sample {
        Sample::Scalar(name) if key.ends_with("depends_on") => name.text(),
        sample => value(sample),
    }
}

fn value(sample: &Sample) -> String {
    match sample {
        Sample::Scalar(Scalar::Text(text)) => format!("{text:?}"),
        Sample::Scalar(scalar) => scalar.text(),
        Sample::Reference(Some(taken)) => taken.clone(),
        Sample::Reference(None) => "image.outputs.tag".to_owned(),
        _ => "...".to_owned(),
    }
}

fn joined(pieces: impl Iterator<Item = String>) -> String {
    pieces.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use cascade_core::finding::Message;
    use cascade_core::message;

    fn said(message: &Message, places: &Places) -> String {
        let written = KeyPath::clone;
        message.spelled(&Rust { places, written })
    }

    #[test]
    fn settings_and_samples_are_attributes() {
        let cases = [
            (
                Setting::new("depends_on", Sample::list(["image"])),
                "`depends_on(image)`",
            ),
            (Setting::word("cadence", "poll"), "`cadence = \"poll\"`"),
            (Setting::new("percent", 10), "`percent = 10`"),
            (Setting::word("mode", "pull"), "`pull`"),
            (Setting::word("mode", "gitops"), "`mode = \"gitops\"`"),
            (Setting::word("strategy", "canary"), "`#[strategy(canary)]`"),
            (
                Setting::new("types", Sample::list(["undo"])),
                "`types(\"undo\")`",
            ),
            (
                Setting::new("inputs", Sample::map([("cluster", Sample::Any)])),
                "`inputs(cluster = ...)`",
            ),
            (
                Setting::new(
                    "inputs",
                    Sample::map([("tag", Sample::taken("image.outputs.tag"))]),
                ),
                "`inputs(tag = image.outputs.tag)`",
            ),
            (
                Setting::new("merge_queue", Sample::map([("enabled", true)])),
                "`merge_queue(enabled = true)`",
            ),
            (
                Setting::permission("id-token", "write"),
                "`permissions(id_token = \"write\")`",
            ),
        ];
        for (setting, rust) in cases {
            let message = message!("add {}: x", setting = setting);
            assert_eq!(said(&message, &Places::default()), format!("add {rust}: x"));
        }
        let taken = message!("write {}", sample = Sample::taken("image.outputs.tag"));
        assert_eq!(
            said(&taken, &Places::default()),
            "write `image.outputs.tag`"
        );
    }

    #[test]
    fn phrases_are_those_of_rust() {
        let message = message!(
            "{}, {}, {}",
            phrase = Phrase::Configuration,
            phrase = Phrase::Top,
            phrase = Phrase::Deploy
        );
        let rust =
            "`#[pipeline(...)]`, on the pipeline of the whole repository, a `#[deploy]` field";
        assert_eq!(said(&message, &Places::default()), rust);
    }

    #[test]
    fn entries_are_fields() {
        let deploy = |index| KeyPath::root().key("deploys").index(index);
        let mut places = Places::default();
        places.add(deploy(1), "web");
        let message = message!(
            "add {} to {}, not {}",
            key = "repo",
            place = &deploy(1).key("x").index(2),
            place = &deploy(10)
        );
        let text = said(&message, &places);
        assert_eq!(text, "add `repo` to `web.x[2]`, not `deploys[10]`");
    }

    #[test]
    fn what_an_author_wrote_is_never_spelled_anew() {
        let mut places = Places::default();
        places.add(KeyPath::root().key("deploys").index(0), "web");
        for written in ["retries: 1", "mode: pull", "deploys[0]", "a`mode: pull`b"] {
            let message = message!("{} is not a name", value = written);
            assert_eq!(
                said(&message, &places),
                format!("`{written}` is not a name")
            );
        }
    }
}
