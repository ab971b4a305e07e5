//! Generated files that are not as the pipeline says.

use super::report::table;
use super::{Bounded, Finding, FoundSeverity, Kind, Report, Untrusted};
use serde::{Deserialize, Serialize};

/// The result of a drift check.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drift {
    /// The number of files that were compared; none if the pipeline has errors.
    pub compared: Option<u32>,
    /// The files that are not as the pipeline says.
    pub files: Bounded<DriftedFile>,
    /// The findings of the rules.
    pub findings: Bounded<Finding>,
}

/// A file that is not as the pipeline says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DriftedFile {
    /// Its path.
    pub path: Untrusted,
    /// The relation to the generated text.
    pub state: FileState,
    /// The first line that differs, from 1.
    pub line: Option<u32>,
    /// That line of the file.
    pub found: Option<Untrusted>,
    /// The same line as it is generated.
    pub generated: Option<Untrusted>,
}

/// The relation of a file to the text that is generated for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileState {
    /// The same.
    Same,
    /// There is no file.
    Missing,
    /// Only its line breaks differ.
    LineBreaks,
    /// It begins with a byte order mark.
    ByteOrderMark,
    /// It differs.
    Differs,
    /// It differs, and cascade did not write it.
    Foreign,
    /// It is not generated any more.
    Orphan,
}

impl FileState {
    const fn described(self) -> &'static str {
        match self {
            Self::Same => "is as generated",
            Self::Missing => "is missing",
            Self::LineBreaks => "has other line breaks",
            Self::ByteOrderMark => "begins with a byte order mark",
            Self::Differs => "differs",
            Self::Foreign => "was not written by cascade",
            Self::Orphan => "is not generated any more",
        }
    }
}

impl Drift {
    fn has_orphans(&self) -> bool {
        let mut files = self.files.items().iter();
        files.any(|file| file.state == FileState::Orphan)
    }

    fn errors(&self) -> usize {
        let findings = self.findings.items().iter();
        findings
            .filter(|each| each.severity == FoundSeverity::Error)
            .count()
    }

    fn headline(&self) -> String {
        match (self.compared, self.errors(), self.files.count()) {
            (None, ..) => "the pipeline has errors, so no file was compared".to_owned(),
            (_, 0, 0) => "no drift".to_owned(),
            (_, _, 0) => "the pipeline has errors".to_owned(),
            (_, _, 1) => "1 file is not as the pipeline says".to_owned(),
            (_, _, count) => format!("{count} files are not as the pipeline says"),
        }
    }

    fn table(&self) -> String {
        let mut text = "| file | | line | is | should be |\n|---|---|---|---|---|\n".to_owned();
        for file in self.files.items() {
            let line = file.line.map(|line| line.to_string()).unwrap_or_default();
            let optional = |text: &Option<Untrusted>| text.as_ref().map(Untrusted::cell);
            text.push_str(&format!(
                "| {} | {} | {line} | {} | {} |\n",
                file.path.cell(),
                file.state.described(),
                optional(&file.found).unwrap_or_default(),
                optional(&file.generated).unwrap_or_default(),
            ));
        }
        text + &self.files.rest()
    }

    fn fix(&self) -> &'static str {
        match self.has_orphans() {
            true => "Run `cascade generate --prune` and commit what it changes.\n",
            false => "Run `cascade generate` and commit what it changes.\n",
        }
    }
}

impl Report for Drift {
    const KIND: Kind = Kind::Drift;

    fn is_clean(&self) -> bool {
        self.compared.is_some() && self.files.is_empty() && self.errors() == 0
    }

    fn markdown(&self) -> String {
        let mut parts = vec![format!("### Drift check: {}\n", self.headline())];
        if !self.files.is_empty() {
            parts.push(self.fix().to_owned());
            parts.push(self.table());
        }
        if !self.findings.is_empty() {
            parts.push(table(&self.findings));
        }
        if let Some(compared) = self.compared.filter(|_| self.files.is_empty()) {
            let files = if compared == 1 { "file" } else { "files" };
            parts.push(format!(
                "{compared} generated {files} compared, all as the pipeline says.\n"
            ));
        }
        parts.join("\n")
    }
}
