//! The shapes of nodes, one for each kind.

use super::write::Writer;
use crate::graph::Kind;
use crate::graph::layout::Area;

pub(super) fn draw(out: &mut Writer, kind: Kind, area: Area) {
    match kind {
        Kind::Job => out.rect("shape", area, 4),
        Kind::Environment => out.rect("shape", area, 14),
        Kind::Event => out.rect("shape", area, (area.height / 2).min(18)),
        Kind::Release => out.path("shape", &hexagon(area)),
        Kind::Repository => {
            out.rect("shape", area, 4);
            let Area {
                left, top, height, ..
            } = area;
            out.path("spine", &format!("M{} {top}v{height}", left + 5));
        }
    }
}

fn hexagon(area: Area) -> String {
    let Area { left, top, .. } = area;
    let (right, bottom) = (area.right(), area.bottom());
    let middle = top + area.height / 2;
    let cut = 10.min(area.width / 4);
    format!(
        "M{left} {middle}L{} {top}H{}L{right} {middle}L{} {bottom}H{}Z",
        left + cut,
        right - cut,
        right - cut,
        left + cut
    )
}
