//! Expressions mean here what they mean to GitHub's own package, `@actions/expressions`.

use cascade_core::expression::{Data, Expression, Job, Object, Surroundings};
use e2e::tools::{Evaluation, Tools};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

/// Expressions of each kind.
const COUNT: usize = 4000;

/// Expressions that the package reads in another way than GitHub's runner, which is followed here.
struct Difference {
    reason: &'static str,
    concerns: fn(&str) -> bool,
    example: &'static str,
}

/// Source: `LexicalAnalyzer` of `actions/runner`.
const DIFFERENCES: [Difference; 2] = [
    Difference {
        reason: "the package reads the first doubled quote of a text as one, the runner each",
        concerns: |text| text.matches("''").count() > 1,
        example: "'a''b''c'",
    },
    Difference {
        reason: "the package takes a comma behind the last argument; the runner refuses it",
        concerns: |text| text.split_whitespace().collect::<String>().contains(",)"),
        example: "toJSON(1,)",
    },
];

fn contexts() -> Value {
    json!({
        "github": {
            "Actor": "Octo",
            "event": {
                "commits": [{"id": "a", "n": 1}, {"id": "B", "list": [1, "2", []]}, "text"],
                "empty": {}, "none": null, "flag": true, "size": 2.5, "zero": 0
            }
        },
        "inputs": {"text": "it's", "number": "7", "nothing": "", "list": [3, null, false]},
        "vars": {"A": "ß", "B": "{0}", "C": "[1, {\"x\": \"y\"}]"},
        "needs": {"build-app": {"result": "failure", "outputs": {"tag": "v1"}}}
    })
}

/// Returns the value that this project gives an expression.
fn evaluated(text: &str, around: &Surroundings) -> Evaluation {
    let known = |name: &str| around.contexts.get(name).is_some();
    let parsed = Expression::parse(text).ok();
    let parsed = parsed.filter(|parsed| parsed.reads().iter().all(|read| known(read.context)));
    match parsed.map(|parsed| parsed.evaluate(around)) {
        None => Evaluation::Refused,
        Some(Err(_)) => Evaluation::Failed,
        Some(Ok(value)) => Evaluation::Value {
            json: value.json(),
            text: value.text(),
        },
    }
}

/// Every expression with what both make of it, if that differs.
fn differences(expressions: &[String]) -> Vec<(String, Evaluation, Evaluation)> {
    let contexts = contexts();
    let theirs = Tools::install().unwrap();
    let theirs = theirs.evaluate(&contexts, expressions).unwrap();
    let fields = contexts.as_object().unwrap().iter();
    let around = Surroundings {
        contexts: fields
            .map(|(name, value)| (name.clone(), Data::from(value)))
            .collect::<Object>(),
        job: Job::Failed,
    };
    assert_eq!(theirs.len(), expressions.len());
    let both = expressions.iter().zip(theirs);
    let both = both.map(|(text, theirs)| (text.clone(), evaluated(text, &around), theirs));
    both.filter(|(_, ours, theirs)| ours != theirs).collect()
}

fn agree(expressions: &[String]) {
    let known = |text: &str| DIFFERENCES.iter().any(|known| (known.concerns)(text));
    let mut found = differences(expressions);
    found.retain(|(text, ..)| !known(text));
    found.sort_by_key(|(text, ..)| text.len());
    found.truncate(5);
    assert!(found.is_empty(), "{found:#?}");
}

fn some(strategy: &impl Strategy<Value = String>) -> Vec<String> {
    let mut runner = TestRunner::default();
    let one = |_| strategy.new_tree(&mut runner).unwrap().current();
    (0..COUNT).map(one).collect()
}

fn text() -> impl Strategy<Value = String> {
    let odd = "aAbB0 1.xe-+ßıİσΣ{}\"'\t\n\u{85}\u{feff}é😀,:";
    let part = select(odd.chars().collect::<Vec<_>>());
    let known = select(vec![
        "",
        "0x1f",
        " 12 ",
        "1e3",
        "Infinity",
        "{0}{{{1}}}",
        "{0:x}",
        "[1, [true, null]]",
        "{\"a\": {\"B\": -0.5e-7}}",
        "\"\\u00e9\"",
        "a",
        "ID",
        "2",
        "octo",
        "list",
    ]);
    let made = vec(part, 0..5).prop_map(String::from_iter);
    prop_oneof![known.prop_map(str::to_owned), made]
        .prop_map(|text| format!("'{}'", text.replace('\'', "''")))
}

