//! What a callback's input is given.

use super::choice::choice;
use super::template;
use crate::expression::Template;
use crate::finding::message::Sample;
use crate::finding::{Finding, rules};
use crate::key_path::KeyPath;
use crate::manifest::draft::{Leaf, Map, Node, Problem, Reader, Shape, Value};
use crate::message;
use crate::scalar::Scalar;
use std::fmt;
use std::str::FromStr;

/// The value of an input.
#[derive(Debug, Clone, PartialEq)]
pub enum InputValue {
    /// The value itself.
    Literal(Scalar),
    /// Something that another part of the pipeline puts out.
    From(Reference),
    /// Text with expressions.
    Template(Template),
}

/// An output of a callback, or a recorded external version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reference {
    /// `image.outputs.image_tag`.
    Output {
        /// The build or deploy.
        callback: String,
        /// Its output.
        output: String,
    },
    /// `models.version` or `models.sha`.
    External {
        /// The name of the external version.
        name: String,
        /// Which of its values.
        field: ExternalField,
    },
}

choice! {
    /// A value of an external version.
    pub enum ExternalField {
        /// The recorded version.
        Version = "version",
        /// The recorded commit.
        Sha = "sha",
    }
}

impl Leaf for Reference {
    const SHAPE: Shape = Shape::Text {
        what: "a reference",
        pattern: Some("^[A-Za-z0-9_-]+\\.(outputs\\.[A-Za-z0-9_-]+|version|sha)$"),
    };
}

impl FromStr for Reference {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let parts: Vec<&str> = text.split('.').collect();
        let named = |part: &str| {
            !part.is_empty()
                && part
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
        };
        match parts.as_slice() {
            [callback, "outputs", output] if named(callback) && named(output) => Ok(Self::Output {
                callback: (*callback).to_owned(),
                output: (*output).to_owned(),
            }),
            [name, "version"] if named(name) => Ok(Self::External {
                name: (*name).to_owned(),
                field: ExternalField::Version,
            }),
            [name, "sha"] if named(name) => Ok(Self::External {
                name: (*name).to_owned(),
                field: ExternalField::Sha,
            }),
            _ => Err(Problem::new(
                &rules::INVALID_REFERENCE,
                message!("{} is not a reference", value = text),
            )
            .help(message!(
                "write {} for an output, {} or {} for an external version",
                value = "image.outputs.tag",
                value = "models.version",
                value = "models.sha"
            ))),
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Output { callback, output } => write!(f, "{callback}.outputs.{output}"),
            Self::External { name, field } => write!(f, "{name}.{field}"),
        }
    }
}

impl Value for InputValue {
    const SHAPE: Shape = Shape::OneOf(&[Shape::Scalar, Shape::Map(&<Reference as Leaf>::SHAPE)]);

    fn read(node: &Node, at: &KeyPath, reader: &mut Reader) -> Option<Self> {
        match node {
            Node::Scalar(Scalar::Text(text)) if text.contains("${{") => {
                template::of_an_input(text, at)
                    .map_err(|problem| reader.report(problem.at(at.clone())))
                    .ok()
                    .map(Self::Template)
            }
            Node::Scalar(scalar) => Some(Self::Literal(scalar.clone())),
            Node::Map(map) => read_reference(map, at, reader),
            _ => {
                reader.wrong_type(
                    node,
                    at,
                    message!("a scalar or {}", sample = Sample::Reference(None)),
                );
                None
            }
        }
    }
}

fn read_reference(map: &Map, at: &KeyPath, reader: &mut Reader) -> Option<InputValue> {
    reader.check_keys(map, at, &["from"], &[]);
    let Some(from) = map.get("from") else {
        if !reader.is_known(&at.key("from")) {
            reader.unknown(at);
            return None;
        }
        let message = message!(
            "an input is a scalar, or {} names what it takes",
            key = "from"
        );
        reader.report(
            Finding::new(&rules::MISSING_KEY, at.clone(), message).help(message!(
                "write {}",
                sample = Sample::taken("image.outputs.tag")
            )),
        );
        return None;
    };
    let read = <Reference as Value>::read(from, &at.key("from"), reader);
    if read.is_none() {
        reader.unknown(at);
    }
    read.map(InputValue::From)
}
