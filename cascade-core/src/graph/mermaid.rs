//! Mermaid, which GitHub renders in Markdown.

use super::{Edge, Graph, Kind, Node};
use std::fmt::Write;

/// The graph as a Mermaid flowchart.
#[must_use]
pub fn render(graph: &Graph) -> String {
    let mut out = "flowchart LR\n".to_owned();
    for (index, group) in graph.groups.iter().enumerate() {
        let indent = match &group.title {
            Some(title) => {
                let _ = writeln!(out, "  subgraph g{index}[\"{}\"]", escape(title));
                "    "
            }
            None => "  ",
        };
        for each in &group.nodes {
            let _ = writeln!(out, "{indent}{}", node(each));
        }
        if group.title.is_some() {
            out.push_str("  end\n");
        }
    }
    for each in graph.edges() {
        let _ = writeln!(out, "  {}", edge(each));
    }
    out
}

fn node(node: &Node) -> String {
    let (open, close) = match node.kind {
        Kind::Event => ("([", "])"),
        Kind::Job => ("[", "]"),
        Kind::Environment => ("(", ")"),
        Kind::Repository => ("[(", ")]"),
        Kind::Release => ("{{", "}}"),
    };
    let lines: Vec<String> = node.label.iter().map(|line| escape(line)).collect();
    format!("{}{open}\"{}\"{close}", node.id, lines.join("<br/>"))
}

fn edge(edge: &Edge) -> String {
    let arrow = if edge.loose { "-.->" } else { "-->" };
    match &edge.label {
        Some(label) => format!("{} {arrow}|\"{}\"| {}", edge.from, escape(label), edge.to),
        None => format!("{} {arrow} {}", edge.from, edge.to),
    }
}

/// Text inside of quotes: Mermaid's entities are `#name;`, and it reads HTML.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '#' => out.push_str("#35;"),
            '"' => out.push_str("#quot;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '&' => out.push_str("#amp;"),
            '`' => out.push_str("#96;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_cannot_end_early() {
        assert_eq!(
            escape("a\"]; click x \"<b>&#1`\n"),
            "a#quot;]; click x #quot;#lt;b#gt;#amp;#35;1#96; "
        );
    }
}
