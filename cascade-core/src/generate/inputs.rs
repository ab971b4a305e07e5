//! The inputs that a call passes to a callback.

use crate::actions::{Expr, Value, WorkflowError};
use crate::contract::InputType;
use crate::expression::Template;
use crate::manifest::{ExternalField, InputValue, Reference};
use crate::pipeline::{Callback, CallbackKind, Component, Input, InputSource, StandardInput};
use crate::scalar::Scalar;
use indexmap::IndexMap;

/// The sources of input values in one workflow.
pub(super) trait Sources {
    /// A value that cascade passes.
    fn standard(&self, input: StandardInput) -> Value;

    /// An output of a build or deploy.
    fn output(&self, kind: CallbackKind, name: &str, output: &str) -> Result<Expr, WorkflowError>;

    /// A value of an external version.
    fn external(&self, name: &str, field: ExternalField) -> Expr;

    /// The dispatch inputs, a JSON object in text.
    fn dispatch(&self) -> Expr;

    /// Returns an expression that is true in a dry run.
    fn dry_run(&self) -> Expr;

    /// The environment.
    fn environment(&self) -> Expr;
}

/// The inputs of a call, in the order in which the callback declares them.
pub(super) fn render(
    callback: &Callback,
    component: &Component,
    sources: &impl Sources,
) -> Result<Vec<(String, Value)>, WorkflowError> {
    let renderer = Renderer {
        callback,
        component,
        sources,
    };
    let inputs = callback.inputs.iter();
    inputs
        .map(|input| Ok((input.name.clone(), renderer.value(&input.value, input)?)))
        .collect()
}

struct Renderer<'a, S> {
    callback: &'a Callback,
    component: &'a Component,
    sources: &'a S,
}

impl<S: Sources> Renderer<'_, S> {
    fn value(&self, source: &InputSource, input: &Input) -> Result<Value, WorkflowError> {
        Ok(match source {
            InputSource::Standard(standard) => self.sources.standard(*standard),
            InputSource::Dispatch(name) => {
                Expr::from_json(self.sources.dispatch()).get(name).into()
            }
            InputSource::Matrix(dimension) => Expr::matrix(dimension).into(),
            InputSource::Given(value) => self.given(value, input.kind)?,
            InputSource::ByEnvironment {
                values,
                otherwise,
                default,
            } => self.by_environment(values, otherwise.as_deref(), default.as_ref(), input)?,
        })
    }

    fn given(&self, value: &InputValue, kind: InputType) -> Result<Value, WorkflowError> {
        match value {
            InputValue::Literal(scalar) => Ok(literal(scalar, kind)),
            InputValue::From(reference) => Ok(typed(self.reference(reference)?, kind).into()),
            InputValue::Template(template) => Ok(self.template(template)),
        }
    }

    fn reference(&self, reference: &Reference) -> Result<Expr, WorkflowError> {
        match reference {
            Reference::External { name, field } => Ok(self.sources.external(name, *field)),
            Reference::Output { callback, output } => {
                let waited = self
                    .callback
                    .dependencies
                    .iter()
                    .find(|each| each.name.as_str() == callback);
                let kind = waited.map_or(CallbackKind::Build, |dependency| dependency.kind);
                self.sources.output(kind, callback, output)
            }
        }
    }

    /// An author's text, in which dispatch inputs are read where this workflow has them.
    fn template(&self, template: &Template) -> Value {
        Value::authored(template, &|part| match part.property()? {
            (context, _) if !context.eq_ignore_ascii_case("inputs") => None,
            (_, "dry_run") => Some(self.sources.dry_run().in_parentheses()),
            (_, name) => Some(Expr::from_json(self.sources.dispatch()).get(name)),
        })
    }

    fn by_environment(
        &self,
        values: &IndexMap<String, InputValue>,
        otherwise: Option<&InputSource>,
        default: Option<&Scalar>,
        input: &Input,
    ) -> Result<Value, WorkflowError> {
        let fallback = match otherwise {
            Some(source) => self.value(source, input)?,
            None => literal(default.unwrap_or(&nothing(input.kind)), input.kind),
        };
        let mut cases = Vec::new();
        for environment in &self.component.environments {
            let name = environment.name.as_str();
            let value = match values.get(name) {
                Some(value) => self.given(value, input.kind)?,
                None => fallback.clone(),
            };
            cases.push((name, value));
        }
        Ok(Expr::lookup(&cases, self.sources.environment()).into())
    }
}

/// Returns the value of an input that has no default and that nobody gives.
const fn nothing(kind: InputType) -> Scalar {
    match kind {
        InputType::String => Scalar::Text(String::new()),
        InputType::Boolean => Scalar::Bool(false),
        InputType::Number => Scalar::Int(0),
    }
}

/// A value that the author wrote, in the type of the input.
fn literal(scalar: &Scalar, kind: InputType) -> Value {
    match (kind, scalar) {
        (InputType::Boolean, Scalar::Bool(value)) => (*value).into(),
        (InputType::Number, Scalar::Int(value)) => (*value).into(),
        (InputType::Number, Scalar::Float(text)) => Expr::from_json(text.as_str()).into(),
        (_, scalar) => scalar.text().into(),
    }
}

/// Text that another job put out, in the type of the input.
fn typed(text: Expr, kind: InputType) -> Expr {
    match kind {
        InputType::String => text,
        InputType::Boolean => text.equals("true"),
        InputType::Number => Expr::from_json(text.or("0")),
    }
}
