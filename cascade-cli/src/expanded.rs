//! What expanded pipelines call. No part of the public surface: it changes with the macros.

use crate::pipeline::Draft;
use cascade_core::builder::{Part, Place};
use cascade_core::draft::packed::unpack;
use cascade_core::draft::{Map, Node, Scalar};
use std::path::PathBuf;

/// A constant that can be a value of a pipeline.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a value of a pipeline",
    label = "expected text, a number or a boolean"
)]
pub trait Leaf {
    /// The value.
    fn scalar(&self) -> Scalar;
}

macro_rules! leaf {
    ($($ty:ty: $value:ident => $scalar:expr;)*) => { $(
        impl Leaf for $ty {
            fn scalar(&self) -> Scalar {
                let $value = *self;
                $scalar
            }
        }
    )* };
}

leaf! {
    bool: value => Scalar::Bool(value);
    i8: value => Scalar::Int(value.into());
    i16: value => Scalar::Int(value.into());
    i32: value => Scalar::Int(value.into());
    i64: value => Scalar::Int(value);
    u8: value => Scalar::Int(value.into());
    u16: value => Scalar::Int(value.into());
    u32: value => Scalar::Int(value.into());
    f32: value => Scalar::Float(value.to_string());
    f64: value => Scalar::Float(value.to_string());
    &'static str: value => Scalar::Text(value.to_owned());
}

impl Leaf for &'static dyn Leaf {
    fn scalar(&self) -> Scalar {
        (**self).scalar()
    }
}

/// The draft of a pipeline without its components' own declarations.
#[must_use]
pub fn draft(packed: &str, values: &[&'static dyn Leaf], root: Option<&str>) -> Draft {
    let values: Vec<Scalar> = values.iter().map(|value| value.scalar()).collect();
    let node = unpack(packed, &values).unwrap_or(Node::Null);
    Draft::new(node, root.map(PathBuf::from))
}

/// The part that a field declares.
///
/// # Panics
/// Never for an expanded pipeline: its fields are where its draft has them.
#[must_use]
pub fn part<P: Part>(draft: &Draft, index: usize) -> P {
    let under = |key| draft.node.get(key);
    let node = match P::PLACE {
        Place::One(key) => under(key),
        Place::Many(key) => match under(key) {
            Some(Node::List(items)) => items.get(index),
            _ => None,
        },
    };
    match node {
        Some(Node::Map(map)) => P::from_map(map.clone()),
        _ => P::from_map(Map::new()),
    }
}

/// The value of what does not compile anyway.
///
/// # Panics
/// Always; but no program with a call of it is ever built.
#[must_use]
pub fn broken<T>() -> T {
    unreachable!("the pipeline has errors")
}

/// A type for each attribute of a field, with its name and its documentation. A pipeline names them
/// where its author wrote attributes, so that an editor shows what they take; to import the
/// attributes themselves would cost the compiler many times as much.
#[allow(non_camel_case_types)]
pub mod attributes {
    cascade_macros::attributes!();
}

/// The handles and accessors of a pipeline. As a template here they cost the macro, and the user
/// who waits for it, far less than when each is handed over token by token.
#[doc(hidden)]
#[macro_export]
macro_rules! __members {
    (
        $vis:vis $name:ident
        $($handle:ident $kind:ident $text:tt)*
        ; $($field:ident $ty:ty),*
    ) => {
        #[allow(dead_code, non_upper_case_globals)]
        impl $name {
            $(
                /// The name of what a field declares, with its kind.
                $vis const $handle: $crate::Handle<$crate::$kind> = $crate::Handle::new($text);
            )*
            $(
                /// What a field declares.
                $vis fn $field(&self) -> &$ty { &self.$field }
            )*
        }
    };
}

/// What a pipeline is by default: its callbacks by their places in the draft, its components by
/// their types.
#[doc(hidden)]
#[macro_export]
macro_rules! __declared {
    ($name:ident $($field:ident $index:literal)* ; $($component:ident $ty:ty,)*) => {
        impl ::core::default::Default for $name {
            /// What was declared.
            fn default() -> Self {
                #[allow(unused_imports)]
                use $crate::__private::part;
                let draft = <Self as $crate::Pipeline>::draft();
                let _ = &draft;
                Self {
                    $($field: part(&draft, $index),)*
                    $($component: <$ty as ::core::default::Default>::default(),)*
                }
            }
        }
    };
}
