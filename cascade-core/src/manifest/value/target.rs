//! The text that a deployment writes into another repository, and its place: texts in which `{...}` stands for
//! something that only the deployment knows.

use super::{Branch, Reference, RelativePath};
use crate::finding::rules;
use crate::manifest::draft::{Leaf, Problem, Shape};
use crate::message;
use std::fmt;
use std::str::FromStr;

/// The placeholder that paths, fields and branches may have.
const ENVIRONMENT: &str = "{environment}";

/// Declares a text that may name the environment.
macro_rules! place {
    ($(#[doc = $doc:literal])* $name:ident, $what:literal) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// Returns the text as it was written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Returns the text of one environment.
            #[must_use]
            pub fn of(&self, environment: &str) -> String {
                self.0.replace(ENVIRONMENT, environment)
            }

            /// Returns true if each environment has a text of its own.
            #[must_use]
            pub fn differs(&self) -> bool {
                self.0.contains(ENVIRONMENT)
            }
        }

        impl Leaf for $name {
            const SHAPE: Shape = Shape::Text {
                what: $what,
                pattern: None,
            };
        }
    };
}

place! {
    /// A file of a target's repository.
    TargetPath, "a path inside the repository"
}

place! {
    /// A branch of a target's repository.
    TargetBranch, "a branch name"
}

impl FromStr for TargetPath {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let plain = without_placeholder(text)?;
        RelativePath::from_str(&plain)?;
        let named = plain.rsplit('/').next().unwrap_or_default();
        let known = [".yaml", ".yml", ".json"];
        match !named.contains('.') || known.iter().any(|end| named.ends_with(end)) {
            true if !plain.ends_with('/') => Ok(Self(text.to_owned())),
            _ => Err(Problem::new(
                &rules::INVALID_PATH,
                message!("{} is neither a YAML nor a JSON file", value = text),
            )
            .help(message!(
                "name a file that ends in {}, {} or {}",
                value = ".yaml",
                value = ".yml",
                value = ".json"
            ))),
        }
    }
}

impl FromStr for TargetBranch {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        Branch::from_str(&without_placeholder(text)?)?;
        Ok(Self(text.to_owned()))
    }
}

/// Replaces the placeholder by a name, so that the rest can be judged.
fn without_placeholder(text: &str) -> Result<String, Problem> {
    let plain = text.replace(ENVIRONMENT, "x");
    match plain.contains(['{', '}']) {
        false => Ok(plain),
        true => Err(Problem::new(
            &rules::DEPLOY_TARGET,
            message!("{} has a placeholder that is not known", value = text),
        )
        .help(message!("the only one here is {}", value = ENVIRONMENT))),
    }
}

/// A step on the way to a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldStep {
    /// A key of a mapping.
    Key(String),
    /// An item of a list, from 0.
    Index(usize),
}

/// A field of a file: keys with dots between them, and items in brackets; a key with a dot stands in
/// brackets and quotes, like `labels["app.kubernetes.io/version"]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetField {
    text: String,
    steps: Vec<FieldStep>,
}

impl TargetField {
    /// Returns the text as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns true if each environment has a field of its own.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.text.contains(ENVIRONMENT)
    }

    /// Returns the way to the field of one environment.
    #[must_use]
    pub fn steps(&self, environment: &str) -> Vec<FieldStep> {
        let steps = self.steps.iter().cloned();
        steps
            .map(|step| match step {
                FieldStep::Key(key) => FieldStep::Key(key.replace(ENVIRONMENT, environment)),
                index @ FieldStep::Index(_) => index,
            })
            .collect()
    }
}

impl Leaf for TargetField {
    const SHAPE: Shape = Shape::Text {
        what: "a field of a file",
        pattern: None,
    };
}

impl FromStr for TargetField {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        without_placeholder(text)?;
        let steps = parse_steps(text).ok_or_else(|| {
            Problem::new(
                &rules::DEPLOY_TARGET,
                message!("{} is not a field of a file", value = text),
            )
            .help(message!(
                "write {}, {} or {}",
                value = "image.tag",
                value = "containers[0].image",
                value = "labels[\"app.kubernetes.io/version\"]"
            ))
        })?;
        Ok(Self {
            text: text.to_owned(),
            steps,
        })
    }
}

fn parse_steps(text: &str) -> Option<Vec<FieldStep>> {
    let mut steps = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let (step, after) = parse_brackets(inner)?;
            steps.push(step);
            rest = after;
        } else {
            let name = match steps.is_empty() {
                true => rest,
                false => rest.strip_prefix('.')?,
            };
            let end = name.find(['.', '[']).unwrap_or(name.len());
            let (key, after) = name.split_at(end);
            let odd = |c: char| c.is_control() || c.is_whitespace() || c == ']' || c == '"';
            if key.is_empty() || key.contains(odd) {
                return None;
            }
            steps.push(FieldStep::Key(key.to_owned()));
            rest = after;
        }
    }
    (!steps.is_empty()).then_some(steps)
}

