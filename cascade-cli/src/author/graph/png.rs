//! Pictures of dots.
//!
//! The texts are set in a part of DejaVu Sans that the program brings along, since a machine that
//! runs workflows may have no fonts.

use crate::cli::error::Failure;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

const FONTS: [&[u8]; 2] = [
    include_bytes!("../../../fonts/DejaVuSans.ttf"),
    include_bytes!("../../../fonts/DejaVuSans-Bold.ttf"),
];
const FAMILY: &str = "DejaVu Sans";
/// Dots for each pixel of CSS, as good screens have them.
const SCALE: f32 = 2.0;
/// The most dots of a side; more of them than this is memory that no reader of pictures has.
const MOST: f32 = 30_000.0;

/// Returns a PNG picture of an SVG one.
pub(super) fn png(svg: &str) -> Result<Vec<u8>, Failure> {
    let mut options = Options {
        font_family: FAMILY.to_owned(),
        ..Options::default()
    };
    for font in FONTS {
        options.fontdb_mut().load_font_data(font.to_vec());
    }
    options.fontdb_mut().set_sans_serif_family(FAMILY);
    let failed = || Failure::new("the picture cannot be drawn").help("use `--format svg`");
    let tree = Tree::from_str(svg, &options).map_err(|error| failed().cause(error))?;
    let size = tree.size();
    let scale = SCALE.min(MOST / size.width().max(size.height()));
    let dots = |length: f32| (length * scale).ceil() as u32;
    let mut map = Pixmap::new(dots(size.width()), dots(size.height())).ok_or_else(failed)?;
    resvg::render(
        &tree,
        Transform::from_scale(scale, scale),
        &mut map.as_mut(),
    );
    map.encode_png().map_err(|error| failed().cause(error))
}
