//! Summaries of runs: each operation's step has the same look on the page of its run.
//!
//! A title, a sentence, tables, a picture of what moved, remarks, and links; texts of others never
//! are markup. GitHub takes 1 MiB for each step and shows the Mermaid diagrams in it.
//!
//! Sources: GitHub's documentation, "Workflow commands for GitHub Actions", "Adding a job summary",
//! and "Creating diagrams"; GitHub Blog, 2022-05-09, "Supercharging GitHub Actions with Job
//! Summaries".

mod links;
mod moved;
#[cfg(test)]
mod tests;

pub use links::Links;
pub use moved::{Move, Origin, moved};

use crate::graph::{Graph, mermaid};
use crate::markdown;

/// The most bytes that the summaries of one step have.
pub const LARGEST: usize = 1 << 20;
/// The longest text of others, in characters.
const LONGEST: usize = 500;
/// The most rows of a table, and items of a list.
const MOST: usize = 200;
/// The longest picture: Mermaid refuses to draw one of more than 50,000 characters
/// ("Configuration", `maxTextSize`), and no reader follows one of a tenth of that.
const PICTURE: usize = 10_000;
const LEFT_OUT: &str = "\nThe rest is left out: a summary may have 1 MiB.\n";

/// A table of a summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// The summary that a step writes for the readers of its run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    title: String,
    sentences: Vec<String>,
    tables: Vec<Table>,
    picture: Option<Graph>,
    points: Vec<String>,
    warnings: Vec<String>,
    links: Vec<(String, String)>,
}

impl Table {
    /// Returns a table without rows, which is not shown.
    #[must_use]
    pub fn new<const COLUMNS: usize>(head: [&str; COLUMNS]) -> Self {
        Self {
            head: head.map(str::to_owned).into(),
            rows: Vec::new(),
        }
    }

    /// Adds rows.
    #[must_use]
    pub fn rows<const COLUMNS: usize>(
        mut self,
        rows: impl IntoIterator<Item = [String; COLUMNS]>,
    ) -> Self {
        self.rows.extend(rows.into_iter().map(Vec::from));
        self
    }

    /// Adds a row.
    #[must_use]
    pub fn row<const COLUMNS: usize>(self, row: [&str; COLUMNS]) -> Self {
        self.rows([row.map(str::to_owned)])
    }

    fn markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let mut text = line(&self.head) + "|" + &"---|".repeat(self.head.len()) + "\n";
        for row in self.rows.iter().take(MOST) {
            let cells: Vec<String> = row.iter().map(|text| cell(text)).collect();
            text.push_str(&line(&cells));
        }
        match self.rows.len().checked_sub(MOST) {
            None | Some(0) => text,
            Some(more) => text + &format!("\n{more} more rows are left out.\n"),
        }
    }
}

impl Summary {
    /// Returns a summary with a title.
    #[must_use]
    pub fn titled(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            ..Self::default()
        }
    }

    /// Returns a summary of something, with what became of it.
    #[must_use]
    pub fn new(subject: &str, outcome: &str) -> Self {
        Self::titled(&format!("{subject}: {outcome}"))
    }

    /// Returns a summary of something that was refused.
    #[must_use]
    pub fn refused(subject: &str, why: &str) -> Self {
        Self::new(subject, "refused").sentence(why)
    }

    /// Adds a sentence.
    #[must_use]
    pub fn sentence(mut self, text: impl Into<String>) -> Self {
        self.sentences.push(text.into());
        self
    }

    /// Adds a table; one without rows is not shown.
    #[must_use]
    pub fn table(mut self, table: Table) -> Self {
        self.tables.push(table);
        self
    }

    /// Adds the picture of what moved; one without nodes is not shown.
    #[must_use]
    pub fn picture(mut self, picture: Graph) -> Self {
        self.picture = Some(picture);
        self
    }

    /// Adds items of a list.
    #[must_use]
    pub fn points<Text: Into<String>>(mut self, texts: impl IntoIterator<Item = Text>) -> Self {
        self.points.extend(texts.into_iter().map(Into::into));
        self
    }

    /// Adds warnings.
    #[must_use]
    pub fn warnings<Text: Into<String>>(mut self, texts: impl IntoIterator<Item = Text>) -> Self {
        self.warnings.extend(texts.into_iter().map(Into::into));
        self
    }

    /// Adds links, each with its text and its address.
    #[must_use]
    pub fn links(mut self, links: impl IntoIterator<Item = (String, String)>) -> Self {
        self.links.extend(links);
        self
    }

    /// Returns the summary as Markdown of at most this many bytes.
    #[must_use]
    pub fn markdown(&self, room: usize) -> String {
        let mut text = String::new();
        for part in self.parts() {
            let blank = usize::from(!text.is_empty());
            if text.len() + blank + part.len() + LEFT_OUT.len() > room {
                if text.len() + LEFT_OUT.len() <= room {
                    text.push_str(LEFT_OUT);
                }
                break;
            }
            text.push_str(&"\n".repeat(blank));
            text.push_str(&part);
        }
        text
    }

    /// Returns the paragraphs, each with its line break.
    fn parts(&self) -> Vec<String> {
        let mut parts = vec![format!("### {}\n", plain(&self.title))];
        parts.extend(self.sentences.iter().map(|text| plain(text) + "\n"));
        let tables = self.tables.iter().filter(|table| !table.rows.is_empty());
        parts.extend(tables.map(Table::markdown));
        parts.extend(self.picture.as_ref().and_then(drawn));
        parts.extend(listed(&self.points));
        let warnings = self.warnings.iter().take(MOST);
        parts.extend(warnings.map(|text| format!("> {}\n", plain(text))));
        let links = self.links.iter();
        let links: Vec<String> = links
            .map(|(text, address)| format!("[{}]({address})", markdown::plain(text)))
            .collect();
        if !links.is_empty() {
            parts.push(links.join(" · ") + "\n");
        }
        parts
    }
}

fn drawn(picture: &Graph) -> Option<String> {
    let is_empty = picture.groups.iter().all(|group| group.nodes.is_empty());
    let drawn = mermaid::render(picture);
    (!is_empty && drawn.len() <= PICTURE).then(|| format!("```mermaid\n{drawn}```\n"))
}

fn listed(points: &[String]) -> Option<String> {
    if points.is_empty() {
        return None;
    }
    let shown = points.iter().take(MOST);
    let mut text: String = shown.map(|text| format!("- {}\n", plain(text))).collect();
    if points.len() > MOST {
        text.push_str(&format!("- {} more are left out\n", points.len() - MOST));
    }
    Some(text)
}

/// Returns a sentence, which has names of others in it, for a summary or comment: never markup.
#[must_use]
pub fn plain(text: &str) -> String {
    markdown::sentence(&shortened(text))
}

fn cell(text: &str) -> String {
    markdown::cell(&shortened(text))
}

fn shortened(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}