/// Reads what stands behind `[`: a number, or a key in quotes.
fn parse_brackets(inner: &str) -> Option<(FieldStep, &str)> {
    if let Some(quoted) = inner.strip_prefix('"') {
        let (key, after) = quoted.split_once('"')?;
        let good = !key.is_empty() && !key.contains(char::is_control);
        let after = after.strip_prefix(']').filter(|_| good)?;
        return Some((FieldStep::Key(key.to_owned()), after));
    }
    let (number, after) = inner.split_once(']')?;
    let digits = number.bytes().all(|byte| byte.is_ascii_digit());
    let index = number.parse().ok().filter(|_| digits)?;
    Some((FieldStep::Index(index), after))
}

/// A part of the text that a deployment writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValuePart {
    /// Text as it stands.
    Text(String),
    /// The version.
    Version,
    /// The commit.
    Sha,
    /// The environment.
    Environment,
    /// The artifact of the build that the deploy depends on.
    ArtifactId,
    /// An output of a build or deploy.
    Output(Reference),
}

/// The text that a deployment writes: a word, or a text with placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetValue {
    text: String,
    parts: Vec<ValuePart>,
}

impl TargetValue {
    /// Returns its parts in order.
    #[must_use]
    pub fn parts(&self) -> &[ValuePart] {
        &self.parts
    }
}

impl fmt::Display for TargetValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Leaf for TargetValue {
    const SHAPE: Shape = Shape::Text {
        what: "the text of a field",
        pattern: None,
    };
}

impl FromStr for TargetValue {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let refuse = |message| {
            Problem::new(&rules::DEPLOY_TARGET, message).help(message!(
                "write {}, {}, {}, or a text such as {}",
                value = "version",
                value = "sha",
                value = "artifact_id",
                value = "registry/app:{version}"
            ))
        };
        let unknown = |name: &str| refuse(message!("{} stands for nothing", value = name));
        let parts = match placeholder(text) {
            Some(alone) => vec![alone],
            None => parse_parts(text).map_err(|name| unknown(&name))?,
        };
        let says_which =
            |part: &ValuePart| !matches!(part, ValuePart::Text(_) | ValuePart::Environment);
        match parts.iter().any(says_which) {
            true => Ok(Self {
                text: text.to_owned(),
                parts,
            }),
            false => Err(refuse(message!(
                "{} is the same whatever is deployed",
                value = text
            ))),
        }
    }
}

fn placeholder(name: &str) -> Option<ValuePart> {
    Some(match name {
        "version" => ValuePart::Version,
        "sha" => ValuePart::Sha,
        "environment" => ValuePart::Environment,
        "artifact_id" => ValuePart::ArtifactId,
        _ => match Reference::from_str(name) {
            Ok(output @ Reference::Output { .. }) => ValuePart::Output(output),
            _ => return None,
        },
    })
}

/// Reads the parts of a text; the placeholder that is not known, if one is.
fn parse_parts(text: &str) -> Result<Vec<ValuePart>, String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        let (name, after) = behind
            .split_once('}')
            .ok_or_else(|| format!("{{{behind}"))?;
        if !before.is_empty() {
            parts.push(ValuePart::Text(before.to_owned()));
        }
        parts.push(placeholder(name).ok_or_else(|| format!("{{{name}}}"))?);
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(ValuePart::Text(rest.to_owned()));
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_keys_and_items() {
        let key = |key: &str| FieldStep::Key(key.to_owned());
        let field: TargetField = "a.b[0].\u{fc}[\"x.y/z\"]".parse().unwrap();
        let expected = [
            key("a"),
            key("b"),
            FieldStep::Index(0),
            key("\u{fc}"),
            key("x.y/z"),
        ];
        assert_eq!(field.steps("dev"), expected);
        let field: TargetField = "tags.{environment}".parse().unwrap();
        assert_eq!(field.steps("dev"), [key("tags"), key("dev")]);
        for wrong in [
            "", ".a", "a.", "a..b", "a[", "a[x]", "a[-1]", "a b", "a[\"\"]", "a[0]b", "{x}",
        ] {
            assert!(wrong.parse::<TargetField>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn paths_stay_in_the_repository_and_are_yaml_or_json() {
        let path: TargetPath = "apps/{environment}/values.yaml".parse().unwrap();
        assert_eq!(path.of("prod"), "apps/prod/values.yaml");
        for wrong in [
            "../a.yaml",
            "/a.yaml",
            "a/../b.yaml",
            "a.txt",
            "a.yaml/",
            "{x}.yaml",
        ] {
            assert!(wrong.parse::<TargetPath>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn branches_may_name_the_environment() {
        let branch: TargetBranch = "env/{environment}".parse().unwrap();
        assert_eq!(branch.of("prod"), "env/prod");
        for wrong in ["{env}", "a b", "-a", "a..b"] {
            assert!(wrong.parse::<TargetBranch>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_value_says_what_is_deployed() {
        let parts = |text: &str| text.parse::<TargetValue>().unwrap().parts().to_vec();
        assert_eq!(parts("version"), [ValuePart::Version]);
        assert_eq!(parts("{sha}"), [ValuePart::Sha]);
        let text = |text: &str| ValuePart::Text(text.to_owned());
        let image = [text("r/app@"), ValuePart::ArtifactId];
        assert_eq!(parts("r/app@{artifact_id}"), image);
        assert!(matches!(
            parts("app.outputs.digest")[..],
            [ValuePart::Output(_)]
        ));
        for wrong in ["", "latest", "{environment}", "{tag}", "a{version", "v{}"] {
            assert!(wrong.parse::<TargetValue>().is_err(), "{wrong}");
        }
    }
}
