//! Patterns that are sound and never match: git's paths begin with no `/` and no `./`, have `/`
//! between their folders, and name files.

/// The largest number of patterns that are proposed for one.
const MOST: usize = 12;

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
    let found = fault(path)?;
    let instead = corrected(found.instead).into_iter();
    Some(Hopeless {
        why: found.why,
        instead: instead.map(|path| format!("{mark}{path}")).collect(),
    })
}

/// Returns the patterns without faults that corrected ones lead to, which may have faults of other
/// kinds; none if nobody can guess, or if they are too many to write.
fn corrected(mut paths: Vec<String>) -> Vec<String> {
    let mut sound: Vec<String> = Vec::new();
    paths.reverse();
    while let Some(path) = paths.pop() {
        match fault(&path) {
            None if sound.contains(&path) => {}
            None => sound.push(path),
            Some(found) if found.instead.is_empty() => return Vec::new(),
            Some(found) => paths.extend(found.instead.into_iter().rev()),
        }
        if sound.len() + paths.len() > MOST {
            return Vec::new();
        }
    }
    sound
}

/// Returns the first fault of a pattern without its `!`; each correction is shorter, or has fewer
/// faults.
fn fault(path: &str) -> Option<Hopeless> {
    let said = |why: &'static str, instead: Vec<String>| Some(Hopeless { why, instead });
    if path.contains("${{") {
        return said("expressions are not evaluated in patterns", Vec::new());
    }
    if path.trim() != path {
        return said(
            "no path begins or ends with a blank",
            vec![path.trim().to_owned()],
        );
    }
    if separates_by_backslash(path) {
        return said(
            "folders are separated by `/`",
            vec![path.replace('\\', "/")],
        );
    }
    if let Some(paths) = alternatives(path) {
        return said("braces are no alternatives in these patterns", paths);
    }
    if path == "." || path == "/" || path == "./" {
        return said(
            "it names the repository's root, and no file",
            vec!["**".to_owned()],
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
    if let Some(folder) = path.strip_suffix('/') {
        let all = match folder == "**" || folder.ends_with("/**") {
            true => folder.to_owned(),
            false => format!("{folder}/**"),
        };
        return said("only files have paths here, and no folders", vec![all]);
    }
    None
}

fn single(path: &str) -> String {
    let end = if path.ends_with('/') { "/" } else { "" };
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    format!("{}{end}", parts.join("/"))
}

/// Returns the patterns that the first innermost `{a,b}` of a pattern stands for elsewhere.
fn alternatives(path: &str) -> Option<Vec<String>> {
    let (before, after) = path.split_once('}')?;
    let (before, inner) = before.rsplit_once('{')?;
    let parts: Vec<&str> = inner.split(',').map(str::trim).collect();
    let each = |part: &&str| format!("{before}{part}{after}");
    match (parts.len() > 1, after.contains('{')) {
        (true, _) => Some(parts.iter().map(each).collect()),
        // What is in these braces is no list, and a list may follow.
        (false, true) => alternatives(after).map(|rest| {
            let joined = rest.into_iter();
            joined
                .map(|rest| format!("{before}{{{inner}}}{rest}"))
                .collect()
        }),
        (false, false) => None,
    }
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
    path.contains("\\**") || path.ends_with('\\') && !path.ends_with("\\\\")
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
            ("./src/", &["src/**"]),
            ("/src\\{a,b}/", &["src/a/**", "src/b/**"]),
            ("{a,b}/{c,d}", &["a/c", "a/d", "b/c", "b/d"]),
            ("{a,{b,c}}/x", &["a/x", "b/x", "c/x"]),
            ("x{1}/{a,b}", &["x{1}/a", "x{1}/b"]),
            ("!./src/{a, b}", &["!src/a", "!src/b"]),
            (".\\src\\**", &["src/**"]),
            ("src/**/", &["src/**"]),
            (" /src//", &["src/**"]),
            ("./", &["**"]),
            (".", &["**"]),
            ("/", &["**"]),
            ("src\\", &["src/**"]),
            ("{a,b}{a,b}{a,b}{a,b}{a,b}", &[]),
            ("./${{ x }}", &[]),
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
