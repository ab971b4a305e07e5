#!/usr/bin/env python3
"""Asks rust-analyzer where the names in examples/shop-rust lead.

Usage: python3 e2e/editor/definitions.py [RUST_ANALYZER]
Needs a rust-analyzer: the one that is given, or that of the path (`rustup component add
rust-analyzer`, or the package `ra_ap_rust-analyzer`). No test runs it: it is run by hand after a
change of what the macros expand to. Last seen to succeed with rust-analyzer 0.0.349.
"""
import json
import pathlib
import queue
import re
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
CRATE = ROOT / "examples/shop-rust"
SOURCE = CRATE / "src/main.rs"
PATIENCE = 300


class Server:
    """A language server on standard streams."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=CRATE,
                                        stderr=subprocess.DEVNULL)
        self.messages, self.next = queue.Queue(), 0
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        while line := self.process.stdout.readline():
            length = int(line.split(b":")[1]) if line.lower().startswith(b"content-length") else None
            if length is not None:
                while self.process.stdout.readline().strip():
                    pass
                self.messages.put(json.loads(self.process.stdout.read(length)))

    def send(self, message):
        body = json.dumps(dict(message, jsonrpc="2.0")).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def request(self, method, params):
        self.next += 1
        number = self.next
        self.send({"id": number, "method": method, "params": params})
        while True:
            message = self.messages.get(timeout=PATIENCE)
            if message.get("id") == number and "method" not in message:
                return message.get("result")
            self.answer(message)

    def answer(self, message):
        """Questions of the server are answered with nothing; its state is kept."""
        if "id" in message and "method" in message:
            self.send({"id": message["id"], "result": None})
        if message.get("method") == "experimental/serverStatus":
            self.quiet = message["params"].get("quiescent", False)

    def settle(self):
        self.quiet = False
        end = time.monotonic() + PATIENCE
        while not self.quiet:
            self.answer(self.messages.get(timeout=max(1, end - time.monotonic())))


def place(text, pattern, word):
    """The line and character of `word` where `pattern` matches."""
    found = re.search(pattern, text, re.S)
    offset = found.start() + found.group().rindex(word)
    before = text[:offset]
    return {"line": before.count("\n"), "character": offset - (before.rfind("\n") + 1)}


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else "rust-analyzer"
    text, uri = SOURCE.read_text(), SOURCE.as_uri()
    server = Server(program)
    server.request("initialize", {
        "processId": None, "rootUri": CRATE.as_uri(),
        "capabilities": {"experimental": {"serverStatusNotification": True}},
        "initializationOptions": {"checkOnSave": False, "cargo": {"sysroot": "discover"}},
    })
    server.send({"method": "initialized", "params": {}})
    document = {"uri": uri, "languageId": "rust", "version": 1, "text": text}
    server.send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
    server.settle()

    def ask(method, at, **more):
        answer = server.request(method, dict({"textDocument": {"uri": uri}, "position": at}, **more))
        return [each["range"]["start"] if "range" in each else each["targetSelectionRange"]["start"]
                for each in answer or [] if each.get("uri", each.get("targetUri")) == uri]

    def hovers(at):
        answer = server.request("textDocument/hover", {"textDocument": {"uri": uri}, "position": at})
        return (answer or {}).get("contents", {}).get("value", "")

    field = place(text, r"\n    image: Build", "image")
    environment = place(text, r"\n        prod\(\s+gha_environment", "prod")
    failed = 0
    for label, pattern, word, wanted in (
        ("`image` in `depends_on(image, infra)`", r"depends_on\(image, infra", "image", field),
        ("`image` in `depends_on(image)` of api", r"depends_on\(image\)", "image", field),
        ("`image` in `image.outputs.image_tag`", r"tag = image\.", "image", field),
        ("`prod` in `env_inputs(prod(..))`", r"env_inputs\(prod\(", "prod", environment),
    ):
        at = place(text, pattern, word)
        found = ask("textDocument/definition", at)
        ok = wanted in found
        failed += not ok
        print(f"{'ok    ' if ok else 'FAILED'} definition of {label}: {found}")
    uses = ask("textDocument/references", field, context={"includeDeclaration": False})
    for label, pattern in (("depends_on(image, infra)", r"depends_on\(image, infra"),
                           ("depends_on(image)", r"depends_on\(image\)"),
                           ("image.outputs", r"tag = image\.")):
        ok = place(text, pattern, "image") in uses
        failed += not ok
        print(f"{'ok    ' if ok else 'FAILED'} references of the field `image` find {label}")
    for label, pattern, word, wanted in (
        ("the first `#[deploy]`", r"#\[deploy\(", "deploy", "callback that deploys"),
        ("the second `#[deploy]`", r"#\[deploy\(.*?#\[deploy\(", "deploy", "callback that deploys"),
        ("the field `image`", r"\n    image: Build", "image", "image: Build"),
    ):
        shown = hovers(place(text, pattern, word))
        ok = wanted in shown
        failed += not ok
        print(f"{'ok    ' if ok else 'FAILED'} documentation at {label}: {shown[:60]!r}")
    server.process.kill()
    sys.exit(1 if failed else 0)


main()
