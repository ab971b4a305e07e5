//! The files in which a step leaves what it puts out, and the commands among what it prints.
//!
//! Source: GitHub, "Workflow commands for GitHub Actions".

use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};

/// The most that a step may put out as outputs, in bytes (GitHub, "Metadata syntax": 1 MB for each
/// job).
const LARGEST_OUTPUT: usize = 1024 * 1024;
/// The longest summary of a step, in bytes (GitHub, "Adding a job summary").
const LONGEST_SUMMARY: usize = 1024 * 1024;

/// The files of one step.
#[derive(Debug)]
pub(super) struct StepFiles {
    folder: PathBuf,
}

/// The things that a step left in its files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) outputs: Vec<(String, String)>,
    pub(super) env: Vec<(String, String)>,
    pub(super) path: Vec<String>,
    pub(super) state: Vec<(String, String)>,
    pub(super) summary: String,
}

impl StepFiles {
    /// Makes the files, empty.
    pub(super) fn create(folder: PathBuf) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        for name in ["output", "env", "path", "state", "summary"] {
            std::fs::write(folder.join(name), "")?;
        }
        Ok(Self { folder })
    }

    /// The variables that name the files.
    pub(super) fn variables(&self) -> [(&'static str, String); 5] {
        let path = |name: &str| self.folder.join(name).to_string_lossy().into_owned();
        [
            ("GITHUB_OUTPUT", path("output")),
            ("GITHUB_ENV", path("env")),
            ("GITHUB_PATH", path("path")),
            ("GITHUB_STATE", path("state")),
            ("GITHUB_STEP_SUMMARY", path("summary")),
        ]
    }

    /// Reads what the step left.
    pub(super) fn read(&self) -> anyhow::Result<Left> {
        let text = |name: &str| std::fs::read_to_string(self.folder.join(name));
        let pairs = |name: &str| pairs(&text(name)?).with_context(|| format!("file `{name}`"));
        let left = Left {
            outputs: pairs("output")?,
            env: pairs("env")?,
            path: text("path")?.lines().map(str::to_owned).collect(),
            state: pairs("state")?,
            summary: text("summary")?,
        };
        let size: usize = left.outputs.iter().map(|(_, value)| value.len()).sum();
        ensure!(
            size <= LARGEST_OUTPUT,
            "the outputs have {size} bytes, at most {LARGEST_OUTPUT} may be"
        );
        let length = left.summary.len();
        ensure!(
            length <= LONGEST_SUMMARY,
            "the summary has {length} bytes, at most {LONGEST_SUMMARY} may be"
        );
        Ok(left)
    }
}

/// Reads `name=value`, and `name<<END` with lines up to `END`.
fn pairs(text: &str) -> anyhow::Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.is_empty() {
            continue;
        }
        let (equals, long) = (line.find('='), line.find("<<"));
        match (equals, long) {
            (Some(at), long) if long.is_none_or(|long| at < long) => {
                found.push((line[..at].to_owned(), line[at + 1..].to_owned()));
            }
            (_, Some(at)) => {
                let end = &line[at + 2..];
                ensure!(!end.is_empty(), "`{line}` has no delimiter");
                let mut value = Vec::new();
                loop {
                    match lines.next() {
                        Some(line) if line == end => break,
                        Some(line) => value.push(line),
                        None => bail!("`{end}` does not end `{}`", &line[..at]),
                    }
                }
                found.push((line[..at].to_owned(), value.join("\n")));
            }
            _ => bail!("`{line}` is neither `name=value` nor `name<<END`"),
        }
    }
    Ok(found)
}

/// The text that a line of output asks to be masked.
pub(super) fn masked(line: &str) -> Option<String> {
    let text = line.trim_start().strip_prefix("::add-mask::")?;
    let text = text
        .replace("%0D", "\r")
        .replace("%0A", "\n")
        .replace("%25", "%");
    (!text.is_empty()).then_some(text)
}

/// A folder that is there.
pub(super) fn folder(path: &Path) -> anyhow::Result<&Path> {
    std::fs::create_dir_all(path)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_of_one_line_or_of_several() {
        let text = "a=1=2\nb<<END\nx\n\ny=z\nEND\nc=\nd<<=\nx\n=\ne=<<\n";
        let expected = [
            ("a", "1=2"),
            ("b", "x\n\ny=z"),
            ("c", ""),
            ("d", "x"),
            ("e", "<<"),
        ];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(pairs(text).unwrap(), expected);
    }

    #[test]
    fn what_is_no_value_is_an_error() {
        for wrong in ["a", "a<<", "a<<END\nb", "a<<END\nEND "] {
            assert!(pairs(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn outputs_above_the_limit_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let files = StepFiles::create(folder.path().join("step")).unwrap();
        let write = |name: &str, text: &str| {
            std::fs::write(folder.path().join("step").join(name), text).unwrap();
        };
        write("output", &format!("a={}", "x".repeat(LARGEST_OUTPUT)));
        assert_eq!(files.read().unwrap().outputs.len(), 1);
        write("output", &format!("a={}", "x".repeat(LARGEST_OUTPUT + 1)));
        assert!(files.read().is_err());
        write("output", "");
        write("summary", &"x".repeat(LONGEST_SUMMARY + 1));
        assert!(files.read().is_err());
    }

    #[test]
    fn a_mask_is_read_with_its_escapes() {
        assert_eq!(masked("::add-mask::a%0Ab%25").as_deref(), Some("a\nb%"));
        assert_eq!(masked("::add-mask::"), None);
        assert_eq!(masked("::error::x"), None);
    }
}
