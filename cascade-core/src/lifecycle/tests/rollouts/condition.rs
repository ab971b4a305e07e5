//! The conditions of jobs, as GitHub evaluates them: as much as rollouts use.

use crate::lifecycle::outcome::Outcome;
use indexmap::IndexMap;

/// Whether a job whose `if` is `text` runs, when `jobs` ended like that.
pub(super) fn holds(
    text: &str,
    jobs: &IndexMap<String, Outcome>,
    cancelled: bool,
    strategy: &str,
) -> bool {
    let value = |atom: &str| match atom {
        "always()" | "true" => "true".to_owned(),
        "cancelled()" => cancelled.to_string(),
        "inputs.dry_run" => "false".to_owned(),
        "fromJSON(inputs.deploys).web.sha" => "a commit".to_owned(),
        "fromJSON(inputs.deploys).web.strategy" => strategy.to_owned(),
        _ => match atom.strip_prefix('\'') {
            Some(word) => word.trim_end_matches('\'').to_owned(),
            None => {
                let job = atom.strip_prefix("needs.").unwrap_or_else(|| unknown(atom));
                let job = job.strip_suffix(".result").unwrap_or_else(|| unknown(atom));
                jobs.get(job).unwrap_or_else(|| unknown(atom)).to_string()
            }
        },
    };
    let spaced = text
        .replace("!=", " NE ")
        .replace('!', " ! ")
        .replace("fromJSON(", "fromJSON<")
        .replace("deploys)", "deploys>")
        .replace("()", "<>")
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace("<>", "()")
        .replace('<', "(")
        .replace('>', ")");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader {
        words: &words,
        value: &value,
    };
    let value = reader.any();
    assert!(reader.words.is_empty(), "{text}");
    value == "true"
}

fn unknown<T>(atom: &str) -> T {
    panic!("`{atom}` is not known here")
}

struct Reader<'a> {
    words: &'a [&'a str],
    value: &'a dyn Fn(&str) -> String,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> &'a str {
        let (first, rest) = self.words.split_first().unwrap();
        self.words = rest;
        first
    }

    fn takes(&mut self, word: &str) -> bool {
        let next = self.words.first() == Some(&word);
        if next {
            self.next();
        }
        next
    }

    fn any(&mut self) -> String {
        let mut value = self.all();
        while self.takes("||") {
            let right = self.all();
            value = (value == "true" || right == "true").to_string();
        }
        value
    }

    fn all(&mut self) -> String {
        let mut value = self.compared();
        while self.takes("&&") {
            let right = self.compared();
            value = (value == "true" && right == "true").to_string();
        }
        value
    }

    fn compared(&mut self) -> String {
        let left = self.one();
        if self.takes("==") {
            return (left == self.one()).to_string();
        }
        if self.takes("NE") {
            return (left != self.one()).to_string();
        }
        left
    }

    fn one(&mut self) -> String {
        match self.next() {
            "!" => (self.one() != "true").to_string(),
            "(" => {
                let value = self.any();
                assert!(self.takes(")"));
                value
            }
            atom => (self.value)(atom),
        }
    }
}
