//! Elements as text.

use crate::graph::layout::Area;

/// A document that grows.
#[derive(Debug, Default)]
pub(super) struct Writer(String);

impl Writer {
    pub(super) fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.begin(name, attributes);
        self.0.push_str(">\n");
    }

    pub(super) fn close(&mut self, name: &str) {
        self.0.push_str(&format!("</{name}>\n"));
    }

    pub(super) fn text(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.begin(name, attributes);
        self.0.push_str(&format!(">{}</{name}>\n", escape(text)));
    }

    /// Adds an element with nothing inside.
    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.begin(name, attributes);
        self.0.push_str("/>\n");
    }

    pub(super) fn words(&mut self, class: &str, (x, y): (i32, i32), text: &str) {
        let (x, y) = (x.to_string(), y.to_string());
        self.text("text", &[("class", class), ("x", &x), ("y", &y)], text);
    }

    pub(super) fn path(&mut self, class: &str, line: &str) {
        self.empty("path", &[("class", class), ("d", line)]);
    }

    pub(super) fn rect(&mut self, class: &str, area: Area, round: i32) {
        let Area {
            left,
            top,
            width,
            height,
        } = area;
        let numbers = [left, top, width, height, round].map(|number| number.to_string());
        let names = ["x", "y", "width", "height", "rx"];
        let mut attributes = vec![("class", class)];
        attributes.extend(names.into_iter().zip(numbers.iter().map(String::as_str)));
        self.empty("rect", &attributes);
    }

    pub(super) fn finish(self) -> String {
        self.0
    }

    fn begin(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.0.push('<');
        self.0.push_str(name);
        for (name, value) in attributes {
            self.0.push_str(&format!(" {name}=\"{}\"", escape(value)));
        }
    }
}

/// Text as it stands in XML, which has no place for some characters (XML 1.0, section 2.2).
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push('\n'),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
