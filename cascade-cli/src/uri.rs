//! Text in addresses.
//!
//! Source: RFC 3986, section 2.3: letters, digits, `-`, `.`, `_` and `~` stand for themselves.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
const PATH: &AsciiSet = &SEGMENT.remove(b'/');

/// Text as a part of a path or the value of a query; slashes stay.
pub(crate) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, PATH).to_string()
}

/// Text as one segment of a path.
pub(crate) fn encoded_segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_in_an_address_is_encoded() {
        assert_eq!(encoded("env/v1.0.0-rc_1~x"), "env/v1.0.0-rc_1~x");
        assert_eq!(encoded("a b?c#d%e&f+ü"), "a%20b%3Fc%23d%25e%26f%2B%C3%BC");
    }

    #[test]
    fn a_segment_has_no_slash() {
        assert_eq!(encoded_segment("area/web app"), "area%2Fweb%20app");
    }
}
