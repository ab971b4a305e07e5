//! D2, which its own program draws.
//!
//! Source: D2's documentation, "Strings", "Shapes" and "Connections".

use super::{Edge, Graph, Kind, Node};
use std::fmt::Write;

/// Returns the graph as a D2 diagram.
#[must_use]
pub fn render(graph: &Graph) -> String {
    let mut out = "direction: right\n".to_owned();
    for (index, group) in graph.groups.iter().enumerate() {
        let (indent, within) = match &group.title {
            Some(title) => {
                let _ = writeln!(out, "g{index}: {} {{", quoted(title));
                ("  ", true)
            }
            None => ("", false),
        };
        for each in &group.nodes {
            let _ = writeln!(out, "{indent}{}", node(each));
        }
        if within {
            out.push_str("}\n");
        }
    }
    for each in graph.edges() {
        let _ = writeln!(out, "{}", edge(graph, each));
    }
    out
}

fn node(node: &Node) -> String {
    let shape = match node.kind {
        Kind::Event => "oval",
        Kind::Job => "rectangle",
        Kind::Environment => "package",
        Kind::Repository => "cylinder",
        Kind::Release => "hexagon",
    };
    let label = quoted(&node.label.join("\n"));
    format!("{}: {label} {{ shape: {shape} }}", node.id)
}

fn edge(graph: &Graph, edge: &Edge) -> String {
    let (from, to) = (place(graph, &edge.from), place(graph, &edge.to));
    let label = edge.label.as_deref().map(quoted).unwrap_or_default();
    let style = if edge.loose {
        " { style.stroke-dash: 3 }"
    } else {
        ""
    };
    match (label.is_empty(), style.is_empty()) {
        (true, true) => format!("{from} -> {to}"),
        _ => format!("{from} -> {to}: {label}{style}"),
    }
}

/// The path of a node: below its group, if that has a title.
fn place(graph: &Graph, id: &str) -> String {
    let mut groups = graph.groups.iter().enumerate();
    let holds = |nodes: &[Node]| nodes.iter().any(|node| node.id == id);
    match groups.find(|(_, group)| holds(&group.nodes)) {
        Some((index, group)) if group.title.is_some() => format!("g{index}.{id}"),
        _ => id.to_owned(),
    }
}

/// A string in double quotes, in which `$` would begin a variable.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' | '$' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_cannot_end_early() {
        assert_eq!(quoted("a\" {}\n${x}\\\r"), "\"a\\\" {}\\n\\${x}\\\\ \"");
    }
}
