//! Expressions and text of authors.

use super::{Context, Expr, Level, Read, Reads};
use crate::actions::Value;
use crate::expression::{Expression, Part, Template};
use std::convert::Infallible;

/// Returns the replacement of a part of an author's expression, if it has one.
type Replace<'a> = dyn Fn(&Expression) -> Option<Expr> + 'a;

impl Value {
    /// An author's text, in which `replace` says what some parts of expressions mean here.
    #[must_use]
    pub fn authored(template: &Template, replace: &Replace<'_>) -> Self {
        let parts = template.parts().iter().map(|part| match part {
            Part::Text(text) => text.into(),
            Part::Expression(expression) => Expr::authored(expression, replace).into(),
        });
        match <[Self; 1]>::try_from(parts.collect::<Vec<_>>()) {
            Ok([one]) => one,
            Err(parts) => Self::concat(parts),
        }
    }
}

impl Expr {
    /// An author's expression. Everything around it puts it into parentheses, whatever its
    /// outermost operator is.
    fn authored(expression: &Expression, replace: &Replace<'_>) -> Self {
        let mut reads = Reads::default();
        let Ok(text) = expression.rewrite::<Infallible>(&mut |part| {
            let replaced = replace(part);
            match &replaced {
                Some(expr) => reads.extend(&expr.reads),
                None => reads.add_all(family(part).map(Read::Context)),
            }
            Ok(replaced.map(|expr| expr.grouped().text))
        });
        Self {
            text,
            level: Level::Or,
            reads,
        }
    }
}

/// Returns the context that this part alone needs.
fn family(part: &Expression) -> Option<Context> {
    match part {
        Expression::Context(name) => Context::named(name),
        Expression::Call(function, _) => function.family(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authored(text: &str) -> Value {
        let template = Template::parse(text).unwrap();
        Value::authored(&template, &|part| match part.property() {
            Some(("inputs", "either")) => Some(Expr::var("A").or(Expr::secret("B"))),
            _ => None,
        })
    }

    #[test]
    fn texts_pass_unchanged() {
        for text in [
            "plain",
            "",
            "a-${{ vars.A }}-${{ github.event.inputs.secrets || 'needs.}}' }}",
            "${{ format('{0}', inputs['x']) && 1e3 }}",
        ] {
            assert_eq!(authored(text).render(), text);
        }
    }

    #[test]
    fn what_is_put_in_stays_one_operand() {
        let value = authored("${{ inputs.either == hashFiles(needs.a.result) }}");
        assert_eq!(
            value.render(),
            "${{ (vars.A || secrets.B) == hashFiles(needs.a.result) }}"
        );
        let reads = value.exprs().flat_map(|expr| expr.reads().iter().cloned());
        assert_eq!(
            reads.collect::<Vec<_>>(),
            [
                Read::Context(Context::Vars),
                Read::Secret("B".to_owned()),
                Read::Context(Context::HashFiles),
                Read::Context(Context::Needs),
            ]
        );
    }
}
