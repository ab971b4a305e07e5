//! Setters of a block, one per key.

use crate::manifest::draft::Node;

/// A list of anything that becomes a node.
pub(super) fn list<T: Into<Node>>(items: impl IntoIterator<Item = T>) -> Node {
    Node::List(items.into_iter().map(Into::into).collect())
}

/// A setter, for the test that every key has the one that it needs.
#[cfg(test)]
#[derive(Debug, Clone, Copy)]
pub(super) struct Setter {
    pub(super) key: &'static str,
    pub(super) kind: &'static str,
}

/// Declares setters of a type with a field `map`, and their keys as `SETTERS`.
macro_rules! setters {
    ($name:ident { $($(#[doc = $doc:literal])* $setter:ident : $kind:ident $(($ty:ty))?,)* }) => {
        impl $name {
            #[cfg(test)]
            pub(super) const SETTERS: &'static [$crate::builder::setters::Setter] =
                &[$($crate::builder::setters::Setter {
                    key: $crate::manifest::draft::block::key_of(stringify!($setter)),
                    kind: stringify!($kind),
                }),*];

            $(crate::builder::setters::setter! { $(#[doc = $doc])* $setter : $kind $(($ty))? })*

            /// Sets any key, by the name that it has in a manifest.
            #[must_use]
            pub fn set(mut self, key: &str, value: impl Into<$crate::manifest::draft::Node>) -> Self {
                self.map.insert(key.to_owned(), value.into());
                self
            }

            /// The value of a key, by the name that it has in a manifest.
            #[must_use]
            pub fn get(&self, key: &str) -> Option<&$crate::manifest::draft::Node> {
                self.map.get(key)
            }
        }
    };
}

macro_rules! setter {
    ($(#[doc = $doc:literal])* $setter:ident : text) => {
        $(#[doc = $doc])*
        #[must_use]
        pub fn $setter(self, value: impl Into<String>) -> Self {
            let key = $crate::manifest::draft::block::key_of(stringify!($setter));
            self.set(key, value.into())
        }
    };
    ($(#[doc = $doc:literal])* $setter:ident : flag) => {
        $(#[doc = $doc])*
        #[must_use]
        pub fn $setter(self, value: bool) -> Self {
            self.set(stringify!($setter), value)
        }
    };
    ($(#[doc = $doc:literal])* $setter:ident : number) => {
        $(#[doc = $doc])*
        #[must_use]
        pub fn $setter(self, value: i64) -> Self {
            self.set(stringify!($setter), value)
        }
    };
    ($(#[doc = $doc:literal])* $setter:ident : choice($ty:ty)) => {
        $(#[doc = $doc])*
        #[must_use]
        pub fn $setter(self, value: $ty) -> Self {
            let key = $crate::manifest::draft::block::key_of(stringify!($setter));
            self.set(key, value)
        }
    };
    ($(#[doc = $doc:literal])* $setter:ident : choices($ty:ty)) => {
        $(#[doc = $doc])*
        #[must_use]
        pub fn $setter(self, values: impl IntoIterator<Item = $ty>) -> Self {
            self.set(stringify!($setter), crate::builder::setters::list(values))
        }
    };
    ($(#[doc = $doc:literal])* $setter:ident : map_of($ty:ty)) => {
        $(#[doc = $doc])*
        #[must_use]
        pub fn $setter<K: Into<String>>(
            self,
            entries: impl IntoIterator<Item = (K, $ty)>,
        ) -> Self {
            self.set(stringify!($setter), crate::builder::block(entries))
        }
    };
    ($(#[doc = $doc:literal])* $setter:ident : block($ty:ty)) => {
        $(#[doc = $doc])*
        #[must_use]
        pub fn $setter(self, value: impl Into<$ty>) -> Self {
            self.set(stringify!($setter), value.into())
        }
    };
    ($(#[doc = $doc:literal])* $setter:ident : list) => {
        $(#[doc = $doc])*
        #[must_use]
        pub fn $setter<T: Into<$crate::manifest::draft::Node>>(self, values: impl IntoIterator<Item = T>) -> Self {
            self.set(stringify!($setter), crate::builder::setters::list(values))
        }
    };
    ($(#[doc = $doc:literal])* $setter:ident : map) => {
        $(#[doc = $doc])*
        #[must_use]
        pub fn $setter<K: Into<String>, V: Into<$crate::manifest::draft::Node>>(
            self,
            entries: impl IntoIterator<Item = (K, V)>,
        ) -> Self {
            self.set(stringify!($setter), crate::builder::block(entries))
        }
    };
    ($(#[doc = $doc:literal])* $setter:ident : node) => {
        $(#[doc = $doc])*
        #[must_use]
        pub fn $setter(self, value: impl Into<$crate::manifest::draft::Node>) -> Self {
            self.set(stringify!($setter), value)
        }
    };
}

pub(super) use {setter, setters};
