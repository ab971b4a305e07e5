use super::*;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

const LONGEST: Duration = Duration::from_secs(60);

fn client(address: &str) -> Client {
    let patience = Patience {
        connect: LONGEST,
        silence: LONGEST,
    };
    Client::new(address, None, patience).unwrap()
}

#[test]
fn a_path_lies_below_the_api_and_an_address_on_its_host() {
    let client = client("https://git.example.com/api/v3/");
    let address = |path: &str| client.address(path).map(|address| address.to_string());
    let user = "https://git.example.com/api/v3/user";
    assert_eq!(address("/user").unwrap(), user);
    assert_eq!(address(user).unwrap(), user);
    for other in [
        "http://git.example.com/user",
        "https://git.example.com:8443/user",
        "https://git.example.com@evil.example.com/user",
        "https://evil.example.com/user",
        "user",
        "",
    ] {
        address(other).unwrap_err();
    }
}

#[test]
fn a_pointer_is_followed_with_what_it_may_be_given() {
    let secret = client("https://api.example.com");
    let open = client("http://api.example.com");
    let there = "https://api.example.com/repositories/1";
    let elsewhere = "https://store.example.com/1?signature=x";
    let cases = [
        (&secret, "GET", 301, there, Ok(there)),
        (&secret, "GET", 302, elsewhere, Ok(elsewhere)),
        (
            &secret,
            "GET",
            302,
            "/x?y=1",
            Ok("https://api.example.com/x?y=1"),
        ),
        (
            &secret,
            "GET",
            302,
            "http://api.example.com/",
            Err("not encrypted"),
        ),
        (&open, "GET", 302, elsewhere, Ok(elsewhere)),
        (&secret, "POST", 307, there, Ok(there)),
        (&secret, "DELETE", 308, there, Ok(there)),
        (&secret, "POST", 301, there, Err("does not ask")),
        (
            &secret,
            "POST",
            307,
            elsewhere,
            Err("`https://store.example.com/1`, on another"),
        ),
        (&open, "POST", 307, there, Err("on another host")),
        (&secret, "GET", 301, "x", Err("no address")),
        (&secret, "GET", 301, "ht tp://x", Err("no address")),
    ];
    for (client, method, status, location, expected) in cases {
        let what = format!("{method} {status} {location}");
        let from = client.address("/repos/acme/shop").unwrap();
        match (client.followed(method, &from, status, location), expected) {
            (Ok(address), Ok(expected)) => assert_eq!(address.to_string(), expected, "{what}"),
            (Err(why), Err(expected)) => assert!(why.contains(expected), "{what}: {why}"),
            (found, _) => panic!("{what}: {found:?}"),
        }
    }
}

#[test]
fn a_host_that_leaves_out_its_name_means_itself() {
    let client = client("https://api.example.com");
    let store: Uri = "https://store.example.com/1".parse().unwrap();
    let there = client.followed("GET", &store, 302, "/2").unwrap();
    assert_eq!(there, "https://store.example.com/2");
}

/// A host that sends a byte of its answer from time to time, for ever.
fn dripping() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = [0; 1024];
        let _ = stream.read(&mut asked).unwrap();
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n";
        stream.write_all(head.as_bytes()).unwrap();
        while stream.write_all(b" ").is_ok() {
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    address
}

#[test]
fn an_answer_that_never_ends_is_given_up() {
    let start = Instant::now();
    let asked = Asked {
        method: "GET",
        path: "/user",
        accept: "*/*",
        known: None,
        until: start + Duration::from_millis(300),
        body: Body::None,
    };
    let answered = client(&dripping()).send(asked);
    let read = answered.map(|mut answered| answered.body_mut().read_to_vec());
    assert!(!matches!(read, Ok(Ok(_))), "it was read: {read:?}");
    assert!(start.elapsed() < Duration::from_secs(10));
}
