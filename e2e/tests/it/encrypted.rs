//! Hosts that speak HTTPS, and whom cascade believes to be who they are.

use crate::support::canned::{Asked, Canned, Said, listed};
use crate::support::host::{Host, PRODUCER, found};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use std::path::PathBuf;
use std::process::Output;
use std::sync::Arc;

/// Somebody who vouches for hosts.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut said = CertificateParams::default();
        said.distinguished_name.push(DnType::CommonName, name);
        said.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        said.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let pem = said.self_signed(&key).unwrap().pem();
        Self {
            issuer: Issuer::new(said, key),
            pem,
        }
    }

    /// What a host of this name shows.
    fn vouch(&self, host: &str) -> ServerConfig {
        let key = KeyPair::generate().unwrap();
        let said = CertificateParams::new([host.to_owned()]).unwrap();
        let certificate = said.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap()
    }
}

/// What comes of asking a host on `localhost`, on a machine that believes this authority.
fn ask(producer: &Canned, believed: &Authority) -> Output {
    let host = Host::with_external(PRODUCER);
    let file: PathBuf = host.folder().join("authorities.pem");
    std::fs::write(&file, &believed.pem).unwrap();
    let mut command = host.resolve();
    command
        .env(
            "GITHUB_API_URL",
            format!("https://localhost:{}", producer.port),
        )
        .env("SSL_CERT_FILE", file)
        .env_remove("SSL_CERT_DIR");
    command.output().unwrap()
}

fn refused(producer: &Canned, believed: &Authority) -> String {
    let output = ask(producer, believed);
    assert_ne!(output.status.code(), Some(0));
    assert!(
        producer
            .asked()
            .iter()
            .all(|asked| asked.what.contains("/acme/producer/"))
    );
    String::from_utf8(output.stdout).unwrap()
}

fn lists(_: &Asked) -> Said {
    Said::json(&listed("v1.0.0"))
}

#[test]
fn a_host_is_believed_that_the_machines_authority_vouches_for() {
    let company = Authority::new("company");
    let producer = Canned::start_tls(company.vouch("localhost"), lists);
    let found = found(&ask(&producer, &company));
    assert_eq!(found["version"], "v1.0.0");
}

#[test]
fn a_host_is_not_believed_that_nobody_vouches_for() {
    let (company, stranger) = (Authority::new("company"), Authority::new("stranger"));
    let producer = Canned::start_tls(stranger.vouch("localhost"), lists);
    let said = refused(&producer, &company);
    assert!(
        said.contains(
            "UnknownIssuer: no authority that this machine believes vouches for the host"
        ),
        "{said}"
    );
    let producer = Canned::start_tls(company.vouch("example.com"), lists);
    let said = refused(&producer, &company);
    assert!(said.contains("certificate not valid for name"), "{said}");
    assert_eq!(producer.asked(), []);
}

#[test]
fn what_is_asked_in_secret_is_not_pointed_into_the_open() {
    let open = Canned::start(lists);
    let there = format!("{}/repos/acme/producer/tags", open.url());
    let company = Authority::new("company");
    let producer = Canned::start_tls(company.vouch("localhost"), move |_| {
        Said::pointer(301, there.as_str())
    });
    let said = refused(&producer, &company);
    assert!(said.contains("which is not encrypted"), "{said}");
    assert_eq!(open.asked(), []);
}
