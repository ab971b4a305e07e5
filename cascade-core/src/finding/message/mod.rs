//! The message of a finding, in parts: each surface spells keys, places and settings in its own
//! way.

mod sample;
mod spelling;
mod wording;

pub use sample::Sample;
pub use spelling::{Spelling, Yaml};
pub use wording::Wording;

use crate::key_path::KeyPath;
use std::borrow::Cow;
use std::fmt;

/// One sentence without a final stop, made of parts.
///
/// It displays as it reads beside a manifest; [`Message::spelled`] says it for another surface.
///
/// ```
/// use cascade_core::message;
/// let message = message!("no environment of {} is named {}", key = "canary", name = "prod");
/// assert_eq!(message.to_string(), "no environment of `canary` is named `prod`");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Message(Vec<Part>);

/// A piece of a [`Message`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Part {
    /// Words, the same on every surface.
    Text(Cow<'static, str>),
    /// A key of the configuration, or a chain of keys: `tag_grammar.prefix`.
    Key(String),
    /// A place in the pipeline that the finding is about.
    Place(KeyPath),
    /// Something as it was written, or must be written, that is spelled in one way only.
    Value(String),
    /// The name of something.
    Name(String),
    /// A key with its value, as an author would write them.
    Setting(Setting),
    /// A value, as an author would write it.
    Sample(Sample),
    /// A place that every surface has its own words for.
    Phrase(Phrase),
}

/// A key with its value: `cadence: poll`, or `cadence = "poll"` in Rust.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Setting {
    /// The key of the block around it that only Rust has to name.
    pub within: Option<&'static str>,
    /// The key.
    pub key: String,
    /// The value.
    pub value: Sample,
}

/// A place that every surface has its own words for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phrase {
    /// The configuration as a whole.
    Configuration,
    /// The place of the settings of the whole repository.
    Top,
    /// One of the deploys.
    Deploy,
}

/// Makes a [`Message`](crate::finding::message::Message): each `{}` of the literal is one of the
/// parts that follow, `kind = what`, as the constructors of a message name them.
///
/// Words with code in them do not compile, and neither do too few parts:
///
/// ```compile_fail
/// let message = cascade_core::message!("set `percent` or {}", key = "steps");
/// ```
/// ```compile_fail
/// let message = cascade_core::message!("set {} or {}", key = "steps");
/// ```
#[macro_export]
macro_rules! message {
    ($words:literal $(, $kind:ident = $part:expr)* $(,)?) => {{
        const { $crate::finding::message::assert_parts($words, &[$(stringify!($kind)),*]) };
        $crate::finding::message::Message::fill(
            $words,
            [$($crate::finding::message::Message::$kind($part)),*],
        )
    }};
}

/// Stops the compiler where words have more or fewer places than there are parts.
#[doc(hidden)]
pub const fn assert_parts(words: &str, kinds: &[&str]) {
    let bytes = words.as_bytes();
    let (mut at, mut places) = (0, 0);
    while at < bytes.len() {
        assert!(bytes[at] != b'`', "what stands between backticks is a part");
        if bytes[at] == b'{' && at + 1 < bytes.len() && bytes[at + 1] == b'}' {
            places += 1;
        }
        at += 1;
    }
    assert!(places == kinds.len(), "each place is one part");
}

impl Message {
    /// Puts messages in the places of words: one for each `{}`.
    #[doc(hidden)]
    #[must_use]
    pub fn fill<const COUNT: usize>(words: &'static str, messages: [Self; COUNT]) -> Self {
        let mut messages = messages.into_iter();
        let mut filled = Self::default();
        for words in words.split("{}") {
            if !words.is_empty() {
                filled = filled.with(words);
            }
            filled = filled.with(messages.next().unwrap_or_default());
        }
        filled
    }

    /// Returns a message as it is, to be a part of another one.
    #[must_use]
    pub fn part(message: impl Into<Self>) -> Self {
        message.into()
    }

    /// Returns what is told as it is: a number, the words of another program.
    #[must_use]
    pub fn text(words: impl fmt::Display) -> Self {
        Part::Text(words.to_string().into()).into()
    }

    /// Returns a key, or a chain of keys with dots.
    #[must_use]
    pub fn key(key: impl fmt::Display) -> Self {
        Part::Key(key.to_string()).into()
    }

    /// Returns a place of the pipeline.
    #[must_use]
    pub fn place(at: &KeyPath) -> Self {
        Part::Place(at.clone()).into()
    }

    /// Returns something that is spelled in one way only.
    #[must_use]
    pub fn value(value: impl fmt::Display) -> Self {
        Part::Value(value.to_string()).into()
    }

    /// Returns what something is called.
    #[must_use]
    pub fn name(name: impl fmt::Display) -> Self {
        Part::Name(name.to_string()).into()
    }

    /// Returns a key with its value.
    #[must_use]
    pub fn setting(setting: Setting) -> Self {
        Part::Setting(setting).into()
    }

    /// Returns a value as an author would write it.
    #[must_use]
    pub fn sample(sample: Sample) -> Self {
        Part::Sample(sample).into()
    }

    /// Returns a place that every surface has its own words for.
    #[must_use]
    pub fn phrase(phrase: Phrase) -> Self {
        Part::Phrase(phrase).into()
    }

    /// Returns the message with another one at its end.
    #[must_use]
    pub fn with(mut self, more: impl Into<Self>) -> Self {
        self.0.extend(more.into().0);
        self
    }

    /// Joins messages: `a, b and c`, where `last` is ` and `.
    #[must_use]
    pub fn list(messages: impl IntoIterator<Item = Self>, last: &'static str) -> Self {
        let messages: Vec<Self> = messages.into_iter().collect();
        let count = messages.len();
        let mut joined = Self::default();
        for (position, message) in messages.into_iter().enumerate() {
            match position {
                0 => {}
                at if at + 1 == count => joined = joined.with(last),
                _ => joined = joined.with(", "),
            }
            joined = joined.with(message);
        }
        joined
    }

    /// Returns the parts.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.0
    }

    /// Says the message as a surface spells it.
    #[must_use]
    pub fn spelled(&self, spelling: &(impl Spelling + ?Sized)) -> String {
        self.0.iter().map(|part| spelling.part(part)).collect()
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.spelled(&Yaml))
    }
}

impl From<Message> for String {
    fn from(message: Message) -> Self {
        message.to_string()
    }
}

impl From<Part> for Message {
    fn from(part: Part) -> Self {
        Self(vec![part])
    }
}

impl From<&'static str> for Message {
    fn from(words: &'static str) -> Self {
        Part::Text(words.into()).into()
    }
}

impl Setting {
    /// A key with its value.
    #[must_use]
    pub fn new(key: impl fmt::Display, value: impl Into<Sample>) -> Self {
        Self {
            within: None,
            key: key.to_string(),
            value: value.into(),
        }
    }

    /// A key with a word.
    #[must_use]
    pub fn word(key: impl fmt::Display, word: impl fmt::Display) -> Self {
        Self::new(key, Sample::word(word))
    }

    /// A permission.
    #[must_use]
    pub fn permission(scope: impl fmt::Display, access: impl fmt::Display) -> Self {
        Self {
            within: Some("permissions"),
            ..Self::word(scope, access)
        }
    }
}

#[cfg(test)]
mod tests;
