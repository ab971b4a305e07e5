//! The faults that the browser notices on a page, and nothing else.

use std::path::PathBuf;

use e2e::tools::{Look, Scheme, Tools, View};
use tempfile::TempDir;

/// A page without a fault, whose parts each test breaks.
const SOUND: &str = "<!doctype html><html lang=\"en\"><head><title>Page</title>\
    <style>:root { color-scheme: light dark; } body { background: Canvas; color: CanvasText; } svg { max-width: 100%; }</style></head>\
    <body><main><h1>Title</h1><p><a href=\"https://example.com\">A link</a></p>\
    <svg width=\"200\" height=\"40\" role=\"img\" aria-label=\"picture\"><g class=\"node\">\
    <rect width=\"100\" height=\"30\" fill=\"#ffffff\"/><text x=\"5\" y=\"20\" fill=\"#000000\">label</text>\
    </g></svg></main></body></html>";

fn look(text: &str, view: &View) -> Look {
    let (_folder, page) = page(text);
    Tools::install().unwrap().look(&page, view).unwrap()
}

fn page(text: &str) -> (TempDir, PathBuf) {
    let folder = e2e::scratch::folder().unwrap();
    let page = folder.path().join("page.html");
    std::fs::write(&page, text).unwrap();
    (folder, page)
}

#[test]
fn a_sound_page_has_no_problem_and_its_text_can_be_selected() {
    for view in View::all() {
        let look = look(SOUND, &view);
        assert_eq!(look.problems(), [""; 0], "{view:?}");
        for text in ["Title", "A link", "label"] {
            assert!(look.selected.contains(text), "{look:?}");
        }
    }
}

#[test]
fn each_fault_is_a_problem_of_its_kind() {
    for (sound, broken, problem) in [
        (
            "</main>",
            "</main><script>nothing();</script>",
            "error: ReferenceError",
        ),
        (
            "</main>",
            "<img alt=\"x\" src=\"https://example.com/x.png\"></main>",
            "request: https://example.com/x.png",
        ),
        (
            "</main>",
            "<div style=\"width: 2000px\">wide</div></main>",
            "scrolls by",
        ),
        (
            "A link",
            "<span style=\"color: #999; background: #aaa\">A link</span>",
            "axe: color-contrast",
        ),
        (
            "<p>",
            "<p><img src=\"data:image/gif;base64,R0lGODlhAQABAAAAACw=\">",
            "axe: image-alt",
        ),
        (
            "A link</a>",
            "A link</a> <a style=\"outline: none\" href=\"#x\">x</a>",
            "keyboard: <a style",
        ),
        ("#000000", "#cccccc", "contrast: label"),
        (
            ">label<",
            ">a label that is far too long for its shape<",
            "label outside of its shape",
        ),
    ] {
        let look = look(
            &SOUND.replace(sound, broken),
            &View::new(390, Scheme::Light),
        );
        let problems = look.problems();
        let found = problems.iter().any(|one| one.starts_with(problem));
        assert!(found, "{problem}: {problems:#?}");
    }
}

#[test]
fn text_that_cannot_be_selected_is_missing() {
    let broken = SOUND.replace("<h1>", "<h1 style=\"user-select: none\">");
    let look = look(&broken, &View::new(1280, Scheme::Dark));
    assert!(!look.selected.contains("Title"), "{look:?}");
}

#[test]
fn a_picture_of_the_page_is_written() {
    let (folder, page) = page(SOUND);
    let screenshot = folder.path().join("page.png");
    let view = View {
        screenshot: Some(screenshot.clone()),
        ..View::new(390, Scheme::Dark)
    };
    Tools::install().unwrap().look(&page, &view).unwrap();
    assert!(std::fs::read(screenshot).unwrap().starts_with(b"\x89PNG"));
}

#[test]
fn a_page_that_is_not_there_is_an_error() {
    let missing = PathBuf::from("/not/there.html");
    let error = Tools::install()
        .unwrap()
        .look(&missing, &View::new(390, Scheme::Light));
    assert!(error.unwrap_err().to_string().contains("/not/there.html"));
}
