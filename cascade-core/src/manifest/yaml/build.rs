//! Parser events to a [`Tree`].
//!
//! An explicit stack, and limits that are checked as events arrive: nothing here, and nothing that
//! walks the finished tree, can be made to recurse or grow without bound by a hostile file.

mod budget;
mod feed;
mod frame;
mod tag;
mod token;

pub(super) use self::budget::Budget;
use self::feed::{Ahead, Feed, MAX_AHEAD};
pub(super) use self::frame::Frame;
use self::token::Tokens;
use super::{Item, Kind, ReadError, Span, Style, Tree, merge};
use crate::finding::rules::{DUPLICATE_KEY, SYNTAX, TOO_LARGE};
use granit_parser::{Event, Options, Parser, ScalarStyle, ScanError, Tag};
use std::collections::HashMap;

/// The key that merges other mappings into its own.
const MERGE: &str = "<<";
/// More errors than anybody reads at once.
const MAX_ERRORS: usize = 100;

/// Reads the one document of `text`.
pub(super) fn build(text: &str) -> Result<Tree, Vec<ReadError>> {
    let tokens = Tokens::new(text);
    let ahead = Ahead::default();
    let source = tokens.source();
    if source.len() <= MAX_AHEAD {
        // Too short for the limit, and the parser is quicker with text than with characters.
        let parser = Parser::new_from_str_with_options(source, options());
        return read(&tokens, &ahead, parser);
    }
    let feed = Feed::new(source, &ahead);
    let parser = Parser::new_from_iter_with_options(feed, options());
    read(&tokens, &ahead, parser)
}

fn options() -> Options {
    granit_parser::options! { emit_comments: false }
}

type Read<'a> = Result<(Event<'a>, granit_parser::Span), ScanError>;

fn read<'a>(
    tokens: &Tokens<'_>,
    ahead: &Ahead,
    events: impl Iterator<Item = Read<'a>>,
) -> Result<Tree, Vec<ReadError>> {
    let mut builder = Builder::new(tokens);
    let mut end = 0;
    for event in events {
        let outcome = match event {
            _ if ahead.is_too_far() => Err(too_far(end)),
            Ok((event, span)) => {
                ahead.reset();
                let span = tokens.span(span);
                end = span.end;
                builder.event(event, span)
            }
            Err(error) => Err(syntax(tokens, &error)),
        };
        if let Err(error) = outcome {
            builder.errors.push(error);
            return Err(builder.errors);
        }
    }
    if builder.errors.is_empty() {
        Ok(builder.tree)
    } else {
        Err(builder.errors)
    }
}

struct Builder<'a> {
    tokens: &'a Tokens<'a>,
    tree: Tree,
    budget: Budget,
    /// Finished anchors; one that is missing is still open, and an alias to it a cycle.
    anchors: HashMap<usize, Item>,
    stack: Vec<Frame>,
    documents: usize,
    errors: Vec<ReadError>,
}

