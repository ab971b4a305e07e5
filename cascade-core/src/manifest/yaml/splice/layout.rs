//! Which bytes an edit replaces, and with what.

use super::Edit;
use crate::finding::rules::NO_BODY;
use crate::manifest::yaml::{Entry, Kind, Manifest, ReadError, Span, View, read};

/// A mapping of a manifest, in block style.
pub(super) struct Layout<'a> {
    text: &'a str,
    map: View<'a>,
    indent: &'a str,
    newline: &'static str,
}

/// An edit of one key of the mapping.
pub(super) struct Change<'a> {
    pub(super) key: &'a str,
    pub(super) edit: Edit<'a>,
    /// The keys that a new entry may follow; the first that is there counts.
    pub(super) after: &'a [&'a str],
}

/// Bytes to replace, and their replacement.
struct Patch {
    span: Span,
    with: String,
}

impl<'a> Layout<'a> {
    /// The mapping at a path from the root of the manifest.
    pub(super) fn new(manifest: &'a Manifest, path: &[&str]) -> Result<Self, ReadError> {
        let text = manifest.document().text();
        let nothing = || refuse(Span::default(), "there is nothing to edit");
        let mut map = manifest.document().root().ok_or_else(nothing)?;
        let mut key = Span::default();
        for part in path {
            let entry = *map.entry(part).ok_or_else(nothing)?;
            map = map.get(part).ok_or_else(nothing)?;
            key = entry.key;
            if entry.merged || map.is_alias() {
                return Err(refuse(key, "this block is written somewhere else"));
            }
        }
        let start = map.span().start;
        let indent = text.get(line_start(text, start)..start).unwrap_or_default();
        if text.get(start..).is_some_and(|map| map.starts_with('{')) || !indent.trim().is_empty() {
            return Err(refuse(key, "the block is not in block style"));
        }
        let line = text.get(line_start(text, key.start)..).unwrap_or_default();
        let crlf = line
            .split_once('\n')
            .is_some_and(|(line, _)| line.ends_with('\r'));
        Ok(Self {
            text,
            map,
            indent,
            newline: if crlf { "\r\n" } else { "\n" },
        })
    }

