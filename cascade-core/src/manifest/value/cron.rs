//! Schedules.
//!
//! Source: GitHub's documentation of the `schedule` event (POSIX cron, five fields, no `@` words).

use crate::finding::rules;
use crate::manifest::draft::{Leaf, Problem, Shape};
use crate::message;
use std::fmt;
use std::str::FromStr;

/// A POSIX cron expression of five fields, as GitHub reads it.
///
/// ```
/// use cascade_core::manifest::Cron;
/// assert!("0 */6 * * 1-5".parse::<Cron>().is_ok());
/// assert!("0 */6 * *".parse::<Cron>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cron(String);

struct Part {
    name: &'static str,
    min: u32,
    max: u32,
    words: &'static [&'static str],
}

const PARTS: [Part; 5] = [
    Part {
        name: "minute",
        min: 0,
        max: 59,
        words: &[],
    },
    Part {
        name: "hour",
        min: 0,
        max: 23,
        words: &[],
    },
    Part {
        name: "day of the month",
        min: 1,
        max: 31,
        words: &[],
    },
    Part {
        name: "month",
        min: 1,
        max: 12,
        words: &[
            "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
        ],
    },
    Part {
        name: "day of the week",
        min: 0,
        max: 6,
        words: &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
    },
];

const NUMBERS: [&str; 10] = [
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
];

impl Cron {
    /// The expression as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Leaf for Cron {
    const SHAPE: Shape = Shape::Text {
        what: "a cron expression",
        pattern: Some("^\\S+ +\\S+ +\\S+ +\\S+ +\\S+$"),
    };
}

impl FromStr for Cron {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        if fields.len() != PARTS.len() {
            let found = NUMBERS
                .get(fields.len())
                .map_or_else(|| fields.len().to_string(), ToString::to_string);
            return Err(Problem::new(
                &rules::INVALID_CRON,
                message!("a cron expression has five fields, found {}", text = found),
            )
            .help("the fields are minute, hour, day of the month, month, day of the week"));
        }
        for (part, field) in PARTS.iter().zip(&fields) {
            if !field.split(',').all(|item| part.allows(item)) {
                let Part { name, min, max, .. } = part;
                return Err(Problem::new(
                    &rules::INVALID_CRON,
                    message!("{} is no {}", value = field, text = name),
                )
                .help(message!(
                    "write {}, a number from {} to {}, a range, a list, or a step like {}",
                    value = "*",
                    text = min,
                    text = max,
                    value = "*/6"
                )));
            }
        }
        Ok(Self(fields.join(" ")))
    }
}

impl Part {
    fn allows(&self, item: &str) -> bool {
        let (range, step) = item
            .split_once('/')
            .map_or((item, None), |(range, step)| (range, Some(step)));
        if step.is_some_and(|step| {
            !step
                .parse()
                .is_ok_and(|step: u32| step > 0 && step <= self.max)
        }) {
            return false;
        }
        match range.split_once('-') {
            _ if range == "*" => true,
            Some((from, to)) => {
                matches!((self.number(from), self.number(to)), (Some(from), Some(to)) if from <= to)
            }
            None => self.number(range).is_some(),
        }
    }

    fn number(&self, text: &str) -> Option<u32> {
        if let Some(position) = self
            .words
            .iter()
            .position(|word| word.eq_ignore_ascii_case(text))
        {
            return u32::try_from(position)
                .ok()
                .map(|position| position + self.min);
        }
        let digits = text.len() <= 2 && text.chars().all(|c| c.is_ascii_digit());
        text.parse()
            .ok()
            .filter(|number| digits && (self.min..=self.max).contains(number))
    }
}

impl fmt::Display for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_github_reads_is_read() {
        for text in [
            "0 0 * * *",
            "*/15 9-17 * * MON-FRI",
            "0 0 1,15 JAN *",
            "5,10 0-23/2 * * 0",
        ] {
            assert!(Cron::from_str(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_github_refuses_is_refused() {
        for text in [
            "@daily",
            "60 * * * *",
            "* * 0 * *",
            "* * * 13 *",
            "* * * * 7",
            "5-1 * * * *",
            "*/0 * * * *",
            "+5 * * * *",
        ] {
            assert!(Cron::from_str(text).is_err(), "{text}");
        }
        assert_eq!(
            Cron::from_str("0 */6 * *").unwrap_err().to_string(),
            "a cron expression has five fields, found four"
        );
    }
}
