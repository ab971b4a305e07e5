//! Words out of a fixed set.

/// Declares an enum whose variants are words of the manifest.
macro_rules! choice {
    ($(#[doc = $doc:literal])* pub enum $name:ident { $($(#[doc = $variant_doc:literal])* $variant:ident = $word:literal,)* }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[doc = $variant_doc])* $variant,)*
        }

        impl $name {
            /// Every word, in the order of the reference.
            pub const WORDS: &'static [&'static str] = &[$($word),*];

            /// The word.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl From<$name> for $crate::manifest::draft::Node {
            fn from(choice: $name) -> Self {
                choice.as_str().into()
            }
        }

        impl $crate::manifest::draft::Leaf for $name {
            const SHAPE: $crate::manifest::draft::Shape = $crate::manifest::draft::Shape::Choice(Self::WORDS);
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::manifest::draft::Problem;

            fn from_str(text: &str) -> Result<Self, $crate::manifest::draft::Problem> {
                match text {
                    $($word => Ok(Self::$variant),)*
                    _ => Err($crate::manifest::value::choice::refuse(text, Self::WORDS)),
                }
            }
        }
    };
}

pub(crate) use choice;

use crate::finding::{Message, rules, suggest};
use crate::manifest::draft::Problem;
use crate::message;

/// The problem of a word outside its set.
pub(crate) fn refuse(text: &str, words: &[&str]) -> Problem {
    let expected = Message::list(words.iter().map(Message::value), " or ");
    let problem = Problem::new(
        &rules::UNKNOWN_CHOICE,
        message!("expected {}, found {}", part = expected, value = text),
    );
    match suggest::nearest(text, words.iter().copied()) {
        Some(near) => problem.help(message!("did you mean {}?", value = near)),
        None => problem,
    }
}
