//! Every field that a manifest may have, from the declarations of its blocks.

use std::collections::BTreeSet;
use std::fmt;

use cascade_core::manifest::Config;
use cascade_core::manifest::draft::{Block, BlockSpec, FieldSpec, Shape};

/// A step from a block to a field below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Segment {
    Key(String),
    /// Any item of a list.
    Item,
    /// Any key of a mapping.
    Name,
}

/// The place of a field in every manifest: `deploys[].canary.steps`, `dispatch_inputs.*.type`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Field(Vec<Segment>);

impl Field {
    fn below(&self, segment: Segment) -> Self {
        let mut segments = self.0.clone();
        segments.push(segment);
        Self(segments)
    }

    pub(super) fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// Returns true if `place`, the segments of one manifest's key path, is this field.
    pub(super) fn is_at(&self, place: &[Segment]) -> bool {
        let fits = |(own, given): (&Segment, &Segment)| match own {
            Segment::Name => matches!(given, Segment::Key(_)),
            own => own == given,
        };
        self.0.len() == place.len() && self.0.iter().zip(place).all(fits)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, segment) in self.0.iter().enumerate() {
            let dot = if place == 0 { "" } else { "." };
            match segment {
                Segment::Key(key) => write!(f, "{dot}{key}")?,
                Segment::Name => write!(f, "{dot}*")?,
                Segment::Item => f.write_str("[]")?,
            }
        }
        Ok(())
    }
}

/// Returns every field that holds a value. An older spelling of a block counts as one, since its
/// fields are those of the newer spelling, unless it has a block of its own.
pub(super) fn fields() -> Vec<Field> {
    let mut current = BTreeSet::new();
    name_blocks(Config::SPEC, &mut current);
    let mut found = Vec::new();
    walk(Config::SPEC, &Field::default(), &current, &mut found);
    found
}

/// Collects the blocks that can be reached without an older spelling.
fn name_blocks(spec: &BlockSpec, found: &mut BTreeSet<&'static str>) {
    if found.insert(spec.name) {
        let fields = spec.fields.iter();
        let current = fields.filter(|field| field.replaced_by.is_none());
        for below in current.filter_map(|field| field.shape.block()) {
            name_blocks(below, found);
        }
    }
}

fn walk(spec: &BlockSpec, at: &Field, current: &BTreeSet<&str>, found: &mut Vec<Field>) {
    for field in spec.fields {
        let place = at.below(Segment::Key(field.key.to_owned()));
        descend(field, &field.shape, place, current, found);
    }
}

fn descend(
    field: &FieldSpec,
    shape: &Shape,
    place: Field,
    current: &BTreeSet<&str>,
    found: &mut Vec<Field>,
) {
    let is_known = |spec: &BlockSpec| current.contains(spec.name);
    match shape {
        Shape::Block(spec) if field.replaced_by.is_none() || !is_known(spec) => {
            walk(spec, &place, current, found);
        }
        Shape::List(item) if item.block().is_some() => {
            descend(field, item, place.below(Segment::Item), current, found);
        }
        Shape::Map(item) if item.block().is_some() => {
            descend(field, item, place.below(Segment::Name), current, found);
        }
        _ => found.push(place),
    }
}
