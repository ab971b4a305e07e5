use proptest::prelude::*;
use serde_yaml::Value;

use super::*;
use crate::manifest::draft::{Map, Node};
use crate::scalar::Scalar;

fn parse(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn expected(node: &Node) -> Value {
    match node {
        Node::Scalar(Scalar::Bool(value)) => (*value).into(),
        Node::Scalar(Scalar::Int(value)) => (*value).into(),
        Node::Scalar(Scalar::Float(text)) => parse(text),
        Node::Scalar(Scalar::Text(text)) => text.as_str().into(),
        Node::List(items) => Value::Sequence(items.iter().map(expected).collect()),
        Node::Map(map) => Value::Mapping(
            map.iter()
                .map(|(key, value)| (key.as_str().into(), expected(value)))
                .collect(),
        ),
        Node::Null | Node::Opaque | Node::Invalid => Value::Null,
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~\n\t]{0,24}",
        "[0-9xobeE_.:+-]{1,8}",
        "[a-z ]{0,6}(\n[ a-z#:]{0,6}){0,4}\n{0,2}",
        "[\u{85}\u{2028}\u{feff}\u{7f}a'\"\\\\ ]{0,6}",
    ]
}

fn tree() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        Just(Node::Null),
        any::<bool>().prop_map(Node::from),
        any::<i64>().prop_map(Node::from),
        text().prop_map(Node::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Node::List),
            prop::collection::vec((text(), inner), 0..4)
                .prop_map(|entries| Node::Map(entries.into_iter().collect::<Map>())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_tree_reads_back_as_itself(tree in tree()) {
        let written = node(&tree);
        prop_assert_eq!(parse(&written), expected(&tree), "{}", written);
    }

    #[test]
    fn text_reads_back_as_itself_wherever_it_stands(text in text(), note in text()) {
        let mut yaml = Writer::new();
        yaml.comment(&note);
        yaml.text("a", &scalar("x"));
        yaml.trailing(&note);
        yaml.blank();
        yaml.text("b", &text);
        yaml.flow_list("c", &[&text, "z"]);
        yaml.list("d", |yaml| yaml.item(&text));
        let written = yaml.finish();
        let read = parse(&written);
        prop_assert_eq!(&read["b"], &Value::from(text.as_str()), "{}", written);
        prop_assert_eq!(&read["c"][0], &Value::from(text.as_str()), "{}", written);
        prop_assert_eq!(&read["d"][0], &Value::from(text.as_str()), "{}", written);
    }
}

#[test]
fn words_and_numbers_of_any_yaml_are_quoted() {
    for text in [
        "on",
        "Off",
        "YES",
        "n",
        "null",
        "~",
        "",
        "1",
        "1.5",
        "-1",
        "+1",
        "0x1f",
        "0o17",
        "0b101",
        "1e3",
        "1_000",
        "12:30:45",
        "2026-11-22",
        "2026-11-22T10:00:00Z",
        ".inf",
        "-.inf",
        ".NaN",
        "=",
        "<<",
        "- a",
        "a: b",
        "a #b",
        "a:",
        " a",
        "a ",
        "@a",
        "%a",
        "!a",
        "---",
    ] {
        assert!(scalar(text).starts_with('"'), "{text} stays bare");
    }
}

#[test]
fn ordinary_text_stays_bare() {
    for text in [
        "actions/checkout@v7",
        "./.github/workflows/a.yaml",
        "${{ inputs.a == 'b' }}",
        "v1.2.0",
        "http://localhost",
        "3d3c42e5",
        "0b1f42e5",
        "a,b",
        "it's",
        "Grüße",
    ] {
        assert_eq!(scalar(text), text);
    }
    assert_eq!(scalar(r#"{"a": "b"}"#), r#"'{"a": "b"}'"#);
    assert_eq!(flow("a,b"), "\"a,b\"");
}

#[test]
fn collections_nest_with_two_spaces() {
    let mut yaml = Writer::new();
    yaml.comment("head\n\nmore");
    yaml.map("jobs", |yaml| {
        yaml.list("steps", |yaml| {
            yaml.comment("first");
            yaml.item_of("{}", |yaml| {
                yaml.comment("why");
                yaml.text("run", "a\nb\n");
                yaml.map("env", |_| {});
            });
            yaml.item_of("[]", |yaml| yaml.item_of("[]", |yaml| yaml.item("deep")));
            yaml.item_of("{}", |_| {});
        });
        yaml.blank();
        yaml.flow_list("needs", &["a", "on"]);
    });
    let expected = "\
# head
#
# more
jobs:
  steps:
    # first
    # why
    - run: |
        a
        b
      env: {}
    - - - deep
    - {}

  needs: [a, \"on\"]
";
    assert_eq!(yaml.finish(), expected);
}
