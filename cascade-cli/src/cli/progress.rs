//! Work that takes long: a line that moves in a terminal, plain lines in a log.

use crate::cli::terminal::Terminal;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::time::Duration;

/// The time between two looks at a clock that somebody watches.
const SECOND: Duration = Duration::from_secs(1);

/// The progress of something; its line is gone when it is dropped.
#[derive(Debug)]
pub(crate) struct Progress<'a> {
    terminal: &'a Terminal,
    line: Option<ProgressBar>,
}

impl<'a> Progress<'a> {
    /// Begins, on standard error.
    pub(crate) fn begin(terminal: &'a Terminal, what: &str) -> Self {
        let watched = std::io::stderr().is_terminal() && !terminal.quiet() && !terminal.verbose();
        let progress = Self {
            terminal,
            line: watched.then(line),
        };
        progress.say(what);
        progress
    }

    /// Says how it stands.
    pub(crate) fn say(&self, text: &str) {
        match &self.line {
            Some(line) => line.set_message(one_line(text)),
            None => self.terminal.note(text),
        }
    }

    /// Returns how long to wait at once: a person sees the seconds go by, a log gets few lines.
    pub(crate) fn pause(&self, longest: Duration) -> Duration {
        match self.line {
            Some(_) => longest.min(SECOND),
            None => longest,
        }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        if let Some(line) = &self.line {
            line.finish_and_clear();
        }
    }
}

fn line() -> ProgressBar {
    let line = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
        line.set_style(style);
    }
    line.enable_steady_tick(Duration::from_millis(100));
    line
}

/// Text without what a terminal would take for a command.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_moves_no_cursor() {
        assert_eq!(one_line("a\u{1b}[2Jb\nc"), "a [2Jb c");
    }

    #[test]
    fn only_a_person_sees_every_second() {
        let (terminal, long) = (Terminal::default(), Duration::from_secs(60));
        let line = |line| Progress {
            terminal: &terminal,
            line,
        };
        assert_eq!(line(None).pause(long), long);
        assert_eq!(line(Some(ProgressBar::hidden())).pause(long), SECOND);
    }
}