    pub(super) fn apply(&self, changes: &[Change<'_>]) -> Result<String, ReadError> {
        let mut patches = Vec::new();
        for change in changes {
            patches.extend(self.patch(change)?);
        }
        patches.sort_by_key(|patch| patch.span.start);
        let mut result = String::with_capacity(self.text.len());
        let mut done = 0;
        for patch in patches {
            result += self.text.get(done..patch.span.start).unwrap_or_default();
            result += &patch.with;
            done = patch.span.end;
        }
        result += self.text.get(done..).unwrap_or_default();
        Ok(result)
    }

    fn patch(&self, change: &Change<'_>) -> Result<Option<Patch>, ReadError> {
        let entry = self.map.entry(change.key);
        if let Some(entry) = entry.filter(|entry| entry.merged) {
            return Err(refuse(entry.key, "a merge key brings this block"));
        }
        Ok(match (change.edit, entry) {
            (Edit::Keep, _) | (Edit::Remove, None) => None,
            (Edit::Remove, Some(entry)) => Some(self.remove(entry)),
            (Edit::Set(value), None) => Some(self.insert(change, value)),
            (Edit::Set(value), Some(entry)) => Some(self.replace(entry, value)?),
        })
    }

    fn insert(&self, change: &Change<'_>, value: &str) -> Patch {
        let entry = change.after.iter().find_map(|key| self.map.entry(key));
        let end = entry.map_or_else(|| self.map.span().end, |entry| entry.value.span.end);
        let end = match entry {
            Some(_) => end,
            None => self.text.get(..end).unwrap_or_default().trim_end().len(),
        };
        let at = self.after_inner_comments(line_end(self.text, end));
        let (inline, block) = self.render(value);
        let with = format!(
            "{}{}{}:{inline}{block}",
            self.newline, self.indent, change.key
        );
        let span = Span::new(at, at);
        Patch { span, with }
    }

    fn remove(&self, entry: &Entry) -> Patch {
        let span = lines_of(self.text, entry);
        let with = String::new();
        Patch { span, with }
    }

    /// Keeps comments between the key and the first line of its value; the rest is the section.
    fn replace(&self, entry: &Entry, value: &str) -> Result<Patch, ReadError> {
        let rest = self.text.get(entry.key.end..).unwrap_or_default();
        let colon = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        if !rest.trim_start_matches([' ', '\t']).starts_with(':') {
            return Err(refuse(entry.key, "this key has no line of its own"));
        }
        let start = entry.key.end + colon + 1;
        let old = entry.value.span;
        let end = line_end(self.text, old.end.max(start));
        let head = self
            .text
            .get(start..old.start.max(start))
            .unwrap_or_default();
        let (first, comments) = match head.split_once('\n') {
            Some((first, rest)) => (first, self.whole_comments(rest)),
            None => (
                self.text.get(old.end.max(start)..end).unwrap_or_default(),
                String::new(),
            ),
        };
        let (inline, block) = self.render(value);
        let with = format!("{inline}{}{comments}{block}", comment_of(first));
        let span = Span::new(start, end);
        Ok(Patch { span, with })
    }

    /// The value behind its key: on the same line, and on the lines below.
    fn render(&self, value: &str) -> (String, String) {
        let value = value
            .strip_suffix('\n')
            .unwrap_or(value)
            .trim_start_matches(['\n', '\r']);
        let in_block = read(value.as_bytes()).is_ok_and(|document| {
            let root = document.root();
            let collection = root.is_some_and(|r| matches!(r.kind(), Kind::Map(_) | Kind::List(_)));
            collection && !value.starts_with(['{', '['])
        });
        if !in_block && !value.contains('\n') {
            let space = if value.is_empty() { "" } else { " " };
            return (format!("{space}{value}"), String::new());
        }
        let line = |line: &str| {
            if line.is_empty() {
                self.newline.to_owned()
            } else {
                format!("{}{}  {line}", self.newline, self.indent)
            }
        };
        (String::new(), value.lines().map(line).collect())
    }

    fn whole_comments(&self, lines: &str) -> String {
        let comments = lines
            .lines()
            .filter(|line| line.trim_start().starts_with('#'));
        comments
            .map(|line| format!("{}{}", self.newline, line.trim_end()))
            .collect()
    }

    /// Comments indented deeper than the body belong to what stands above them.
    fn after_inner_comments(&self, end: usize) -> usize {
        let mut at = end;
        loop {
            let next = line_break_end(self.text, at);
            let end = line_end(self.text, next);
            let line = self.text.get(next..end).unwrap_or_default();
            let content = line.trim_start_matches([' ', '\t']);
            let deeper = line.len() - content.len() > self.indent.len();
            if !(deeper && content.starts_with('#')) {
                return at;
            }
            at = end;
        }
    }
}

/// Returns the lines that an entry takes, with a line break.
pub(super) fn lines_of(text: &str, entry: &Entry) -> Span {
    let start = line_start(text, entry.key.start);
    let end = line_end(text, entry.value.span.end);
    let rest = text.get(end..).unwrap_or_default();
    let line_break = if rest.starts_with("\r\n") {
        2
    } else {
        usize::from(!rest.is_empty())
    };
    if line_break == 0 {
        Span::new(before_line_break(text, start), end)
    } else {
        Span::new(start, end + line_break)
    }
}

pub(super) fn refuse_config(message: &str) -> ReadError {
    ReadError::new(&NO_BODY, Span::default(), message)
        .help("edit `config.state` by hand, or write `config` in block style")
}

fn refuse(span: Span, message: &str) -> ReadError {
    ReadError::new(&NO_BODY, span, message)
        .help("write it in block style, with each key on a line of its own")
}

/// The comment at the end of what follows a key or a value on its line, with the space before it.
fn comment_of(rest: &str) -> &str {
    let rest = rest.trim_end();
    match rest.find(" #") {
        Some(at) => rest.get(at..).unwrap_or_default(),
        None => "",
    }
}

pub(super) fn line_start(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before.rfind('\n').map_or(0, |newline| newline + 1)
}

/// The end of the line that holds `at`, before its line break.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let line = rest.split('\n').next().unwrap_or_default();
    at + line
        .strip_suffix('\r')
        .filter(|_| line.len() < rest.len())
        .unwrap_or(line)
        .len()
}

fn line_break_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.find('\n').map_or(rest.len(), |newline| newline + 1)
}

/// The end of the line before the one that starts at `start`.
fn before_line_break(text: &str, start: usize) -> usize {
    let before = text.get(..start).unwrap_or_default();
    let line = before.strip_suffix('\n').unwrap_or(before);
    line.strip_suffix('\r').unwrap_or(line).len()
}
