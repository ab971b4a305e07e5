//! The reader beside `git-conventional`, another reader of Conventional Commits 1.0.0.
//!
//! Both must say the same of every message that has none of these traits; of a message with one, the
//! trait's own test says what each of them reads.
//!
//! | trait | here | there | reason |
//! |---|---|---|---|
//! | no space behind the colon | plain text | a type | rule 5 asks for a colon and a space; without it `std::vector` has a type |
//! | nothing behind the colon, and text below | plain text | the next line is the description | rule 5 puts the description right behind the prefix |
//! | no blank line below the first line | a type | no type | rule 6 is about the body; a squash that forgot the blank line is a feature all the same |
//! | a breaking footer inside a paragraph | breaks something | part of the body | a footer that is overlooked is a release that breaks its users |
//! | a breaking footer without text | breaks something | an error | the words alone say that something breaks |
//! | a line with a colon and no space, or with more than a word before it, below a footer | part of the footer's text | another footer | rules 8 and 9: a token is words with `-`, and a colon and a space |

use super::super::message::Header;
use super::*;

/// A reader's view of a message.
#[derive(Debug, PartialEq, Eq)]
struct Reading {
    kind: String,
    scope: Option<String>,
    description: String,
    breaking: Vec<String>,
}

fn here(message: &str) -> Option<Reading> {
    let header = Header::of(message.lines().next()?)?;
    let change = commit(message).change();
    Some(Reading {
        kind: header.kind.to_owned(),
        scope: change.scope,
        description: change.description,
        breaking: change.breaking,
    })
}

fn there(message: &str) -> Option<Reading> {
    let commit = git_conventional::Commit::parse(message).ok()?;
    let footers = commit.footers().iter().filter(|footer| footer.breaking());
    let mut breaking: Vec<String> = footers
        .map(|footer| footer.value().trim().to_owned())
        .collect();
    if commit.breaking() && breaking.is_empty() {
        breaking.push(commit.description().trim().to_owned());
    }
    Some(Reading {
        kind: commit.type_().to_string(),
        scope: commit.scope().map(|scope| scope.to_string()),
        description: commit.description().trim().to_owned(),
        breaking,
    })
}

const BREAKING: [&str; 2] = ["BREAKING CHANGE", "BREAKING-CHANGE"];

fn begins_breaking_footer(line: &str) -> bool {
    BREAKING.iter().any(|token| {
        let rest = line.strip_prefix(token);
        rest.is_some_and(|rest| rest.starts_with(':') || rest.starts_with(" #"))
    })
}

/// Returns true if a line is a footer by rules 8 and 9.
fn is_footer(line: &str) -> bool {
    let word =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '-');
    begins_breaking_footer(line)
        || [": ", " #"].iter().any(|separator| {
            line.split_once(separator)
                .is_some_and(|(token, _)| word(token))
        })
}

/// Returns true if a line is a footer there: anything up to a colon that is no space or bracket.
fn is_footer_there(line: &str) -> bool {
    let line = line.trim_end();
    let stops = |c: char| c.is_whitespace() || "():!".contains(c);
    let end = line.find(stops).unwrap_or(line.len());
    let (token, rest) = line.split_at(end);
    begins_breaking_footer(line)
        || !token.is_empty() && (rest.starts_with(':') || rest.starts_with(" #"))
}

/// The known differences of the two.
#[derive(Debug, Default, PartialEq, Eq)]
struct Traits {
    no_space: bool,
    nothing_behind_the_colon: bool,
    no_blank_line: bool,
    inside_a_paragraph: bool,
    without_text: bool,
    other_footers: bool,
}

/// Returns what follows the colon of a first line's type.
fn behind_the_colon(first: &str) -> Option<&str> {
    let stops = |c: char| c.is_whitespace() || "():!".contains(c);
    let rest = &first[first.find(stops)?..];
    let rest = match rest.strip_prefix('(') {
        Some(scope) => scope.split_once(')')?.1,
        None => rest,
    };
    rest.strip_prefix('!').unwrap_or(rest).strip_prefix(':')
}

