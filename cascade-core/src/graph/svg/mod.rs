//! SVG: a diagram as a picture that loads nothing.
//!
//! Texts are texts, so that they can be selected, found and read aloud. Sources: SVG 2, "Text",
//! "Linking" and "Accessibility support"; Media Queries Level 5, "prefers-color-scheme".

mod shape;
mod write;

use super::layout::{Area, Frame, Layout, Placed, Route, Segment, Weight};
use super::{Graph, Link, Node};
use write::Writer;

/// The look of diagrams in light colours.
const LIGHT: &str = include_str!("light.css");
/// The dark colours.
const DARK: &str = include_str!("dark.css");

/// The colours of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Those that the reader prefers.
    Reader,
    /// Light ones.
    Light,
    /// Those of the page that the picture stands in, which has [`style`].
    Page,
}

/// The settings of a picture besides its diagram.
pub struct Picture<'a> {
    /// The name of the picture.
    pub title: &'a str,
    /// The colours.
    pub scheme: Scheme,
    /// Returns the address of a link; a node whose link has none is not linked.
    pub address: &'a dyn Fn(&Link) -> Option<String>,
}

/// Returns the style of diagrams in a scheme.
#[must_use]
pub fn style(scheme: Scheme) -> String {
    match scheme {
        Scheme::Light => LIGHT.to_owned(),
        Scheme::Reader | Scheme::Page => {
            format!("{LIGHT}@media (prefers-color-scheme: dark) {{\n{DARK}}}\n")
        }
    }
}

/// Draws a diagram.
#[must_use]
pub fn render(graph: &Graph, layout: &Layout<'_>, picture: &Picture<'_>) -> String {
    let Layout { width, height, .. } = layout;
    let mut out = Writer::default();
    let size =
        [("width", *width), ("height", *height)].map(|(name, size)| (name, size.to_string()));
    let view = format!("0 0 {width} {height}");
    let mut attributes = vec![
        ("xmlns", "http://www.w3.org/2000/svg"),
        ("class", "diagram"),
        ("role", "group"),
        ("aria-label", picture.title),
        ("viewBox", &view),
    ];
    attributes.extend(size.iter().map(|(name, size)| (*name, size.as_str())));
    out.open("svg", &attributes);
    out.text("title", &[], picture.title);
    out.text("desc", &[], &description(graph));
    if picture.scheme != Scheme::Page {
        out.text("style", &[], &style(picture.scheme));
    }
    let whole = Area {
        width: *width,
        height: *height,
        ..Area::default()
    };
    out.rect("ground", whole, 0);
    for each in &layout.frames {
        frame(&mut out, each);
    }
    for each in &layout.blocks {
        out.rect("block", *each, 8);
    }
    for each in &layout.routes {
        route(&mut out, each);
    }
    for each in &layout.nodes {
        node(&mut out, each, picture);
    }
    out.close("svg");
    out.finish()
}

/// Says the edges, for those who do not see them.
fn description(graph: &Graph) -> String {
    let name = |id: &str| {
        let nodes = graph.groups.iter().flat_map(|group| &group.nodes);
        let node = nodes.into_iter().find(|node| node.id == id);
        node.and_then(|node| node.label.first())
            .cloned()
            .unwrap_or_default()
    };
    let edges = graph.edges().map(|edge| {
        let (from, to) = (name(&edge.from), name(&edge.to));
        match &edge.label {
            Some(label) => format!("{from} to {to}: {label}"),
            None => format!("{from} to {to}"),
        }
    });
    edges.collect::<Vec<_>>().join("; ")
}

fn frame(out: &mut Writer, frame: &Frame<'_>) {
    out.rect("frame", frame.area, 8);
    let (x, y) = (frame.area.left + 16, frame.area.top + 26);
    out.words("name start", (x, y), frame.title);
}

fn route(out: &mut Writer, route: &Route<'_>) {
    let class = if route.edge.loose {
        "edge loose"
    } else {
        "edge"
    };
    out.path(class, &line(route));
    let head = match route.reversed {
        true => {
            let (x, y) = route.start;
            format!("M{x} {y}l8 -4v8z")
        }
        false => {
            let (x, y) = route.end();
            format!("M{x} {y}l-8 -4v8z")
        }
    };
    out.path("head", &head);
    if let Some((area, lines)) = &route.label {
        out.open("g", &[("class", "node")]);
        out.rect("label", *area, 2);
        for line in lines {
            let place = (area.left + area.width / 2, area.top + line.baseline);
            out.words("small", place, &line.text);
        }
        out.close("g");
    }
}

fn line(route: &Route<'_>) -> String {
    let (mut x, mut y) = route.start;
    let mut line = format!("M{x} {y}");
    for segment in &route.segments {
        (x, y) = match *segment {
            Segment::Line(to, down) if (to, down) == (x, y) => (x, y),
            Segment::Line(to, down) => {
                line.push_str(&format!("L{to} {down}"));
                (to, down)
            }
            Segment::Curve(to, down) if down == y => {
                line.push_str(&format!("L{to} {down}"));
                (to, down)
            }
            Segment::Curve(to, down) => {
                let middle = i32::midpoint(x, to);
                line.push_str(&format!("C{middle} {y} {middle} {down} {to} {down}"));
                (to, down)
            }
        };
    }
    line
}

fn node(out: &mut Writer, placed: &Placed<'_>, picture: &Picture<'_>) {
    let Placed { node, area, lines } = placed;
    let address = node.link.as_ref().and_then(|link| (picture.address)(link));
    if let Some(address) = &address {
        out.open("a", &[("href", address)]);
    }
    let class = format!("node {}", class(node));
    out.open("g", &[("class", &class)]);
    out.text("title", &[], &node.label.join("\n"));
    shape::draw(out, node.kind, *area);
    let height = lines.last().map_or(0, |line| line.baseline + 12);
    let above = (area.height - height) / 2;
    for line in lines {
        let class = match line.weight {
            Weight::Bold => "name",
            Weight::Regular => "small",
        };
        let place = (area.left + area.width / 2, area.top + above + line.baseline);
        out.words(class, place, &line.text);
    }
    out.close("g");
    if address.is_some() {
        out.close("a");
    }
}

fn class(node: &Node) -> &'static str {
    use super::Kind;
    match node.kind {
        Kind::Event => "event",
        Kind::Job => "job",
        Kind::Environment => "environment",
        Kind::Repository => "repository",
        Kind::Release => "release",
    }
}

#[cfg(test)]
mod tests;
