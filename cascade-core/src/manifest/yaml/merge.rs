//! The merge key `<<`: what is written out wins, then the earlier mapping.

use super::build::{Budget, Frame};
use super::{Item, Kind, ReadError, Tree};
use crate::finding::rules::INVALID_MERGE;

/// Copies the entries of the merged mappings into the one that is being closed.
pub(super) fn merge(
    tree: &Tree,
    budget: &mut Budget,
    frame: &mut Frame,
    merges: &[Item],
) -> Result<(), ReadError> {
    for source in merges {
        match tree.kind(*source) {
            Kind::List(items) => {
                for item in items {
                    copy(tree, budget, frame, *item)?;
                }
            }
            _ => copy(tree, budget, frame, *source)?,
        }
    }
    Ok(())
}

fn copy(
    tree: &Tree,
    budget: &mut Budget,
    frame: &mut Frame,
    source: Item,
) -> Result<(), ReadError> {
    let Kind::Map(entries) = tree.kind(source) else {
        let found = tree.draft(source).kind();
        let message = format!("`<<` takes a mapping or a list of mappings, not {found}");
        return Err(ReadError::new(&INVALID_MERGE, source.span, message)
            .help("merge an alias of a mapping, such as `<<: *defaults`"));
    };
    for (key, entry) in entries.iter() {
        budget.merged(key, entry.value, source.span)?;
        frame.merge(key, entry);
    }
    Ok(())
}
