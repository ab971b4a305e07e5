use super::*;
use proptest::prelude::*;

fn check_spans(document: &Document, view: View<'_>) {
    let text = document.text();
    let span = view.span();
    assert!(
        span.start <= span.end && text.get(span.range()).is_some(),
        "{span:?}"
    );
    match view.kind() {
        Kind::Scalar(scalar, Style::Plain) if !view.is_alias() => {
            let raw = document.slice(span);
            if !raw.contains('\n') && !matches!(scalar, Scalar::Bool(_)) {
                assert_eq!(raw, scalar.text());
            }
        }
        Kind::Scalar(_, Style::Quoted) if !view.is_alias() => {
            let raw = document.slice(span);
            assert!(
                raw.starts_with(['\'', '"']) && raw.ends_with(['\'', '"']),
                "{raw}"
            );
        }
        _ => {}
    }
    for item in view.items() {
        check_spans(document, item);
    }
    for (key, value) in view.entries() {
        let entry = view.entry(key).unwrap();
        let raw = document.slice(entry.key);
        if !entry.merged && !raw.contains(['\n', '\'', '"', '*', '|', '>']) {
            assert_eq!(raw, key);
        }
        check_spans(document, value);
    }
}

fn check_all(bytes: &[u8]) {
    if let Ok(document) = read(bytes)
        && let Some(root) = document.root()
    {
        check_spans(&document, root);
    }
    if let Ok(manifest) = Manifest::read(bytes, "ci") {
        let _ = manifest.body_keys();
        let _ = manifest.span(&KeyPath::root().key("a").index(0).part(1));
    }
}

fn fragment() -> impl Strategy<Value = String> {
    let pieces = [
        "a",
        "b: ",
        "ci:",
        "\n",
        "  ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        ", ",
        "'",
        "\"",
        "&x ",
        "*x",
        "<<: ",
        "# c\n",
        "|\n",
        ">-\n",
        "!!str ",
        "? ",
        ": ",
        "---\n",
        "...",
        "ü",
        "\r\n",
        "\t",
        "1",
        "true",
        "~",
        "config:\n",
        "\u{feff}",
        "%YAML 1.2\n",
        "\u{85}",
        "\\",
    ];
    proptest::collection::vec(proptest::sample::select(pieces.to_vec()), 0..40)
        .prop_map(|pieces| pieces.concat())
}

/// Well-formed YAML of one nested value, in block or flow style.
pub(in crate::manifest::yaml) fn flow_value(depth: u32) -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "[a-zü][a-z0-9ü._/-]{0,8}",
        "[0-9]{1,4}",
        "'[a-z ü#:]{0,6}'",
        "\"[a-z ü#:]{0,6}\"",
    ];
    leaf.prop_recursive(depth, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| format!("[{}]", items.join(" , "))),
            proptest::collection::vec(inner, 0..4).prop_map(|items| {
                let entry = |(n, item): (usize, &String)| format!("k{n}: {item}");
                format!(
                    "{{{}}}",
                    items
                        .iter()
                        .enumerate()
                        .map(entry)
                        .collect::<Vec<_>>()
                        .join(", ")
                )
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn arbitrary_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        check_all(&bytes);
    }

    #[test]
    fn arbitrary_text(text in "\\PC{0,80}") {
        check_all(text.as_bytes());
    }

    #[test]
    fn yaml_like_text(text in fragment()) {
        check_all(text.as_bytes());
    }

    #[test]
    fn flow_values(value in flow_value(4)) {
        let text = format!("# ü\r\nx:\r\n  - {value}   # c\r\n  - &a {value}\r\n  - *a\r\n");
        let document = document(&text);
        let root = document.root().unwrap();
        check_spans(&document, root);
        let items: Vec<_> = root.get("x").unwrap().items().collect();
        prop_assert_eq!(document.slice(items[0].span()), value.as_str());
        prop_assert_eq!(document.slice(items[1].span()), value.as_str());
        prop_assert_eq!(items[0].draft(), items[2].draft());
    }
}
