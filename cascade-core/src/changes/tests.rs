use super::*;
use proptest::prelude::*;

fn pattern(source: &str) -> Pattern {
    source
        .parse()
        .unwrap_or_else(|error| panic!("{source}: {error}"))
}

/// Facts from GitHub's description of filter patterns: pattern, what matches, what does not.
const FACTS: &[(&str, &[&str], &[&str])] = &[
    ("*", &["README.md", "server.rb"], &["docs/file", "a/b/c"]),
    (
        "*.jsx?",
        &["page.js", "page.jsx"],
        &["page.ts", "a/page.js"],
    ),
    ("**", &["all/the/files.md", "README.md", ".hidden"], &[]),
    ("*.js", &["app.js", "index.js"], &["js/app.js"]),
    (
        "**.js",
        &["index.js", "js/index.js", "src/js/app.js"],
        &["index.ts"],
    ),
    (
        "docs/*",
        &["docs/README.md", "docs/file.txt"],
        &["docs/a/b.md", "docs"],
    ),
    (
        "docs/**",
        &["docs/README.md", "docs/mona/octocat.txt"],
        &["docs", "doc/x", "a/docs/x"],
    ),
    (
        "docs/**/*.md",
        &[
            "docs/README.md",
            "docs/mona/hello-world.md",
            "docs/a/markdown/file.md",
        ],
        &["docs/x.txt"],
    ),
    (
        "**/docs/**",
        &[
            "docs/hello.md",
            "dir/docs/my-file.txt",
            "space/docs/plan/space.doc",
        ],
        &["mydocs/x"],
    ),
    (
        "**/README.md",
        &["README.md", "js/README.md"],
        &["xREADME.md", "js/xREADME.md"],
    ),
    (
        "**/*src/**",
        &["a/src/app.js", "my-src/code/js/app.js"],
        &["srcs/x", "src"],
    ),
    (
        "**/*-post.md",
        &["my-post.md", "path/their-post.md"],
        &["post.md"],
    ),
    (
        "**/migrate-*.sql",
        &[
            "migrate-10909.sql",
            "db/migrate-v1.0.sql",
            "db/sept/migrate-v1.sql",
        ],
        &["migrate.sql"],
    ),
    (
        "feature/*",
        &["feature/my-branch"],
        &["feature/beta-a/my-branch"],
    ),
    (
        "feature/**",
        &["feature/beta-a/my-branch", "feature/your-branch"],
        &["feature"],
    ),
    ("*feature", &["mona-feature", "feature"], &["feature-x"]),
    ("v2*", &["v2", "v2.0", "v2.9"], &["v1", "v2/a"]),
    (
        "v[12].[0-9]+.[0-9]+",
        &["v1.10.1", "v2.0.0"],
        &["v3.0.0", "v1..1", "v1.1"],
    ),
    ("[CB]at", &["Cat", "Bat"], &["Rat", "at"]),
    ("[1-2]00", &["100", "200"], &["300"]),
    ("\\*\\?\\[a", &["*?[a"], &["x?[a"]),
    ("a\\!", &["a!"], &["a"]),
    ("!docs/**", &["docs/a"], &["a"]),
    ("[a\\]-]+", &["a]-", "-"], &["b", ""]),
    ("ü?x", &["üx", "x"], &["üüx"]),
    ("a.b", &["a.b"], &["axb"]),
];

#[test]
fn documented_examples() {
    for (source, yes, no) in FACTS {
        for path in *yes {
            assert!(
                pattern(source).matches(path),
                "{source} should match {path}"
            );
        }
        for path in *no {
            assert!(
                !pattern(source).matches(path),
                "{source} should not match {path}"
            );
        }
    }
}

#[test]
fn the_last_match_wins() {
    let of = |sources: &[&str], path: &str| Patterns::parse(sources).unwrap().includes(path);
    assert!(of(&["*.md", "!README.md"], "hello.md"));
    assert!(!of(&["*.md", "!README.md"], "README.md"));
    assert!(of(&["*.md", "!README.md", "README*"], "README.md"));
    assert!(!of(&["!README.md", "src/**"], "other"));
    assert!(of(&["!docs/**"], "src/a"));
    assert!(!of(&["!docs/**"], "docs/a"));
    assert!(of(&[], "anything"));
    let list = Patterns::parse(&["src/**", "!src/x"]).unwrap();
    assert!(list.include_any(["docs/a", "src/a"]));
    assert!(!list.include_any(["docs/a", "src/x"]));
}

