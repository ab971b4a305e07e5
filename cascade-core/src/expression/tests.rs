use super::*;

fn parsed(text: &str) -> Expression {
    Expression::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn an_expression_is_written_in_one_way() {
    for (text, written) in [
        (
            "contains( github.a ,'x')&&!(vars.A==1)",
            "contains(github.a, 'x') && !(vars.A == 1)",
        ),
        ("a [ 'b' ] . c[ * ].* [0x1F]", "a['b'].c.*.*[0x1F]"),
        ("TOJSON(a)||NULL||null", "toJSON(a) || NULL || null"),
        ("'it''s '''", "'it''s '''"),
        ("1<2==true!=+.5e-3", "1 < 2 == true != +.5e-3"),
        ("a.true.null.NaN", "a.true.null.NaN"),
    ] {
        assert_eq!(parsed(text).to_string(), written);
        assert_eq!(parsed(written), parsed(text));
    }
}

#[test]
fn operators_bind_as_documented() {
    for (text, grouped) in [
        ("a || b && c", "(a || (b && c))"),
        ("a && b == c", "(a && (b == c))"),
        ("a == b < c", "(a == (b < c))"),
        ("!a < b", "(!a < b)"),
        ("a == b == c", "((a == b) == c)"),
        ("a < b >= c", "((a < b) >= c)"),
        ("!!a.b || c", "(!!a.b || c)"),
    ] {
        assert_eq!(with_groups(&parsed(text)), grouped);
    }
}

fn with_groups(expression: &Expression) -> String {
    match expression {
        Expression::Chain(first, rest) => rest
            .iter()
            .fold(with_groups(first), |left, (operator, right)| {
                format!("({left} {operator} {})", with_groups(right))
            }),
        other => other.to_string(),
    }
}

#[test]
fn mistakes_have_a_place() {
    for (text, offset, mistake) in [
        ("", 0, Mistake::Empty),
        ("a ; b", 2, Mistake::Unexpected(";".into())),
        ("a = b", 2, Mistake::Unexpected("=".into())),
        ("a == 1x", 5, Mistake::Unexpected("1x".into())),
        ("a ==", 4, Mistake::UnexpectedEnd),
        ("(a", 2, Mistake::OpenBracket),
        ("a)", 1, Mistake::Unexpected(")".into())),
        ("a == 'b", 5, Mistake::OpenText),
        ("!system(1)", 1, Mistake::UnknownFunction("system".into())),
        (
            "join()",
            0,
            Mistake::Arguments {
                function: Function::Join,
                found: 0,
            },
        ),
        ("contains(a, b,)", 14, Mistake::Unexpected(")".into())),
        ("'a'[0]", 3, Mistake::Unexpected("[".into())),
        ("'a'.b", 3, Mistake::Unexpected(".b".into())),
    ] {
        let error = Expression::parse(text).unwrap_err();
        assert_eq!((error.offset, error.mistake), (offset, mistake), "{text}");
    }
    let error = Template::parse("é ${{ a }} ${{ b; }}").unwrap_err();
    assert_eq!(error.offset, 16);
    let error = Template::parse("a ${{ b").unwrap_err();
    assert_eq!((error.offset, error.mistake), (2, Mistake::OpenExpression));
}

#[test]
fn what_is_too_large_for_github_is_refused() {
    let nested = |levels: usize| format!("{}1{}", "(".repeat(levels), ")".repeat(levels));
    assert!(Expression::parse(&nested(49)).is_ok());
    let error = Expression::parse(&nested(50)).unwrap_err();
    assert_eq!(error.mistake, Mistake::TooDeep(50));
    let wide = Limits {
        depth: 60,
        ..Limits::GITHUB
    };
    assert!(Expression::parse_within(&nested(50), wide).is_ok());
    let long = format!("'{}'", "a".repeat(20_998));
    assert!(Expression::parse(&long).is_ok());
    assert!(Expression::parse(&format!("{long} ")).is_err());
}

#[test]
fn a_template_is_text_and_expressions() {
    let template = Template::parse("a-${{ inputs.b || '}}' }}-${{c}}").unwrap();
    assert_eq!(template.parts().len(), 4);
    assert_eq!(template.to_string(), "a-${{ inputs.b || '}}' }}-${{ c }}");
    assert_eq!(template.whole(), None);
    assert!(Template::parse("${{ a }}").unwrap().whole().is_some());
}

#[test]
fn reads_are_found_wherever_they_stand() {
    for (text, reads) in [
        ("github.event.commits[0].message", "github.event.commits"),
        ("a['b'].c && d", "a.b.c d"),
        ("a[b.c].d", "a b.c"),
        ("a.*.b", "a"),
        ("(a).b", "a"),
        ("format('{0}', !a.b)[c['d']]", "a.b c.d"),
        ("fromJSON(a.b).c.d", "a.b"),
        ("'a.b'", ""),
    ] {
        let expression = parsed(text);
        let found = expression.reads().into_iter();
        let found = found.map(|read| [&[read.context], read.names.as_slice()].concat().join("."));
        assert_eq!(found.collect::<Vec<_>>().join(" "), reads, "{text}");
    }
}

#[test]
fn parts_are_replaced_and_not_looked_into() {
    let replace = &mut |part: &Expression| {
        Ok::<_, ()>(match part.property() {
            Some(("inputs", name)) => Some(format!("<{name}>")),
            _ => None,
        })
    };
    let text = "inputs.a.b == 'inputs.a' && x.inputs.a[inputs['c-d']]";
    assert_eq!(
        parsed(text).rewrite(replace).unwrap(),
        "<a>.b == 'inputs.a' && x.inputs.a[<c-d>]"
    );
}

#[test]
fn a_scope_names_its_key() {
    let contexts = [Context::Github, Context::Vars];
    let scope = Scope {
        key: "concurrency.group",
        contexts: &contexts,
        help: "read a variable".into(),
    };
    let refused = |text: &str| {
        let template = Template::parse(text).unwrap();
        scope
            .check(&template)
            .map_err(|refusal| refusal.to_string())
            .err()
    };
    for (text, message) in [
        (
            "${{ inputs.a }}",
            "`concurrency.group` cannot read `inputs`",
        ),
        ("${{ github }}", "`concurrency.group` cannot read `github`"),
        (
            "${{ GitHub['TOKEN'] }}",
            "`concurrency.group` cannot read `GitHub.TOKEN`",
        ),
        (
            "${{ github.* }}",
            "`concurrency.group` cannot read `github`",
        ),
        (
            "${{ vars[github.ref] }}",
            "`concurrency.group` cannot read `vars`",
        ),
        (
            "${{ ALWAYS() }}",
            "`concurrency.group` cannot call `always`",
        ),
    ] {
        assert_eq!(refused(text).as_deref(), Some(message));
    }
    assert_eq!(refused("${{ GITHUB.actor }}-${{ Vars['A'] }}"), None);
}

#[cfg(feature = "runtime")]
mod values {
    use super::*;
    use serde_json::json;

    /// The value as JSON, with `{"a": [{"b": 1, "c": [2, 3]}, {"b": "x"}]}` as the context `x`.
    fn value(text: &str) -> String {
        let contexts = json!({"x": {"a": [{"b": 1, "c": [2, 3]}, {"B": "X"}], "No": "no"}});
        let Data::Object(contexts) = Data::from(&contexts) else {
            unreachable!()
        };
        let around = Surroundings {
            contexts: (*contexts).clone(),
            job: Job::Failed,
        };
        let value = parsed(text).evaluate(&around);
        let json = value
            .unwrap_or_else(|error| panic!("{text}: {error}"))
            .json();
        json.split_whitespace().collect()
    }

    fn have_values(cases: &[(&str, &str)]) {
        for (text, expected) in cases {
            assert_eq!(value(text), *expected, "{text}");
        }
    }

    #[test]
    fn literals() {
        have_values(&[
            ("'it''s ''x'''", r#""it'sx'""#.replace("sx", "s'x").as_str()),
            ("0xFF", "255"),
            ("0o17", "15"),
            ("0b11", "3"),
            ("-2.99e-2", "-0.0299"),
            ("+1.", "1"),
            ("NaN", "null"),
            ("format('{0} {1}', -Infinity, NaN)", r#""-InfinityNaN""#),
        ]);
    }

    #[test]
    fn operators_give_an_operand_or_a_boolean() {
        have_values(&[
            ("'' || 0 || 'a'", r#""a""#),
            ("'' || 0", "0"),
            ("'a' && 0 && x", "0"),
            ("'a' && 'b'", r#""b""#),
            ("false && fromJSON('')", "false"),
            ("!''", "true"),
            ("!x", "false"),
        ]);
    }

    #[test]
    fn kinds_that_differ_are_compared_as_numbers() {
        have_values(&[
            ("'1' == 1", "true"),
            ("' 0x10 ' == 16", "true"),
            ("'' == 0", "true"),
            ("null == ''", "true"),
            ("null == false", "true"),
            ("true == 1", "true"),
            ("true == 'true'", "false"),
            ("'a' < 1", "false"),
            ("'a' >= 1", "false"),
            ("NaN == NaN", "false"),
            ("NaN != NaN", "true"),
            ("'ABC' == 'abc'", "true"),
            ("'b' > 'A'", "true"),
            ("x == x", "true"),
            ("x.a == fromJSON(toJSON(x.a))", "false"),
            ("x == 'Object'", "false"),
        ]);
    }

    #[test]
    fn names_and_positions() {
        have_values(&[
            ("X.NO", r#""no""#),
            ("x['n' ]", "null"),
            ("x[format('{0}o', 'n')]", r#""no""#),
            ("x.a[0.9].b", "1"),
            ("x.a['1'].b", r#""X""#),
            ("x.a[-1]", "null"),
            ("x.a[7].b.c", "null"),
            ("x.a.*.b", r#"[1,"X"]"#),
            ("x.a.*.c", "[[2,3]]"),
            ("x.a.*.c.*", "[2,3]"),
            ("x.a.*.c[1]", "[3]"),
            ("x.*[0].b", "[1]"),
            ("x.a.*", r#"[{"b":1,"c":[2,3]},{"B":"X"}]"#),
            ("x.no.*", "[]"),
        ]);
    }

    #[test]
    fn functions() {
        have_values(&[
            ("contains('Hello', 'LL')", "true"),
            ("contains(x.a.*.b, '1')", "true"),
            ("contains(x, 'no')", "false"),
            ("startsWith('Straße', 'STRASS')", "true"),
            ("endsWith(10, 0)", "true"),
            ("join(x.a.*.b)", r#""1,X""#),
            ("join(x.a[0].c, '-')", r#""2-3""#),
            ("join('a', 'b')", r#""a""#),
            ("format('{{{1}}}{0:x}', 'a', x)", r#""{Object}a""#),
            ("fromJSON('[1, \"a\"]')[1]", r#""a""#),
            ("toJSON(' ') == '\" \"'", "true"),
            ("case(false, 1, true, 2, 3)", "2"),
            ("success() || cancelled()", "false"),
            ("failure() && always()", "true"),
            ("format('{0} {1}', 1e21, 0.1)", r#""1e+210.1""#),
        ]);
    }

    #[test]
    fn what_a_function_cannot_take_is_an_error() {
        for text in [
            "fromJSON('')",
            "fromJSON('{')",
            "format('{')",
            "format('}')",
            "format('{0}')",
            "format('{a}', 1)",
            "case(1, 2, 3)",
            "hashFiles('**')",
            "missing.a",
        ] {
            let around = Surroundings {
                contexts: Object::default(),
                job: Job::Succeeded,
            };
            assert!(parsed(text).evaluate(&around).is_err(), "{text}");
        }
    }
}
