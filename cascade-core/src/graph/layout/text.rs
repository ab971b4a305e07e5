//! Widths of texts, without a font.
//!
//! The font is the reader's. The widths are those of DejaVu Sans, which is wider than Helvetica,
//! Arial, Liberation Sans, Segoe UI and Roboto: a text takes at most this room in each of them.

use super::Weight;

/// Widths of the characters from space to tilde, in thousandths of the size.
const REGULAR: [u16; 95] = [
    318, 401, 460, 838, 637, 951, 780, 275, 391, 391, 500, 838, 318, 361, 318, 337, 637, 637, 637,
    637, 637, 637, 637, 637, 637, 637, 337, 337, 838, 838, 838, 531, 1000, 685, 687, 699, 771, 632,
    576, 775, 752, 295, 295, 656, 558, 863, 749, 788, 604, 788, 695, 635, 611, 732, 685, 989, 686,
    611, 686, 391, 337, 391, 838, 500, 500, 613, 635, 550, 635, 616, 353, 635, 634, 278, 278, 580,
    278, 975, 634, 612, 635, 635, 412, 521, 393, 634, 592, 818, 592, 592, 525, 637, 337, 637, 838,
];
const BOLD: [u16; 95] = [
    349, 457, 521, 838, 696, 1002, 873, 307, 458, 458, 523, 838, 380, 416, 380, 366, 696, 696, 696,
    696, 696, 696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 581, 1000, 774, 763, 734, 831, 684,
    684, 821, 837, 373, 373, 775, 638, 996, 837, 851, 733, 851, 771, 721, 683, 813, 774, 1104, 771,
    725, 726, 458, 366, 458, 838, 500, 500, 675, 716, 593, 716, 679, 436, 716, 712, 343, 343, 666,
    343, 1042, 712, 688, 716, 716, 494, 596, 479, 712, 652, 924, 646, 652, 583, 712, 366, 712, 838,
];

/// The width of a letter of another alphabet, and of an ideograph; of anything else.
const LETTER: u16 = 1250;
const IDEOGRAPH: u16 = 1050;
const SIGN: u16 = 1800;

/// Returns the most pixels that a text takes.
pub(super) fn width(text: &str, size: i32, weight: Weight) -> i32 {
    let thousandths: i32 = text.chars().map(|c| i32::from(character(c, weight))).sum();
    (thousandths * size + 999) / 1000
}

fn character(c: char, weight: Weight) -> u16 {
    let table = match weight {
        Weight::Regular => &REGULAR,
        Weight::Bold => &BOLD,
    };
    let at = (c as usize).checked_sub(0x20);
    match at.and_then(|at| table.get(at)) {
        Some(width) => *width,
        None if c.is_control() => REGULAR[0],
        None if c < '\u{1100}' => LETTER,
        None if ('\u{2e80}'..='\u{d7ff}').contains(&c) => IDEOGRAPH,
        None => SIGN,
    }
}

/// Returns a text in lines of at most this width, which end between words where that is possible.
pub(super) fn wrap(text: &str, size: i32, weight: Weight, most: i32) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let longer = match line.is_empty() {
            true => word.to_owned(),
            false => format!("{line} {word}"),
        };
        if width(&longer, size, weight) <= most {
            line = longer;
            continue;
        }
        lines.extend(Some(std::mem::take(&mut line)).filter(|line| !line.is_empty()));
        for c in word.chars() {
            line.push(c);
            if width(&line, size, weight) > most && line.chars().count() > 1 {
                line.pop();
                lines.push(std::mem::replace(&mut line, c.to_string()));
            }
        }
    }
    lines.extend(Some(line).filter(|line| !line.is_empty()));
    lines
}
