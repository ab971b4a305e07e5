//! The functions that expanded pipelines call. No part of the public surface: it changes with the
//! macros.

use crate::pipeline::{Draft, Pipeline, UnknownEnvironment};
use bytemuck::{NoUninit, must_cast_slice};
use cascade_core::builder::{Package, PackageRoot, Part, Place, Root};
use cascade_core::manifest::draft::packed::unpack;
use cascade_core::manifest::draft::{Map, Node, join_doc};
use cascade_core::scalar::Scalar;
use std::fmt::Display;
use std::ops::Deref;
use std::slice;

/// The core library, which another crate may be called in the author's.
pub use ::core;

/// A constant that can be a value of a pipeline.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a value of a pipeline",
    label = "expected text, a number or a boolean"
)]
pub trait Leaf {
    /// The value.
    fn scalar(&self) -> Scalar;
}

/// A constant that is a value of a pipeline.
pub type Constant = &'static dyn Leaf;

/// A value with the way to read it: to the compiler, only the call of [`leaf`] can be wrong.
#[derive(Debug, Clone, Copy)]
pub struct Held<T> {
    value: T,
    scalar: fn(&T) -> Scalar,
}

impl<T> Leaf for Held<T> {
    fn scalar(&self) -> Scalar {
        (self.scalar)(&self.value)
    }
}

/// The same value, if it can be one of a pipeline.
pub const fn leaf<T: Leaf>(value: T) -> Held<T> {
    Held {
        value,
        scalar: T::scalar,
    }
}

impl<T: Number> Held<T> {
    /// Returns the value, if it is one that a file can hold.
    ///
    /// # Panics
    /// The number is infinite or none: for a constant, while it compiles.
    #[track_caller]
    #[must_use]
    pub const fn checked(self) -> Self {
        let bytes: &[u8] = must_cast_slice(slice::from_ref(&self.value));
        let is_finite = match (bytes.first_chunk(), bytes.first_chunk()) {
            _ if !T::IS_FLOAT => true,
            (Some(bytes), _) => f64::from_ne_bytes(*bytes).is_finite(),
            (_, Some(bytes)) => f32::from_ne_bytes(*bytes).is_finite(),
            _ => false,
        };
        assert!(is_finite, "a value of a pipeline must be a finite number");
        self
    }
}

impl Held<&'static str> {
    /// Returns the text.
    #[must_use]
    pub const fn checked(self) -> Self {
        self
    }
}

/// A value of a wrong type, which the compiler has reported at its expression: nothing more is said.
#[derive(Debug, Clone, Copy)]
pub struct Unfit;

impl Unfit {
    /// Returns the value, for the type checker alone.
    #[must_use]
    pub const fn checked(&self) -> Doc {
        Doc(&[])
    }
}

impl<T> Deref for Held<T> {
    type Target = Unfit;

    fn deref(&self) -> &Unfit {
        &Unfit
    }
}

/// Documentation, which says what it describes in one line.
#[derive(Debug, Clone, Copy)]
pub struct Doc(&'static [&'static str]);

impl Doc {
    /// Documentation of several attributes.
    ///
    /// # Panics
    /// It is longer than `most` bytes: for a constant, while it compiles.
    #[track_caller]
    #[must_use]
    pub const fn new(texts: &'static [&'static str], most: usize) -> Self {
        let (mut at, mut length) = (0, 0);
        while at < texts.len() {
            length += texts[at].len();
            at += 1;
        }
        assert!(length <= most, "a description is longer than 64 KiB");
        Self(texts)
    }
}

impl Leaf for Doc {
    fn scalar(&self) -> Scalar {
        let lines: Vec<&str> = self.0.iter().flat_map(|text| text.lines()).collect();
        Scalar::Text(join_doc(&lines))
    }
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
    u64: value => number(value);
    u128: value => number(value);
    usize: value => number(value);
    i128: value => number(value);
    isize: value => number(value);
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

/// A whole number as it is: one that is longer than most keeps its digits.
fn number<N: Copy + Display + TryInto<i64>>(value: N) -> Scalar {
    match value.try_into() {
        Ok(number) => Scalar::Int(number),
        Err(_) => Scalar::Float(value.to_string()),
    }
}

impl Leaf for &'static dyn Leaf {
    fn scalar(&self) -> Scalar {
        (**self).scalar()
    }
}

