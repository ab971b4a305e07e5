//! Names that know what they name.

use super::{External, Part};
use crate::manifest::draft::Node;
use std::fmt;
use std::marker::PhantomData;

/// The name of a part of a pipeline, with the part's type: `Shop::IMAGE` is a `Handle<Build>`.
pub struct Handle<T> {
    name: &'static str,
    part: PhantomData<fn() -> T>,
}

impl<T> Handle<T> {
    /// The handle of the part named `name`.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            part: PhantomData,
        }
    }

    /// The name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// An output, as the value of an input of something that depends on this.
    ///
    /// ```
    /// use cascade_core::builder::{Build, Deploy, Handle};
    /// const IMAGE: Handle<Build> = Handle::new("image");
    /// let web = Deploy::new("web", ".github/workflows/deploy.yaml")
    ///     .depends_on(IMAGE)
    ///     .input("tag", IMAGE.output("image_tag"));
    /// ```
    #[must_use]
    pub fn output(self, output: &str) -> Node {
        from(format!("{}.outputs.{output}", self.name))
    }
}

impl Handle<External> {
    /// The recorded version, as the value of an input.
    #[must_use]
    pub fn version(self) -> Node {
        from(format!("{}.version", self.name))
    }

    /// The recorded commit, as the value of an input.
    #[must_use]
    pub fn sha(self) -> Node {
        from(format!("{}.sha", self.name))
    }
}

fn from(reference: String) -> Node {
    super::block([("from", reference)])
}

impl<T> Clone for Handle<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Handle<T> {}

impl<T> PartialEq for Handle<T> {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl<T> Eq for Handle<T> {}

impl<T> fmt::Debug for Handle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Handle").field(&self.name).finish()
    }
}

impl<T> fmt::Display for Handle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl<T> From<Handle<T>> for Node {
    fn from(handle: Handle<T>) -> Self {
        handle.name.into()
    }
}

impl<T> From<Handle<T>> for String {
    fn from(handle: Handle<T>) -> Self {
        handle.name.to_owned()
    }
}

/// Something that names a part of type `P`: its [`Handle`], or text.
pub trait Named<P: Part> {
    /// The name.
    fn name(&self) -> String;
}

impl<P: Part> Named<P> for Handle<P> {
    fn name(&self) -> String {
        self.name.to_owned()
    }
}

impl<P: Part> Named<P> for &str {
    fn name(&self) -> String {
        (*self).to_owned()
    }
}
