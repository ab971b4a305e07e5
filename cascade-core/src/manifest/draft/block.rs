//! Blocks of the manifest, declared once.

use super::{BlockSpec, Map, Node, Reader};
use crate::key_path::KeyPath;

/// A block with known keys, declared by `block!`.
pub trait Block: Sized {
    /// Its keys.
    const SPEC: &'static BlockSpec;
    /// The names of its keys.
    const KEYS: &'static [&'static str];

    /// Reads the block from a mapping.
    fn read_map(map: &Map, at: &KeyPath, reader: &mut Reader) -> Self;

    /// Reads the block from a value: a mapping, or the scalar that the block has a shorthand for.
    fn read_block(node: &Node, at: &KeyPath, reader: &mut Reader) -> Option<Self> {
        match (node, Self::SPEC.shorthand) {
            (Node::Map(map), _) => Some(Self::read_map(map, at, reader)),
            (Node::Null, _) => Some(Self::read_map(&Map::new(), at, reader)),
            (Node::Scalar(_), Some(key)) => {
                let map = Map::from_iter([(key.to_owned(), node.clone())]);
                Some(Self::read_map(&map, at, reader))
            }
            _ => {
                reader.wrong_type(node, at, "a mapping");
                None
            }
        }
    }
}

/// The key that a field's identifier stands for: `r#type` is `type`.
#[must_use]
pub(crate) const fn key_of(identifier: &'static str) -> &'static str {
    match identifier.as_bytes() {
        [b'r', b'#', ..] => identifier.split_at(2).1,
        _ => identifier,
    }
}

/// Declares a block: a struct whose fields are the keys, their documentation the reference.
///
/// A field's type says what its absence means: `Required<T>` must be written, `Option<T>` may be,
/// lists and maps are empty. Older spellings stand behind `; older`, each with the dotted key that
/// [`normalize`](crate::normalize) moves it to; nothing else reads them. `Defaulted<T>` is the default that stands behind `=`. A block that
/// may be left out as a whole is `Defaulted`, too, without a literal.
macro_rules! block {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident $(as $shorthand:literal)? $(refusing $refused:expr)? ;
        $( $(#[doc = $field_doc:literal])* $field:ident : $ty:ty $(= $default:literal)? , )*
        $(; older { $( $(#[doc = $old_doc:literal])* $old:ident : $old_ty:ty => $new:literal, )+ })?
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            /// The place of the block.
            pub at: $crate::key_path::KeyPath,
            $( $(#[doc = $field_doc])* pub $field: $ty, )*
        }

        impl $crate::manifest::draft::Block for $name {
            const SPEC: &'static $crate::manifest::draft::BlockSpec = &$crate::manifest::draft::BlockSpec {
                name: stringify!($name),
                doc: &[$($doc),*],
                shorthand: $crate::manifest::draft::block::optional!($($shorthand)?),
                refused: $crate::manifest::draft::block::or_empty!($($refused)?),
                fields: &[$( $crate::manifest::draft::FieldSpec {
                    key: $crate::manifest::draft::block::key_of(stringify!($field)),
                    doc: &[$($field_doc),*],
                    required: <$ty as $crate::manifest::draft::Field>::REQUIRED,
                    default: $crate::manifest::draft::block::default!($($default)?),
                    shape: <$ty as $crate::manifest::draft::Field>::SHAPE,
                    replaced_by: None,
                } ),* $(, $( $crate::manifest::draft::FieldSpec {
                    key: $crate::manifest::draft::block::key_of(stringify!($old)),
                    doc: &[$($old_doc),*],
                    required: false,
                    default: None,
                    shape: <$old_ty as $crate::manifest::draft::Field>::SHAPE,
                    replaced_by: Some($new),
                } ),+ )?],
            };
            const KEYS: &'static [&'static str] = &[
                $( $crate::manifest::draft::block::key_of(stringify!($field)) ),*
                $(, $( $crate::manifest::draft::block::key_of(stringify!($old)) ),+ )?
            ];

            fn read_map(
                map: &$crate::manifest::draft::Map,
                at: &$crate::key_path::KeyPath,
                reader: &mut $crate::manifest::draft::Reader,
            ) -> Self {
                reader.check_keys(map, at, Self::KEYS, Self::SPEC.refused);
                Self {
                    at: at.clone(),
                    $( $field: {
                        let key = $crate::manifest::draft::block::key_of(stringify!($field));
                        let default = $crate::manifest::draft::block::default!($($default)?);
                        <$ty as $crate::manifest::draft::Field>::read(map.get(key), &at.key(key), default, reader)
                    }, )*
                }
            }
        }

        impl $crate::manifest::draft::Value for $name {
            const SHAPE: $crate::manifest::draft::Shape =
                $crate::manifest::draft::Shape::Block(<Self as $crate::manifest::draft::Block>::SPEC);

            fn read(
                node: &$crate::manifest::draft::Node,
                at: &$crate::key_path::KeyPath,
                reader: &mut $crate::manifest::draft::Reader,
            ) -> Option<Self> {
                <Self as $crate::manifest::draft::Block>::read_block(node, at, reader)
            }
        }
    };
}

/// The default that a literal is, or `None` without one.
macro_rules! default {
    () => {
        None
    };
    ($value:literal) => {
        Some($crate::manifest::draft::Literal::new(stringify!($value)))
    };
}

/// `Some` of its argument, or `None` without one.
macro_rules! optional {
    () => {
        None
    };
    ($value:expr) => {
        Some($value)
    };
}

/// Its argument, or an empty slice without one.
macro_rules! or_empty {
    () => {
        &[]
    };
    ($value:expr) => {
        $value
    };
}

pub(crate) use {block, default, optional, or_empty};
