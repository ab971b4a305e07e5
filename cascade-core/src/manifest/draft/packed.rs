//! A draft as one line of text: what the macros put into a program, since one literal costs the
//! compiler far less than an expression of a thousand parts.
//!
//! | text | node |
//! |---|---|
//! | `n` | nothing |
//! | `t`, `f` | `true`, `false` |
//! | `i7;` | a whole number |
//! | `d3:1.5` | any other number, behind the length of its text in bytes |
//! | `s3:web` | text |
//! | `v0;` | the n-th value that the program gives |
//! | `l2;` | a list, and its items behind it |
//! | `m1;4:name` | a mapping: key, value, key, value |

use super::{Map, Node};
use crate::key_path::KeyPath;
use crate::scalar::Scalar;
use std::fmt::{self, Write as _};

/// Packs a draft; `value` numbers the values that are known only when the program runs.
#[must_use]
pub fn pack(node: &Node, value: &mut impl FnMut(&KeyPath) -> Option<usize>) -> String {
    let mut packer = Packer {
        value,
        around: Vec::new(),
        packed: String::new(),
    };
    packer.push(node);
    packer.packed
}

struct Packer<'a, V> {
    value: V,
    /// What leads to the node at hand: few nodes are asked for their path.
    around: Vec<Step<'a>>,
    packed: String,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

impl<'a, V: FnMut(&KeyPath) -> Option<usize>> Packer<'a, V> {
    fn push(&mut self, node: &'a Node) {
        match node {
            Node::Null | Node::Invalid => self.packed.push('n'),
            Node::Scalar(Scalar::Bool(true)) => self.packed.push('t'),
            Node::Scalar(Scalar::Bool(false)) => self.packed.push('f'),
            Node::Scalar(Scalar::Int(number)) => self.write(format_args!("i{number};")),
            Node::Scalar(Scalar::Float(text)) => self.text("d", text),
            Node::Scalar(Scalar::Text(text)) => self.text("s", text),
            Node::Opaque => {
                let path = self.path();
                match (self.value)(&path) {
                    Some(number) => self.write(format_args!("v{number};")),
                    None => self.packed.push('n'),
                }
            }
            Node::List(items) => {
                self.write(format_args!("l{};", items.len()));
                for (index, item) in items.iter().enumerate() {
                    self.within(Step::Index(index), item);
                }
            }
            Node::Map(map) => {
                self.write(format_args!("m{};", map.len()));
                for (key, node) in map {
                    self.text("", key);
                    self.within(Step::Key(key), node);
                }
            }
        }
    }

    fn within(&mut self, step: Step<'a>, node: &'a Node) {
        self.around.push(step);
        self.push(node);
        self.around.pop();
    }

    fn path(&self) -> KeyPath {
        let step = |path: KeyPath, step: &Step<'a>| match *step {
            Step::Key(key) => path.key(key),
            Step::Index(index) => path.index(index),
        };
        self.around.iter().fold(KeyPath::root(), step)
    }

    fn text(&mut self, mark: &str, text: &str) {
        self.write(format_args!("{mark}{}:", text.len()));
        self.packed.push_str(text);
    }

    fn write(&mut self, text: fmt::Arguments<'_>) {
        // Writing to a `String` does not fail.
        let _ = self.packed.write_fmt(text);
    }
}

/// The draft that was packed, or `None` for text that no draft was packed into.
#[must_use]
pub fn unpack(packed: &str, values: &[Scalar]) -> Option<Node> {
    let mut rest = packed;
    let node = take(&mut rest, values)?;
    rest.is_empty().then_some(node)
}

fn take(rest: &mut &str, values: &[Scalar]) -> Option<Node> {
    let mark = rest.chars().next()?;
    *rest = rest.get(mark.len_utf8()..)?;
    Some(match mark {
        'n' => Node::Null,
        't' => Node::from(true),
        'f' => Node::from(false),
        'i' => Node::from(until(rest, ';')?.parse::<i64>().ok()?),
        'd' => Node::Scalar(Scalar::Float(text(rest)?.to_owned())),
        's' => Node::from(text(rest)?),
        'v' => Node::Scalar(values.get(number(rest, ';')?)?.clone()),
        'l' => {
            let count = number(rest, ';')?;
            let items: Option<Vec<Node>> = (0..count).map(|_| take(rest, values)).collect();
            Node::List(items?)
        }
        'm' => {
            let count = number(rest, ';')?;
            let entry = |_| Some((text(rest)?.to_owned(), take(rest, values)?));
            let entries: Option<Map> = (0..count).map(entry).collect();
            Node::Map(entries?)
        }
        _ => return None,
    })
}

fn until<'a>(rest: &mut &'a str, end: char) -> Option<&'a str> {
    let (before, after) = rest.split_once(end)?;
    *rest = after;
    Some(before)
}

fn number(rest: &mut &str, end: char) -> Option<usize> {
    until(rest, end)?.parse().ok()
}

fn text<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let length = number(rest, ':')?;
    let (text, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn nodes() -> impl Strategy<Value = Node> {
        let leaf = prop_oneof![
            Just(Node::Null),
            any::<bool>().prop_map(Node::from),
            any::<i64>().prop_map(Node::from),
            ".*".prop_map(Node::from),
            "[0-9]+\\.[0-9]+".prop_map(|text| Node::Scalar(Scalar::Float(text))),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            let list = prop::collection::vec(inner.clone(), 0..5).prop_map(Node::List);
            let entries = prop::collection::vec((".*", inner), 0..5);
            prop_oneof![
                list,
                entries.prop_map(|all| Node::Map(all.into_iter().collect()))
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(node in nodes()) {
            prop_assert_eq!(unpack(&pack(&node, &mut |_| None), &[]), Some(node));
        }

        #[test]
        fn no_text_panics(text in ".*") {
            let _ = unpack(&text, &[]);
        }
    }

    #[test]
    fn values_come_from_the_program() {
        let node = Node::Map(Map::from_iter([("a".to_owned(), Node::Opaque)]));
        let packed = pack(&node, &mut |at| (at.to_string() == "a").then_some(0));
        assert_eq!(packed, "m1;1:av0;");
        let unpacked = unpack(&packed, &[Scalar::Int(7)]).unwrap();
        assert_eq!(unpacked.get("a"), Some(&Node::from(7)));
        assert_eq!(unpack(&packed, &[]), None);
    }
}
