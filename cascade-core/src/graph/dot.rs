//! DOT, for Graphviz.

use super::{Graph, Kind};
use std::fmt::Write;

/// The graph as a DOT digraph.
#[must_use]
pub fn render(graph: &Graph) -> String {
    let mut out =
        "digraph pipeline {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n".to_owned();
    for (index, group) in graph.groups.iter().enumerate() {
        let indent = match &group.title {
            Some(title) => {
                let _ = writeln!(out, "  subgraph cluster_{index} {{");
                let _ = writeln!(out, "    label=\"{}\";", escape(title));
                "    "
            }
            None => "  ",
        };
        for node in &group.nodes {
            let shape = match node.kind {
                Kind::Event => "ellipse",
                Kind::Job => "box",
                Kind::Environment => "oval",
                Kind::Repository => "cylinder",
                Kind::Release => "hexagon",
            };
            let lines: Vec<String> = node.label.iter().map(|line| escape(line)).collect();
            let label = lines.join("\\n");
            let _ = writeln!(
                out,
                "{indent}{} [shape={shape}, label=\"{label}\"];",
                node.id
            );
        }
        if group.title.is_some() {
            out.push_str("  }\n");
        }
    }
    for edge in graph.edges() {
        let mut attributes = Vec::new();
        attributes.extend(
            edge.label
                .iter()
                .map(|label| format!("label=\"{}\"", escape(label))),
        );
        attributes.extend(edge.loose.then(|| "style=dashed".to_owned()));
        let attributes = match attributes.as_slice() {
            [] => String::new(),
            some => format!(" [{}]", some.join(", ")),
        };
        let _ = writeln!(out, "  {} -> {}{attributes};", edge.from, edge.to);
    }
    out.push_str("}\n");
    out
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace(char::is_control, " ")
}
