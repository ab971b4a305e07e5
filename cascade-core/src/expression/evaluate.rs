//! The value of an expression.

use super::tree::Operator;
use super::{Context, Data, Expression, Function, Object, call, compare, number};
use std::cmp::Ordering;
use std::fmt;
use std::rc::Rc;

/// Everything that an expression may read.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// The contexts by their names.
    pub contexts: Object,
    /// The results of the jobs or steps before.
    pub job: Job,
}

/// The results of the jobs or steps before an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// All of them succeeded.
    Succeeded,
    /// One of them failed.
    Failed,
    /// One of them was skipped, and none failed.
    Skipped,
    /// The run was cancelled.
    Cancelled,
}

/// The reason for which an expression has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EvaluationError {
    /// A context is not among the surroundings.
    NoContext(String),
    /// `fromJSON` was given what is not JSON.
    InvalidJson(String),
    /// `format` was given a pattern that it cannot read, or that names a value which is not there.
    InvalidFormat(String),
    /// A condition of `case` is neither `true` nor `false`.
    NotBoolean,
    /// `hashFiles` needs files.
    NoFiles,
}

type Evaluated = Result<Data, EvaluationError>;

impl Expression {
    /// Evaluates the expression.
    ///
    /// # Errors
    /// A context is missing, or a function cannot work with what it is given.
    pub fn evaluate(&self, around: &Surroundings) -> Evaluated {
        Ok(match self {
            Self::Null => Data::Null,
            Self::Boolean(value) => (*value).into(),
            Self::Number(written) if written == "NaN" => Data::Number(f64::NAN),
            Self::Number(written) => Data::Number(number::parse(written)),
            Self::Text(text) => text.as_str().into(),
            Self::Context(name) => {
                let found = around.contexts.get(name).cloned();
                found.ok_or_else(|| EvaluationError::NoContext(name.clone()))?
            }
            Self::Member(of, name) => item(&of.evaluate(around)?, &name.as_str().into()),
            Self::Index(of, key) => {
                let key = key.evaluate(around)?;
                item(&of.evaluate(around)?, &key)
            }
            Self::Every(of) => Data::Every(every(&of.evaluate(around)?)),
            Self::Group(inner) => inner.evaluate(around)?,
            Self::Not(of) => (!of.evaluate(around)?.is_truthy()).into(),
            Self::Call(function, arguments) => {
                let values = arguments.iter().map(|argument| argument.evaluate(around));
                let values: Vec<Data> = values.collect::<Result<_, _>>()?;
                match function.family() {
                    Some(Context::HashFiles) => return Err(EvaluationError::NoFiles),
                    Some(_) => around.job.is(*function).into(),
                    None => call::call(*function, &values)?,
                }
            }
            Self::Chain(first, rest) => chain(first, rest, around)?,
        })
    }
}

impl Job {
    fn is(self, status: Function) -> bool {
        match status {
            Function::Success => self == Self::Succeeded,
            Function::Failure => self == Self::Failed,
            Function::Cancelled => self == Self::Cancelled,
            _ => true,
        }
    }
}

/// Evaluates operands from left to right; `||` and `&&` give one of them and need not see all.
fn chain(first: &Expression, rest: &[(Operator, Expression)], around: &Surroundings) -> Evaluated {
    let mut left = first.evaluate(around)?;
    for (operator, operand) in rest {
        let decided = match operator {
            Operator::Or => left.is_truthy(),
            Operator::And => !left.is_truthy(),
            _ => false,
        };
        if decided {
            break;
        }
        let right = operand.evaluate(around)?;
        let order = compare::order(&left, &right);
        let equal = compare::equal(&left, &right);
        left = match operator {
            Operator::Or | Operator::And => right,
            Operator::Equal => equal.into(),
            Operator::Unequal => (!equal).into(),
            Operator::Less => (order == Some(Ordering::Less)).into(),
            Operator::AtMost => (equal || order == Some(Ordering::Less)).into(),
            Operator::Greater => (order == Some(Ordering::Greater)).into(),
            Operator::AtLeast => (equal || order == Some(Ordering::Greater)).into(),
        };
    }
    Ok(left)
}

/// Returns the item of a list or object; `null` where there is none.
fn item(of: &Data, key: &Data) -> Data {
    match of {
        Data::Every(items) => {
            let found = items.iter().filter_map(|of| existing(of, key));
            Data::Every(found.collect())
        }
        of => existing(of, key).unwrap_or(Data::Null),
    }
}

fn existing(of: &Data, key: &Data) -> Option<Data> {
    match of {
        Data::Object(object) if key.is_primitive() => object.get(&key.text()).cloned(),
        of => of.items()?.get(position(key)?).cloned(),
    }
}

/// Returns the position in a list that a value names.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number that is too large names no item of any list"
)]
fn position(key: &Data) -> Option<usize> {
    let position = key.number();
    (position.is_finite() && position >= 0.0).then_some(position as usize)
}

fn every(of: &Data) -> Rc<[Data]> {
    match of {
        Data::Every(items) => items.iter().flat_map(members).collect(),
        of => members(of).into(),
    }
}

fn members(of: &Data) -> Vec<Data> {
    match of {
        Data::Object(object) => object.iter().map(|(_, value)| value.clone()).collect(),
        of => of.items().unwrap_or_default().to_vec(),
    }
}

impl fmt::Display for EvaluationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoContext(name) => write!(f, "there is no context `{name}` here"),
            Self::InvalidJson(text) => write!(f, "`fromJSON` cannot read `{text}`"),
            Self::InvalidFormat(text) => write!(f, "`format` cannot read `{text}`"),
            Self::NotBoolean => f.write_str("a condition of `case` is neither `true` nor `false`"),
            Self::NoFiles => f.write_str("`hashFiles` has no files to read here"),
        }
    }
}

impl std::error::Error for EvaluationError {}