#[test]
fn mistakes() {
    let backward = PatternError::BackwardRange {
        first: 'z',
        last: 'a',
    };
    for (source, expected) in [
        ("", PatternError::Empty),
        ("!", PatternError::Empty),
        ("a[bc", PatternError::OpenBracket),
        ("a[", PatternError::OpenBracket),
        ("[a\\", PatternError::OpenBracket),
        ("[a-", PatternError::OpenBracket),
        ("[]", PatternError::EmptyBracket),
        ("[z-a]", backward),
        ("?", PatternError::NothingToCount('?')),
        ("+a", PatternError::NothingToCount('+')),
        ("*?", PatternError::NothingToCount('?')),
        ("**+", PatternError::NothingToCount('+')),
        ("a?+", PatternError::NothingToCount('+')),
        ("!?", PatternError::NothingToCount('?')),
        ("a\\", PatternError::DanglingEscape),
    ] {
        assert_eq!(source.parse::<Pattern>(), Err(expected), "{source}");
        assert!(!expected.to_string().is_empty());
    }
    assert_eq!(
        "a".repeat(2000).parse::<Pattern>(),
        Err(PatternError::TooLong)
    );
    let error = Patterns::parse(&["a", "b["]).unwrap_err();
    assert_eq!(error, (1, PatternError::OpenBracket));
}

#[test]
fn hostile_patterns_stay_fast() {
    let path = "a/".repeat(2000);
    assert!(!pattern(&format!("{}b", "**/*a*".repeat(100))).matches(&path));
    assert!(!pattern(&format!("{}b", "a?".repeat(500))).matches(&"a".repeat(1000)));
}

/// Says the same as the grammar, slowly: tries every way to split the path.
fn naive(pattern: &[char], path: &[char], at_start: bool) -> bool {
    let tail = |from: usize| &pattern[from..];
    let Some(first) = pattern.first() else {
        return path.is_empty();
    };
    if *first == '*' {
        let globstar = pattern.get(1) == Some(&'*');
        if globstar && at_start && pattern.get(2) == Some(&'/') {
            let after_slash = |at: usize| at == 0 || path[at - 1] == '/';
            return (0..=path.len()).any(|at| after_slash(at) && naive(tail(3), &path[at..], true));
        }
        let stop = if globstar {
            None
        } else {
            path.iter().position(|c| *c == '/')
        };
        let rest = tail(1 + usize::from(globstar));
        return (0..=stop.unwrap_or(path.len())).any(|at| naive(rest, &path[at..], false));
    }
    let (fits, length): (Box<dyn Fn(char) -> bool>, usize) = match first {
        '[' => (Box::new(|c| ('a'..='b').contains(&c)), 5),
        literal => (Box::new(move |c| c == *literal), 1),
    };
    let leading = path.iter().take_while(|c| fits(**c)).count();
    let (counts, length) = match pattern.get(length) {
        Some('?') => (0..=leading.min(1), length + 1),
        Some('+') => (1..=leading, length + 1),
        _ => (1..=leading.min(1), length),
    };
    let slash = pattern.get(length - 1) == Some(&'/');
    counts
        .into_iter()
        .any(|count| naive(tail(length), &path[count..], slash))
}

fn source() -> impl Strategy<Value = String> {
    let pieces = [
        "a", "b", "/", "a?", "b+", "*", "**", "**/", "/**/", "[a-b]", "[a-b]+", ".", "/?",
    ];
    proptest::collection::vec(proptest::sample::select(pieces.to_vec()), 1..7)
        .prop_map(|pieces| pieces.concat())
        .prop_filter("more than two stars, or a counted wildcard", |source| {
            !source.contains("***") && !source.contains("**/?")
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn agrees_with_the_naive_matcher(source in source(), path in "[ab./]{0,8}") {
        let characters: Vec<char> = source.chars().collect();
        let path_characters: Vec<char> = path.chars().collect();
        let expected = naive(&characters, &path_characters, true);
        prop_assert_eq!(pattern(&source).matches(&path), expected);
    }

    #[test]
    fn arbitrary_patterns(source in "\\PC{0,20}", path in "\\PC{0,20}") {
        if let Ok(pattern) = source.parse::<Pattern>() {
            let _ = pattern.matches(&path);
            prop_assert_eq!(pattern.as_str(), source);
        }
    }
}
