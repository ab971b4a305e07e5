//! The parts of a repository that are released on their own, and the settings that follow.

use super::{Note, Outcome, Place};
use crate::manifest::draft::{Map, Node};
use crate::manifest::{RelativePath, TagPrefix};
use crate::pipeline::TagGrammar;
use crate::version::Version;
use std::str::FromStr;

/// A part of a repository that is released on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its name as a component.
    pub name: String,
    /// Its folder; `.` for the whole repository.
    pub path: String,
    /// The text before its versions in tags.
    pub prefix: String,
    /// The version that the configuration names as the last one, and where.
    pub version: Option<(String, Place)>,
    /// The place that declares it.
    pub place: Place,
}

/// The settings of a pipeline that follow from what is released.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settings {
    /// Settings of the configuration, by key.
    pub map: Map,
    /// Remarks about them.
    pub notes: Vec<Note>,
}

/// The path of the whole repository.
pub(super) const ROOT: &str = ".";

impl Part {
    /// Returns the part that is the whole repository.
    pub(super) fn root(prefix: &str, place: Place) -> Self {
        Self {
            name: "root".to_owned(),
            path: ROOT.to_owned(),
            prefix: prefix.to_owned(),
            version: None,
            place,
        }
    }
}

/// Returns a folder as the path of a part.
pub(super) fn folder(path: &str) -> &str {
    match path.trim_start_matches("./").trim_end_matches('/') {
        "" => ROOT,
        folder => folder,
    }
}

