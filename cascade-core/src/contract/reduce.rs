//! A workflow without the steps of its jobs, which say nothing about a contract and are most of
//! its text.
//!
//! What is left out is not judged: the reading stands only if the tree agrees that every cut was
//! made under the `steps` of a job, and otherwise the whole text is read.

use crate::manifest::yaml::{Document, Kind, View, read};

/// The workflow without steps, if it is plain enough to leave them out.
pub(super) fn read_reduced(bytes: &[u8]) -> Option<Document> {
    let text = std::str::from_utf8(bytes).ok()?;
    let reduced = Reduced::of(text)?;
    let document = read(reduced.text.as_bytes()).ok()?;
    reduced.is_of(&document).then_some(document)
}

/// The text with an empty line for each one that was left out.
struct Reduced {
    text: String,
    /// The position of `jobs`.
    jobs: usize,
    /// The position of each `steps` that lost its lines.
    cuts: Vec<usize>,
}

impl Reduced {
    fn of(text: &str) -> Option<Self> {
        let jobs = text.find("\njobs:\n")? + 1;
        let (head, body) = text.split_at_checked(jobs)?;
        if has(text, [b'\t', b'\r']) || text.starts_with('\u{feff}') {
            return None;
        }
        let mut reduced = Self {
            text: String::with_capacity(text.len()),
            jobs,
            cuts: Vec::new(),
        };
        reduced.text.push_str(head);
        reduced.cut(body)?;
        // An anchor could be set within the steps, or be named again there.
        (!reduced.cuts.is_empty() && !has(&reduced.text, [b'&', b'*'])).then_some(reduced)
    }

    fn cut(&mut self, body: &str) -> Option<()> {
        let mut steps = None;
        for line in body.lines() {
            let rest = line.trim_start_matches(' ');
            let indent = line.len() - rest.len();
            if indent == 0 && rest.starts_with(['-', '.', '%']) {
                return None;
            }
            if steps.is_some_and(|steps| is_within(rest, indent, steps)) {
                self.text.push('\n');
                continue;
            }
            steps = (indent > 0 && rest == "steps:").then_some(indent);
            if steps.is_some() {
                self.cuts.push(self.text.len() + indent);
            }
            self.text.push_str(line);
            self.text.push('\n');
        }
        Some(())
    }

    /// Returns true if each cut was made where the tree has the steps of a job.
    fn is_of(&self, document: &Document) -> bool {
        let Some(jobs) = document.root().and_then(|root| root.entry("jobs")) else {
            return false;
        };
        let view = document.root().and_then(|root| root.get("jobs"));
        let of_jobs = view.into_iter().flat_map(View::entries);
        let emptied = of_jobs.filter_map(|(_, job)| emptied(document, job));
        jobs.key.start == self.jobs && emptied.eq(self.cuts.iter().copied())
    }
}

/// Returns the position of the `steps` of a job in block style, if it is empty.
fn emptied(document: &Document, job: View<'_>) -> Option<usize> {
    let steps = job.entry("steps")?;
    let empty = matches!(job.get("steps")?.kind(), Kind::Null);
    let block = !document.slice(job.span()).starts_with('{');
    (empty && block).then_some(steps.key.start)
}

/// Returns true if one of two ASCII characters stands in a text.
fn has(text: &str, either: [u8; 2]) -> bool {
    text.bytes().any(|byte| either.contains(&byte))
}

/// Returns true if a line belongs to the steps of a job whose keys are indented by `steps`.
fn is_within(rest: &str, indent: usize, steps: usize) -> bool {
    let item = rest == "-" || rest.starts_with("- ");
    rest.is_empty() || rest.starts_with('#') || indent > steps || (indent == steps && item)
}

#[cfg(test)]
#[path = "reduce_tests.rs"]
mod tests;
