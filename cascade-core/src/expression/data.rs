//! Values of expressions.

use super::number;
use indexmap::IndexMap;
use serde_json::Value as Json;
use std::rc::Rc;

/// A value of an expression. Lists and objects are shared: two are equal if they are the same one.
#[derive(Debug, Clone)]
pub enum Data {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(Rc<str>),
    /// A list.
    List(Rc<[Self]>),
    /// The items that `.*` read; a name or a position that follows is read from each.
    Every(Rc<[Self]>),
    /// An object.
    Object(Rc<Object>),
}

/// Values by names that differ in more than case.
#[derive(Debug, Clone, Default)]
pub struct Object(IndexMap<String, Data>);

impl Object {
    /// Returns the value with this name, in any case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Data> {
        let name = name.to_lowercase();
        let mut fields = self.0.iter();
        let found = fields.find(|(known, _)| known.to_lowercase() == name);
        found.map(|(_, value)| value)
    }

    /// Returns the names and values in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Data)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

impl FromIterator<(String, Data)> for Object {
    /// Collects values; of two names that differ in case only, the first counts.
    fn from_iter<I: IntoIterator<Item = (String, Data)>>(fields: I) -> Self {
        let mut object = Self::default();
        for (name, value) in fields {
            if object.get(&name).is_none() {
                object.0.insert(name, value);
            }
        }
        object
    }
}

impl Data {
    /// Returns false for `null`, `false`, 0, what is not a number, and empty text.
    #[must_use]
    pub fn is_truthy(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Boolean(value) => *value,
            Self::Number(value) => *value != 0.0 && !value.is_nan(),
            Self::Text(text) => !text.is_empty(),
            Self::List(_) | Self::Every(_) | Self::Object(_) => true,
        }
    }

    /// Returns the value as text; a list or an object is its kind.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Boolean(value) => value.to_string(),
            Self::Number(value) => number::rounded(*value),
            Self::Text(text) => text.to_string(),
            Self::List(_) | Self::Every(_) => "Array".to_owned(),
            Self::Object(_) => "Object".to_owned(),
        }
    }

    /// Returns the value as a number, which a list, an object and most texts are not.
    #[must_use]
    pub fn number(&self) -> f64 {
        match self {
            Self::Null => 0.0,
            Self::Boolean(value) => f64::from(u8::from(*value)),
            Self::Number(value) => *value,
            Self::Text(text) => number::parse(text),
            Self::List(_) | Self::Every(_) | Self::Object(_) => f64::NAN,
        }
    }

    pub(super) const fn is_primitive(&self) -> bool {
        !matches!(self, Self::List(_) | Self::Every(_) | Self::Object(_))
    }

    pub(super) fn items(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) | Self::Every(items) => Some(items),
            _ => None,
        }
    }

    /// Returns the value as JSON over several lines, indented by two spaces.
    #[must_use]
    pub fn json(&self) -> String {
        let mut text = String::new();
        self.write_json(0, &mut text);
        text
    }

    fn write_json(&self, depth: usize, text: &mut String) {
        match self {
            Self::Null => text.push_str("null"),
            Self::Number(value) if !value.is_finite() => text.push_str("null"),
            Self::Number(value) => text.push_str(&number::written(*value)),
            Self::Boolean(value) => text.push_str(&value.to_string()),
            Self::Text(value) => text.push_str(&Json::from(&**value).to_string()),
            Self::List(items) | Self::Every(items) => {
                let items = items.iter().map(|item| (None, item));
                write_members(['[', ']'], items, depth, text);
            }
            Self::Object(object) => {
                let fields = object.iter().map(|(name, value)| (Some(name), value));
                write_members(['{', '}'], fields, depth, text);
            }
        }
    }
}

fn write_members<'a>(
    [open, close]: [char; 2],
    members: impl Iterator<Item = (Option<&'a str>, &'a Data)>,
    depth: usize,
    text: &mut String,
) {
    text.push(open);
    let mut empty = true;
    for (name, value) in members {
        text.push_str(if empty { "\n" } else { ",\n" });
        text.push_str(&"  ".repeat(depth + 1));
        if let Some(name) = name {
            text.push_str(&format!("{}: ", Json::from(name)));
        }
        value.write_json(depth + 1, text);
        empty = false;
    }
    if !empty {
        text.push('\n');
        text.push_str(&"  ".repeat(depth));
    }
    text.push(close);
}

impl From<&Json> for Data {
    fn from(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Boolean(*value),
            Json::Number(number) => Self::Number(number.as_f64().unwrap_or(f64::NAN)),
            Json::String(text) => Self::Text(text.as_str().into()),
            Json::Array(items) => Self::List(items.iter().map(Self::from).collect()),
            Json::Object(fields) => {
                let fields = fields.iter();
                let fields = fields.map(|(name, value)| (name.clone(), Self::from(value)));
                Self::Object(Rc::new(fields.collect()))
            }
        }
    }
}

impl From<&str> for Data {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Data {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<bool> for Data {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}
