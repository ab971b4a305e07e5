//! The messages of a step to its workflow: outputs, a summary, annotations.
//!
//! Source: GitHub's documentation of workflow commands.

use crate::cli::error::Failure;
use crate::cli::runner::variable;
use cascade_core::protocol;
use cascade_core::protocol::output;
pub(crate) use cascade_core::summary::plain;
use cascade_core::summary::{LARGEST, Summary};
use indexmap::IndexMap;
use std::fs::OpenOptions;
use std::io::Write;

/// Outputs of a step, by name.
pub(crate) type Outputs = IndexMap<String, String>;

/// The files that outputs and summaries go to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Actions {
    output: Option<String>,
    summary: Option<String>,
}

impl Actions {
    /// Writes to the runner's files if `wanted`, else nowhere.
    pub(crate) fn new(wanted: bool) -> Result<Self, Failure> {
        if !wanted {
            return Ok(Self::default());
        }
        let output = variable(protocol::variable::GITHUB_OUTPUT).ok_or_else(|| {
            Failure::new("`--gha-output` needs the variable GITHUB_OUTPUT")
                .help("leave it out where no workflow runs, and use `--json`")
        })?;
        Ok(Self {
            output: Some(output),
            summary: variable(protocol::variable::GITHUB_STEP_SUMMARY),
        })
    }

    /// Puts out values that a command declares; they may have any number of lines.
    pub(crate) fn put_out(
        &self,
        declared: &output::Outputs,
        outputs: &Outputs,
    ) -> Result<(), Failure> {
        if let Some(name) = outputs.keys().find(|name| !declared.declares(name)) {
            let command = declared.command();
            return Err(Failure::new(format!(
                "`cascade {command}` does not declare an output `{name}`"
            ))
            .help("this is a mistake in cascade: please report it"));
        }
        let Some(path) = &self.output else {
            return Ok(());
        };
        let mut all = String::new();
        for (name, value) in outputs {
            fits(name, value)?;
            let mark = delimiter(value)?;
            all.push_str(&format!("{name}<<{mark}\n{value}\n{mark}\n"));
        }
        append(path, &all)
    }

    /// Adds a summary to the page of the run, as far as it fits.
    pub(crate) fn summarise(&self, summary: &Summary) -> Result<(), Failure> {
        self.show(|room| summary.markdown(room))
    }

    /// Adds the report of a check, which is also a comment, to the page of the run.
    pub(crate) fn show_report(&self, markdown: &str) -> Result<(), Failure> {
        self.show(|room| match markdown.len() <= room {
            true => markdown.to_owned(),
            false => "The report is too long for a summary.".to_owned(),
        })
    }

    fn show(&self, markdown: impl FnOnce(usize) -> String) -> Result<(), Failure> {
        let Some(path) = &self.summary else {
            return Ok(());
        };
        let there = std::fs::metadata(path).map_or(0, |file| file.len());
        let there = usize::try_from(there).unwrap_or(LARGEST);
        let room = LARGEST.saturating_sub(there + 2);
        let text = markdown(room);
        match text.trim_end() {
            "" => Ok(()),
            text => append(path, &format!("{text}\n\n")),
        }
    }

    /// Says on the page of the run that `what` was refused, and why. The failure itself is what
    /// ends the run.
    pub(crate) fn refused(&self, what: &str, failure: &Failure) {
        let _ = self.summarise(&Summary::refused(what, &failure.to_string()));
    }
}

/// Outputs become variables of later steps, and Linux starts no process with a longer one
/// (`MAX_ARG_STRLEN`): that step would fail without saying why.
fn fits(name: &str, value: &str) -> Result<(), Failure> {
    const LONGEST: usize = 128 * 1024 - 256;
    if value.len() <= LONGEST {
        return Ok(());
    }
    Err(Failure::new(format!(
        "the output `{name}` has {} bytes; a later step can take at most {LONGEST}",
        value.len()
    ))
    .help("the outputs that callbacks put out, and that are recorded, are too long: shorten them, or list fewer in `state_tags`"))
}