fn atom() -> impl Strategy<Value = String> {
    let fixed = select(vec![
        "null",
        "true",
        "false",
        "NaN",
        "Infinity",
        "-Infinity",
        "0",
        "-0",
        "1",
        "2",
        "1.5",
        ".5e1",
        "0xfF",
        "0o17",
        "0b101",
        "1e21",
        "1e-7",
        "-1.25e-16",
        "123456789012345678901",
        "github",
        "GITHUB.actor",
        "github.event",
        "github.event.commits",
        "github['event'].size",
        "github.event.none",
        "github.event.zero",
        "github.event.flag",
        "inputs.text",
        "inputs",
        "inputs.number",
        "inputs.nothing",
        "inputs.list",
        "vars.a",
        "vars.B",
        "vars.C",
        "vars.no",
        "needs.build-app.result",
        "needs.*.result",
        "needs.*",
        "github.event.commits.*.id",
        "github.event.commits[1].list",
        "github.event.*",
        "success()",
        "Failure()",
        "always()",
        "cancelled()",
        "fromJSON(vars.C)",
        "fromJSON('[]')",
        "fromJSON('{}')",
    ]);
    prop_oneof![3 => fixed.prop_map(str::to_owned), 1 => text()]
}

/// Expressions that are written as the grammar says.
fn written() -> impl Strategy<Value = String> {
    atom().prop_recursive(4, 24, 3, |inner| {
        let operator = select(vec!["==", "!=", "<", "<=", ">", ">=", "&&", "||"]);
        let one = select(vec!["toJSON", "FROMJSON", "join", "format", "hashFiles"]);
        let two = select(vec!["contains", "startsWith", "endsWith", "join", "format"]);
        let name = select(vec![
            "id",
            "N",
            "list",
            "a",
            "true",
            "event",
            "*",
            "build-app",
        ]);
        let pair = (inner.clone(), inner.clone());
        prop_oneof![
            3 => (inner.clone(), operator, inner.clone())
                .prop_map(|(left, operator, right)| format!("{left} {operator} {right}")),
            1 => inner.clone().prop_map(|of| format!("({of})")),
            1 => inner.clone().prop_map(|of| format!("!{of}")),
            2 => (inner.clone(), name).prop_map(|(of, name)| format!("({of}).{name}")),
            2 => pair.clone().prop_map(|(of, key)| format!("({of})[{key}]")),
            1 => inner.clone().prop_map(|of| format!("({of})[*]")),
            2 => (one, inner.clone()).prop_map(|(name, of)| format!("{name}({of})")),
            3 => (two, pair).prop_map(|(name, (a, b))| format!("{name}({a}, {b})")),
            1 => vec(inner, 0..6)
                .prop_map(|values| format!("case({})", values.join(","))),
        ]
    })
}

/// Anything that looks like an expression.
fn scribbled() -> impl Strategy<Value = String> {
    let parts = select(vec![
        "(", ")", "[", "]", ",", ".", "*", "!", "=", "==", "!=", "<", "<=", ">", ">=", "&", "&&",
        "|", "||", "'", "''", "'a'", " ", "\n", "\t", "\u{a0}", "1", "-", "+", ".5", "0x", "1e",
        "github", "inputs", "text", "true", "null", "NaN", "toJSON", "join", "case", "success",
        "foo", "_", "a-b", "é", "@", "\"", "}}", "$", "\\",
    ]);
    vec(parts, 0..9).prop_map(|parts| parts.concat())
}

/// Expressions with a slip of the pen.
fn mistyped() -> impl Strategy<Value = String> {
    let typed = select("()[],.*!=<>&|'\" 0a-_".chars().collect::<Vec<_>>());
    let place = any::<proptest::sample::Index>();
    (written(), place, prop::option::of(typed)).prop_map(|(text, place, typed)| {
        let mut letters: Vec<char> = text.chars().collect();
        let at = place.index(letters.len());
        match typed {
            Some(letter) => letters.insert(at, letter),
            None => drop(letters.remove(at)),
        }
        letters.into_iter().collect()
    })
}

#[test]
fn what_is_written_well_has_the_same_value() {
    agree(&some(&written()));
}

#[test]
fn what_one_refuses_the_other_refuses() {
    agree(&some(&scribbled()));
    agree(&some(&mistyped()));
}

#[test]
fn the_limits_are_the_same() {
    let shapes: [fn(usize) -> String; 6] = [
        |levels| format!("{}1{}", "(".repeat(levels), ")".repeat(levels)),
        |levels| format!("{}1", "!".repeat(levels)),
        |levels| format!("github{}", ".a".repeat(levels)),
        |levels| format!("github{}", "[0]".repeat(levels)),
        |levels| format!("{}1{}", "1 && (".repeat(levels), ")".repeat(levels)),
        |levels| format!("{}1{}", "1 == toJSON(".repeat(levels), ")".repeat(levels)),
    ];
    let deep = (20..60).flat_map(|levels| shapes.map(|shape| shape(levels)));
    let long = (20_995..21_005).map(|letters| format!("'{}'", "ß".repeat(letters)));
    let wide = [3000, 7000].map(|operands| format!("0{}", " || 0".repeat(operands)));
    agree(&deep.chain(long).chain(wide).collect::<Vec<_>>());
}

#[test]
fn the_known_differences_are_there() {
    for known in DIFFERENCES {
        assert!((known.concerns)(known.example), "{}", known.reason);
        let found = differences(&[known.example.to_owned()]);
        assert_eq!(found.len(), 1, "no longer so: {}", known.reason);
    }
}
