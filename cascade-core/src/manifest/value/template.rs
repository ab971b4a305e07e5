//! Text with expressions, as an author writes it.

use crate::expression::{Context, Scope, Template};
use crate::finding::message::Sample;
use crate::finding::rules;
use crate::key_path::KeyPath;
use crate::manifest::draft::{Node, Problem, Reader, Shape, Value};
use crate::message;

/// The contexts that an input may read.
const OF_AN_INPUT: &[Context] = &[Context::Github, Context::Vars, Context::Inputs];

/// The contexts that a concurrency group may read. GitHub offers `inputs` there, too, but each
/// workflow has different ones.
///
/// Source: GitHub, "Contexts reference", "Context availability".
const OF_A_GROUP: &[Context] = &[Context::Github, Context::Vars];

/// A name that is added to the concurrency group of each workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConcurrencyGroup(pub Template);

impl Value for ConcurrencyGroup {
    const SHAPE: Shape = <String as Value>::SHAPE;

    fn read(node: &Node, at: &KeyPath, reader: &mut Reader) -> Option<Self> {
        let text = String::read(node, at, reader)?;
        let scope = Scope {
            key: &at.within_item(),
            contexts: OF_A_GROUP,
            help: message!(
                "the workflows have different inputs; read {} or {}",
                value = "github",
                value = "vars"
            ),
        };
        parse(&text, &scope)
            .map_err(|problem| reader.report(problem.at(at.clone())))
            .ok()
            .map(Self)
    }
}

/// Parses the text of an input, which stands at `at`.
pub(super) fn of_an_input(text: &str, at: &KeyPath) -> Result<Template, Problem> {
    let scope = Scope {
        key: &at.within_item(),
        contexts: OF_AN_INPUT,
        help: message!(
            "an input may read {}, {} and {}; use {} for outputs, {} for secrets",
            value = "github",
            value = "vars",
            value = "inputs",
            sample = Sample::Reference(None),
            value = "secrets"
        ),
    };
    parse(text, &scope)
}

fn parse(text: &str, scope: &Scope<'_>) -> Result<Template, Problem> {
    let template = Template::parse(text).map_err(|error| {
        let before = text.get(..error.offset).unwrap_or_default();
        let character = before.chars().count() + 1;
        let message = message!("{}, at character {}", text = &error, text = character);
        let problem = Problem::new(&rules::INVALID_EXPRESSION, message);
        match error.help() {
            Some(help) => problem.help(help),
            None => problem,
        }
    })?;
    scope.check(&template).map_err(|refusal| {
        let problem = Problem::new(&rules::INVALID_EXPRESSION, refusal.message().clone());
        problem.help(refusal.help().clone())
    })?;
    Ok(template)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Template, Problem> {
        let at = KeyPath::root().key("builds").index(0).key("inputs");
        of_an_input(text, &at.key("tag"))
    }

    #[test]
    fn text_and_expressions_alternate() {
        let template = parse("a-${{ inputs.region || 'it''s' }}-${{vars.X}}").unwrap();
        assert_eq!(template.parts().len(), 4);
        assert_eq!(template.inputs().collect::<Vec<_>>(), ["region"]);
    }

    #[test]
    fn closing_braces_in_text_do_not_close() {
        let template = parse("${{ format('}}{0}', vars.A) }}").unwrap();
        assert_eq!(template.parts().len(), 1);
    }

    #[test]
    fn the_source_is_what_github_reads() {
        let text = "${{contains( github.event.commits[0].message ,'x')&&!(vars.A==1)}}";
        let source = parse(text).unwrap().to_string();
        assert_eq!(
            source,
            "${{ contains(github.event.commits[0].message, 'x') && !(vars.A == 1) }}"
        );
        assert_eq!(parse(&source).unwrap(), parse(text).unwrap());
    }

    #[test]
    fn other_contexts_are_refused() {
        for text in [
            "${{ secrets.X }}",
            "${{ env.X }}",
            "${{ needs.a.outputs.b }}",
            "${{ github.token }}",
            "${{ github['TOKEN'] }}",
            "${{ toJSON(github.*) }}",
            "${{ inputs }}",
            "${{ system('x') }}",
            "${{ always() }}",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn broken_expressions_are_refused() {
        for text in [
            "${{",
            "${{ }}",
            "${{ 'a }}",
            "${{ (1 }}",
            "${{ 1) }}",
            "${{ vars.A ; }}",
            "${{ vars.A vars.B }}",
            "${{ format() }}",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_problem_names_its_place() {
        for (text, message) in [
            ("${{ secrets.X }}", "`inputs.tag` cannot read `secrets`"),
            ("${{ success() }}", "`inputs.tag` cannot call `success`"),
            (
                "é ${{ vars.A ; }}",
                "unexpected `;` in an expression, at character 14",
            ),
        ] {
            assert_eq!(parse(text).unwrap_err().message.to_string(), message);
        }
    }
}
