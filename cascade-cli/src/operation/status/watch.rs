//! `status --watch`.

use super::collect::collect;
use super::text;
use crate::cli::error::CommandResult;
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use std::time::Duration;

/// Shows everything again and again, for as long as somebody looks.
pub(super) fn run(interval: Duration, request: &Request, terminal: &Terminal) -> CommandResult {
    while !terminal.is_left() {
        let now = request.clock.now();
        let collected = collect(request, terminal)?;
        let shown = format!("{now}\n\n{}", text(&collected, request));
        terminal.say(&match terminal.redraws() {
            true => over(&shown),
            false => format!("{shown}\n"),
        })?;
        request.clock.wait(interval);
    }
    Ok(ExitStatus::Success)
}

/// Returns text that covers the screen: from its top, each line to its end, and nothing below.
///
/// Source: ECMA-48, CUP, EL and ED.
fn over(text: &str) -> String {
    let lines = text.replace('\n', "\u{1b}[K\n");
    format!("\u{1b}[H{lines}\u{1b}[J")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shorter_line_leaves_nothing_of_a_longer_one() {
        assert_eq!(over("a\nb\n"), "\u{1b}[Ha\u{1b}[K\nb\u{1b}[K\n\u{1b}[J");
    }
}