/// Returns a line that the value does not have, and that nobody who wrote the value could foresee.
fn delimiter(value: &str) -> Result<String, Failure> {
    loop {
        let number = getrandom::u64().map_err(|error| {
            Failure::new("the system has no random number for the delimiter of an output")
                .cause(error)
        })?;
        let mark = format!("cascade_{number:016x}");
        if !value.contains(&mark) {
            return Ok(mark);
        }
    }
}

fn append(path: &str, all: &str) -> Result<(), Failure> {
    let file = OpenOptions::new().append(true).create(true).open(path);
    file.and_then(|mut file| file.write_all(all.as_bytes()))
        .map_err(|error| Failure::new(format!("cannot write {path}")).cause(error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use cascade_core::protocol::output::ORCHESTRATE_SETUP;

    #[test]
    fn an_output_that_no_step_could_take_is_refused_by_name() {
        assert!(fits("plan", &"x".repeat(100_000)).is_ok());
        let failure = fits("plan", &"x".repeat(140_000)).unwrap_err().to_string();
        assert!(failure.contains("`plan` has 140000 bytes"), "{failure}");
    }

    #[test]
    fn what_others_wrote_is_no_markup() {
        assert_eq!(plain("<b>|`[x]*_!\\"), "\\<b>\\|\\`\\[x\\]\\*\\_\\!\\\\");
        assert_eq!(plain("@all\n\u{1b} `a|@b`"), "@<!---->all  `a|@b`");
        assert_eq!(plain(&"x".repeat(600)).len(), 500);
    }

    #[test]
    fn an_output_of_several_lines_ends_at_a_mark_that_it_does_not_have() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("outputs");
        let actions = Actions {
            output: path.to_str().map(str::to_owned),
            summary: None,
        };
        let value = "one\ntwo";
        let outputs = Outputs::from_iter([("plan".to_owned(), value.to_owned())]);
        actions.put_out(&ORCHESTRATE_SETUP, &outputs).unwrap();
        actions.put_out(&ORCHESTRATE_SETUP, &outputs).unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let mark = lines[0].strip_prefix("plan<<").unwrap();
        assert_eq!(lines[..4], [lines[0], "one", "two", mark]);
        assert!(lines.len() == 8 && !value.contains(mark), "{text}");
    }

    #[test]
    fn nothing_is_written_where_nobody_asked() {
        let outputs = Outputs::from_iter([("plan".to_owned(), "x".to_owned())]);
        let actions = Actions::new(false).unwrap();
        assert!(actions.output.is_none() && actions.summary.is_none());
        assert_eq!(actions.put_out(&ORCHESTRATE_SETUP, &outputs), Ok(()));
        assert_eq!(actions.summarise(&Summary::new("x", "y")), Ok(()));
    }

    #[test]
    fn summaries_are_a_paragraph_apart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("summary");
        let actions = Actions {
            output: None,
            summary: path.to_str().map(str::to_owned),
        };
        actions.show_report("one\n").unwrap();
        actions.refused("Promotion", &Failure::new("`x` is *no* mode"));
        let text = std::fs::read_to_string(path).unwrap();
        assert_eq!(
            text,
            "one\n\n### Promotion: refused\n\n`x` is \\*no\\* mode\n\n"
        );
    }

    #[test]
    fn the_summaries_of_a_step_have_no_more_bytes_than_github_takes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("summary");
        let actions = Actions {
            output: None,
            summary: path.to_str().map(str::to_owned),
        };
        let long = Summary::new("x", "y").points(vec!["z".repeat(500); 200]);
        for _ in 0..20 {
            actions.summarise(&long).unwrap();
            actions.show_report(&"r".repeat(10_000)).unwrap();
        }
        let length = std::fs::metadata(path).unwrap().len();
        assert!(length <= 1 << 20 && length > 900_000, "{length}");
    }
}
