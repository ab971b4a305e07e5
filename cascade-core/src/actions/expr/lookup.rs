//! One value for each of several keys, chosen when the workflow runs.

use super::Expr;
use crate::actions::value::{Inner, Part, Value};
use serde_json::Value as Json;

impl Expr {
    /// `fromJSON('{"a":...}')[key]`: the value of the case named by `key`.
    ///
    /// Values keep their types. `&&` and `||` would lose `false`, `0` and empty text.
    #[must_use]
    pub fn lookup(cases: &[(&str, Value)], key: impl Into<Self>) -> Self {
        let mut holes = Vec::new();
        let mut members = Vec::new();
        for (name, value) in cases {
            let name = Json::from(*name).to_string();
            let value = match literal(value) {
                Some(json) => braces(&json.to_string()),
                None => {
                    holes.push(Self::to_json(whole(value)));
                    format!("{{{}}}", holes.len() - 1)
                }
            };
            members.push(format!("{}:{value}", braces(&name)));
        }
        let template = format!("{{{{{}}}}}", members.join(","));
        let object = if holes.is_empty() {
            Self::text(&template.replace("{{", "{").replace("}}", "}"))
        } else {
            Self::format(&template, holes)
        };
        Self::from_json(object).index(key)
    }
}

/// `format` reads a doubled brace as one.
fn braces(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

fn literal(value: &Value) -> Option<Json> {
    match &value.0 {
        Inner::Text(text) => Some(text.as_str().into()),
        Inner::Bool(value) => Some((*value).into()),
        Inner::Number(value) => Some((*value).into()),
        Inner::Expr(_) | Inner::Template(_) => None,
    }
}

/// A value as one expression.
fn whole(value: &Value) -> Expr {
    match &value.0 {
        Inner::Expr(expr) => expr.clone(),
        Inner::Template(parts) => {
            let mut template = String::new();
            let mut holes = Vec::new();
            for part in parts {
                match part {
                    Part::Text(text) => template.push_str(&braces(text)),
                    Part::Expr(expr) => {
                        template.push_str(&format!("{{{}}}", holes.len()));
                        holes.push(expr.clone());
                    }
                }
            }
            Expr::format(&template, holes)
        }
        Inner::Text(text) => text.as_str().into(),
        Inner::Bool(value) => (*value).into(),
        Inner::Number(value) => (*value).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template;

    #[test]
    fn literals_stand_in_one_object() {
        let cases = [("dev", "it's {a}".into()), ("prod", false.into())];
        let expr = Expr::lookup(&cases, Expr::input("environment"));
        assert_eq!(
            expr.as_str(),
            "fromJSON('{\"dev\":\"it''s {a}\",\"prod\":false}')[inputs.environment]"
        );
    }

    #[test]
    fn expressions_are_put_in_as_json() {
        let cases = [
            ("dev", "x".into()),
            ("prod", template!["{a}-", Expr::var("B")]),
        ];
        let expr = Expr::lookup(&cases, "prod");
        assert_eq!(
            expr.as_str(),
            "fromJSON(format('{{\"dev\":\"x\",\"prod\":{0}}}', toJSON(format('{{a}}-{0}', vars.B))))['prod']"
        );
    }
}
