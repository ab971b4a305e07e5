//! Secrets that a callback gets, tokens that cascade uses, runners that it runs on.

use crate::expression::{Context, Expression, Template};
use crate::finding::rules;
use crate::key_path::KeyPath;
use crate::manifest::SecretName;
use crate::manifest::draft::{Leaf, Node, Problem, Reader, Shape, Value};
use crate::message;
use crate::scalar::Scalar;
use indexmap::IndexMap;
use std::str::FromStr;

/// The secrets that a callback is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Secrets {
    /// All secrets of the caller.
    Inherit,
    /// The callee's names, each with the caller's secret.
    Named(IndexMap<String, SecretName>),
}

impl Value for Secrets {
    const SHAPE: Shape = Shape::OneOf(&[
        Shape::Choice(&["inherit"]),
        Shape::Map(&Shape::OneOf(&[<SecretName as Leaf>::SHAPE, Shape::Bool])),
    ]);

    fn read(node: &Node, at: &KeyPath, reader: &mut Reader) -> Option<Self> {
        match node {
            Node::Scalar(Scalar::Text(text)) if text == "inherit" => Some(Self::Inherit),
            Node::Map(map) => match (map.get("inherit"), map.len()) {
                (Some(Node::Scalar(Scalar::Bool(true))), 1) => Some(Self::Inherit),
                (Some(Node::Scalar(Scalar::Bool(false))), 1) => Some(Self::Named(IndexMap::new())),
                _ => Value::read(node, at, reader).map(Self::Named),
            },
            _ => {
                reader.wrong_type(
                    node,
                    at,
                    message!(
                        "{}, or a mapping from the callee's names to secrets",
                        value = "inherit"
                    ),
                );
                None
            }
        }
    }
}

/// A token that cascade uses: the name of the secret that holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token(pub SecretName);

impl Leaf for Token {
    const SHAPE: Shape = Shape::Text {
        what: "the name of a secret",
        pattern: None,
    };
}

impl FromStr for Token {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        if !text.starts_with("${{") {
            return SecretName::from_str(text).map(Self);
        }
        let template = Template::parse(text).ok();
        let expression = template.as_ref().and_then(Template::whole);
        let Some((context, name)) = expression.and_then(Expression::property) else {
            return Err(no_secret(text));
        };
        match Context::named(context) {
            Some(Context::Github) if name.eq_ignore_ascii_case("token") => {
                SecretName::from_str("GITHUB_TOKEN").map(Self)
            }
            Some(Context::Secrets) => SecretName::from_str(name).map(Self),
            _ => Err(no_secret(text)),
        }
    }
}

fn no_secret(text: &str) -> Problem {
    let message = message!("{} is not a secret", value = text);
    Problem::new(&rules::INVALID_EXPRESSION, message).help(message!(
        "write the name of a secret, or {}",
        value = "${{ secrets.NAME }}"
    ))
}

/// Where cascade's own jobs run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunsOn {
    /// Runners that have every label.
    Labels(Vec<String>),
    /// Runners of a group, with labels if any are named.
    Group {
        /// The group.
        group: String,
        /// Labels that a runner must have besides.
        labels: Vec<String>,
    },
}

impl RunsOn {
    /// Returns a label of GitHub's own runners, if these are such: the name of an operating system
    /// and a version, without the label that marks runners of one's own.
    ///
    /// Source: GitHub, "GitHub-hosted runners reference", and "Using self-hosted runners in a
    /// workflow" for `self-hosted`.
    #[must_use]
    pub fn hosted(&self) -> Option<&str> {
        let Self::Labels(labels) = self else {
            return None;
        };
        let is_hosted = |label: &str| {
            let systems = ["ubuntu-", "windows-", "macos-"];
            let version = systems.iter().find_map(|system| label.strip_prefix(system));
            version.is_some_and(|version| {
                version == "latest"
                    || version == "slim"
                    || version.starts_with("latest-")
                    || version.starts_with(|c: char| c.is_ascii_digit())
            })
        };
        if labels.iter().any(|label| label == "self-hosted") {
            return None;
        }
        labels
            .iter()
            .map(String::as_str)
            .find(|label| is_hosted(label))
    }
}

impl Value for RunsOn {
    const SHAPE: Shape = Shape::OneOf(&[
        Shape::Text {
            what: "a label",
            pattern: None,
        },
        Shape::List(&Shape::Text {
            what: "a label",
            pattern: None,
        }),
        Shape::Block(<RunnerGroup as crate::manifest::draft::Block>::SPEC),
    ]);

    fn read(node: &Node, at: &KeyPath, reader: &mut Reader) -> Option<Self> {
        let labels = match node {
            Node::Scalar(_) => <String as Value>::read(node, at, reader).map(|label| vec![label]),
            Node::List(_) => <Vec<String> as Value>::read(node, at, reader),
            Node::Map(_) => {
                let read = <RunnerGroup as Value>::read(node, at, reader)?;
                match read.group {
                    Some(group) => {
                        return Some(Self::Group {
                            group,
                            labels: read.labels,
                        });
                    }
                    None => Some(read.labels),
                }
            }
            _ => {
                reader.wrong_type(
                    node,
                    at,
                    message!(
                        "a label, a list of labels, or {} and {}",
                        key = "group",
                        key = "labels"
                    ),
                );
                None
            }
        }?;
        let bad = |label: &String| label.trim().is_empty() || label.contains("${{");
        if labels.is_empty() || labels.iter().any(bad) {
            let problem = Problem::new(&rules::INVALID_NAME, "a runner needs a label")
                .help(message!("write {}", value = "ubuntu-latest"));
            reader.report(problem.at(at.clone()));
            return None;
        }
        Some(Self::Labels(labels))
    }
}

crate::manifest::draft::block::block! {
    /// Runners of a group, with labels, or both.
    pub struct RunnerGroup;
    /// The group; any if absent.
    group: Option<String>,
    /// Labels that a runner must have.
    labels: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_a_secret_however_it_is_written() {
        for (text, name) in [
            ("STATE", "STATE"),
            ("${{ secrets.STATE }}", "STATE"),
            ("${{Secrets['STATE']}}", "STATE"),
            ("${{ github.token }}", "GITHUB_TOKEN"),
        ] {
            let token = Token::from_str(text).unwrap();
            assert_eq!(token.0.as_str(), name, "{text}");
        }
        for text in [
            "${{ vars.STATE }}",
            "${{ secrets.A || secrets.B }}",
            "${{ secrets.A",
            "a b",
        ] {
            assert!(Token::from_str(text).is_err(), "{text}");
        }
    }
}
