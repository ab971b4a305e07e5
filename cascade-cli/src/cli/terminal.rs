//! The output of a run, and its colours.

use crate::cli::error::Failure;
use crate::cli::request::{Color, Global};
use crate::cli::save::{append, save};
use annotate_snippets::renderer::{AnsiColor, Effects, Style};
use std::cell::{Cell, RefCell};
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Errors and the marks of what is wrong.
pub(crate) const RED: Style = AnsiColor::BrightRed.on_default().effects(Effects::BOLD);
/// The style of everything that is new or good.
pub(crate) const GREEN: Style = AnsiColor::Green.on_default();
/// The style of everything that goes away.
pub(crate) const REMOVED: Style = AnsiColor::Red.on_default();
/// The style of everything that needs a look.
pub(crate) const YELLOW: Style = AnsiColor::Yellow.on_default();
/// Places.
pub(crate) const CYAN: Style = AnsiColor::Cyan.on_default();
/// The style of everything that matters least.
pub(crate) const DIM: Style = Style::new().effects(Effects::DIMMED);

/// The places that a run prints to.
#[derive(Debug, Default)]
pub(crate) struct Terminal {
    colors_output: bool,
    colors_errors: bool,
    json: bool,
    verbose: bool,
    quiet: bool,
    /// The file that results are written to; standard output if absent.
    file: Option<PathBuf>,
    /// Something was written to the file.
    wrote: Cell<bool>,
    /// Nobody reads standard output any more.
    left: Cell<bool>,
    /// The lines that are told at the end.
    standing: RefCell<Vec<String>>,
}

impl Terminal {
    /// The terminal that a command line asks for.
    pub(crate) fn new(global: &Global) -> Self {
        let colors = |is_terminal: bool| match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => is_terminal && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
        };
        Self {
            colors_output: colors(io::stdout().is_terminal() && global.output.is_none()),
            colors_errors: colors(io::stderr().is_terminal()),
            json: global.json,
            verbose: global.verbose > 0,
            quiet: global.quiet,
            file: global.output.clone().filter(|file| file != Path::new("-")),
            wrote: Cell::new(false),
            left: Cell::new(false),
            standing: RefCell::default(),
        }
    }

    /// Returns true if scripts read the output.
    pub(crate) const fn json(&self) -> bool {
        self.json
    }

    /// Returns true if details are wanted.
    pub(crate) const fn verbose(&self) -> bool {
        self.verbose
    }

    /// Returns true if only results and errors are wanted.
    pub(crate) const fn quiet(&self) -> bool {
        self.quiet
    }

    /// Returns true if standard output is coloured.
    pub(crate) const fn colors_output(&self) -> bool {
        self.colors_output
    }

    /// Returns true if standard error is coloured.
    pub(crate) const fn colors_errors(&self) -> bool {
        self.colors_errors
    }

    /// Returns the file that results are written to, unless that is standard output.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Returns true if a person looks at standard output.
    #[cfg(feature = "png")]
    pub(crate) fn is_watched(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// Prints a result. A reader that has gone away is no failure.
    pub(crate) fn out(&self, text: &str) -> Result<(), Failure> {
        if let Some(file) = &self.file {
            return self.write(file, text);
        }
        self.bytes(text.as_bytes())
    }

    /// Prints a result on standard output. A reader that has gone away is no failure.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        match out.write_all(bytes).and_then(|()| out.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(Failure::new("cannot write to standard output").cause(error))
            }
            written => {
                self.left.set(written.is_err());
                Ok(())
            }
        }
    }

    /// Returns true if the reader of standard output has gone away.
    pub(crate) fn is_left(&self) -> bool {
        self.left.get()
    }

    /// Returns true if results go to a file that somebody named.
    pub(crate) const fn has_file(&self) -> bool {
        self.file.is_some()
    }

    /// Returns true if results are shown on a screen, where they can be drawn over.
    pub(crate) fn redraws(&self) -> bool {
        self.file.is_none() && io::stdout().is_terminal()
    }

    /// Writes a result to the file of `--output`, which it begins anew.
    fn write(&self, file: &Path, text: &str) -> Result<(), Failure> {
        match self.wrote.replace(true) {
            true => append(file, text.as_bytes()),
            false => save(file, text.as_bytes()),
        }
    }

    /// Prints a result that may quote what others wrote.
    pub(crate) fn say(&self, text: &str) -> Result<(), Failure> {
        self.out(&inert(text))
    }

    /// Prints something besides the result.
    pub(crate) fn err(&self, text: &str) {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Prints what to know besides the result, unless nobody wants to.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            self.err(&inert(&format!("{text}\n")));
        }
    }

    /// Keeps what to know about the pipeline as it stands for the end of the run, where it is told
    /// once, unless nobody wants to know or scripts read the output.
    pub(crate) fn stands(&self, text: String) {
        let mut standing = self.standing.borrow_mut();
        if !self.quiet && !self.json && !text.is_empty() && !standing.contains(&text) {
            standing.push(text);
        }
    }

    /// Prints what was kept for the end.
    pub(crate) fn end(&self) {
        for text in self.standing.take() {
            self.err(&text);
        }
    }

    /// Prints a detail of the run.
    pub(crate) fn trace(&self, text: impl FnOnce() -> String) {
        if self.verbose {
            let label = paint(DIM, "trace", self.colors_errors);
            self.err(&format!("{label}: {}\n", text()));
        }
    }

    /// Prints why nothing happened.
    pub(crate) fn failure(&self, failure: &Failure) {
        let label = paint(RED, "error", self.colors_errors);
        self.err(&inert(&format!("{label}: {failure}\n")));
    }

    /// `text` in a style of standard output.
    pub(crate) fn paint(&self, style: Style, text: &str) -> String {
        paint(style, text, self.colors_output)
    }
}

fn paint(style: Style, text: &str, colors: bool) -> String {
    if colors {
        format!("{style}{text}{style:#}")
    } else {
        text.to_owned()
    }
}

/// The same text to the eye, without a line that GitHub's runner would take for a command.
///
/// Source: `ActionCommand.cs` of actions/runner: `::` at the start of a line, `##[` anywhere.
fn inert(text: &str) -> String {
    const NOTHING: char = '\u{200b}';
    let mut inert = String::with_capacity(text.len());
    for line in text.split_inclusive(['\n', '\r']) {
        if line.trim_start().starts_with("::") {
            inert.push(NOTHING);
        }
        inert.push_str(&line.replace("##[", &format!("#{NOTHING}#[")));
    }
    inert
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_gives_the_runner_no_commands() {
        assert_eq!(
            inert("no `x\n::set-output name=a::b\r  ::stop-commands::c##[add-mask]d`\n"),
            "no `x\n\u{200b}::set-output name=a::b\r\u{200b}  ::stop-commands::c#\u{200b}#[add-mask]d`\n"
        );
        assert_eq!(inert("a::b: 1\n"), "a::b: 1\n");
    }

    #[test]
    fn colours_are_only_written_where_they_are_seen() {
        assert_eq!(paint(RED, "error", false), "error");
        assert_eq!(paint(DIM, "x", true), "\u{1b}[2mx\u{1b}[0m");
    }
}
