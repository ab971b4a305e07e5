use super::*;
use crate::graph::Kind;

const SHA: &str = "0123456789abcdef0123456789abcdef01234567";
const OTHER: &str = "1123456789abcdef0123456789abcdef01234567";

fn step() -> Move<'static> {
    Move {
        from: Origin::Place("dev"),
        kind: Kind::Environment,
        to: "prod",
        held: Some("v1.0.0"),
        version: "v1.1.0",
        done: true,
    }
}

#[test]
fn every_part_has_its_place() {
    let links = Links::new("https://github.com", Some("acme/app"));
    let summary = Summary::new("Promote", "done")
        .sentence("`prod` holds v1.1.0.")
        .table(Table::new(["to", "version"]).row(["prod", "v1.1.0"]))
        .table(Table::new(["nothing"]))
        .picture(moved([step()]))
        .points(["one"])
        .warnings(["two"])
        .links(links.changes("prod", (Some(SHA), OTHER)))
        .links(links.commit(OTHER))
        .links(links.release("api/v1.1.0"));
    let wanted = format!(
        "### Promote: done\n\n`prod` holds v1.1.0.\n\n| to | version |\n|---|---|\n| prod | v1.1.0 |\n\n\
         ```mermaid\nflowchart LR\n  n0(\"dev\")\n  n1(\"prod<br/>held v1.0.0\")\n  \
         n0 -->|\"v1.1.0\"| n1\n```\n\n- one\n\n> two\n\n\
         [Changes in prod](https://github.com/acme/app/compare/{SHA}...{OTHER}) · \
         [Commit 1123456](https://github.com/acme/app/commit/{OTHER}) · \
         [Release api/v1.1.0](https://github.com/acme/app/releases/tag/api/v1.1.0)\n"
    );
    assert_eq!(summary.markdown(LARGEST), wanted);
}

#[test]
fn texts_of_others_are_never_markup() {
    let hostile = "<img src=x> **b** @all [a](b) ```\n# x |";
    let summary = Summary::refused(hostile, hostile)
        .table(Table::new(["x"]).row([hostile]))
        .picture(moved([Move {
            to: hostile,
            version: "```\nclick n0 \"javascript:x\"",
            ..step()
        }]))
        .points([hostile])
        .warnings([hostile])
        .links([(hostile.to_owned(), "https://github.com".to_owned())]);
    let text = summary.markdown(LARGEST);
    let (before, rest) = text.split_once("```mermaid\n").unwrap();
    let (picture, after) = rest.split_once("\n```\n").unwrap();
    for markup in [" <img", " **b", "@all", "[a](b)", "\n# x"] {
        assert!(!before.contains(markup), "{markup}: {text}");
        assert!(!after.contains(markup), "{markup}: {text}");
    }
    for markup in ["<img", "`", "\nclick"] {
        assert!(!picture.contains(markup), "{markup}: {text}");
    }
}

#[test]
fn it_never_has_more_bytes_than_fit() {
    let long = "é".repeat(400);
    let rows = || (0..300).map(|_| [long.clone(), long.clone()]);
    let table = || Table::new(["a", "b"]).rows(rows());
    let summary = Summary::new("Promote", "done")
        .table(table())
        .table(table())
        .table(table())
        .table(table());
    for room in [0, 10, 50, 200, 400_000, LARGEST] {
        let text = summary.markdown(room);
        assert!(text.len() <= room, "{room}: {}", text.len());
    }
    let text = summary.markdown(LARGEST);
    assert!(text.contains("100 more rows are left out"), "rows");
    assert!(text.ends_with("The rest is left out: a summary may have 1 MiB.\n"));
}

#[test]
fn a_picture_that_nobody_could_read_is_left_out() {
    let names: Vec<String> = (0..300).map(|at| format!("environment-{at}")).collect();
    let moves = names.iter().map(|name| Move { to: name, ..step() });
    let text = Summary::new("Promote", "done")
        .picture(moved(moves))
        .markdown(LARGEST);
    assert_eq!(text, "### Promote: done\n");
}

#[test]
fn places_are_drawn_once_and_what_did_not_come_is_broken() {
    let first = Move {
        from: Origin::Commit(SHA),
        to: "dev",
        held: None,
        ..step()
    };
    let second = Move {
        done: false,
        ..step()
    };
    let back = Move {
        from: Origin::Itself,
        held: Some("v2.0.0"),
        ..step()
    };
    let text = crate::graph::mermaid::render(&moved([first, second, back]));
    let wanted = "flowchart LR\n  n0([\"commit 0123456\"])\n  n1(\"dev\")\n  \
         n2(\"prod<br/>held v1.0.0\")\n  n3(\"prod with v2.0.0\")\n  n4(\"prod with v1.1.0\")\n  \
         n0 -->|\"v1.1.0\"| n1\n  n1 -.->|\"v1.1.0\"| n2\n  n3 -->|\"v1.1.0\"| n4\n";
    assert_eq!(text, wanted);
}

#[test]
fn there_are_no_links_without_a_repository_or_a_commit() {
    assert_eq!(Links::default().commit(SHA), None);
    let links = Links::new("https://github.com", Some("acme/app"));
    assert_eq!(links.commit("HEAD)"), None);
    assert_eq!(links.changes("prod", (None, SHA)), None);
    assert_eq!(links.changes("prod", (Some(SHA), SHA)), None);
    let (_, address) = links.release("v1) [x](y").unwrap();
    assert_eq!(
        address,
        "https://github.com/acme/app/releases/tag/v1%29%20%5Bx%5D%28y"
    );
}
