//! Items to the draft, with the tokens of every key and value.

mod blocks;
mod external;
mod field;
mod leaf;
mod pipeline;
mod shapes;

pub(crate) use field::{Declared, Field};
pub(crate) use pipeline::{Lowered, Settings, pipeline};
#[cfg(test)]
pub(crate) use shapes::example;

use crate::report::Mistakes;
use crate::spans::Spans;
use cascade_core::key_path::KeyPath;
use cascade_core::manifest::draft::{Node, Shape};
use proc_macro2::{Ident, TokenStream};
use std::collections::HashMap;

/// A value that the compiler evaluates later.
#[derive(Debug)]
pub(crate) struct Expression {
    pub(crate) tokens: TokenStream,
    pub(crate) shape: &'static Shape,
    pub(crate) key: String,
    /// Its place among all of them.
    pub(crate) number: usize,
    /// True for the text of documentation.
    pub(crate) is_doc: bool,
}

/// A value that was put together while the macro ran, by a macro that may not be what its name says.
#[derive(Debug)]
pub(crate) struct Joined {
    pub(crate) tokens: TokenStream,
    pub(crate) text: String,
}

/// A name that means something declared elsewhere in the pipeline.
#[derive(Debug)]
pub(crate) struct Reference {
    pub(crate) to: Target,
    pub(crate) ident: Ident,
}

/// The kind of thing that a name refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// A callback or an external version.
    Field,
    /// An environment.
    Environment,
}

/// The results that are gathered on the way down.
#[derive(Debug, Default)]
pub(crate) struct Lower {
    pub(crate) spans: Spans,
    pub(crate) mistakes: Mistakes,
    pub(crate) expressions: HashMap<KeyPath, Expression>,
    pub(crate) joined: Vec<Joined>,
    pub(crate) references: Vec<Reference>,
}

impl Lower {
    /// Leaves a value to the compiler.
    fn later(
        &mut self,
        at: &KeyPath,
        tokens: TokenStream,
        shape: &'static Shape,
        is_doc: bool,
    ) -> Node {
        let expression = Expression {
            tokens,
            shape,
            key: leaf::key(at).unwrap_or_default(),
            number: self.expressions.len(),
            is_doc,
        };
        self.expressions.insert(at.clone(), expression);
        Node::Opaque
    }

    /// Remembers that an identifier is a reference, for the editor.
    fn refer(&mut self, to: Option<Target>, ident: Option<&Ident>) {
        if let (Some(to), Some(ident)) = (to, ident) {
            let ident = ident.clone();
            self.references.push(Reference { to, ident });
        }
    }
}
