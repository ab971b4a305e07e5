//! Comparison of values: kinds that differ are compared as numbers, text without case.

use super::Data;
use std::cmp::Ordering;
use std::rc::Rc;

/// Returns true if two values are equal.
pub(super) fn equal(left: &Data, right: &Data) -> bool {
    match (left, right) {
        (Data::List(left) | Data::Every(left), Data::List(right) | Data::Every(right)) => {
            Rc::ptr_eq(left, right)
        }
        (Data::Object(left), Data::Object(right)) => Rc::ptr_eq(left, right),
        _ => order(left, right) == Some(Ordering::Equal),
    }
}

/// Returns the order of two values, if they have one.
pub(super) fn order(left: &Data, right: &Data) -> Option<Ordering> {
    match (left, right) {
        (Data::Null, Data::Null) => Some(Ordering::Equal),
        (Data::Boolean(left), Data::Boolean(right)) => Some(left.cmp(right)),
        (Data::Text(left), Data::Text(right)) => {
            Some(upper(left).encode_utf16().cmp(upper(right).encode_utf16()))
        }
        (left, right) if left.is_primitive() && right.is_primitive() => {
            left.number().partial_cmp(&right.number())
        }
        _ => None,
    }
}

/// Returns a text in upper case, but for the dotless `ı`.
pub(super) fn upper(text: &str) -> String {
    let parts: Vec<String> = text.split('ı').map(str::to_uppercase).collect();
    parts.join("ı")
}
