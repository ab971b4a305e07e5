//! Numbers as the compiler would read them: of the type that their suffix names.

use cascade_core::scalar::Scalar;
use std::str::FromStr;
use syn::{LitFloat, LitInt};

/// Returns the value of a whole number behind a sign; an error says why it has none.
pub(super) fn whole(number: &LitInt, sign: &str) -> Result<Scalar, String> {
    let text = format!("{sign}{}", number.base10_digits());
    match number.suffix() {
        "" => any(&text).ok_or_else(|| "the number is too large".to_owned()),
        "i8" => of::<i8>(&text, "i8"),
        "i16" => of::<i16>(&text, "i16"),
        "i32" => of::<i32>(&text, "i32"),
        "i64" => of::<i64>(&text, "i64"),
        "i128" => of::<i128>(&text, "i128"),
        "isize" => of::<isize>(&text, "isize"),
        "u8" => of::<u8>(&text, "u8"),
        "u16" => of::<u16>(&text, "u16"),
        "u32" => of::<u32>(&text, "u32"),
        "u64" => of::<u64>(&text, "u64"),
        "u128" => of::<u128>(&text, "u128"),
        "usize" => of::<usize>(&text, "usize"),
        "f32" => finite::<f32>(text, f32::is_finite),
        "f64" => finite::<f64>(text, f64::is_finite),
        other => Err(format!("`{other}` is not a number type")),
    }
}

/// Returns the value of any other number behind a sign; an error says why it has none.
pub(super) fn float(number: &LitFloat, sign: &str) -> Result<Scalar, String> {
    let text = format!("{sign}{}", number.base10_digits());
    match number.suffix() {
        "f32" => finite::<f32>(text, f32::is_finite),
        "" | "f64" => finite::<f64>(text, f64::is_finite),
        other => Err(format!("a number with a point is not a valid `{other}`")),
    }
}

/// A number of any type: one that is longer than most keeps its digits.
fn any(text: &str) -> Option<Scalar> {
    let small = text.parse().map(Scalar::Int);
    small.ok().or_else(|| {
        let is_whole = text.parse::<i128>().is_ok() || text.parse::<u128>().is_ok();
        is_whole.then(|| Scalar::Float(text.to_owned()))
    })
}

fn of<N: FromStr>(text: &str, ty: &str) -> Result<Scalar, String> {
    let fits = text.parse::<N>().is_ok();
    let value = any(text).filter(|_| fits);
    value.ok_or_else(|| format!("`{text}` is not a valid `{ty}`"))
}

fn finite<N: FromStr>(text: String, is_finite: fn(N) -> bool) -> Result<Scalar, String> {
    if text.parse().is_ok_and(is_finite) {
        return Ok(Scalar::Float(text));
    }
    Err("the number is too large".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{float, whole};
    use cascade_core::scalar::Scalar;

    #[test]
    fn a_suffix_is_a_type() {
        let read = |text: &str, sign| whole(&syn::parse_str(text).unwrap(), sign);
        for (text, value) in [("255u8", 255), ("0xffu8", 255), ("1_0usize", 10), ("7", 7)] {
            assert_eq!(read(text, ""), Ok(Scalar::Int(value)), "{text}");
        }
        assert_eq!(read("128i8", "-"), Ok(Scalar::Int(-128)));
        let long = "18446744073709551615";
        assert_eq!(
            read(&format!("{long}u64"), ""),
            Ok(Scalar::Float(long.into()))
        );
        assert_eq!(read("12f64", ""), Ok(Scalar::Float("12".into())));
        for (text, sign) in [
            ("256u8", ""),
            ("1u8", "-"),
            ("129i8", "-"),
            ("1foo", ""),
            ("1u512", ""),
            ("340282366920938463463374607431768211456", ""),
        ] {
            assert!(read(text, sign).is_err(), "{sign}{text}");
        }
    }

    #[test]
    fn other_numbers_are_finite() {
        let read = |text: &str| float(&syn::parse_str(text).unwrap(), "-");
        assert_eq!(read("1_0.50f32"), Ok(Scalar::Float("-10.50".into())));
        assert_eq!(read("1e300"), Ok(Scalar::Float("-1e300".into())));
        for text in ["1e400", "1e300f32", "1.0u8", "1.0foo"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
