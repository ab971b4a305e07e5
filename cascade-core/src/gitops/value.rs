//! The text that a deployment writes.

use crate::lifecycle::{Outputs, Planned};
use crate::manifest::{Reference, ValuePart};
use indexmap::IndexMap;
use std::fmt;

/// A deployment, for the parts of a value.
#[derive(Debug, Clone, Copy)]
pub struct Deployed<'a> {
    /// The environment.
    pub environment: &'a str,
    /// The deploy.
    pub planned: &'a Planned,
    /// The outputs of the operation's builds, by their names.
    pub builds: &'a IndexMap<String, Outputs>,
}

/// A part of a value that is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown(String);

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not recorded for what is deployed", self.0)
    }
}

impl std::error::Error for Unknown {}

/// Returns the text of the parts for what is deployed.
///
/// # Errors
/// An output that is not recorded, or is empty.
pub fn render(parts: &[ValuePart], deployed: Deployed<'_>) -> Result<String, Unknown> {
    parts.iter().map(|part| text(part, deployed)).collect()
}

fn text(part: &ValuePart, deployed: Deployed<'_>) -> Result<String, Unknown> {
    let planned = deployed.planned;
    let known = |name: &str, text: &str| match text {
        "" => Err(Unknown(format!("`{name}`"))),
        text => Ok(text.to_owned()),
    };
    match part {
        ValuePart::Text(text) => Ok(text.clone()),
        ValuePart::Version => known("version", &planned.version),
        ValuePart::Sha => known("sha", &planned.sha),
        ValuePart::Environment => known("environment", deployed.environment),
        ValuePart::ArtifactId => Err(Unknown("`artifact_id`".to_owned())),
        ValuePart::Output(reference) => {
            let found = match reference {
                // What is restored or rolled back has the outputs that it was deployed with.
                Reference::Output { callback, output } => {
                    let builds = planned.builds.as_ref().unwrap_or(deployed.builds);
                    builds.get(callback).and_then(|build| build.get(output))
                }
                Reference::External { .. } => None,
            };
            known(&reference.to_string(), found.map_or("", String::as_str))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::TargetValue;

    #[test]
    fn a_value_is_made_of_what_is_deployed() {
        let planned = Planned::new("abc", "v1.2.0", None);
        let outputs = Outputs::from([("digest".to_owned(), "sha256:1".to_owned())]);
        let builds = IndexMap::from([("app".to_owned(), outputs)]);
        let deployed = Deployed {
            environment: "dev",
            planned: &planned,
            builds: &builds,
        };
        let rendered = |text: &str| {
            let value: TargetValue = text.parse().unwrap();
            render(value.parts(), deployed)
        };
        assert_eq!(rendered("version").unwrap(), "v1.2.0");
        let image = "r/{environment}/app:{version}@{app.outputs.digest}+{sha}";
        assert_eq!(rendered(image).unwrap(), "r/dev/app:v1.2.0@sha256:1+abc");
        let unknown = rendered("{app.outputs.tag}").unwrap_err().to_string();
        assert!(unknown.contains("`app.outputs.tag`"), "{unknown}");
    }

    #[test]
    fn what_comes_back_has_the_outputs_of_then() {
        let outputs = |digest: &str| {
            let outputs = Outputs::from([("digest".to_owned(), digest.to_owned())]);
            IndexMap::from([("app".to_owned(), outputs)])
        };
        let mut planned = Planned::new("abc", "v1.1.0", None);
        planned.builds = Some(outputs("old"));
        let deployed = Deployed {
            environment: "dev",
            planned: &planned,
            builds: &outputs("new"),
        };
        let value: TargetValue = "app.outputs.digest".parse().unwrap();
        assert_eq!(render(value.parts(), deployed).unwrap(), "old");
    }
}
