//! Attributes as text, laid out like rustfmt does.

/// The longest list that stands on one line; rustfmt's `attr_fn_like_width`.
const LIST: usize = 70;
/// The longest line; rustfmt's `max_width`.
const LINE: usize = 100;
const INDENT: usize = 4;

/// One of the things between commas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    /// `word`, `"text"`, `key = value`.
    Leaf(String),
    /// `head(...)`.
    Group(String, Vec<Item>),
}

impl Item {
    pub(super) fn assign(head: &str, value: &str) -> Self {
        Self::Leaf(format!("{head} = {value}"))
    }

    /// Everything on one line.
    fn flat(&self) -> String {
        match self {
            Self::Leaf(text) => text.clone(),
            Self::Group(head, items) => format!("{head}({})", flat(items)),
        }
    }

    /// The text from column `column` of a line that begins at `indent`, `after` characters before
    /// its end.
    fn write(&self, indent: usize, column: usize, after: usize) -> String {
        let Self::Group(head, items) = self else {
            return self.flat();
        };
        let inside = flat(items);
        let length = width(head) + width(&inside) + 2;
        if width(&inside) <= LIST && column + length + after <= LINE {
            return format!("{head}({inside})");
        }
        if let [only @ Self::Group(..)] = items.as_slice() {
            let only = only.write(indent, column + width(head) + 1, after + 1);
            return format!("{head}({only})");
        }
        let deeper = indent + INDENT;
        let line = |item: &Self| format!("{:deeper$}{}", "", item.write(deeper, deeper, 1));
        let lines: Vec<String> = items.iter().map(line).collect();
        format!("{head}(\n{}\n{:indent$})", lines.join(",\n"), "")
    }
}

/// `#[head(items)]` and a line feed, indented.
pub(super) fn attribute(head: &str, items: Vec<Item>, indent: usize) -> String {
    let item = if items.is_empty() {
        Item::Leaf(head.to_owned())
    } else {
        Item::Group(head.to_owned(), items)
    };
    let text = item.write(indent, indent + 2, 1);
    format!("{:indent$}#[{text}]\n", "")
}

/// Words as documentation comments, indented.
pub(super) fn documentation(text: &str, indent: usize) -> String {
    let mut out = String::new();
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && indent + width(&line) + width(word) + 5 > LINE {
            out.push_str(&format!("{:indent$}///{line}\n", ""));
            line.clear();
        }
        line.push(' ');
        line.push_str(word);
    }
    format!("{out}{:indent$}///{line}\n", "")
}

/// Returns true if documentation comments say exactly this text.
pub(super) fn is_documentation(text: &str) -> bool {
    let plain = |word: &str| !word.is_empty() && !word.contains(char::is_whitespace);
    text.split(' ').all(plain) && !text.chars().any(char::is_control)
}

fn flat(items: &[Item]) -> String {
    let items: Vec<String> = items.iter().map(Item::flat).collect();
    items.join(", ")
}

fn width(text: &str) -> usize {
    text.chars().count()
}