/// A number or a boolean.
pub trait Number: NoUninit {
    /// True for a type with infinite numbers.
    const IS_FLOAT: bool;
}

macro_rules! number {
    ($($float:literal: $($ty:ty)*;)*) => { $($(
        impl Number for $ty {
            const IS_FLOAT: bool = $float;
        }
    )*)* };
}

number! {
    true: f32 f64;
    false: bool i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize;
}

/// Compares what a macro of the author's gave with what was taken for it.
///
/// # Panics
/// They differ: for a constant, while it compiles.
#[track_caller]
pub const fn same(given: &str, taken: &str) {
    let (given, taken) = (given.as_bytes(), taken.as_bytes());
    let mut is_same = given.len() == taken.len();
    let mut at = 0;
    while is_same && at < given.len() {
        is_same = given[at] == taken[at];
        at += 1;
    }
    assert!(is_same, "`concat!` must be that of the standard library");
}

/// A whole number of any type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a whole number",
    label = "expected a whole number"
)]
pub trait Whole: NoUninit {
    /// True for a type that has negative numbers.
    const IS_SIGNED: bool;
}

macro_rules! whole {
    ($($signed:literal: $($ty:ty)*;)*) => { $($(
        impl Whole for $ty {
            const IS_SIGNED: bool = $signed;
        }
    )*)* };
}

whole! {
    true: i8 i16 i32 i64 i128 isize;
    false: u8 u16 u32 u64 u128 usize;
}

/// The number as every key has it.
///
/// A `const fn` cannot call the methods of a trait, so a number of any type is read from its bytes.
///
/// # Panics
/// The number is out of bounds: for a constant, while it compiles.
#[track_caller]
#[must_use]
pub const fn whole<T: Whole>(value: T, min: i64, max: i64, message: &str) -> i64 {
    let bytes: &[u8] = must_cast_slice(slice::from_ref(&value));
    let last = bytes.len() - 1;
    let most = if cfg!(target_endian = "little") {
        last
    } else {
        0
    };
    let is_negative = T::IS_SIGNED && bytes[most] >= 0x80;
    // What is missing before the number, up to the bytes of the longest.
    let mut all = if is_negative { [0xff; 16] } else { [0; 16] };
    let mut at = 0;
    while at < bytes.len() {
        let byte = if cfg!(target_endian = "little") {
            at
        } else {
            last - at
        };
        all[at] = bytes[byte];
        at += 1;
    }
    let number = i128::from_le_bytes(all);
    // A `u128` that has no place in an `i128` has become negative.
    let is_whole = is_negative == (number < 0);
    if !is_whole || number < min as i128 || number > max as i128 {
        panic!("{}", message);
    }
    number as i64
}

/// The draft of a pipeline without its components' own declarations.
#[must_use]
pub fn draft(packed: &str, values: &[&'static dyn Leaf], root: Root) -> Draft {
    let values: Vec<Scalar> = values.iter().map(|value| value.scalar()).collect();
    let node = unpack(packed, &values).unwrap_or(Node::Null);
    Draft::new(node, root)
}

/// The repository around the working directory.
#[must_use]
pub const fn around() -> Root {
    Root::Around
}

/// The repository of a package, which its code names.
#[must_use]
pub fn named(name: &str, folder: &str, root: &str) -> Root {
    package(name, folder, PackageRoot::Named(root.into()))
}

/// The repository above a folder of a package.
#[must_use]
pub fn above(name: &str, folder: &str, start: &str) -> Root {
    package(name, folder, PackageRoot::Above(start.into()))
}

fn package(name: &str, folder: &str, root: PackageRoot) -> Root {
    Root::Package(Package {
        name: name.to_owned(),
        folder: folder.into(),
        root,
    })
}

/// The declaration of the component in this field.
pub fn component<P, C: Pipeline>(_: fn(&P) -> &C) -> Draft {
    C::draft()
}

/// Makes a pipeline from its draft.
pub fn declared<P>(draft: &Draft, make: impl FnOnce(&Draft) -> P) -> P {
    make(draft)
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

/// The environment of a name.
///
/// # Errors
/// No environment has this name.
pub fn environment<E: Clone>(
    all: &[E],
    name: fn(&E) -> &'static str,
    text: &str,
) -> Result<E, UnknownEnvironment> {
    let found = all.iter().find(|each| name(each) == text).cloned();
    found.ok_or_else(|| UnknownEnvironment::new(text))
}
