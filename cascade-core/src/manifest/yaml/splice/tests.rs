use super::*;
use crate::manifest::yaml::tests::flow_value;
use proptest::prelude::*;

const NEW: &str = "dev:\n  sha: abc\n  tags: {}\n";

fn set(text: &str) -> String {
    let edits = Edits {
        state: Edit::Set(NEW),
        latest_release: Edit::Keep,
    };
    splice(text, "ci", edits).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn state_only(state: Edit<'_>) -> Edits<'_> {
    Edits {
        state,
        latest_release: Edit::Keep,
    }
}

#[test]
fn replaces_a_block() {
    let before = "# top\nci:\n  config: {a: b}   \n  # before\n  state: # managed\n    # hint\n    old:\n      x: 1 # gone\n  # after\n\nother: 1 # o\n";
    let after = "# top\nci:\n  config: {a: b}   \n  # before\n  state: # managed\n    # hint\n    dev:\n      sha: abc\n      tags: {}\n  # after\n\nother: 1 # o\n";
    assert_eq!(set(before), after);
    assert_eq!(set(after), after);
}

#[test]
fn replaces_whatever_stands_there() {
    let block = "\n    dev:\n      sha: abc\n      tags: {}";
    for (old, new) in [
        ("state: {} # c", format!("state: # c{block}")),
        ("state:", format!("state:{block}")),
        ("state:   ", format!("state:{block}")),
        ("state: # c", format!("state: # c{block}")),
        ("state: ~", format!("state:{block}")),
        (
            "'state' : {a: [1,\n   2]} # c",
            format!("'state' : # c{block}").replace(" : #", " : #"),
        ),
        (
            "state: &s !!map # c\n    a: 1",
            format!("state: # c{block}"),
        ),
        (
            "state:\n    a: |\n      x\n\n      y",
            format!("state:{block}"),
        ),
    ] {
        let before = format!("ci:\n  {old}\n  config: {{a: 1}}");
        assert_eq!(
            set(&before),
            format!("ci:\n  {new}\n  config: {{a: 1}}"),
            "{before}"
        );
        let last = format!("ci:\n  config: {{a: 1}}\n  {old}");
        assert_eq!(
            set(&last),
            format!("ci:\n  config: {{a: 1}}\n  {new}"),
            "{last}"
        );
    }
}

#[test]
fn inserts_after_config() {
    let before = "ci:\n    config:\n        a: b # c\n        # inner\n    # outer\nx: 1\n";
    let after = "ci:\n    config:\n        a: b # c\n        # inner\n    state:\n      dev:\n        sha: abc\n        tags: {}\n    # outer\nx: 1\n";
    assert_eq!(set(before), after);
    let both = Edits {
        state: Edit::Set("{}\n"),
        latest_release: Edit::Set("version: v1\n"),
    };
    assert_eq!(
        splice("ci:\n  config: {a: 1}", "ci", both).unwrap(),
        "ci:\n  config: {a: 1}\n  state: {}\n  latest_release:\n    version: v1"
    );
    assert_eq!(
        splice("ci:\n  state: {}\n  x: 1\n  config: {a: 1}\n", "ci", both).unwrap(),
        "ci:\n  state: {}\n  latest_release:\n    version: v1\n  x: 1\n  config: {a: 1}\n"
    );
}

#[test]
fn removes() {
    let gone = |text: &str| splice(text, "ci", state_only(Edit::Remove)).unwrap();
    assert_eq!(
        gone("ci:\n  config: {a: 1}\n  state:\n    x: 1\n# end\n"),
        "ci:\n  config: {a: 1}\n# end\n"
    );
    assert_eq!(
        gone("ci:\r\n  config: {a: 1}\r\n  state:\r\n    x: 1"),
        "ci:\r\n  config: {a: 1}"
    );
    assert_eq!(gone("ci:\n  config: {a: 1}\n"), "ci:\n  config: {a: 1}\n");
    let moved = Edits {
        state: Edit::Remove,
        latest_release: Edit::Set("{v: 1}"),
    };
    assert_eq!(
        splice("ci:\n  config: {a: 1}\n  state: {}\n", "ci", moved).unwrap(),
        "ci:\n  config: {a: 1}\n  latest_release: {v: 1}\n"
    );
}

#[test]
fn keeps_windows_line_endings() {
    let after = set("ci:\r\n  config: {a: 1}\r\n  state:\r\n    x: 1\r\n# end\r\n");
    assert_eq!(after.matches('\n').count(), after.matches("\r\n").count());
    assert!(after.ends_with("tags: {}\r\n# end\r\n"));
}

#[test]
fn refuses_what_it_cannot_edit() {
    let error = |text: &str| splice(text, "ci", state_only(Edit::Set(NEW))).unwrap_err();
    for text in [
        "ci: {config: {a: 1}, state: {}}\n",
        "x: &x\n  config: {a: 1}\nci: *x\n",
        "{ci: {config: {a: 1}}}",
        "b: &b {state: {}}\nci:\n  <<: *b\n  config: {a: 1}\n",
        "ci:\n  config: {a: 1}\n  ? state\n  : {}\n",
    ] {
        assert!(
            matches!(error(text), SpliceError::Layout(_)),
            "{text}: {:?}",
            error(text)
        );
    }
    let shared = "ci:\n  state: &s {a: 1}\n  config: {a: 1}\nx: *s\n";
    assert_eq!(error(shared), SpliceError::Entangled);
    assert!(matches!(error("ci: ["), SpliceError::Read(_)));
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("   ".to_owned()),
        "# [a-z:{}'ü ]{0,9}",
        "  # [a-z]{0,5}"
    ]
}

fn lines() -> impl Strategy<Value = String> {
    proptest::collection::vec(line(), 0..3)
        .prop_map(|lines| lines.iter().map(|line| format!("{line}\n")).collect())
}

proptest! {
    #[test]
    fn every_other_byte_stays(
        (head, middle, tail) in (lines(), lines(), lines()),
        (config, old, new) in (flow_value(3), flow_value(3), flow_value(3)),
        (crlf, state_first, final_newline) in any::<(bool, bool, bool)>(),
    ) {
        let config = format!("  config:\n    a: {config} # c\n");
        let section = format!("  state:\n    s: {old}\n");
        let (first, second) = if state_first { (&section, &config) } else { (&config, &section) };
        let mut text = format!("{head}ci:\n{middle}{first}{middle}{second}{tail}");
        if !final_newline {
            text.truncate(text.trim_end().len());
        }
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        let newline = if crlf { "\r\n" } else { "\n" };
        let value = format!("s: {new}\nt: |\n  two\n\n  lines\n");
        let result = splice(&text, "ci", state_only(Edit::Set(&value))).unwrap();
        let at = text.find(&format!("    s: {old}")).unwrap();
        let end = at + format!("    s: {old}").len();
        let written = format!("    s: {new}\n    t: |\n      two\n\n      lines").replace('\n', newline);
        prop_assert_eq!(&result, &format!("{}{written}{}", &text[..at], &text[end..]));
        let before = Manifest::read(text.as_bytes(), "ci").unwrap();
        let after = Manifest::read(result.as_bytes(), "ci").unwrap();
        prop_assert_eq!(before.config(), after.config());
        let expected = read(value.as_bytes()).unwrap().root().unwrap().draft();
        prop_assert_eq!(after.state().unwrap().draft(), expected);
    }
}

#[test]
fn pins_are_set_and_everything_else_stays() {
    use super::set_action_pins;
    let pins = |action: &str, pin: &str| {
        std::collections::BTreeMap::from([(action.to_owned(), pin.parse().unwrap())])
    };
    let commit = "0123456789abcdef0123456789abcdef01234567 # v7.0.2";
    let new = pins("actions/checkout", commit);
    for (before, after) in [
        (
            "ci:\n  config:\n    trunk_branch: main # ours\n    environments: [dev]\n",
            "ci:\n  config:\n    trunk_branch: main # ours\n    action_pins:\n      actions/checkout: \"PIN\"\n    environments: [dev]\n",
        ),
        (
            "ci:\n  config:\n    action_pins: # all\n      # the first\n      actions/checkout: v7 # why\n      actions/upload-artifact: v7\n    trunk_branch: main\n",
            "ci:\n  config:\n    action_pins: # all\n      # the first\n      actions/checkout: \"PIN\" # why\n      actions/upload-artifact: v7\n    trunk_branch: main\n",
        ),
        (
            "ci:\n  config:\n    trunk_branch: main\n    action_pins: { actions/upload-artifact: v7, actions/checkout: v7 }\n",
            "ci:\n  config:\n    trunk_branch: main\n    action_pins:\n      actions/upload-artifact: v7\n      actions/checkout: \"PIN\"\n",
        ),
        (
            "ci:\r\n  config:\r\n    trunk_branch: main\r\n",
            "ci:\r\n  config:\r\n    trunk_branch: main\r\n    action_pins:\r\n      actions/checkout: \"PIN\"\r\n",
        ),
    ] {
        let written = set_action_pins(before, "ci", &new).unwrap();
        assert_eq!(written, after.replace("PIN", commit));
        assert_eq!(set_action_pins(&written, "ci", &new).unwrap(), written);
    }
    let flow = "ci: { config: { trunk_branch: main } }\n";
    assert!(set_action_pins(flow, "ci", &new).is_err());
}
