//! Numbers as text.

/// Parses a number as GitHub does: decimal with an exponent, hexadecimal, octal or binary, and
/// `Infinity`. Anything else is not a number; nothing at all is 0.
pub(super) fn parse(text: &str) -> f64 {
    let text = text.trim_matches(|c: char| c != '\u{85}' && (c.is_whitespace() || c == '\u{feff}'));
    if text.is_empty() {
        return 0.0;
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        let (start, digits) = text.split_at_checked(2).unwrap_or_default();
        if start.eq_ignore_ascii_case(prefix) {
            return of_digits(digits, radix);
        }
    }
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    match unsigned {
        "Infinity" => sign * f64::INFINITY,
        decimal if is_decimal(decimal) => {
            decimal.parse().map_or(f64::NAN, |value: f64| sign * value)
        }
        _ => f64::NAN,
    }
}

fn of_digits(digits: &str, radix: u32) -> f64 {
    let mut each = digits.chars().map(|c| c.to_digit(radix));
    let sum = each.try_fold(0.0, |sum, digit| {
        Some(sum * f64::from(radix) + f64::from(digit?))
    });
    sum.filter(|_| !digits.is_empty()).unwrap_or(f64::NAN)
}

/// Returns true for digits with at most one point and an exponent; Rust also reads words.
fn is_decimal(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    exponent && digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty())
}

/// Writes a number with at most 15 digits behind the point, as GitHub puts it into text.
#[cfg(feature = "runtime")]
pub(super) fn rounded(value: f64) -> String {
    if !value.is_finite() || value.abs() >= 1e21 {
        return written(value);
    }
    written(format!("{value:.15}").parse().unwrap_or(value))
}

/// Writes the shortest digits that read back as this number, as JavaScript does.
#[cfg(feature = "runtime")]
pub(super) fn written(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let sign = if value < 0.0 { "-" } else { "" };
    let size = value.abs();
    if size.is_infinite() {
        return format!("{sign}Infinity");
    }
    if (1e-6..1e21).contains(&size) {
        return format!("{sign}{size}");
    }
    let scientific = format!("{size:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let plus = if exponent.starts_with('-') { "" } else { "+" };
    format!("{sign}{digits}e{plus}{exponent}")
}
