use super::*;

fn a() -> Expr {
    Expr::github("a")
}

fn b() -> Expr {
    Expr::var("b")
}

fn shows(expr: &Expr, text: &str) {
    assert_eq!(expr.as_str(), text);
}

#[test]
fn looser_operands_get_parentheses() {
    shows(&a().or(b()).and(true), "(github.a || vars.b) && true");
    shows(&a().and(b().or(true)), "github.a && (vars.b || true)");
    shows(&a().and(b()).or(true), "github.a && vars.b || true");
    shows(&a().or(b().and(true)), "github.a || vars.b && true");
    shows(&!a().equals(b()), "!(github.a == vars.b)");
    shows(&(!a()).equals(b()), "!github.a == vars.b");
    shows(&!!a(), "!!github.a");
    shows(&a().or(b()).equals("x"), "(github.a || vars.b) == 'x'");
    shows(&a().less_than(1).equals(true), "github.a < 1 == true");
    shows(&a().equals(true).less_than(1), "(github.a == true) < 1");
}

#[test]
fn chains_of_one_operator() {
    shows(&a().and(b().and(true)), "github.a && vars.b && true");
    shows(&a().or(b()).or(true), "github.a || vars.b || true");
    shows(&a().equals(b()).equals(true), "github.a == vars.b == true");
    shows(
        &a().equals(b().equals(true)),
        "github.a == (vars.b == true)",
    );
    shows(&a().less_than(b().less_than(2)), "github.a < (vars.b < 2)");
}

#[test]
fn access_binds_tightest() {
    shows(
        &Expr::from_json("{}").index(a()),
        "fromJSON('{}')[github.a]",
    );
    shows(&a().or(b()).get("c"), "(github.a || vars.b).c");
    shows(&(!a()).index(0), "(!github.a)[0]");
    shows(&a().get("x y").get("z"), "github.a['x y'].z");
}

#[test]
fn text_is_escaped() {
    shows(&Expr::text("it's '"), "'it''s '''");
    shows(&Expr::input("it's"), "inputs['it''s']");
    shows(
        &Expr::github("event.client_payload.sha"),
        "github.event.client_payload.sha",
    );
}

#[test]
fn functions_take_whole_expressions() {
    shows(&Expr::to_json(a().or(b())), "toJSON(github.a || vars.b)");
    shows(
        &Expr::format("{0}-{1}", [a(), b()]),
        "format('{0}-{1}', github.a, vars.b)",
    );
    shows(
        &Expr::not_cancelled().and(Expr::contains(a(), "x")),
        "!cancelled() && contains(github.a, 'x')",
    );
    shows(&Expr::all([]), "true");
    shows(&Expr::any([a(), b()]), "github.a || vars.b");
}

#[test]
fn what_is_read_is_remembered_once() {
    let expr = Expr::input("x")
        .equals(Expr::input("x"))
        .and(Expr::secret("s"));
    let reads: Vec<_> = expr.reads().iter().cloned().collect();
    assert_eq!(reads, [Read::Input("x".into()), Read::Secret("s".into())]);
}
