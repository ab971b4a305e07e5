//! The frame and the look of every page that cascade writes: one file that loads nothing.

use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("page.css");

/// The page may use its own styles and nothing else, whatever stands in it.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Returns a page with this title, which is plain text, around the content of its `main`.
#[must_use]
pub fn frame(title: &str, content: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="referrer" content="no-referrer";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { main { (content) } }
        }
    };
    page.into_string()
}

/// Returns content that may be wider than the page, in a box that scrolls by itself, also with the
/// keyboard. The label names the box and must be the only one of its kind on the page.
#[must_use]
pub fn wide(label: &str, content: &Markup) -> Markup {
    html! { div class="wide" role="region" tabindex="0" aria-label=(label) { (content) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_text() {
        let page = frame("<script>x</script>", &html! { p { "</main>" } });
        assert!(
            page.contains("<title>&lt;script&gt;x&lt;/script&gt;</title>"),
            "{page}"
        );
        assert!(page.contains("<main><p>&lt;/main&gt;</p></main>"), "{page}");
    }

    #[test]
    fn nothing_in_the_style_is_loaded() {
        for word in ["url(", "@import", "</"] {
            assert!(!STYLE.contains(word), "{word}");
        }
    }
}
