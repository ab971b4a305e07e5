//! The repositories of which a pipeline takes versions, made up.

/// The version where nothing asks for another one.
const FIRST: &str = "1.0.0";

/// A tag that a range of versions takes: `v1.0.0` for `^1`.
pub(super) fn tag(range: Option<&str>) -> String {
    let range = range.unwrap_or_default();
    let begins = range.find(|letter: char| letter.is_ascii_digit());
    let digits = begins.map_or("", |at| &range[at..]);
    let end = digits.find(|letter: char| !letter.is_ascii_digit() && letter != '.');
    let numbers = digits[..end.unwrap_or(digits.len())].trim_end_matches('.');
    let mut parts: Vec<&str> = numbers.split('.').filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        return format!("v{FIRST}");
    }
    parts.resize(3, "0");
    format!("v{}", parts.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_is_the_first_of_the_range() {
        for (range, expected) in [
            (None, "v1.0.0"),
            (Some("^1"), "v1.0.0"),
            (Some("~2.3"), "v2.3.0"),
            (Some(">=0.4.1, <1"), "v0.4.1"),
            (Some("*"), "v1.0.0"),
        ] {
            assert_eq!(tag(range), expected);
        }
    }
}
