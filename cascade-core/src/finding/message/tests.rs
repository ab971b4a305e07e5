use super::*;
use crate::key_path::KeyPath;
use proptest::prelude::*;

fn at() -> KeyPath {
    KeyPath::root().key("deploys").index(1).key("name")
}

/// A surface that differs wherever one may.
struct Loud;

impl Spelling for Loud {
    fn place(&self, _: &KeyPath) -> String {
        "PLACE".to_owned()
    }
    fn setting(&self, setting: &Setting) -> String {
        format!("SET {}", setting.key)
    }
    fn sample(&self, _: &Sample) -> String {
        "SAMPLE".to_owned()
    }
    fn phrase(&self, _: Phrase) -> &'static str {
        "PHRASE"
    }
}

#[test]
fn every_kind_of_part_is_spelled_by_its_surface() {
    let poll = Setting::word("cadence", "poll");
    let cases = [
        (message!("two of {}", text = 3), "two of 3", "two of 3"),
        (message!("{}", key = "a.b"), "`a.b`", "`a.b`"),
        (
            message!("{}", place = &at()),
            "`deploys[1].name`",
            "`PLACE`",
        ),
        (message!("{}", value = "if: x"), "`if: x`", "`if: x`"),
        (message!("{}", name = "web"), "`web`", "`web`"),
        (
            message!("{}", setting = poll),
            "`cadence: poll`",
            "`SET cadence`",
        ),
        (
            message!("{}", setting = Setting::permission("contents", "read")),
            "`contents: read`",
            "`SET contents`",
        ),
        (
            message!("write {}", sample = Sample::taken("image.outputs.tag")),
            "write `{ from: image.outputs.tag }`",
            "write `SAMPLE`",
        ),
        (
            message!("add it to {}", phrase = Phrase::Configuration),
            "add it to the configuration",
            "add it to PHRASE",
        ),
        (
            message!("set it {}", phrase = Phrase::Top),
            "set it at the top of the configuration",
            "set it PHRASE",
        ),
        (
            message!("move it to {}", phrase = Phrase::Deploy),
            "move it to an entry of `deploys`",
            "move it to PHRASE",
        ),
    ];
    for (message, yaml, loud) in cases {
        assert_eq!(message.to_string(), yaml);
        assert_eq!(message.spelled(&Loud), loud);
    }
}

#[test]
fn samples_are_yaml_on_one_line() {
    let list = Sample::list(["rollback-requested", "undo"]);
    assert_eq!(list.to_string(), "[rollback-requested, undo]");
    let nested = Sample::map([
        ("a", Sample::Any),
        ("b", Sample::from(1)),
        ("c", true.into()),
    ]);
    assert_eq!(nested.to_string(), "{ a: ..., b: 1, c: true }");
}

#[test]
fn lists_end_in_a_word() {
    let listed =
        |names: &[&str]| Message::list(names.iter().map(Message::name), " or ").to_string();
    assert_eq!(listed(&[]), "");
    assert_eq!(listed(&["a"]), "`a`");
    assert_eq!(listed(&["a", "b"]), "`a` or `b`");
    assert_eq!(listed(&["a", "b", "c"]), "`a`, `b` or `c`");
}

#[test]
fn what_an_author_wrote_is_told_as_it_is() {
    let written = ["deploys: [x]", "a`b", "mode: pull", "deploys[1]"];
    for written in written {
        let message = message!("expected a name, found {}", value = written);
        assert_eq!(
            message.spelled(&Loud),
            format!("expected a name, found `{written}`")
        );
    }
}

fn any_message() -> impl Strategy<Value = Message> {
    prop_oneof![
        "[ -~]{0,12}".prop_map(Message::text),
        "[a-z_.]{1,12}".prop_map(Message::key),
        any::<String>().prop_map(Message::value),
        "[a-z`-]{1,8}".prop_map(Message::name),
        ("[a-z]{1,5}", "[a-z: ]{1,5}")
            .prop_map(|(key, value)| Message::setting(Setting::word(key, value))),
        Just(Message::place(&at())),
        Just(Message::phrase(Phrase::Top)),
    ]
}

proptest! {
    #[test]
    fn a_message_is_what_its_parts_say_one_after_another(
        all in proptest::collection::vec(any_message(), 0..8)
    ) {
        let message = all.iter().cloned().fold(Message::default(), Message::with);
        prop_assert_eq!(message.parts().len(), all.len());
        let yaml: String = all.iter().map(ToString::to_string).collect();
        prop_assert_eq!(message.to_string(), yaml);
        let loud: String = all.iter().map(|part| part.spelled(&Loud)).collect();
        prop_assert_eq!(message.spelled(&Loud), loud);
    }
}
