//! What a plain scalar means: the core schema of YAML 1.2.
//!
//! `on`, `yes` and `no` are text. A number whose spelling would be lost as an `i64` (`010`, `1_0`,
//! `0x1f`) keeps its text, so that a digest or a version made of digits survives.

use crate::scalar::Scalar;

/// The meaning of a plain scalar; `None` is null.
pub(super) fn plain(text: &str) -> Option<Scalar> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return None,
        "true" | "True" | "TRUE" => return Some(Scalar::Bool(true)),
        "false" | "False" | "FALSE" => return Some(Scalar::Bool(false)),
        _ => {}
    }
    Some(number(text).unwrap_or_else(|| Scalar::Text(text.to_owned())))
}

fn number(text: &str) -> Option<Scalar> {
    if let Some(value) = canonical_int(text) {
        return Some(Scalar::Int(value));
    }
    (is_radix(text) || is_decimal(text) || is_special(text)).then(|| Scalar::Float(text.to_owned()))
}

fn canonical_int(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let canonical = digits == "0" || !digits.starts_with(['0', '+']);
    let value: i64 = text.parse().ok()?;
    (canonical && text != "-0").then_some(value)
}

fn is_radix(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let all = |digits: &str, radix| !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
    [("0x", 16), ("0o", 8), ("0b", 2)]
        .into_iter()
        .any(|(prefix, radix)| unsigned.strip_prefix(prefix).is_some_and(|d| all(d, radix)))
}

fn is_special(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN")
}

/// `[-+]? ( "." digits | digits ( "." digits? )? ) ( [eE] [-+]? digits )?`
fn is_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let mantissa_fits = match mantissa.split_once('.') {
        Some(("", fraction)) => digits(fraction),
        Some((whole, fraction)) => digits(whole) && (fraction.is_empty() || digits(fraction)),
        None => digits(mantissa),
    };
    mantissa_fits && exponent.is_none_or(|e| digits(e.strip_prefix(['-', '+']).unwrap_or(e)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn core_schema() {
        for text in [
            "on",
            "off",
            "yes",
            "no",
            "y",
            "1.2.3",
            "v1",
            "1e",
            ".",
            "-",
            "0x",
            "2026-01-01",
            "1 2",
        ] {
            assert_eq!(plain(text), Some(Scalar::Text(text.to_owned())), "{text}");
        }
        for text in [
            "1.10",
            "1e10",
            "0123",
            "007",
            "+5",
            "-0",
            ".5",
            "5.",
            "1E-3",
            "0x1f",
            "0o17",
            "99999999999999999999",
            ".inf",
            "-.INF",
            ".nan",
        ] {
            assert_eq!(plain(text), Some(Scalar::Float(text.to_owned())), "{text}");
        }
        for (text, value) in [("0", 0), ("-7", -7), ("9223372036854775807", i64::MAX)] {
            assert_eq!(plain(text), Some(Scalar::Int(value)));
        }
        assert_eq!(plain("True"), Some(Scalar::Bool(true)));
        assert_eq!(plain("FALSE"), Some(Scalar::Bool(false)));
        assert!(
            ["", "~", "null", "NULL"]
                .into_iter()
                .all(|text| plain(text).is_none())
        );
    }
}
