//! The mistakes in a pipeline, as compile errors at tokens.

use crate::limits;
use crate::spelling::Rust;
use cascade_core::finding::Finding;
use cascade_core::finding::message::Spelling;
use proc_macro2::{Delimiter, Group, Literal, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

/// The tokens from one to another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Range {
    start: Span,
    end: Span,
}

impl Range {
    pub(crate) fn of(tokens: &[TokenTree]) -> Self {
        let start = tokens.first().map_or_else(Span::call_site, TokenTree::span);
        let end = tokens.last().map_or(start, TokenTree::span);
        Self { start, end }
    }

    /// Line and column, where the compiler tells.
    fn place(self) -> (usize, usize) {
        if !proc_macro::is_available() {
            return (0, 0);
        }
        let start = self.start.unwrap();
        (start.line(), start.column())
    }
}

impl From<Span> for Range {
    fn from(span: Span) -> Self {
        Self {
            start: span,
            end: span,
        }
    }
}

/// Something that is wrong with the tokens themselves, or with what they say.
#[derive(Debug, Clone)]
pub(crate) struct Mistake {
    pub(crate) at: Range,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

/// Everything that is wrong.
#[derive(Debug, Default)]
pub(crate) struct Mistakes(Vec<Mistake>);

impl Mistakes {
    pub(crate) fn add(&mut self, at: impl Into<Range>, message: impl Into<String>) {
        self.push(at.into(), message.into(), None);
    }

    pub(crate) fn add_with(
        &mut self,
        at: impl Into<Range>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(at.into(), message.into(), Some(help.into()));
    }

    /// Adds what a rule found, in the words of Rust's surface. A place that has to do with it is
    /// named: the compiler takes one place for an error.
    pub(crate) fn add_finding(&mut self, at: Range, finding: &Finding, rust: &Rust<'_>) {
        let mut message = format!("{} [{}]", finding.message.spelled(rust), finding.rule.code);
        for related in &finding.related {
            let (said, place) = (related.message.spelled(rust), rust.place(&related.at));
            message.push_str(&format!("\nnote: {said}: `{place}`"));
        }
        let help = finding.help.as_ref().map(|help| help.spelled(rust));
        self.push(at, message, help);
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn push(&mut self, at: Range, message: String, help: Option<String>) {
        self.0.push(Mistake { at, message, help });
    }

    /// One compile error each, from the top of the file to its end.
    pub(crate) fn into_items(self) -> TokenStream {
        let (first, others) = self.into_expression();
        if first.is_empty() {
            return others;
        }
        quote!(#first; #others)
    }

    /// The first compile error as an expression, and the others as items.
    pub(crate) fn into_expression(mut self) -> (TokenStream, TokenStream) {
        self.0.sort_by_cached_key(|mistake| mistake.at.place());
        self.shorten();
        let mut errors = self.0.iter().map(Mistake::invocation);
        let first = errors.next().unwrap_or_default();
        (first, errors.map(|error| quote!(#error;)).collect())
    }
}

impl Mistakes {
    /// Keeps no more than people read, and says how many there are.
    fn shorten(&mut self) {
        let left = self.0.len().saturating_sub(limits::ERRORS);
        if let Some(next) = self.0.get(limits::ERRORS).filter(|_| left > 1) {
            let message = format!("{left} more errors of this pipeline are not shown");
            self.0[limits::ERRORS] = Mistake {
                at: next.at,
                message,
                help: None,
            };
            self.0.truncate(limits::ERRORS + 1);
        }
    }
}

impl Mistake {
    /// A call of `compile_error!`, from where the mistake begins to its end.
    fn invocation(&self) -> TokenStream {
        let text = match &self.help {
            Some(help) => format!("{}\nhelp: {help}", self.message),
            None => self.message.clone(),
        };
        let mut text = Literal::string(&text);
        text.set_span(self.at.end);
        let mut arguments = Group::new(Delimiter::Parenthesis, TokenTree::from(text).into());
        arguments.set_span(self.at.end);
        let name = quote_spanned!(self.at.start=> ::core::compile_error!);
        quote!(#name #arguments)
    }
}
