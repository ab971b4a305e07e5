use super::*;
use crate::graph::{Edge, Group, Kind};
use proptest::prelude::*;

fn node(at: usize, label: &str) -> Node {
    let kinds = [Kind::Job, Kind::Event, Kind::Environment, Kind::Release];
    Node {
        id: format!("n{at}"),
        label: label.split('|').map(str::to_owned).collect(),
        kind: kinds[at % kinds.len()],
        link: None,
    }
}

fn edge((from, to, label, loose): (usize, usize, Option<String>, bool)) -> Edge {
    Edge {
        from: format!("n{from}"),
        to: format!("n{to}"),
        label,
        loose,
    }
}

/// Groups of any nodes and edges, circles and edges to the node itself included.
fn graphs() -> impl Strategy<Value = Graph> {
    let text = "[a-zA-Z0-9 |é漢-]{0,60}";
    let group = (1_usize..24).prop_flat_map(move |nodes| {
        let edges = (
            0..nodes,
            0..nodes,
            proptest::option::of(text),
            any::<bool>(),
        );
        (
            proptest::option::of(text),
            proptest::collection::vec(text, nodes),
            proptest::collection::vec(edges, 0..40),
        )
    });
    let groups = proptest::collection::vec(group, 0..4);
    groups.prop_map(|groups| Graph {
        groups: groups
            .into_iter()
            .map(|(title, labels, edges)| Group {
                title,
                nodes: (0..)
                    .zip(&labels)
                    .map(|(at, label)| node(at, label))
                    .collect(),
                edges: edges.into_iter().map(edge).collect(),
            })
            .collect(),
    })
}

fn overlap(one: Area, other: Area) -> bool {
    one.left < other.right()
        && other.left < one.right()
        && one.top < other.bottom()
        && other.top < one.bottom()
}

/// Everything with text in it.
fn texts(layout: &Layout<'_>) -> Vec<Area> {
    let labels = layout
        .routes
        .iter()
        .filter_map(|route| route.label.as_ref());
    let labels = labels.map(|(area, _)| *area);
    layout
        .nodes
        .iter()
        .map(|node| node.area)
        .chain(labels)
        .collect()
}

fn chain(nodes: usize) -> Graph {
    let edges = (1..nodes).map(|at| edge((at - 1, at, Some("promote".to_owned()), false)));
    Graph {
        groups: vec![Group {
            title: None,
            nodes: (0..nodes)
                .map(|at| node(at, &format!("environment-{at}")))
                .collect(),
            edges: edges.collect(),
        }],
    }
}

/// One node before many, and many chains besides.
fn fan(nodes: usize) -> Graph {
    let mut graph = chain(1);
    let group = &mut graph.groups[0];
    group.nodes = (0..=nodes)
        .map(|at| node(at, &format!("deploy {at}|deploy.yaml")))
        .collect();
    group.edges = (1..=nodes).map(|at| edge((0, at, None, false))).collect();
    graph
}

proptest! {
    #[test]
    fn nothing_overlaps_and_all_is_inside(graph in graphs()) {
        let layout = layout(&graph);
        let texts = texts(&layout);
        for (at, one) in texts.iter().enumerate() {
            prop_assert!(one.left >= 0 && one.top >= 0);
            prop_assert!(one.right() <= layout.width && one.bottom() <= layout.height);
            for other in &texts[at + 1..] {
                prop_assert!(!overlap(*one, *other), "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn no_edge_crosses_a_node(graph in graphs()) {
        let layout = layout(&graph);
        for route in &layout.routes {
            let (mut x, mut y) = route.start;
            for segment in &route.segments {
                let (Segment::Line(to, down) | Segment::Curve(to, down)) = *segment;
                let line = Area {
                    left: x.min(to),
                    top: y.min(down),
                    width: (to - x).abs(),
                    height: (down - y).abs(),
                };
                let crossed = layout.nodes.iter().find(|node| overlap(node.area, line));
                prop_assert!(crossed.is_none(), "{route:?} {crossed:?}");
                (x, y) = (to, down);
            }
        }
    }

    #[test]
    fn every_node_is_there_once_with_its_whole_label(graph in graphs()) {
        let layout = layout(&graph);
        let nodes: Vec<&Node> = graph.groups.iter().flat_map(|group| &group.nodes).collect();
        let placed: Vec<&Node> = layout.nodes.iter().map(|placed| placed.node).collect();
        prop_assert_eq!(nodes, placed);
        let letters = |text: &str| text.split_whitespace().collect::<String>();
        for placed in &layout.nodes {
            let lines: String = placed.lines.iter().map(|line| letters(&line.text)).collect();
            prop_assert_eq!(letters(&placed.node.label.concat()), lines);
        }
    }

    #[test]
    fn lines_fit(text in "\\PC{0,80}") {
        for line in text::wrap(&text, 13, Weight::Bold, 200) {
            prop_assert!(text::width(&line, 13, Weight::Bold) <= 200 || line.chars().count() == 1);
        }
    }
}

#[test]
fn a_long_chain_goes_on_in_the_next_row() {
    let graph = chain(100);
    let layout = layout(&graph);
    assert!(layout.width <= PAGE + 200, "{}", layout.width);
    let tops: std::collections::BTreeSet<i32> =
        layout.nodes.iter().map(|node| node.area.top).collect();
    assert!((10..=30).contains(&tops.len()), "{tops:?}");
}

#[test]
fn alike_nodes_are_one_block_with_one_edge() {
    let graph = fan(100);
    let layout = layout(&graph);
    assert_eq!(layout.blocks.len(), 1);
    assert_eq!(layout.routes.len(), 1);
    assert!(layout.width <= PAGE + 200, "{}", layout.width);
    assert!(layout.height < 1400, "{}", layout.height);
}

#[test]
fn an_edge_that_others_imply_is_left_out() {
    let mut graph = chain(3);
    for edge in &mut graph.groups[0].edges {
        edge.label = None;
    }
    let long = |label: Option<&str>, loose| edge((0, 2, label.map(str::to_owned), loose));
    for (extra, edges) in [
        (long(None, false), 2),
        (long(None, true), 2),
        (long(Some("promote"), false), 3),
    ] {
        let mut graph = graph.clone();
        graph.groups[0].edges.push(extra);
        assert_eq!(layout(&graph).routes.len(), edges);
    }
    // A chain of orders without a need does not imply a need.
    graph.groups[0].edges[0].loose = true;
    graph.groups[0].edges.push(long(None, false));
    assert_eq!(layout(&graph).routes.len(), 3);
}

#[test]
fn a_circle_has_an_edge_that_runs_back() {
    let mut graph = chain(2);
    graph.groups[0].edges.push(edge((1, 0, None, false)));
    let layout = layout(&graph);
    let back: Vec<bool> = layout.routes.iter().map(|route| route.reversed).collect();
    assert_eq!(back, [false, true]);
}
