use super::*;

const TEXT: &str = "\
# ü
ci:
  config:
    trunk_branch: main   # comment
    environments: [dev, \"prod.eu\"]
    git:
    builds:
      - name: app
        workflow: a.yaml
      - &second
        name: &n 'web'
    inputs:
      tag: image.outputs.tag
      quoted: 'image.outputs.tag'
      escaped: \"image\\x2eoutputs.tag\"
      block: |
        a.b
    again: *second
    components:
      api:
        path: api
        builds:
          - name: inner
";

fn at(path: &KeyPath) -> &'static str {
    let document = document(TEXT);
    let span = document.span(path, &["ci", "config"]).unwrap();
    &TEXT[span.range()]
}

fn root() -> KeyPath {
    KeyPath::root()
}

#[test]
fn values_and_keys() {
    assert_eq!(at(&root().key("trunk_branch")), "main");
    assert_eq!(at(&root().key("trunk_branch").as_key()), "trunk_branch");
    assert_eq!(at(&root().key("environments")), "[dev, \"prod.eu\"]");
    assert_eq!(at(&root().key("environments").index(1)), "\"prod.eu\"");
    assert_eq!(at(&root().key("environments").index(0).as_key()), "dev");
    assert_eq!(at(&root().key("git")), "git");
    assert_eq!(at(&root().key("builds")), "builds");
    assert_eq!(at(&root().key("builds").index(0)), "name: app");
    assert_eq!(at(&root().key("builds").index(1).key("name")), "'web'");
    assert_eq!(at(&root().key("again")), "*second");
    assert_eq!(at(&root().key("again").key("name")), "'web'");
    assert_eq!(at(&root()), "config");
}

#[test]
fn parts() {
    let tag = |name: &str, part| at(&root().key("inputs").key(name).part(part));
    assert_eq!(tag("tag", 0), "image");
    assert_eq!(tag("tag", 2), "tag");
    assert_eq!(tag("tag", 7), "image.outputs.tag");
    assert_eq!(tag("quoted", 2), "tag");
    assert_eq!(tag("escaped", 2), "\"image\\x2eoutputs.tag\"");
    assert_eq!(tag("block", 1), "|");
    assert_eq!(at(&root().key("environments").index(1).part(1)), "eu");
}

#[test]
fn what_is_missing() {
    assert_eq!(at(&root().key("no")), "config");
    assert_eq!(at(&root().key("git").key("mode")), "git");
    assert_eq!(
        at(&root().key("builds").index(0).key("inputs").key("x")),
        "name: app"
    );
    assert_eq!(at(&root().key("builds").index(9)), "builds");
    assert_eq!(document(TEXT).span(&root(), &["ci", "state"]), None);
}

#[test]
fn components_inherit() {
    let api = root().key("components").key("api");
    assert_eq!(at(&api.key("path")), "api");
    assert_eq!(at(&api.key("trunk_branch")), "main");
    assert_eq!(at(&api.key("builds").index(0).key("name")), "inner");
    assert_eq!(at(&api.key("builds").index(0).key("workflow")), "a.yaml");
    assert_eq!(at(&api.key("nothing")), "api");
    assert_eq!(
        at(&root().key("components").key("web").key("path")),
        "components"
    );
}

#[test]
fn multi_byte_text_before_a_place() {
    let text = "ä: 'ö€𝄞'\nb: [ü, \"é\", z]\n";
    let document = document(text);
    let span = |path: &KeyPath| document.slice(document.span(path, &[]).unwrap());
    assert_eq!(span(&root().key("ä")), "'ö€𝄞'");
    assert_eq!(span(&root().key("b").index(2)), "z");
    let z = document.span(&root().key("b").index(2), &[]).unwrap();
    assert_eq!(
        document.position(z.start),
        Position {
            line: 2,
            column: 13
        }
    );
}

#[test]
fn block_collections_end_with_their_last_value() {
    let document = document("a:\n  b: 1\n  c:\n    - x  # c\n\n# after\nd: 2\n");
    let a = document.root().unwrap().get("a").unwrap();
    assert_eq!(document.slice(a.span()), "b: 1\n  c:\n    - x");
}

#[test]
fn block_scalars() {
    let cases = [
        ("a: |\n  x\n  y\n\n# c\nb: 1\n", "|\n  x\n  y"),
        ("a: >+ # k | z\n  x\n\n\nb: 1\n", ">+ # k | z\n  x"),
        ("a: &q !!str |-\n  x # no\n# c\n", "|-\n  x # no"),
        ("a: |\n  ! x\n", "|\n  ! x"),
        ("a: |\n  | x\n", "|\n  | x"),
        ("a: |\nb: 1\n", "|"),
        ("a: |2\n   x\n  y\r\nb: c", "|2\n   x\n  y"),
    ];
    for (text, expected) in cases {
        let document = document(text);
        let value = document.root().unwrap().get("a").unwrap();
        assert_eq!(document.slice(value.span()), expected);
    }
}