/// Returns the path of a file in a folder; an empty one is the repository's top.
pub(super) fn within(folder: &str, name: &str) -> String {
    match folder {
        "" | ROOT => name.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}

/// Returns the settings for the parts of a repository: one part becomes the pipeline itself,
/// several become `components`. `tags` are those of the repository.
#[must_use]
pub fn settings(parts: &[Part], is_one_of_several: bool, tags: &[String]) -> Settings {
    let mut settings = Settings::default();
    let checked: Vec<Part> = parts
        .iter()
        .map(|part| with_possible_prefix(part, &mut settings.notes))
        .collect();
    for part in &checked {
        settings.notes.push(base(part, tags));
    }
    match checked.as_slice() {
        [] => {}
        [only] => single(only, is_one_of_several, &mut settings),
        several => {
            if let Some(why) = not_apart(several) {
                let place = several[0].place.clone();
                let note = Note::new(Outcome::ByHand, place, why);
                settings.notes.push(note.help(
                    "the manifest releases the repository as a whole, with the first of these \
                     prefixes; give each package a prefix of its own and migrate again, or write \
                     `components` yourself",
                ));
                prefix(&several[0].prefix, &mut settings.map);
            } else {
                let components = several.iter().map(component).collect::<Map>();
                settings
                    .map
                    .insert("components".to_owned(), Node::Map(components));
                settings.notes.extend(several.iter().map(|part| {
                    let Part { name, path, .. } = part;
                    let message = format!(
                        "the package `{path}` becomes the component `{name}`, with tags `{}1.2.3`",
                        part.prefix
                    );
                    Note::new(Outcome::Carried, part.place.clone(), message)
                }));
            }
        }
    }
    settings
}

fn single(part: &Part, is_one_of_several: bool, settings: &mut Settings) {
    prefix(&part.prefix, &mut settings.map);
    // Otherwise the bare versions of another part would be versions of this one.
    if is_one_of_several && !part.prefix.is_empty() {
        let grammar = settings.map.entry("tag_grammar".to_owned());
        if let Node::Map(grammar) = grammar.or_insert_with(|| Node::Map(Map::new())) {
            grammar.insert("strict_prefix".to_owned(), true.into());
        }
    }
    let place = || part.place.clone();
    let shown = format!("tags are `{}1.2.3`", part.prefix);
    settings
        .notes
        .push(Note::new(Outcome::Carried, place(), shown));
    if part.path == ROOT {
        return;
    }
    let mut pattern = String::new();
    for c in part.path.trim_end_matches('/').chars() {
        if "*?+[]!\\".contains(c) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push_str("/**");
    let message = format!("only changes in `{}` start a run", part.path);
    settings
        .notes
        .push(Note::new(Outcome::Carried, place(), message));
    let triggers = Node::List(vec![pattern.as_str().into()]);
    settings.map.insert("triggers".to_owned(), triggers);
}

fn prefix(prefix: &str, map: &mut Map) {
    if prefix != "v" {
        map.insert("tag_grammar".to_owned(), grammar(prefix));
    }
}

fn grammar(prefix: &str) -> Node {
    Node::Map(Map::from_iter([("prefix".to_owned(), prefix.into())]))
}

fn component(part: &Part) -> (String, Node) {
    let block = Map::from_iter([
        ("path".to_owned(), part.path.as_str().into()),
        ("tag_grammar".to_owned(), grammar(&part.prefix)),
    ]);
    (part.name.clone(), Node::Map(block))
}

/// Returns the reason why several parts cannot be components; `None` if they can.
fn not_apart(parts: &[Part]) -> Option<String> {
    for (position, part) in parts.iter().enumerate() {
        if RelativePath::from_str(&part.path).is_err() {
            return Some(format!("`{}` is not a path in the repository", part.path));
        }
        let before = &parts[..position];
        if let Some(other) = before.iter().find(|other| other.prefix == part.prefix) {
            return Some(format!(
                "`{}` and `{}` have the same tags, `{}1.2.3`, and components are told apart by theirs",
                other.path, part.path, part.prefix
            ));
        }
    }
    None
}

fn with_possible_prefix(part: &Part, notes: &mut Vec<Note>) -> Part {
    let mut part = part.clone();
    if let Err(problem) = TagPrefix::from_str(&part.prefix) {
        let fits = |c: &char| c.is_ascii_alphanumeric() || "._/-".contains(*c);
        let possible: String = part.prefix.chars().filter(fits).collect();
        let possible = possible.trim_end_matches(|c: char| c.is_ascii_digit());
        let possible = match TagPrefix::from_str(possible) {
            Ok(prefix) => prefix.as_str().to_owned(),
            Err(_) => "v".to_owned(),
        };
        let message = format!(
            "tags like `{}1.2.3` cannot be versions of a pipeline: {}",
            part.prefix, problem.message
        );
        let note = Note::new(Outcome::ByHand, part.place.clone(), message);
        notes.push(note.help(format!(
            "the manifest has the prefix `{possible}`: give the commit of the last release a second tag with it"
        )));
        part.prefix = possible;
    }
    part
}

/// Returns a note about the release that the next version is counted from: the highest tag of the prefix.
/// Says what versions are counted from, where no file names the last one.
fn base_of_tags(part: &Part, highest: Option<String>) -> Note {
    let place = part.place.clone();
    match highest {
        Some(tag) => {
            let message = format!("the last release is `{tag}`, by its tag");
            Note::new(Outcome::Carried, place, message).help("versions are counted from it")
        }
        None => {
            let message = format!("this clone has no tag `{}1.2.3` of a release", part.prefix);
            Note::new(Outcome::LeftOut, place, message).help(
                "if there is one, `git fetch --tags` brings it; without one, the first version is 0.1.0",
            )
        }
    }
}

/// Says what to do about a last version that has no tag.
fn untagged(
    (version, place): (&String, &Place),
    tag: &str,
    tags: &[String],
    highest: Option<String>,
) -> Note {
    let message = format!("the last version is {version}, and this clone has no tag `{tag}`");
    let other = tags.iter().find(|tag| {
        let before = tag.strip_suffix(version.as_str());
        before.is_some_and(|before| !before.ends_with(|c: char| c.is_ascii_digit() || c == '.'))
    });
    let found = match (highest, other) {
        (Some(highest), _) => format!("the highest is `{highest}`"),
        (None, Some(other)) => {
            format!("there is `{other}`: if that is the release, change `tag_grammar.prefix`")
        }
        (None, None) => "with no tag, they begin at 0.1.0".to_owned(),
    };
    Note::new(Outcome::ByHand, place.clone(), message).help(format!(
        "versions are counted from tags, and {found}: `git fetch --tags`, or tag the commit of \
         that release: git tag {tag} COMMIT && git push origin {tag}"
    ))
}

fn base(part: &Part, tags: &[String]) -> Note {
    let grammar = TagGrammar {
        prefix: part.prefix.clone(),
        prerelease_token: "rc".to_owned(),
        prerelease_separator: ".".to_owned(),
        dryrun_token: "dryrun".to_owned(),
        strict_prefix: true,
    };
    let versions = tags.iter().filter_map(|tag| grammar.parse(tag));
    let highest = versions.filter(Version::is_release).max();
    let highest = highest.map(|version| grammar.tag(&version));
    let Some((version, place)) = &part.version else {
        return base_of_tags(part, highest);
    };
    let tag = format!("{}{version}", part.prefix);
    if !is_plain(version) {
        let message = format!("`{version}` is not a version");
        let note = Note::new(Outcome::ByHand, place.clone(), message);
        return note.help("versions are counted from tags: see that the last release has one");
    }
    if !tags.contains(&tag) {
        return untagged((version, place), &tag, tags, highest);
    }
    match highest {
        Some(highest) if highest == tag => {
            let message = format!("the last version is {version}: `{tag}` is there");
            Note::new(Outcome::Carried, place.clone(), message).help("versions are counted from it")
        }
        Some(highest) => {
            let message = format!(
                "the last version is {version}, and the highest release tag is `{highest}`"
            );
            Note::new(Outcome::LeftOut, place.clone(), message)
                .help("versions are counted from the highest release tag")
        }
        None => {
            let message = format!("the last version, {version}, is not a release `1.2.3`");
            Note::new(Outcome::LeftOut, place.clone(), message).help(
                "versions are counted from release tags; without one, the first version is 0.1.0",
            )
        }
    }
}

/// Returns true for digits and what may follow them in a version; nothing that a shell would read.
fn is_plain(version: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || ".-+".contains(c);
    version.starts_with(|c: char| c.is_ascii_digit()) && version.chars().all(fits)
}

/// Returns a name that a component may have, and no other part has.
pub(super) fn unique(name: &str, parts: &[Part]) -> String {
    let fit = |c: char| match c.is_ascii_alphanumeric() || c == '_' {
        true => c,
        false => '-',
    };
    let name: String = name.chars().map(fit).take(60).collect();
    let name = match name.trim_matches('-') {
        "" => "part",
        name => name,
    };
    let same = |name: &str| {
        let plain = |name: &str| name.replace('-', "_").to_ascii_lowercase();
        parts.iter().any(|part| plain(&part.name) == plain(name))
    };
    let mut all =
        std::iter::once(name.to_owned()).chain((2..).map(|number| format!("{name}-{number}")));
    let free = all.find(|name| !same(name));
    free.unwrap_or_else(|| name.to_owned())
}
