use super::*;
use crate::key_path::KeyPath;
use crate::manifest::draft::Node;
use crate::scalar::Scalar;

mod faults;
mod places;
mod properties;

pub(super) use properties::flow_value;

fn document(text: &str) -> Document {
    read(text.as_bytes()).unwrap_or_else(|errors| panic!("{errors:?}\n{text}"))
}

fn errors(text: &str) -> Vec<ReadError> {
    read(text.as_bytes()).expect_err("the text is wrong")
}

fn codes(text: &str) -> Vec<&'static str> {
    errors(text).iter().map(|error| error.rule.code).collect()
}

fn draft(text: &str) -> Node {
    document(text).root().map_or(Node::Null, View::draft)
}

#[test]
fn scalars_and_collections() {
    let node =
        draft("a: 1\n\"b\": [x, 'true', true, 1.10]\nc:\n- |\n  two\n  lines\n- ~\nd: {e: }\n");
    assert_eq!(node.get("a"), Some(&Node::from(1)));
    let Some(Node::List(items)) = node.get("b") else {
        panic!("{node:?}")
    };
    assert_eq!(items[0], Node::from("x"));
    assert_eq!(items[1], Node::from("true"));
    assert_eq!(items[2], Node::from(true));
    assert_eq!(items[3], Node::Scalar(Scalar::Float("1.10".to_owned())));
    assert_eq!(
        node.get("c"),
        Some(&Node::List(vec![Node::from("two\nlines\n"), Node::Null]))
    );
    assert_eq!(node.get("d").and_then(|d| d.get("e")), Some(&Node::Null));
}

#[test]
fn keys_are_text_as_it_was_written() {
    let node = draft("on: 1\ntrue: 2\n1.10: 3\n");
    let Node::Map(map) = node else {
        panic!("a mapping")
    };
    assert_eq!(map.keys().collect::<Vec<_>>(), ["on", "true", "1.10"]);
}

#[test]
fn tags_of_the_core_schema() {
    let node = draft("a: !!str 1\nb: !!int 7\nc: !!map {x: 1}\nd: ! 2\ne: !!seq\n- 1\n");
    assert_eq!(node.get("a"), Some(&Node::from("1")));
    assert_eq!(node.get("b"), Some(&Node::from(7)));
    assert_eq!(node.get("d"), Some(&Node::from("2")));
    assert_eq!(codes("a: !secret x\n"), ["C021"]);
    assert_eq!(codes("a: !!int x\n"), ["C021"]);
    assert_eq!(codes("a: !!seq {x: 1}\n"), ["C021"]);
}

#[test]
fn aliases_and_merges() {
    let text = "base: &base {a: 1, b: 1}\nmore: &more {b: 2, c: 2}\none: {<<: *base, b: 9}\n\
                two: {<<: [*base, *more], d: 4}\nsame: *base\nquoted: {'<<': 1}\n";
    let node = draft(text);
    let of = |name: &str| node.get(name).cloned().unwrap_or(Node::Null);
    assert_eq!(of("one").get("a"), Some(&Node::from(1)));
    assert_eq!(of("one").get("b"), Some(&Node::from(9)));
    assert_eq!(of("two").get("b"), Some(&Node::from(1)));
    assert_eq!(of("two").get("c"), Some(&Node::from(2)));
    assert_eq!(of("two").get("d"), Some(&Node::from(4)));
    assert_eq!(of("same"), of("base"));
    assert_eq!(of("quoted").get("<<"), Some(&Node::from(1)));
}

#[test]
fn manifest_body() {
    let of = |text: &str| Manifest::read(text.as_bytes(), "ci");
    let manifest =
        of("ci:\n  config:\n    trunk_branch: main\n  state: {}\n  nonsense: 1\n").unwrap();
    let names: Vec<_> = manifest.body_keys().iter().map(|key| key.name).collect();
    assert_eq!(names, ["config", "state", "nonsense"]);
    assert!(manifest.latest_release().is_none());
    assert!(manifest.state().is_some());
    let span = manifest.span(&KeyPath::root().key("trunk_branch"));
    assert_eq!(manifest.document().slice(span), "main");
    for text in [
        "",
        "ci:\n",
        "ci: {state: {}}\n",
        "ci: {config: }\n",
        "cd: {config: {}}\n",
        "- 1\n",
        "x\n",
    ] {
        let errors = of(text).unwrap_err();
        assert_eq!(errors[0].rule.code, "C025", "{text}");
    }
}
