use super::*;
use crate::manifest::TargetField;

fn edited(text: &str, path: &str, field: &str, value: &str) -> Result<Edited, NotEdited> {
    let field: TargetField = field.parse().unwrap();
    edit(text, path, &field.steps("prod"), value)
}

fn changed(text: &str, field: &str, value: &str) -> String {
    match edited(text, "a.yaml", field, value) {
        Ok(Edited::Changed(text)) => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn only_the_value_changes() {
    let text = "# head\r\nb: 1   # one\r\nimage:\r\n    tag:   v1 # ours\r\n\r\na: {c:  2}\r\n";
    assert_eq!(changed(text, "image.tag", "v2"), text.replace("v1", "v2"));
    let list = "spec:\n  containers:\n  - image: \"a:1\"\n  - {image: 'b:1', x: y}\n";
    let expected = list.replace("a:1", "a:2");
    assert_eq!(changed(list, "spec.containers[0].image", "a:2"), expected);
    let expected = list.replace("b:1", "b:2");
    assert_eq!(changed(list, "spec.containers.1.image", "b:2"), expected);
    let labels = "labels:\n  app.kubernetes.io/version: v1\n";
    let field = "labels[\"app.kubernetes.io/version\"]";
    assert_eq!(changed(labels, field, "v2"), labels.replace("v1", "v2"));
}

#[test]
fn text_stays_text_whatever_it_is() {
    for value in [
        "1.10",
        "true",
        "null",
        "",
        "a: b",
        "x # y",
        "'",
        "\"",
        "\\",
        "a\nb",
        "*x",
        "&x",
        "${{ secrets.X }}",
        "{a}",
        "- a",
        "1e3",
        "0x1f",
        "2026-01-01",
        "\u{202e}x",
        "~",
    ] {
        for text in [
            "t: v1\n",
            "t: 'v1'\n",
            "t: \"v1\"\n",
            "x: [1, {t: v1, u: 2}]\n",
        ] {
            let field = if text.starts_with('x') { "x[1].t" } else { "t" };
            let result = changed(text, field, value);
            assert_eq!(
                edited(&result, "a.yaml", field, value),
                Ok(Edited::Same),
                "{result}"
            );
        }
    }
}

#[test]
fn json_stays_json() {
    let text = "{\n\t\"image\": {\"tag\": \"v1\", \"n\": [1, null]}\n}\n";
    let edit = edited(text, "a.json", "image.tag", "a\"\u{1}b");
    let expected = text.replace("\"v1\"", "\"a\\\"\\u0001b\"");
    assert_eq!(edit, Ok(Edited::Changed(expected)));
    let edit = edited(text, "a.json", "image.n[1]", "v2");
    assert_eq!(edit, Ok(Edited::Changed(text.replace("null", "\"v2\""))));
    let broken = edited("{a: v1}", "a.json", "a", "v2");
    assert!(
        matches!(broken, Err(NotEdited::Unreadable(1, _))),
        "{broken:?}"
    );
}

#[test]
fn a_number_becomes_text_and_nothing_becomes_a_value() {
    assert_eq!(changed("t: 1.1\n", "t", "1.1"), "t: \"1.1\"\n");
    assert_eq!(changed("t:\nu: 1\n", "t", "v1"), "t: v1\nu: 1\n");
    assert_eq!(changed("t: # later\n", "t", "v1"), "t: v1 # later\n");
    assert_eq!(changed("t: ~\n", "t", "v1"), "t: v1\n");
}

#[test]
fn the_document_that_has_the_field_is_changed() {
    let text = "kind: Service\n---\nkind: Deployment\nimage: a:1\n--- # last\nx: |\n  ---\n";
    assert_eq!(changed(text, "image", "a:2"), text.replace("a:1", "a:2"));
    let twice = edited("a: 1\n---\na: 2\n", "a.yaml", "a", "x");
    assert_eq!(twice, Err(NotEdited::Ambiguous));
    let broken = edited("a: 1\n---\nb: [\n", "a.yaml", "a", "x");
    assert!(
        matches!(broken, Err(NotEdited::Unreadable(3.., _))),
        "{broken:?}"
    );
}

#[test]
fn what_cannot_be_changed_alone_is_refused() {
    let refused = |text: &str, field: &str| edited(text, "a.yaml", field, "v2").unwrap_err();
    assert_eq!(refused("a: 1\n", "b.c"), NotEdited::Missing("b".to_owned()));
    assert_eq!(
        refused("a: {}\n", "a.c"),
        NotEdited::Missing("a.c".to_owned())
    );
    assert_eq!(
        refused("a: [1]\n", "a[1]"),
        NotEdited::Missing("a[1]".to_owned())
    );
    assert_eq!(refused("", "a"), NotEdited::Missing("a".to_owned()));
    assert_eq!(refused("a: { b: 1 }\n", "a"), NotEdited::NotAScalar);
    assert_eq!(refused("a: &x v1\nb: *x\n", "a"), NotEdited::Entangled);
    assert_eq!(refused("a: &x v1\nb: *x\n", "b"), NotEdited::Elsewhere);
    let merged = "base: &b { tag: v1 }\nimage:\n  <<: *b\n";
    assert_eq!(refused(merged, "image.tag"), NotEdited::Elsewhere);
    assert_eq!(refused("a: |\n  v1\n", "a"), NotEdited::Entangled);
}
