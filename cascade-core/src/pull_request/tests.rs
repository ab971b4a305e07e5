use super::*;

fn file(path: &str) -> DriftedFile {
    DriftedFile {
        path: Untrusted::new(path),
        state: FileState::Differs,
        line: Some(2),
        found: Some(Untrusted::new("a | b")),
        generated: None,
    }
}

fn drift(paths: &[&str]) -> Drift {
    Drift {
        compared: Some(9),
        files: paths.iter().map(|path| file(path)).collect(),
        ..Drift::default()
    }
}

fn followed() -> Followed {
    Followed {
        page: "https://github.com/acme/app/actions/runs/7".to_owned(),
        head: "0123456789abcdef0123456789abcdef01234567".to_owned(),
    }
}

fn written(author: &str, body: &str) -> Written {
    Written {
        id: 5,
        author: author.to_owned(),
        body: body.to_owned(),
    }
}

const BOT: &str = "github-actions[bot]";

#[test]
fn untrusted_text_is_one_short_visible_line() {
    let shown = |text: &str| Untrusted::new(text).plain();
    assert_eq!(shown("a\n# b\r\t"), "a \\# b");
    assert_eq!(
        shown("\u{202e}evil\u{2066}\u{200b}\u{feff}\u{e0041}"),
        "evil"
    );
    assert_eq!(shown("@octocat `@x`"), "@<!---->octocat `@x`");
    assert_eq!(shown(&"ä".repeat(400)).chars().count(), 300);
    assert_eq!(Untrusted::new("a|b").cell(), "a\\|b");
}

#[test]
fn a_report_is_read_as_it_was_written() {
    let report = drift(&["x", "y"]);
    assert_eq!(Drift::read(report.written().as_bytes()), Ok(report));
}

#[test]
fn what_cascade_does_not_write_is_not_read() {
    let read = |text: &str| Drift::read(text.as_bytes());
    let list = "{ \"items\": [], \"left_out\": 0 }";
    assert!(
        read(&format!(
            "{{ \"compared\": null, \"files\": {list}, \"findings\": {list} }}"
        ))
        .is_ok()
    );
    for (files, more) in [
        (list, ", \"number\": 12"),
        ("[]", ""),
        (
            "{ \"items\": [{ \"path\": \"x\", \"state\": \"approved\" }], \"left_out\": 0 }",
            "",
        ),
        ("{ \"items\": [], \"left_out\": -1 }", ""),
    ] {
        let text = format!("{{ \"compared\": 1, \"files\": {files}, \"findings\": {list}{more} }}");
        assert!(
            matches!(read(&text), Err(Rejected::Malformed { .. })),
            "{text}"
        );
    }
    let deep = "[".repeat(100_000);
    assert!(matches!(read(&deep), Err(Rejected::Malformed { .. })));
    let large = " ".repeat(2 * 1024 * 1024);
    assert_eq!(read(&large), Err(Rejected::TooLarge));
    let item = serde_json::to_string(&file("x")).unwrap();
    let many = vec![item; 51].join(",");
    let text = format!(
        "{{ \"compared\": 1, \"files\": {{ \"items\": [{many}], \"left_out\": 0 }}, \"findings\": {list} }}"
    );
    assert!(matches!(read(&text), Err(Rejected::Malformed { .. })));
}

#[test]
fn a_long_list_says_what_it_leaves_out() {
    let paths: Vec<String> = (0..60).map(|at| format!("file{at}.yaml")).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let text = drift(&paths).markdown();
    assert!(text.starts_with("### Drift check: 60 files are not as the pipeline says\n"));
    assert!(text.contains("file49.yaml") && !text.contains("file50.yaml"));
    assert!(text.contains("… and 10 more."), "{text}");
}

#[test]
fn the_longest_report_fits_into_a_comment() {
    let path = "@a|".repeat(100);
    let paths = vec![path.as_str(); 50];
    let Comment::New(body) = Comment::about(Some(&drift(&paths)), &followed(), &[]) else {
        panic!("nothing is said");
    };
    assert!(body.chars().count() <= 65_536, "{}", body.len());
    assert!(body.starts_with("<!-- cascade: drift -->\n### Drift check"));
}

#[test]
fn one_comment_is_kept_up_to_date() {
    let (stale, clean) = (drift(&["x"]), drift(&[]));
    let Comment::New(body) = Comment::about(Some(&stale), &followed(), &[]) else {
        panic!("nothing is said");
    };
    let there = [written(BOT, &body)];
    assert_eq!(
        Comment::about(Some(&stale), &followed(), &there),
        Comment::Same(5)
    );
    let Comment::Changed(5, mended) = Comment::about(Some(&clean), &followed(), &there) else {
        panic!("it is not changed");
    };
    assert!(mended.contains("no drift"), "{mended}");
    assert_eq!(
        Comment::about(Some(&clean), &followed(), &[]),
        Comment::None
    );
}

