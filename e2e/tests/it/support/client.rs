//! A client that believes no answer before GitHub's description allows it.

use e2e::github::{NewRepository, Permissions, RepositoryHandle, Server, Token};
use serde_json::Value;
use ureq::Agent;
use ureq::http::{HeaderMap, Request};

use super::openapi;

/// A server with one repository, `acme/shop`, and a token of each kind.
pub(crate) struct Host {
    pub(crate) server: Server,
    pub(crate) shop: RepositoryHandle,
    pub(crate) folder: tempfile::TempDir,
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
    pub(crate) json: Value,
}

/// The tokens' values.
pub(crate) const WORKFLOW: &str = "workflow-token";
pub(crate) const APP: &str = "app-token";
pub(crate) const PERSON: &str = "person-token";
pub(crate) const READER: &str = "reader-token";

pub(crate) fn host(adapt: impl FnOnce(NewRepository) -> NewRepository) -> Host {
    let folder = e2e::scratch::folder().unwrap();
    let server = Server::start(folder.path().join("host")).unwrap();
    let shop = server
        .create(&adapt(NewRepository::new("acme/shop")))
        .unwrap();
    let all = Permissions::write_all;
    server.register(Token::workflow(WORKFLOW).may("acme/shop", all()));
    server.register(Token::app(APP, "deployer").may("acme/shop", all()));
    server.register(Token::personal(PERSON, "ada").may("acme/shop", all()));
    server.register(Token::personal(READER, "bob").may("acme/shop", Permissions::read_all()));
    Host {
        server,
        shop,
        folder,
    }
}

impl Host {
    pub(crate) fn call(&self, method: &str, path: &str) -> Call {
        Call {
            base: self.server.api_url(),
            method: method.to_owned(),
            path: path.to_owned(),
            headers: vec![("authorization".to_owned(), format!("Bearer {APP}"))],
            body: None,
            judged: true,
        }
    }

    /// A call of a full address, as the App. Nobody describes what lies there.
    pub(crate) fn at(&self, address: &str) -> Call {
        let mut call = self.call("GET", address).unjudged();
        call.base.clear();
        call
    }

    /// A call of `acme/shop`, as the App.
    pub(crate) fn shop(&self, method: &str, path: &str) -> Call {
        self.call(method, &format!("/repos/acme/shop{path}"))
    }
}

#[must_use]
pub(crate) struct Call {
    base: String,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
    judged: bool,
}

impl Call {
    pub(crate) fn token(self, value: &str) -> Self {
        self.header("authorization", &format!("Bearer {value}"))
    }

    pub(crate) fn anonymous(mut self) -> Self {
        self.headers.retain(|(name, _)| name != "authorization");
        self
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        let body = body.to_string().into_bytes();
        self.bytes(body, "application/json")
    }

    pub(crate) fn bytes(mut self, body: Vec<u8>, kind: &str) -> Self {
        self.body = Some(body);
        self.header("content-type", kind)
    }

    /// Goes to the host that takes files.
    pub(crate) fn upload(mut self) -> Self {
        self.base = self.base.replace("/api/v3", "/api/uploads");
        self
    }

    pub(crate) fn method(mut self, method: &str) -> Self {
        self.method = method.to_owned();
        self
    }

    pub(crate) fn unjudged(mut self) -> Self {
        self.judged = false;
        self
    }

    /// The answer, which must have this status.
    pub(crate) fn expect(self, status: u16) -> Reply {
        let what = format!("{} {}", self.method, self.path);
        let reply = self
            .send()
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(
            reply.status,
            status,
            "{what}: {}",
            String::from_utf8_lossy(&reply.bytes)
        );
        reply
    }

    pub(crate) fn send(self) -> Result<Reply, ureq::Error> {
        let agent: Agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .into();
        let mut request = Request::builder()
            .method(self.method.as_str())
            .uri(format!("{}{}", self.base, self.path));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let response = match self.body {
            Some(body) => agent.run(request.body(body).unwrap()),
            None => agent.run(request.body(()).unwrap()),
        };
        let (parts, mut body) = response?.into_parts();
        let bytes = body.read_to_vec()?;
        let status = parts.status.as_u16();
        if self.judged {
            let path = self.path.split('?').next().unwrap();
            openapi::judge(&self.method, path, status, &bytes).unwrap();
        }
        Ok(Reply {
            status,
            headers: parts.headers,
            json: serde_json::from_slice(&bytes).unwrap_or_default(),
            bytes,
        })
    }
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn text(&self, field: &str) -> String {
        self.json[field].as_str().unwrap_or_default().to_owned()
    }
}
