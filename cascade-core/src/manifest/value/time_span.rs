//! Lengths of time.

use crate::finding::rules;
use crate::manifest::draft::{Leaf, Problem, Shape};
use crate::message;
use std::fmt;
use std::str::FromStr;

/// A length of time in whole seconds, written `10m`, `1h30m` or `48h`.
///
/// ```
/// use cascade_core::manifest::TimeSpan;
/// assert_eq!("1h30m".parse::<TimeSpan>().unwrap().seconds(), 5400);
/// assert!("10 minutes".parse::<TimeSpan>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeSpan(u64);

const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

impl TimeSpan {
    /// A duration of so many seconds.
    #[must_use]
    pub const fn from_seconds(seconds: u64) -> Self {
        Self(seconds)
    }

    /// The length in seconds.
    #[must_use]
    pub const fn seconds(self) -> u64 {
        self.0
    }

    /// The length in minutes, rounded up.
    #[must_use]
    pub const fn minutes(self) -> u64 {
        self.0.div_ceil(60)
    }
}

impl Leaf for TimeSpan {
    const SHAPE: Shape = Shape::Text {
        what: "a duration",
        pattern: Some("^(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?$"),
    };
}

impl FromStr for TimeSpan {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        seconds(text).map(Self).ok_or_else(|| {
            Problem::new(
                &rules::INVALID_DURATION,
                message!("{} is not a duration", value = text),
            )
            .help(message!(
                "write {} or {}; the units are d, h, m and s, largest first",
                value = "10m",
                value = "1h30m"
            ))
        })
    }
}

fn seconds(text: &str) -> Option<u64> {
    let mut total: u64 = 0;
    let mut rest = text;
    let mut units = UNITS.iter();
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: u64 = rest[..digits].parse().ok()?;
        let unit = rest[digits..].chars().next()?;
        let (_, factor) = units.find(|(name, _)| *name == unit)?;
        total = total.checked_add(number.checked_mul(*factor)?)?;
        rest = &rest[digits + 1..];
    }
    (total > 0).then_some(total)
}

impl fmt::Display for TimeSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        for (name, factor) in UNITS {
            if rest >= factor {
                write!(f, "{}{name}", rest / factor)?;
                rest %= factor;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_stand_once_and_fall() {
        for (text, expected) in [("90s", 90), ("1d", 86_400), ("2h5s", 7_205)] {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
        for text in [
            "",
            "m",
            "10",
            "0m",
            "5m1h",
            "1h1h",
            "-1h",
            "1.5h",
            "99999999999999999999d",
            "1é",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    #[test]
    fn display_is_what_parses() {
        for text in ["10m", "1h30m", "2d", "1d1h1m1s"] {
            assert_eq!(TimeSpan::from_str(text).unwrap().to_string(), text);
        }
    }
}
