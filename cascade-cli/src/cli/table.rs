//! Aligned columns.

/// Rows of text under a heading.
pub(crate) struct Table<const COLUMNS: usize> {
    rows: Vec<[String; COLUMNS]>,
}

impl<const COLUMNS: usize> Table<COLUMNS> {
    /// A table with this heading only.
    pub(crate) fn new(heading: [&str; COLUMNS]) -> Self {
        let rows = vec![heading.map(str::to_owned)];
        Self { rows }
    }

    /// Adds a row; what is empty is shown as a dash.
    pub(crate) fn row(&mut self, cells: [String; COLUMNS]) {
        let shown = |cell: String| match cell.is_empty() {
            true => "-".to_owned(),
            false => visible(&cell),
        };
        self.rows.push(cells.map(shown));
    }

    /// Returns true if it has no row below its heading.
    pub(crate) const fn is_empty(&self) -> bool {
        self.rows.len() < 2
    }

    /// The text, without blanks at the ends of lines.
    pub(crate) fn render(&self) -> String {
        let width = |cell: &String| cell.chars().count();
        let mut widths = [0; COLUMNS];
        for row in &self.rows {
            for (widest, cell) in widths.iter_mut().zip(row) {
                *widest = width(cell).max(*widest);
            }
        }
        let mut text = String::new();
        for row in &self.rows {
            let cells = row.iter().zip(widths);
            let line: Vec<String> = cells
                .map(|(cell, width)| format!("{cell:<width$}"))
                .collect();
            text.push_str(line.join("  ").trim_end());
            text.push('\n');
        }
        text
    }
}

/// The same text without what a terminal would obey: control characters, and those that turn the
/// direction of writing (Unicode, "Bidirectional Character Types").
fn visible(cell: &str) -> String {
    let obeyed = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    cell.replace(obeyed, "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let mut table = Table::new(["A", "LONG", "C"]);
        table.row(["ééé".to_owned(), "x".to_owned(), "y".to_owned()]);
        table.row(["ab".to_owned(), "x".to_owned(), "y".to_owned()]);
        assert_eq!(table.render(), "A    LONG  C\nééé  x     y\nab   x     y\n");
    }

    #[test]
    fn a_cell_gives_a_terminal_no_orders() {
        let mut table = Table::new(["A", "B"]);
        table.row(["v1\u{1b}[2J\nFAKE".to_owned(), "\u{202e}x".to_owned()]);
        assert_eq!(
            table.render(),
            "A            B\nv1\u{fffd}[2J\u{fffd}FAKE  \u{fffd}x\n"
        );
    }

    #[test]
    fn a_cell_without_text_is_a_dash_and_no_line_ends_with_spaces() {
        let mut table = Table::new(["A", "LONG"]);
        table.row([String::new(), "x".to_owned()]);
        assert_eq!(table.render(), "A  LONG\n-  x\n");
    }
}
