//! Answers of GitHub's REST API. What an answer lacks is an error that names the request.

use crate::cli::error::Failure;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// The part of an answer that is shown if it is no JSON, in characters.
const SHOWN: usize = 80;

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The body; null if it is empty or no JSON was asked for.
    pub(crate) body: Value,
    /// The request: its method and path.
    pub(super) request: String,
    pub(super) bytes: Vec<u8>,
    /// True if the list goes on.
    pub(super) next: bool,
}

/// The JSON of a body, which is null where GitHub answers with none.
pub(super) fn parsed(method: &str, status: u16, bytes: &[u8]) -> Result<Value, String> {
    let nothing = bytes.iter().all(u8::is_ascii_whitespace);
    // A question that GitHub could answer has an answer.
    if nothing && !(method == "GET" && status == 200) {
        return Ok(Value::Null);
    }
    serde_json::from_slice(bytes).map_err(|error| {
        let text = String::from_utf8_lossy(bytes);
        let shown: String = text.trim().chars().take(SHOWN).collect();
        format!("HTTP {status} with no JSON ({error}): `{shown}`")
    })
}

impl Answer {
    /// Returns true if it is a success.
    pub(crate) const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// The answer, if it is a success; what GitHub says if not.
    pub(crate) fn accepted(self) -> Result<Self, Failure> {
        if self.is_success() {
            return Ok(self);
        }
        let failure = Failure::new(format!("GitHub refused {}", self.request));
        let failure = failure.cause(format!("HTTP {}: {}", self.status, self.message()));
        Err(match self.status {
            401 => failure.help("the token is missing, wrong or expired"),
            410 => failure.help("issues may be switched off: switch them on in the repository's settings (General, Features)"),
            403 | 404 => failure.help("the token may lack a permission, or the name is wrong"),
            _ => failure,
        })
    }

    /// Returns GitHub's message, with the details of a validation.
    pub(crate) fn message(&self) -> String {
        let message = self.body["message"]
            .as_str()
            .unwrap_or("no message")
            .to_owned();
        match self.body.get("errors") {
            Some(errors) => format!("{message} {errors}"),
            None => message,
        }
    }

    /// A text of the answer.
    pub(crate) fn text(&self, field: &str) -> Result<&str, Failure> {
        self.body[field].as_str().ok_or_else(|| self.lacks(field))
    }

    /// The bytes of a text in base64, which GitHub breaks into lines.
    pub(crate) fn base64(&self, field: &str) -> Result<Vec<u8>, Failure> {
        let encoded: String = self.text(field)?.split_whitespace().collect();
        let decoded = STANDARD.decode(encoded);
        decoded.map_err(|error| misshapen(&self.request, format!("`{field}`: {error}")))
    }

    /// A number of the answer.
    pub(crate) fn number(&self, field: &str) -> Result<u64, Failure> {
        self.body[field].as_u64().ok_or_else(|| self.lacks(field))
    }

    /// Returns the object that the answer has under a name, as an answer to the same request.
    pub(crate) fn object(&self, field: &str) -> Result<Self, Failure> {
        let body = self.body.get(field).filter(|body| body.is_object());
        let body = body.ok_or_else(|| self.lacks(field))?;
        Ok(Self {
            body: body.clone(),
            ..self.clone()
        })
    }

    /// A list in the answer.
    pub(crate) fn items(&self, field: &str) -> Result<&[Value], Failure> {
        let items = self.body[field].as_array();
        items.map(Vec::as_slice).ok_or_else(|| self.lacks(field))
    }

    /// The list that the answer is.
    pub(crate) fn list(self) -> Result<Vec<Value>, Failure> {
        match self.body {
            Value::Array(items) => Ok(items),
            _ => Err(misshapen(&self.request, "it is no list")),
        }
    }

    fn lacks(&self, field: &str) -> Failure {
        misshapen(&self.request, format!("it lacks `{field}`"))
    }
}

