//! Connections to other hosts: who is believed, and how long anything may take.

use rustls::crypto::ring;
use std::sync::Arc;
use std::time::Duration;
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

/// The most connections that wait for their next request.
const IDLE: usize = 32;
/// The size of a connection's buffers, in bytes: many are open at once.
const BUFFER: usize = 16 * 1024;

/// The time that a host may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// Until it is connected.
    pub(crate) connect: Duration,
    /// Until it sends or takes the next piece.
    pub(crate) silence: Duration,
}

/// Returns an agent that trusts the certificate authorities of the machine and follows no
/// redirection.
pub(crate) fn agent(patience: Patience) -> Agent {
    Agent::config_builder()
        .user_agent(concat!("cascade/", env!("CARGO_PKG_VERSION")))
        .http_status_as_error(false)
        .max_redirects(0)
        .input_buffer_size(BUFFER)
        .output_buffer_size(BUFFER)
        .max_idle_connections(IDLE)
        .max_idle_connections_per_host(IDLE)
        .timeout_connect(Some(patience.connect))
        .timeout_per_read(Some(patience.silence))
        .timeout_per_write(Some(patience.silence))
        .tls_config(
            TlsConfig::builder()
                .root_certs(RootCerts::PlatformVerifier)
                .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
                .build(),
        )
        .build()
        .new_agent()
}
