//! Patterns that are sound and never match: git's paths begin with no `/` and no `./`, have `/`
//! between their folders, and name files.

/// A pattern that never matches, and what was probably meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hopeless {
    /// The reason that it never matches.
    pub why: &'static str,
    /// The patterns to write instead; none if nobody can guess.
    pub instead: Vec<String>,
}

/// Returns why a pattern never matches a path of a repository; `None` if it may.
///
/// Source: GitHub, "Workflow syntax", filter pattern cheat sheet: there are no braces, and
/// expressions are not evaluated there.
///
/// # Examples
/// ```
/// let found = cascade_core::changes::hopeless("./src/**").unwrap();
/// assert_eq!(found.instead, ["src/**"]);
/// assert_eq!(cascade_core::changes::hopeless("src/**"), None);
/// ```
#[must_use]
pub fn hopeless(pattern: &str) -> Option<Hopeless> {
    let (mark, path) = match pattern.strip_prefix('!') {
        Some(path) => ("!", path),
        None => ("", pattern),
    };
    let said = |why: &'static str, paths: Vec<String>| {
        let instead = paths.into_iter().map(|path| format!("{mark}{path}"));
        Some(Hopeless {
            why,
            instead: instead.collect(),
        })
    };
    if path.contains("${{") {
        return said("expressions are not evaluated in patterns", Vec::new());
    }
    if path.trim() != path {
        return said(
            "no path begins or ends with a blank",
            vec![path.trim().to_owned()],
        );
    }
    if let Some(rest) = path.strip_prefix("./").or_else(|| path.strip_prefix('/')) {
        let rest = rest.trim_start_matches('/');
        return said(
            "paths are relative to the repository's root",
            vec![rest.to_owned()],
        );
    }
    if path.split('/').any(|part| part == ".." || part == ".") {
        return said("paths have no `.` and no `..`", Vec::new());
    }
    if path.contains("//") {
        return said("paths have one `/` between two folders", vec![single(path)]);
    }
    if path.ends_with('/') {
        return said(
            "only files have paths here, and no folders",
            vec![format!("{path}**")],
        );
    }
    if let Some(paths) = alternatives(path) {
        return said("braces are no alternatives in these patterns", paths);
    }
    if separates_by_backslash(path) {
        return said(
            "folders are separated by `/`",
            vec![path.replace('\\', "/")],
        );
    }
    None
}

fn single(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    parts.join("/")
}

/// Returns the patterns that the first `{a,b}` of a pattern stands for elsewhere.
fn alternatives(path: &str) -> Option<Vec<String>> {
    let (before, rest) = path.split_once('{')?;
    let (inner, after) = rest.split_once('}')?;
    let parts: Vec<&str> = inner.split(',').collect();
    let each = |part: &&str| format!("{before}{part}{after}");
    (parts.len() > 1).then(|| parts.iter().map(each).collect())
}

/// Returns true if a `\` stands where a folder ends: what follows needs no escape.
fn separates_by_backslash(path: &str) -> bool {
    let mut rest = path.chars();
    while let Some(character) = rest.next() {
        if character == '\\'
            && let Some(escaped) = rest.next()
            && (escaped.is_alphanumeric() || escaped == '_')
        {
            return true;
        }
    }
    path.contains("\\**")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_never_matches_is_told_with_what_was_meant() {
        for (pattern, instead) in [
            ("./src/**", &["src/**"][..]),
            ("/src/**", &["src/**"]),
            ("!/docs/**", &["!docs/**"]),
            ("src/", &["src/**"]),
            ("src/{a,b}/*.rs", &["src/a/*.rs", "src/b/*.rs"]),
            ("*.{ts,tsx}", &["*.ts", "*.tsx"]),
            ("src\\lib\\x.rs", &["src/lib/x.rs"]),
            ("src\\**", &["src/**"]),
            (" src/**", &["src/**"]),
            ("src/** ", &["src/**"]),
            ("src//lib", &["src/lib"]),
            ("../x", &[]),
            ("a/../b", &[]),
            ("${{ vars.PATH }}/**", &[]),
        ] {
            let found = hopeless(pattern).map(|found| found.instead.join(" "));
            assert_eq!(found, Some(instead.join(" ")), "{pattern}");
        }
        for pattern in [
            "src/**",
            "**",
            "*.md",
            "!src/**/*.md",
            "a b/c",
            "src/[ab].rs",
            "x{1}",
            "\\[id\\].ts",
            "\\!important",
            "a\\*b",
            ".github/**",
            "..x/a",
            "dir.with.dots/**",
        ] {
            assert_eq!(hopeless(pattern), None, "{pattern}");
        }
    }
}
