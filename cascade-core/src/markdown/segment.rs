//! Code spans in a line.

/// A part of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Segment<'a> {
    /// Text.
    Text(&'a str),
    /// Code, with its backticks.
    Code(&'a str),
}

/// Splits a line into text and code. A code span ends at the next run of as many backticks as it
/// begins with.
pub(super) fn segments(line: &str) -> Vec<Segment<'_>> {
    let runs = runs(line);
    let mut segments = Vec::new();
    let mut text_from = 0;
    let mut next = 0;
    while let Some((start, length)) = runs.get(next).copied() {
        let close = runs[next + 1..].iter().position(|run| run.1 == length);
        let Some(close) = close.map(|close| next + 1 + close) else {
            next += 1;
            continue;
        };
        let end = runs[close].0 + length;
        if text_from < start {
            segments.push(Segment::Text(&line[text_from..start]));
        }
        segments.push(Segment::Code(&line[start..end]));
        text_from = end;
        next = close + 1;
    }
    if text_from < line.len() {
        segments.push(Segment::Text(&line[text_from..]));
    }
    segments
}

/// Returns where runs of backticks begin, and how long they are.
fn runs(line: &str) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (at, _) in line.match_indices('`') {
        match runs.last_mut() {
            Some((start, length)) if *start + *length == at => *length += 1,
            _ => runs.push((at, 1)),
        }
    }
    runs
}
