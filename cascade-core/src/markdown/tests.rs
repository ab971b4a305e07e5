use super::*;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// GitHub's additions to CommonMark.
const GITHUB: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_MATH)
    .union(Options::ENABLE_GFM);

/// The text that a paragraph, list item or cell renders as, with code between marks.
fn rendered(markdown: &str, options: Options) -> Result<String, String> {
    let mut text = String::new();
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Text(part) => text.push_str(&part),
            Event::Code(code) => text.push_str(&format!("\u{1}{code}\u{2}")),
            Event::InlineHtml(html) if ["<!---->", "<span>", "</span>"].contains(&&*html) => {}
            Event::Start(Tag::Paragraph | Tag::Item | Tag::List(None) | Tag::TableCell) => {}
            Event::Start(Tag::Table(_) | Tag::TableHead | Tag::TableRow) => {}
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Item
                | TagEnd::List(_)
                | TagEnd::TableCell
                | TagEnd::Table
                | TagEnd::TableHead
                | TagEnd::TableRow,
            ) => {}
            other => return Err(format!("{other:?} in {markdown}")),
        }
    }
    Ok(text)
}

/// The text that a reader sees of a subject: its code without the backticks, and CommonMark's blank on each side.
fn read(subject: &str) -> String {
    let line = one_line(subject);
    let parts = segments(&line).into_iter().map(|segment| match segment {
        Segment::Text(text) => text.to_owned(),
        Segment::Code(code) => {
            let inner = code.trim_matches('`');
            let padded = inner.starts_with(' ')
                && inner.ends_with(' ')
                && !inner.trim_matches(' ').is_empty();
            let inner = if padded {
                &inner[1..inner.len() - 1]
            } else {
                inner
            };
            format!("\u{1}{inner}\u{2}")
        }
    });
    parts.collect()
}

#[test]
fn text_renders_as_it_was_written() {
    for text in [
        "Option<Vec<T>>",
        "a `Option<Vec<T>>` b",
        "`@acme/pkg` by @octocat",
        "``a ` b`` c",
        "`a` and ` alone",
        "\\`a\\` `b`",
        "*a* _b_ **c** ~~d~~ a_b_c",
        "[a](b) ![a](b) <https://c> [^1]",
        "# a",
        "- a",
        "+ a",
        "* a",
        "1. a",
        "1) a",
        "> a",
        "=== a",
        "---",
        "~~~ a",
        "``` a",
        "    a",
        "a  ",
        "a\\",
        "&lt; &#35; &amp",
        "<!-- a --> <b>a</b>",
        "$a$ and $b",
        "a | b",
        "12",
        "1.2.3 is out",
        "- [ ] a",
        "# a #",
        "Setext\n===",
        "a\r\nb\u{0}c",
        "fixes #12, acme/app#12 and GH-12",
        "see https://example.com and www.example.com",
        ":tada: a",
        "0123456789abcdef0123456789abcdef01234567 and c0ffee1",
        "`a|b` | c",
        "é `ü` 日本",
    ] {
        let wanted = read(text);
        assert_eq!(rendered(&plain(text), GITHUB).unwrap(), wanted, "{text}");
        let item = format!("- {} (0123456)", plain(text));
        let item_wanted = format!("{wanted} (0123456)");
        assert_eq!(rendered(&item, GITHUB).unwrap(), item_wanted, "{text}");
        let row = format!("| x |\n|---|\n| {} |\n", cell(text));
        assert_eq!(
            rendered(&row, Options::ENABLE_TABLES).unwrap(),
            format!("x{wanted}"),
            "{text}"
        );
    }
}

#[test]
fn github_makes_no_reference_of_text() {
    for (text, wanted) in [
        ("@octocat", "@<!---->octocat"),
        ("a@example.com", "a@<!---->example.com"),
        ("a @ b", "a @ b"),
        ("#12", "#<!---->12"),
        ("acme/app#12", "acme/app#<!---->12"),
        ("C# 12", "C\\# 12"),
        ("2026.01.09 is old", "2026.01.09 is old"),
        ("1. a", "1\\. a"),
        ("1)", "1\\)"),
        ("GH-12", "GH-<!---->12"),
        ("https://example.com", "https:<!---->//example.com"),
        ("www.example.com", "www.<!---->example.com"),
        (":tada: x", ":<!---->tada: x"),
        ("a: b", "a: b"),
        ("c0ffee1", "c0ffee1"),
        (
            "0123456789abcdef0123456789abcdef01234567",
            "0<!---->123456789abcdef0123456789abcdef01234567",
        ),
        ("$a$", "<span>\\$</span>a<span>\\$</span>"),
        ("$HOME", "$HOME"),
        ("`@octocat #12 $a$ :tada:`", "`@octocat #12 $a$ :tada:`"),
    ] {
        assert_eq!(plain(text), wanted);
    }
}

#[test]
fn a_sentence_keeps_its_links() {
    let hash = "0123456789abcdef0123456789abcdef01234567";
    let text = format!("`dev`: #12 at {hash} by @octocat");
    let wanted = format!("`dev`: #12 at {hash} by @<!---->octocat");
    assert_eq!(sentence(&text), wanted);
    assert_eq!(cell(&text), wanted);
}

/// Texts with what means something in Markdown.
fn texts() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => "[!-/:-@\\[-`{-~]{1,3}",
        2 => "[a-z0-9 ]{1,4}",
        2 => "`{1,3}",
        1 => "(@|#|:|\\$|www\\.|https?://|GH-|<b>|<!--|-->|&amp;|&#3;|\\[a\\]\\(b\\)|1\\. |- )",
        1 => "\\PC",
        1 => "[\\n\\t\u{b} ]",
    ];
    proptest::collection::vec(part, 0..10).prop_map(|parts| parts.concat())
}

proptest! {
    /// CommonMark is the judge, with every extension, and in each place that text stands in.
    #[test]
    fn every_text_renders_as_it_was_written(text in texts()) {
        let wanted = read(&text);
        prop_assert_eq!(rendered(&plain(&text), GITHUB), Ok(wanted.clone()));
        prop_assert_eq!(rendered(&sentence(&text), GITHUB), Ok(wanted.clone()));
        let bold = format!("- x {}: y", plain(&text));
        prop_assert_eq!(rendered(&bold, Options::empty()), Ok(format!("x {wanted}: y")));
        let row = format!("| x |\n|---|\n| {} |\n", cell(&text));
        prop_assert_eq!(rendered(&row, Options::ENABLE_TABLES), Ok(format!("x{wanted}")));
    }
}