/// An answer that is none of GitHub's.
pub(super) fn misshapen(request: &str, why: impl std::fmt::Display) -> Failure {
    Failure::new(format!("the answer to {request} is not one of GitHub's"))
        .cause(why)
        .help("something between here and GitHub may answer in its place: check GITHUB_API_URL and proxies, then run the job again")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_json_is_an_answer() {
        assert_eq!(parsed("GET", 200, b"[1]").unwrap(), json!([1]));
        for (method, status) in [("POST", 204), ("POST", 200), ("GET", 304), ("DELETE", 404)] {
            assert_eq!(parsed(method, status, b" ").unwrap(), Value::Null);
        }
        for (status, wrong) in [(200, ""), (200, "<html>"), (404, "<html>"), (200, "[1, ")] {
            let why = parsed("GET", status, wrong.as_bytes()).unwrap_err();
            assert!(
                why.contains(&status.to_string()) && why.contains(wrong.trim()),
                "{why}"
            );
        }
    }

    #[test]
    fn what_an_answer_lacks_is_named_with_the_request() {
        let answer = Answer {
            status: 200,
            body: json!({"number": "7", "sha": "a"}),
            request: "GET /x".to_owned(),
            bytes: Vec::new(),
            next: false,
        };
        assert_eq!(answer.text("sha").unwrap(), "a");
        for failure in [
            answer.number("number").unwrap_err(),
            answer.items("number").unwrap_err(),
            answer.text("number ").unwrap_err(),
            answer.list().unwrap_err(),
        ] {
            assert!(failure.to_string().contains("GET /x"), "{failure}");
        }
    }

    fn answer(status: u16, body: Value) -> Answer {
        Answer {
            status,
            body,
            request: "GET /x".to_owned(),
            bytes: Vec::new(),
            next: false,
        }
    }

    #[test]
    fn every_status_of_the_two_hundreds_is_a_success() {
        let succeeds =
            [199, 200, 204, 299, 300, 404].map(|status| answer(status, json!({})).is_success());
        assert_eq!(succeeds, [false, true, true, true, false, false]);
    }

    #[test]
    fn a_refusal_says_its_status_and_what_to_do() {
        for (status, help) in [
            (401, "expired"),
            (403, "lack a permission"),
            (404, "lack a permission"),
            (410, "issues may be switched off"),
        ] {
            let refused = answer(status, json!({ "message": "no" }));
            let failure = refused.accepted().unwrap_err().to_string();
            assert!(failure.contains("GitHub refused GET /x"), "{failure}");
            assert!(failure.contains(&format!("HTTP {status}: no")), "{failure}");
            assert!(failure.contains(help), "{failure}");
        }
        let failure = answer(500, json!({})).accepted().unwrap_err();
        assert!(
            failure.to_string().ends_with("HTTP 500: no message"),
            "{failure}"
        );
    }

    #[test]
    fn a_message_has_the_errors_beside_it() {
        let errors = json!({ "message": "Validation Failed", "errors": [{ "code": "invalid" }] });
        let message = answer(422, errors).message();
        assert_eq!(message, "Validation Failed [{\"code\":\"invalid\"}]");
    }

    #[test]
    fn encoded_content_has_line_breaks() {
        let content = answer(200, json!({ "content": "aGVs\nbG8=\n", "wrong": "%" }));
        assert_eq!(content.base64("content").unwrap(), b"hello");
        let failure = content.base64("wrong").unwrap_err().to_string();
        assert!(
            failure.contains("GET /x") && failure.contains("`wrong`"),
            "{failure}"
        );
    }

    #[test]
    fn a_part_of_an_answer_still_names_the_request() {
        let whole = answer(200, json!({ "commit": { "sha": "a" }, "name": "b" }));
        let commit = whole.object("commit").unwrap();
        assert_eq!(commit.text("sha").unwrap(), "a");
        assert!(
            commit
                .text("tree")
                .unwrap_err()
                .to_string()
                .contains("GET /x")
        );
        assert!(whole.object("name").is_err());
    }
}
