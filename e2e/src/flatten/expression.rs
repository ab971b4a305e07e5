//! Expressions whose references mean something else in the flat workflow.

use anyhow::Context as _;
use cascade_core::expression::{Context, Expression, Function, Limits};

/// The limits of a flat workflow, which only act reads: what stands for an input is written out.
pub(super) const LIMITS: Limits = Limits {
    length: usize::MAX,
    depth: 500,
};

/// Something that an expression looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reference<'a> {
    /// `inputs.name`, also as `inputs['name']`.
    Property(Context, &'a str),
    /// A context as a whole, or with a computed name.
    Whole(Context),
    /// `success()` and its like.
    Status(Function),
}

impl<'a> Reference<'a> {
    fn of(part: &'a Expression) -> Option<Self> {
        if let Some((context, name)) = part.property() {
            return Context::named(context).map(|context| Self::Property(context, name));
        }
        match part {
            Expression::Context(context) => Context::named(context).map(Self::Whole),
            Expression::Call(function, _) if function.family() == Some(Context::Status) => {
                Some(Self::Status(*function))
            }
            _ => None,
        }
    }
}

/// The replacement of a reference, if it has one.
pub(super) type Replace<'a> = dyn FnMut(&Reference<'_>) -> anyhow::Result<Option<String>> + 'a;

/// The text of an expression with some of its references replaced.
pub(super) fn rewrite(text: &str, replace: &mut Replace<'_>) -> anyhow::Result<String> {
    replaced(&parse(text)?, replace)
}

/// An expression with some of its references replaced.
pub(super) fn replaced(
    expression: &Expression,
    replace: &mut Replace<'_>,
) -> anyhow::Result<String> {
    expression.rewrite(&mut |part| {
        let Some(reference) = Reference::of(part) else {
            return Ok(None);
        };
        Ok(match (replace(&reference)?, reference) {
            // The context of a property is not looked at as a whole.
            (None, Reference::Property(..)) => Some(part.to_string()),
            (replaced, _) => replaced,
        })
    })
}

/// Returns true if a condition says itself what becomes of it when a job before it fails.
pub(super) fn has_status(text: &str) -> anyhow::Result<bool> {
    let functions = parse(text)?.functions().into_iter();
    let mut families = functions.filter_map(Function::family);
    Ok(families.any(|family| family == Context::Status))
}

fn parse(text: &str) -> anyhow::Result<Expression> {
    Expression::parse_within(text, LIMITS).with_context(|| format!("cannot read `{text}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shout(expression: &str) -> String {
        rewrite(expression, &mut |reference| {
            Ok(match reference {
                Reference::Property(Context::Inputs, name) => Some(format!("<{name}>")),
                Reference::Status(function) => Some(function.name().to_uppercase()),
                _ => None,
            })
        })
        .unwrap()
    }

    #[test]
    fn only_references_are_replaced() {
        for (expression, expected) in [
            ("inputs.a == 'inputs.a'", "<a> == 'inputs.a'"),
            (
                "inputs['a-b'] && github.inputs.a",
                "<a-b> && github.inputs.a",
            ),
            ("'it''s inputs.a' || inputs . b", "'it''s inputs.a' || <b>"),
            (
                "fromJSON(inputs.plan).inputs.x",
                "fromJSON(<plan>).inputs.x",
            ),
            (
                "!cancelled() && needs.x.success",
                "!CANCELLED && needs.x.success",
            ),
            ("success ( ) || x.always", "SUCCESS || x.always"),
            ("toJSON(inputs)", "toJSON(inputs)"),
        ] {
            assert_eq!(shout(expression), expected);
        }
    }

    #[test]
    fn a_status_function_is_no_text() {
        assert!(has_status("a && !cancelled()").unwrap());
        assert!(!has_status("a == 'always()' && needs.success.x").unwrap());
        assert!(has_status("'open").is_err());
    }
}