#[test]
fn a_comment_of_somebody_else_is_never_changed() {
    let mark = "<!-- cascade: drift -->\nx";
    for there in [
        written("mallory", mark),
        written("github-actions", mark),
        written(BOT, "> <!-- cascade: drift -->"),
        written(BOT, "<!-- cascade: preview -->\nx"),
    ] {
        let all = [there];
        assert!(matches!(
            Comment::about(Some(&drift(&["x"])), &followed(), &all),
            Comment::New(_)
        ));
        assert_eq!(
            Comment::about(Some(&drift(&[])), &followed(), &all),
            Comment::None
        );
    }
}

#[test]
fn a_check_that_broke_off_is_told() {
    let Comment::New(body) = Comment::about::<Drift>(None, &followed(), &[]) else {
        panic!("nothing is said");
    };
    assert!(body.contains("### Drift check: not finished"), "{body}");
}

fn component(name: Option<&str>, delivery: Option<Delivery>) -> ComponentPreview {
    ComponentPreview {
        name: name.map(Untrusted::new),
        idle: delivery
            .is_none()
            .then(|| Untrusted::new("no *callback* is concerned")),
        delivery,
    }
}

fn delivery() -> Delivery {
    Delivery {
        version: Untrusted::new("v1.0.0-rc.0"),
        environment: Untrusted::new("dev"),
        validates: false,
        runs: Bounded::default(),
        breaking: Bounded::default(),
        promotion: Bounded::default(),
        refused: [Untrusted::new("@octocat says no")].into_iter().collect(),
        remarks: Bounded::default(),
    }
}

#[test]
fn a_preview_says_what_runs_before_what_does_not() {
    let preview = Preview {
        components: [
            component(Some("api"), None),
            component(Some("web"), Some(delivery())),
        ]
        .into_iter()
        .collect(),
        asks_nobody: true,
        ..Preview::default()
    };
    assert_eq!(
        preview.markdown(),
        "### Preview\n\n#### web: v1.0.0-rc.0 to dev\n\nNo callback runs.\n\n\
         A promotion would be refused:\n\n- @<!---->octocat says no\n\n\
         - api: nothing runs, no \\*callback\\* is concerned\n\n\
         Versions of other repositories are not asked for here.\n"
    );
    assert_eq!(Preview::read(preview.written().as_bytes()), Ok(preview));
}

#[test]
fn a_repository_without_components_has_one_preview() {
    let preview = |delivery| Preview {
        components: [component(None, delivery)].into_iter().collect(),
        ..Preview::default()
    };
    let text = preview(None).markdown();
    assert_eq!(
        text,
        "### Preview: nothing runs\n\nno \\*callback\\* is concerned\n"
    );
    let text = preview(Some(delivery())).markdown();
    assert!(
        text.starts_with("### Preview: v1.0.0-rc.0 to dev\n\nNo callback runs.\n"),
        "{text}"
    );
    let text = Preview::default().markdown();
    assert!(text.contains("The pipeline has errors"), "{text}");
}

#[test]
fn pins_can_name_nothing_else() {
    let list = |items: &str| format!("{{ \"items\": [{items}], \"left_out\": 0 }}");
    let none = list("");
    let read = |action: &str, pin: &str| {
        let bump = serde_json::json!({ "action": action, "pin": pin }).to_string();
        let text = format!("{{ \"bumps\": {}, \"refused\": {none} }}", list(&bump));
        Pins::read(text.as_bytes())
    };
    let commit = "0123456789abcdef0123456789abcdef01234567";
    let versioned = format!("{commit} # v7.0.2");
    for pin in [commit, &versioned, "v7", "7.0.1"] {
        let pins = read("actions/checkout", pin).unwrap();
        assert_eq!(pins.by_action()["actions/checkout"].as_str(), pin);
        assert_eq!(Pins::read(pins.written().as_bytes()), Ok(pins));
    }
    for (action, pin) in [
        ("evil/checkout", commit),
        ("actions/checkout/../../evil", commit),
        ("actions/checkout", "main"),
        ("actions/checkout", "v7.0.1.2"),
        ("actions/checkout", "v7-evil"),
        ("actions/checkout", "0123456"),
        (
            "actions/checkout",
            "0123456789abcdef0123456789abcdef01234567 # v1\nrun: id",
        ),
        (
            "actions/checkout",
            "0123456789abcdef0123456789abcdef01234567 # ${{ x }}",
        ),
        ("actions/checkout", "evil@v1"),
    ] {
        assert!(read(action, pin).is_err(), "{action} {pin}");
    }
}