fn traits(message: &str) -> Traits {
    let lines: Vec<&str> = message.lines().collect();
    let first = lines.first().copied().unwrap_or_default();
    let below = lines.get(1..).unwrap_or_default();
    // A footer may follow a blank line, or another footer and its text.
    let begins = (0..below.len()).find(|at| {
        let is_first = *at == 0 || below[at - 1].trim().is_empty();
        is_first && is_footer_there(below[*at])
    });
    let body = &below[..begins.unwrap_or(below.len())];
    let behind = behind_the_colon(first);
    let text_of = |at: usize| {
        let after = below[at]
            .split_once([':', '#'])
            .map_or("", |(_, text)| text);
        let more = below[at + 1..]
            .iter()
            .take_while(|line| !is_footer_there(line));
        after.trim().is_empty() && more.into_iter().all(|line| line.trim().is_empty())
    };
    Traits {
        no_space: behind.is_some_and(|behind| !behind.is_empty() && !behind.starts_with(' ')),
        nothing_behind_the_colon: behind.is_some_and(|behind| behind.trim().is_empty()),
        no_blank_line: below.first().is_some_and(|line| !line.is_empty()),
        inside_a_paragraph: body.iter().any(|line| begins_breaking_footer(line)),
        without_text: (0..below.len()).any(|at| is_footer_there(below[at]) && text_of(at)),
        other_footers: below
            .iter()
            .any(|line| is_footer(line) != is_footer_there(line)),
    }
}

fn lines() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        "[a-z ]{0,6}",
        "(BREAKING[ -]CHANGE|Refs|Signed-off-by|breaking change|a b|x)(: | #|:|)[a-z ]{0,4}",
        "[a-z:!#( -]{0,6}",
    ];
    proptest::collection::vec(line, 0..7).prop_map(|lines| lines.join("\n"))
}

fn first_line() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => "(feat|fix|FEAT|x-y)(\\([a-zé: ]{1,4}\\))?!?: {1,2}[a-zß !:(]{1,5}",
        1 => "(feat|x|[a-z!:( ]{0,4})(\\([a-z:!( ]{0,4}\\))?!{0,2}:{0,2} {0,2}[a-z !:(]{0,5}",
    ]
}

proptest! {
    #[test]
    fn both_readers_say_the_same(
        first in first_line(),
        rest in lines(),
        between in prop_oneof![3 => Just("\n\n"), 1 => Just(""), 1 => Just("\n")],
    ) {
        let message = format!("{first}{between}{rest}");
        let message = message.trim();
        if traits(message) == Traits::default() {            prop_assert_eq!(here(message), there(message), "{:?}", message);
        }
    }
}

/// Asserts that a message has these traits and no others, and returns how each reader reads it.
fn read(message: &str, wanted: &Traits) -> (Option<Reading>, Option<Reading>) {
    assert_eq!(&traits(message), wanted, "{message}");
    (here(message), there(message))
}

#[test]
fn first_lines_differ_as_it_is_listed() {
    let no_space = Traits {
        no_space: true,
        ..Traits::default()
    };
    assert!(matches!(read("feat:a", &no_space), (None, Some(_))));
    let nothing_behind_the_colon = Traits {
        nothing_behind_the_colon: true,
        ..Traits::default()
    };
    let found = read("feat:\n\na", &nothing_behind_the_colon);
    assert!(matches!(found, (None, Some(_))));
    let no_blank_line = Traits {
        no_blank_line: true,
        ..Traits::default()
    };
    assert!(matches!(
        read("feat: a\nb", &no_blank_line),
        (Some(_), None)
    ));
}

#[test]
fn footers_differ_as_it_is_listed() {
    let breaking = |reading: Option<Reading>| reading.map(|reading| reading.breaking);
    let some = |texts: &[&str]| Some(texts.iter().map(|text| (*text).to_owned()).collect());
    let inside_a_paragraph = Traits {
        inside_a_paragraph: true,
        ..Traits::default()
    };
    let (here, there) = read("feat: a\n\nb\nBREAKING CHANGE: c", &inside_a_paragraph);
    assert_eq!((breaking(here), breaking(there)), (some(&["c"]), some(&[])));
    let without_text = Traits {
        without_text: true,
        ..Traits::default()
    };
    let (here, there) = read("feat: a\n\nBREAKING CHANGE:", &without_text);
    assert_eq!((breaking(here), breaking(there)), (some(&[""]), None));
    let other_footers = Traits {
        other_footers: true,
        ..Traits::default()
    };
    let message = "feat: a\n\nBREAKING CHANGE: b\nhttp://c";
    let (here, there) = read(message, &other_footers);
    let texts = (some(&["b\nhttp://c"]), some(&["b"]));
    assert_eq!((breaking(here), breaking(there)), texts);
}
