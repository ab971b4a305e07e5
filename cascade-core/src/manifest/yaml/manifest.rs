//! The body of a manifest.

use super::{Document, ReadError, Span, View, read};
use crate::finding::rules::NO_BODY;
use crate::finding::suggest;
use crate::key_path::KeyPath;
use crate::manifest::draft::Node;

/// A manifest: its text, and the draft of its `config`.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifest {
    document: Document,
    key: String,
    config: Node,
}

/// A key directly beneath the body key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyKey<'a> {
    /// Its name.
    pub name: &'a str,
    /// Where it stands.
    pub span: Span,
}

impl Manifest {
    /// Reads a manifest whose body stands under `key`.
    ///
    /// # Errors
    /// What is wrong with the text, or that it has no body or the body no `config`.
    pub fn read(bytes: &[u8], key: &str) -> Result<Self, Vec<ReadError>> {
        let document = read(bytes)?;
        let config = match config(&document, key) {
            Ok(config) => config.draft(),
            Err(error) => return Err(vec![error]),
        };
        Ok(Self {
            document,
            key: key.to_owned(),
            config,
        })
    }

    /// The authored part.
    #[must_use]
    pub const fn config(&self) -> &Node {
        &self.config
    }

    /// The text and its tree.
    #[must_use]
    pub const fn document(&self) -> &Document {
        &self.document
    }

    /// The key of the body.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The place in the text that a path into `config` speaks of.
    #[must_use]
    pub fn span(&self, path: &KeyPath) -> Span {
        let base = [self.key.as_str(), "config"];
        self.document.span(path, &base).unwrap_or_default()
    }

    /// The value of `state`, if it was written.
    #[must_use]
    pub fn state(&self) -> Option<View<'_>> {
        self.body()?.get("state")
    }

    /// The value of `latest_release`, if it was written.
    #[must_use]
    pub fn latest_release(&self) -> Option<View<'_>> {
        self.body()?.get("latest_release")
    }

    /// Every key directly beneath the body key, in order.
    #[must_use]
    pub fn body_keys(&self) -> Vec<BodyKey<'_>> {
        let Some(body) = self.body() else {
            return Vec::new();
        };
        let key = |(name, _)| {
            let span = body.entry(name).map(|entry| entry.key).unwrap_or_default();
            BodyKey { name, span }
        };
        body.entries().map(key).collect()
    }

    pub(super) fn body(&self) -> Option<View<'_>> {
        self.document.root()?.get(&self.key)
    }
}

fn config<'a>(document: &'a Document, key: &str) -> Result<View<'a>, ReadError> {
    let error = |span, message| Err(ReadError::new(&NO_BODY, span, message));
    let Some(root) = document.root() else {
        return error(Span::default(), "the manifest is empty".to_owned())
            .map_err(|error| error.help(format!("declare the pipeline under `{key}: config:`")));
    };
    let Some(body) = root.get(key) else {
        let message = format!("the manifest has no `{key}`");
        let names: Vec<&str> = root.entries().map(|(name, _)| name).collect();
        let near = match names.as_slice() {
            [only] => Some(*only),
            names => suggest::nearest(key, names.iter().copied()),
        };
        let help = match near {
            Some(name) => format!("did you mean `{name}`? `--manifest-key` names the body's key"),
            None => format!("put `config` under `{key}`, or name its key with `--manifest-key`"),
        };
        let span = Span::new(root.span().start, root.span().start);
        return error(span, message).map_err(|error| error.help(help));
    };
    let place = root.entry(key).map(|entry| entry.key).unwrap_or_default();
    match body.get("config") {
        Some(config) if !matches!(config.draft(), Node::Null) => Ok(config),
        Some(_) => {
            let place = body.entry("config").map_or(place, |entry| entry.key);
            error(place, format!("`{key}.config` is empty"))
        }
        None => error(place, format!("`{key}` has no `config`"))
            .map_err(|error| error.help("declare the pipeline there; `trunk_branch` is required")),
    }
}
