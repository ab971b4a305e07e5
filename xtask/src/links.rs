//! Links between the pages of this repository.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// A link or an image of a page, with the place of its destination in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its destination.
    pub destination: String,
    /// The bytes of the whole link in the page.
    pub range: std::ops::Range<usize>,
}

/// Returns the links of a page.
#[must_use]
pub fn links(page: &str) -> Vec<Link> {
    let events = Parser::new_ext(page, Options::ENABLE_TABLES).into_offset_iter();
    let links = events.filter_map(|(event, range)| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(Link {
            destination: dest_url.into_string(),
            range,
        }),
        _ => None,
    });
    links.collect()
}

/// Returns the anchors of a page's headings, as GitHub makes them.
#[must_use]
pub fn anchors(page: &str) -> BTreeSet<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut found = BTreeSet::new();
    let mut title: Option<String> = None;
    for event in Parser::new_ext(page, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { .. }) => title = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                let slug = slug(&title.take().unwrap_or_default());
                let before = seen.entry(slug.clone()).or_default();
                found.insert(match *before {
                    0 => slug,
                    again => format!("{slug}-{again}"),
                });
                *before += 1;
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(title) = &mut title {
                    title.push_str(&text);
                }
            }
            _ => {}
        }
    }
    found
}

fn slug(title: &str) -> String {
    let kept = |letter: &char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_');
    let letters = title.trim().chars().filter(kept);
    letters.collect::<String>().to_lowercase().replace(' ', "-")
}

/// Returns where a relative link of the page at `from` leads: the file, and the anchor in it. `None`
/// for a link to another place on the web.
#[must_use]
pub fn target(from: &Path, destination: &str) -> Option<(PathBuf, Option<String>)> {
    if destination.contains("://") || destination.starts_with("mailto:") {
        return None;
    }
    let (file, anchor) = destination.split_once('#').unwrap_or((destination, ""));
    let anchor = (!anchor.is_empty()).then(|| anchor.to_owned());
    let path = match file {
        "" => from.to_owned(),
        file => normal(&from.parent().unwrap_or(from).join(file)),
    };
    Some((path, anchor))
}

fn normal(path: &Path) -> PathBuf {
    let mut parts = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                parts.pop();
            }
            Component::CurDir => {}
            other => parts.push(other),
        }
    }
    parts
}

/// Returns what is wrong with the links of a page, one line each.
#[must_use]
pub fn broken(page: &Path) -> Vec<String> {
    let Ok(text) = fs::read_to_string(page) else {
        return vec![format!("{} cannot be read", page.display())];
    };
    let wrong = |link: &Link| {
        let (file, anchor) = target(page, &link.destination)?;
        let why = match (file.exists(), anchor) {
            (false, _) => "there is no such file",
            (true, Some(anchor)) if file.extension().is_some_and(|ext| ext == "md") => {
                let known = anchors(&fs::read_to_string(&file).unwrap_or_default());
                match known.contains(&anchor) {
                    true => return None,
                    false => "there is no such heading",
                }
            }
            _ => return None,
        };
        let line = text[..link.range.start].lines().count().max(1);
        Some(format!(
            "{}:{line}: {}: {why}",
            page.display(),
            link.destination
        ))
    };
    links(&text).iter().filter_map(wrong).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_those_of_github() {
        let page = "# A `--flag` of it\n\n## A tail\n\n## A tail\n\n## It's (not) one: two\n";
        let expected = ["a---flag-of-it", "a-tail", "a-tail-1", "its-not-one-two"];
        let expected: BTreeSet<String> = expected.map(str::to_owned).into();
        assert_eq!(anchors(page), expected);
    }

    #[test]
    fn a_link_leads_from_its_page() {
        let from = Path::new("docs/errors/C001.md");
        let to = |destination: &str| target(from, destination);
        let file =
            |path: &str, anchor: Option<&str>| Some((path.into(), anchor.map(str::to_owned)));
        assert_eq!(
            to("../security.md#tokens"),
            file("docs/security.md", Some("tokens"))
        );
        assert_eq!(to("../../README.md"), file("README.md", None));
        assert_eq!(to("#here"), file("docs/errors/C001.md", Some("here")));
        assert_eq!(to("https://example.com/x"), None);
    }
}
