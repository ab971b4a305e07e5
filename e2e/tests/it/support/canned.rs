//! A host that answers what a test says, and notes what it was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};

/// A host at a port of this machine, by the names `127.0.0.1` and `localhost`.
pub(crate) struct Canned {
    pub(crate) port: u16,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// `GET /path?query`.
    pub(crate) what: String,
    /// Under which name the host was asked, with its port.
    pub(crate) host: String,
    /// The credential.
    pub(crate) authorization: Option<String>,
}

/// An answer.
pub(crate) struct Said {
    status: u16,
    header: Option<(&'static str, String)>,
    body: String,
}

impl Canned {
    pub(crate) fn start(answer: impl Fn(&Asked) -> Said + Send + 'static) -> Self {
        Self::listen(answer, |stream| stream)
    }

    pub(crate) fn start_tls(
        config: ServerConfig,
        answer: impl Fn(&Asked) -> Said + Send + 'static,
    ) -> Self {
        let config = Arc::new(config);
        Self::listen(answer, move |stream| {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            StreamOwned::new(connection, stream)
        })
    }

    fn listen<S: Read + Write>(
        answer: impl Fn(&Asked) -> Said + Send + 'static,
        open: impl Fn(TcpStream) -> S + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = open(stream.unwrap());
                // Who hangs up, or trusts no certificate, asks nothing.
                let Ok(asked) = read(&mut stream) else {
                    continue;
                };
                let said = answer(&asked);
                log.lock().unwrap().push(asked);
                let _ = stream.write_all(said.text().as_bytes());
                let _ = stream.flush();
            }
        });
        Self { port, asked }
    }

    /// Its address without encryption.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The requests so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

impl Said {
    pub(crate) fn json(body: &Value) -> Self {
        Self {
            status: 200,
            header: None,
            body: body.to_string(),
        }
    }

    pub(crate) fn pointer(status: u16, location: impl Into<String>) -> Self {
        Self {
            status,
            ..Self::json(&json!({})).header("location", location)
        }
    }

    pub(crate) fn header(self, name: &'static str, value: impl Into<String>) -> Self {
        Self {
            header: Some((name, value.into())),
            ..self
        }
    }

    fn text(&self) -> String {
        let Self { status, body, .. } = self;
        let header = self.header.as_ref();
        let header =
            header.map_or_else(String::new, |(name, value)| format!("{name}: {value}\r\n"));
        let length = body.len();
        format!(
            "HTTP/1.1 {status} x\r\n{header}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
        )
    }
}

fn read(stream: &mut impl Read) -> std::io::Result<Asked> {
    let mut lines = BufReader::new(stream);
    let mut first = String::new();
    lines.read_line(&mut first)?;
    let (mut host, mut authorization, mut length) = (String::new(), None, 0);
    loop {
        let mut line = String::new();
        lines.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "host" => host = value.to_owned(),
            "authorization" => authorization = Some(value.to_owned()),
            "content-length" => length = value.parse().unwrap(),
            _ => {}
        }
    }
    lines.read_exact(&mut vec![0; length])?;
    Ok(Asked {
        what: first.trim_end().trim_end_matches(" HTTP/1.1").to_owned(),
        host,
        authorization,
    })
}

/// A producer's answer that lists one tag.
pub(crate) fn listed(tag: &str) -> Value {
    let object = json!({ "sha": "c".repeat(40), "type": "commit" });
    json!([{ "ref": format!("refs/tags/{tag}"), "object": object }])
}