impl<'a> Builder<'a> {
    fn new(tokens: &'a Tokens<'a>) -> Self {
        Self {
            tokens,
            tree: Tree::default(),
            budget: Budget::default(),
            anchors: HashMap::new(),
            stack: Vec::new(),
            documents: 0,
            errors: Vec::new(),
        }
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), ReadError> {
        match event {
            Event::DocumentStart(..) => self.document(span),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::Scalar(value, style, anchor, tag) => {
                self.scalar(&value, style, anchor, tag.as_deref(), span)
            }
            Event::SequenceStart(_, anchor, tag) => {
                tag::collection(tag.as_deref(), "seq", span)?;
                self.open(Frame::list(anchor, self.tokens.collection(span)))
            }
            Event::MappingStart(_, anchor, tag) => {
                tag::collection(tag.as_deref(), "map", span)?;
                self.open(Frame::map(anchor, self.tokens.collection(span)))
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            _ => Ok(()),
        }
    }

    fn document(&mut self, span: Span) -> Result<(), ReadError> {
        self.documents += 1;
        if self.documents == 1 {
            return Ok(());
        }
        let message = "the file holds more than one document";
        Err(ReadError::new(&SYNTAX, span, message).help("keep one document, without `---`"))
    }

    fn open(&mut self, frame: Frame) -> Result<(), ReadError> {
        let span = Span::new(frame.start, frame.start + 1);
        if self.expects_key() {
            return Err(complex_key(span));
        }
        Budget::depth(self.stack.len() + 1, span)?;
        self.stack.push(frame);
        Ok(())
    }

    fn close(&mut self, span: Span) -> Result<(), ReadError> {
        let Some(mut frame) = self.stack.pop() else {
            return Ok(());
        };
        let span = Span::new(
            frame.start,
            if frame.flow {
                span.start + 1
            } else {
                frame.end
            },
        );
        let merges = std::mem::take(&mut frame.merges);
        if let Err(error) = merge::merge(&self.tree, &mut self.budget, &mut frame, &merges) {
            self.report(error)?;
        }
        let anchor = frame.anchor;
        let kind = frame.into_kind();
        self.finish(kind, span, anchor)
    }

    fn scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), ReadError> {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
            ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
        };
        let absent = style == Style::Plain && self.tokens.is_absent(value, span);
        let at = match style {
            Style::Plain if absent => self.tokens.absent(span, self.pending_key()),
            Style::Block => self.tokens.block_scalar(span),
            Style::Plain | Style::Quoted => self.tokens.scalar(span),
        };
        if self.expects_key() {
            let plain = style == Style::Plain && tag.is_none();
            return self.key(value.to_string(), at, plain, absent);
        }
        let kind = match tag::resolve(value, style, tag, at)? {
            Some(scalar) => Kind::Scalar(scalar, style),
            None => Kind::Null,
        };
        self.finish(kind, at, anchor)
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), ReadError> {
        let Some(item) = self.anchors.get(&anchor).copied() else {
            let message = "this alias stands inside the value it names";
            return Err(ReadError::new(&SYNTAX, span, message));
        };
        if self.expects_key() {
            return match self.tree.kind(item) {
                Kind::Scalar(scalar, _) => self.key(scalar.text(), span, false, false),
                _ => Err(complex_key(span)),
            };
        }
        self.budget.alias(item, self.stack.len(), span)?;
        self.attach(item.aliased_at(span));
        Ok(())
    }

    fn key(&mut self, key: String, at: Span, plain: bool, absent: bool) -> Result<(), ReadError> {
        if absent {
            return Err(ReadError::new(&SYNTAX, at, "a value without a key"));
        }
        let Some(frame) = self.stack.last_mut() else {
            return Ok(());
        };
        if plain && key == MERGE {
            self.tree.note_merge(at);
        }
        let first = frame.key(key, at, plain);
        if let Some((key, first)) = first {
            let message = format!("`{key}` occurs twice in this mapping");
            let error = ReadError::new(&DUPLICATE_KEY, at, message)
                .note(first, "first here")
                .help("remove or rename one of them");
            self.report(error)?;
        }
        Ok(())
    }

    fn finish(&mut self, kind: Kind, span: Span, anchor: usize) -> Result<(), ReadError> {
        self.budget.node(&kind, self.tree.len(), span)?;
        let item = self.tree.push(kind, span);
        if anchor > 0 {
            self.anchors.insert(anchor, item);
        }
        self.attach(item);
        Ok(())
    }

    fn attach(&mut self, item: Item) {
        match self.stack.last_mut() {
            Some(frame) => frame.attach(item),
            None => self.tree.set_root(item),
        }
    }

    fn expects_key(&self) -> bool {
        self.stack.last().is_some_and(Frame::expects_key)
    }

    fn pending_key(&self) -> Option<Span> {
        self.stack.last().and_then(Frame::pending_key)
    }

    /// Keeps an error that does not stop the parser; the last one that fits does.
    fn report(&mut self, error: ReadError) -> Result<(), ReadError> {
        if error.rule == &TOO_LARGE || self.errors.len() + 1 >= MAX_ERRORS {
            return Err(error);
        }
        self.errors.push(error);
        Ok(())
    }
}

fn syntax(tokens: &Tokens<'_>, error: &ScanError) -> ReadError {
    let at = tokens.mark(error.marker());
    let span = Span::new(at, at);
    if error.info().contains("recursion limit") {
        return Budget::too_deep(span);
    }
    let message = format!("this is not YAML: {}", error.info());
    let error = ReadError::new(&SYNTAX, span, message);
    if tokens.line_is_indented_by_tab(at) {
        return error.help("indent with spaces; YAML does not allow tabs there");
    }
    error
}

fn too_far(at: usize) -> ReadError {
    let message = format!("a value is too long: at most {MAX_AHEAD} characters are read at once");
    ReadError::new(&TOO_LARGE, Span::new(at, at), message)
        .help("it starts after this place; write large lists and mappings in block style")
}

fn complex_key(span: Span) -> ReadError {
    ReadError::new(&SYNTAX, span, "a key must be text, not a list or a mapping")
        .help("quote it if it starts with `[` or `{`")
}
