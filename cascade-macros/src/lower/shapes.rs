//! The meaning of a shape for the spelling of an attribute.

use super::Target;
use cascade_core::changes::Pattern;
use cascade_core::key_path::{KeyPath, Segment};
use cascade_core::manifest::draft::{BlockSpec, Shape, Value};
use cascade_core::manifest::{
    InputValue, Name, PermissionSet, Reference, RelativePath, WorkflowRef,
};

/// Shapes that are read while compiling: paths, names and references.
const LITERAL: &[Shape] = &[
    <WorkflowRef as Value>::SHAPE,
    <RelativePath as Value>::SHAPE,
    <Pattern as Value>::SHAPE,
    <Name as Value>::SHAPE,
    <Reference as Value>::SHAPE,
];

/// Shapes whose values are no names, so that an identifier is a slip.
const QUOTED: &[Shape] = &[
    <WorkflowRef as Value>::SHAPE,
    <RelativePath as Value>::SHAPE,
    <Pattern as Value>::SHAPE,
];

pub(super) fn must_be_literal(shape: &Shape) -> bool {
    LITERAL.contains(shape)
}

pub(super) fn must_be_quoted(shape: &Shape) -> bool {
    QUOTED.contains(shape)
}

/// Returns true if a dotted value is a reference here.
pub(super) fn takes_reference(shape: &Shape) -> bool {
    *shape == <InputValue as Value>::SHAPE || *shape == <Reference as Value>::SHAPE
}

/// Returns true if a dotted value stands under `from` in the draft.
pub(super) fn is_input(shape: &Shape) -> bool {
    *shape == <InputValue as Value>::SHAPE
}

pub(super) fn is_permissions(shape: &Shape) -> bool {
    *shape == <PermissionSet as Value>::SHAPE
}

/// Returns true if `key = value` can be right.
pub(super) fn is_scalar(shape: &Shape) -> bool {
    match shape {
        Shape::Bool | Shape::Int { .. } | Shape::Text { .. } | Shape::Choice(_) | Shape::Scalar => {
            true
        }
        Shape::OneOf(shapes) => shapes.iter().any(is_scalar),
        Shape::Block(spec) => spec.shorthand.is_some(),
        Shape::List(_) | Shape::Map(_) | Shape::Component => false,
    }
}

/// The block that is repeated instead of listed: its items have no names.
pub(super) fn repeated(shape: &Shape) -> Option<&'static BlockSpec> {
    match shape {
        Shape::List(Shape::Block(spec)) if spec.field("name").is_none() => Some(spec),
        _ => None,
    }
}

/// Returns the text that follows a key of this shape.
pub(super) fn sign(shape: &Shape) -> &'static str {
    let is_group = |shape: &Shape| {
        matches!(
            shape,
            Shape::List(_) | Shape::Map(_) | Shape::Block(_) | Shape::Component
        )
    };
    match shape {
        Shape::OneOf(shapes) if shapes.iter().any(is_group) => "`=` or `(`",
        shape if is_group(shape) => "`(`",
        _ => "`=`",
    }
}

/// Returns an example of a key of this shape.
pub(crate) fn example(key: &str, shape: &Shape) -> String {
    match shape {
        Shape::Bool => format!("`{key} = true`"),
        Shape::Int { .. } => format!("`{key} = 1`"),
        Shape::Choice([word, ..]) => format!("`{key} = \"{word}\"`"),
        Shape::List(Shape::Int { .. }) => format!("`{key}(1, 2)`"),
        Shape::List(Shape::Block(spec)) if spec.field("name").is_some() => {
            format!("`{key}(name(...))`")
        }
        Shape::List(Shape::Block(_)) => format!("`{key}(...)` once for each"),
        Shape::List(inner) if must_be_quoted(inner) => format!("`{key}(\"a\", \"b\")`"),
        Shape::List(_) => format!("`{key}(a, b)`"),
        Shape::Map(_) => format!("`{key}(name = ...)`"),
        Shape::Block(_) | Shape::Component => format!("`{key}(...)`"),
        Shape::OneOf(shapes) => {
            let each: Vec<String> = shapes.iter().map(|shape| example(key, shape)).collect();
            each.join(" or ")
        }
        _ => format!("`{key} = \"...\"`"),
    }
}

/// Returns the kind of thing that the names of a list or the keys of a map refer to.
pub(super) fn target(at: &KeyPath) -> Option<Target> {
    let Some(Segment::Key(key)) = at.last() else {
        return None;
    };
    match key.as_ref() {
        "depends_on" | "optional_depends_on" => Some(Target::Field),
        "env_inputs" => Some(Target::Environment),
        "environments" if at.parent().is_some_and(|around| around.last().is_some()) => {
            Some(Target::Environment)
        }
        _ => None,
    }
}
