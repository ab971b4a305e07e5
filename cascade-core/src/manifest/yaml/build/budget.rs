//! How much a file may ask for.

use crate::finding::rules::TOO_LARGE;
use crate::manifest::yaml::{Item, Kind, ReadError, Span};

const MAX_DEPTH: usize = 100;
const MAX_NODES: usize = 500_000;
/// What aliases and merges may add once they are expanded, in bytes as `weight` counts them.
const MAX_ALIASED: u64 = 16 * 1024 * 1024;
const NODE_WEIGHT: u64 = 64;

/// What has been used so far.
#[derive(Debug, Default)]
pub(in crate::manifest::yaml) struct Budget {
    sizes: Vec<Size>,
    aliased: u64,
}

/// A node with everything below it, aliases expanded.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    weight: u64,
    height: usize,
}

impl Budget {
    pub(super) fn depth(depth: usize, span: Span) -> Result<(), ReadError> {
        if depth > MAX_DEPTH {
            return Err(Self::too_deep(span));
        }
        Ok(())
    }

    pub(super) fn too_deep(span: Span) -> ReadError {
        let message = format!("nested too deeply: at most {MAX_DEPTH} levels are read");
        ReadError::new(&TOO_LARGE, span, message)
    }

    /// Takes a finished node into account.
    pub(super) fn node(&mut self, kind: &Kind, count: usize, span: Span) -> Result<(), ReadError> {
        if count >= MAX_NODES {
            let message = format!("too many values: at most {MAX_NODES} are read");
            return Err(ReadError::new(&TOO_LARGE, span, message));
        }
        let size = self.measure(kind);
        self.sizes.push(size);
        Ok(())
    }

    pub(super) fn alias(&mut self, item: Item, depth: usize, span: Span) -> Result<(), ReadError> {
        let size = self.size(item);
        Self::depth(depth + size.height, span)?;
        self.expand(size.weight, span)
    }

    /// Takes an entry into account that a merge copies.
    pub(in crate::manifest::yaml) fn merged(
        &mut self,
        key: &str,
        value: Item,
        span: Span,
    ) -> Result<(), ReadError> {
        self.expand(key.len() as u64 + self.size(value).weight, span)
    }

    fn expand(&mut self, weight: u64, span: Span) -> Result<(), ReadError> {
        self.aliased = self.aliased.saturating_add(weight);
        if self.aliased > MAX_ALIASED {
            let message = "aliases expand to too much";
            return Err(ReadError::new(&TOO_LARGE, span, message)
                .help("write out what they name, or name less"));
        }
        Ok(())
    }

    fn size(&self, item: Item) -> Size {
        self.sizes.get(item.index()).copied().unwrap_or_default()
    }

    fn measure(&self, kind: &Kind) -> Size {
        let mut total = Size {
            weight: NODE_WEIGHT,
            height: 0,
        };
        let mut add = |key: &str, child: Size| {
            let weight = child.weight.saturating_add(key.len() as u64);
            total.weight = total.weight.saturating_add(weight);
            total.height = total.height.max(child.height + 1);
        };
        match kind {
            Kind::Null => {}
            Kind::Scalar(scalar, _) => total.weight += scalar.text().len() as u64,
            Kind::List(items) => items.iter().for_each(|item| add("", self.size(*item))),
            Kind::Map(entries) => {
                for (key, entry) in entries.iter() {
                    add(key, self.size(entry.value));
                }
            }
        }
        total
    }
}
