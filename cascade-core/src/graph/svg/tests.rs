use super::*;
use crate::graph::layout::layout;
use crate::graph::{Edge, Group, Kind};

fn drawn(label: &str, link: Option<&str>) -> String {
    let node = |id: &str, label: &str| Node {
        id: id.to_owned(),
        label: vec![label.to_owned()],
        kind: Kind::Job,
        link: link.map(|link| Link::Address(link.to_owned())),
    };
    let edge = Edge {
        from: "a".to_owned(),
        to: "b".to_owned(),
        label: Some(label.to_owned()),
        loose: false,
    };
    let graph = Graph {
        groups: vec![Group {
            title: Some(label.to_owned()),
            nodes: vec![node("a", label), node("b", label)],
            edges: vec![edge],
        }],
    };
    let address = |link: &Link| match link {
        Link::Address(address) => Some(address.clone()),
        Link::Workflow(_) | Link::Repository(_) => None,
    };
    let picture = Picture {
        title: label,
        scheme: Scheme::Reader,
        address: &address,
    };
    render(&graph, &layout(&graph), &picture)
}

#[test]
fn nothing_in_a_label_or_an_address_is_markup() {
    let hostile = "\"/><script>&\u{0}\u{fffe}";
    let svg = drawn(hostile, Some(hostile));
    assert!(!svg.contains("<script"), "{svg}");
    assert!(!svg.contains(['\u{0}', '\u{fffe}']));
    assert!(
        svg.contains("href=\"&quot;/&gt;&lt;script&gt;&amp;"),
        "{svg}"
    );
}

#[test]
fn a_node_without_an_address_is_no_link() {
    assert!(!drawn("x", None).contains("<a "));
}

#[test]
fn edges_are_said_in_words() {
    assert!(drawn("x", None).contains("<desc>x to x: x</desc>"));
}

#[test]
fn nothing_is_loaded() {
    let svg = drawn("x", None);
    for word in ["url(", "@import", "<image", "xlink"] {
        assert!(!svg.contains(word), "{word}");
    }
}
