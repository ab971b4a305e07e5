//! The key of every App of every scenario: made once, since making one takes a while.

use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Prints a private key as PEM, an empty line, and the public key's DER (PKCS#1) in base64.
const MAKE: &str = "
const { privateKey, publicKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
const der = publicKey.export({ type: 'pkcs1', format: 'der' });
console.log(privateKey.export({ type: 'pkcs1', format: 'pem' }));
console.log(der.toString('base64'));
";

/// A pair of RSA keys.
#[derive(Debug, Clone)]
pub(super) struct AppKey {
    /// PEM.
    pub(super) private: String,
    /// DER, PKCS#1.
    pub(super) public: Vec<u8>,
}

impl AppKey {
    /// The key of this process.
    pub(super) fn of_process() -> anyhow::Result<&'static Self> {
        static KEY: OnceLock<Result<AppKey, String>> = OnceLock::new();
        let made = KEY.get_or_init(|| Self::make().map_err(|error| format!("{error:#}")));
        made.as_ref().map_err(|why| anyhow::anyhow!(why.clone()))
    }

    fn make() -> anyhow::Result<Self> {
        let output = Command::new("node").args(["-e", MAKE]).output();
        let output = output.context("Node.js is needed for the key of an App")?;
        if !output.status.success() {
            bail!("no key: {}", String::from_utf8_lossy(&output.stderr));
        }
        let text = String::from_utf8(output.stdout)?;
        let (private, public) = text.split_once("\n\n").context("no key was printed")?;
        Ok(Self {
            private: format!("{private}\n"),
            public: STANDARD.decode(public.trim())?,
        })
    }
}
