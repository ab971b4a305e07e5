use super::*;

#[test]
fn duplicates_are_reported_together() {
    let text = "a: 1\nb: {c: 1, c: 2, c: 3}\na: 2\n";
    let document = errors(text);
    let spans: Vec<_> = document
        .iter()
        .map(|error| (error.span.start, error.note.as_ref().unwrap().span.start))
        .collect();
    assert_eq!(codes(text), ["C022", "C022", "C022"]);
    assert_eq!(spans, [(15, 9), (21, 9), (27, 0)]);
    assert_eq!(codes("a: 1\na: 2\nb: [\n"), ["C022", "C021"]);
}

#[test]
fn not_text() {
    assert_eq!(read(b"a: \xff").unwrap_err()[0].rule.code, "C024");
    assert_eq!(read(b"a: 1\0b: 2").unwrap_err()[0].rule.code, "C024");
    assert_eq!(read(b"\xff\xfea\0").unwrap_err()[0].rule.code, "C024");
}

#[test]
fn byte_order_mark() {
    let document = document("\u{feff}ü: ä\n");
    let span = document.span(&KeyPath::root().key("ü"), &[]).unwrap();
    assert_eq!(document.slice(span), "ä");
}

#[test]
fn several_documents() {
    assert_eq!(codes("a: 1\n---\nb: 2\n"), ["C021"]);
    assert!(read(b"---\na: 1\n...\n").is_ok());
}

#[test]
fn syntax() {
    for text in [
        "a: [1",
        "a: b: c",
        "a: *nowhere",
        "a: 'x",
        "{a: 1}}",
        "? [a]\n: 1\n",
        ": 1\n",
        "a: &x [*x]\n",
        "{[a]: 1}",
    ] {
        assert_eq!(codes(text), ["C021"], "{text}");
    }
    assert!(
        errors("a:\n\tb: 1\n")[0]
            .help
            .as_ref()
            .unwrap()
            .contains("tabs")
    );
}

#[test]
fn merges() {
    for text in [
        "<<: 1\n",
        "<<: [1]\n",
        "a: &a x\n<<: *a\n",
        "<<:\n",
        "<<: [[]]\n",
    ] {
        assert_eq!(codes(text), ["C026"], "{text}");
    }
    assert_eq!(codes("<<: {}\n<<: {}\n"), ["C022"]);
}

#[test]
fn deep() {
    let brackets = 100_000;
    assert_eq!(codes(&"[".repeat(brackets)), ["C023"]);
    assert_eq!(codes(&"{a: ".repeat(brackets)), ["C023"]);
    assert_eq!(codes(&"- ".repeat(brackets)), ["C023"]);
    assert_eq!(codes(&"[\n".repeat(brackets)), ["C023"]);
    assert!(read("? ".repeat(brackets).as_bytes()).is_err());
    let block: String = (0..500)
        .map(|depth| format!("{}a:\n", " ".repeat(depth)))
        .collect();
    assert_eq!(codes(&block), ["C023"]);
}

#[test]
fn deep_through_aliases() {
    let mut text = "a0: &a0 x\n".to_owned();
    for level in 1..200 {
        text += &format!("a{level}: &a{level} [*a{}]\n", level - 1);
    }
    assert_eq!(codes(&text), ["C023"]);
}

#[test]
fn bombs() {
    let mut laughs = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for level in 1..20 {
        let alias = format!("*a{}", level - 1);
        laughs += &format!("a{level}: &a{level} [{}]\n", [alias.as_str(); 10].join(","));
    }
    assert_eq!(codes(&laughs), ["C023"]);
    let wide = format!(
        "a: &a {}\nb:\n{}",
        "x".repeat(1_000_000),
        "- *a\n".repeat(100)
    );
    assert_eq!(codes(&wide), ["C023"]);
    let fields: String = (0..5_000).map(|n| format!("  k{n}: 1\n")).collect();
    let merges: String = (0..1_000).map(|n| format!("m{n}: {{<<: *a}}\n")).collect();
    assert_eq!(codes(&format!("a: &a\n{fields}{merges}")), ["C023"]);
}

#[test]
fn enormous() {
    let large = vec![b'a'; 50_000_000];
    assert_eq!(read(&large).unwrap_err()[0].rule.code, "C023");
    assert_eq!(codes(&"- 1\n".repeat(1_500_000)), ["C023"]);
    assert_eq!(codes(&"x\n".repeat(1_000_000)), ["C023"]);
    assert!(read("x\n".repeat(200_000).as_bytes()).is_ok());
    assert_eq!(codes(&format!("[{}", "a,\n".repeat(1_000_000))), ["C023"]);
}

#[test]
fn many_errors_stay_few() {
    assert_eq!(errors(&"a: 1\n".repeat(10_000)).len(), 100);
}
