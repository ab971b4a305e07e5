#!/usr/bin/env python3
"""What the checkout of a job brings from a large repository, with all files and sparse.

    cargo build --release --bin cascade
    python3 e2e/bench/checkout.py [--commits 100000] [--megabytes 1024]

Prints, for jobs that need the history and for those that need one commit, the bytes that came over
HTTP and the seconds that it took, together with the command that runs there.
"""

import argparse
import http.server
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
CHECKOUT = HERE.parent / "stand-in/checkout/checkout"
CASCADE = pathlib.Path(os.environ.get("CASCADE", HERE.parent.parent / "target/release/cascade"))
MANIFEST = """\
ci:
  config:
    schema_version: 1
    trunk_branch: main
    cli: { source: preinstalled }
    runs_on: self-hosted
    environments: [dev, prod]
    builds: [{ name: app, workflow: .github/workflows/build.yaml, triggers: ["src/**"] }]
    deploys: [{ name: web, workflow: .github/workflows/deploy.yaml, depends_on: [app] }]
"""
CALLBACK = """\
on: { workflow_call: { inputs: { sha: { type: string } } } }
permissions: {}
jobs: { job: { runs-on: ubuntu-latest, timeout-minutes: 5, steps: [{ run: "true" }] } }
"""


def git(*arguments, **more):
    return subprocess.run(["git", *arguments], check=True, **more)


def repository(folder, commits, megabytes):
    """A bare repository: a pipeline, large files that hardly change, and a long history."""
    git("init", "--quiet", "--bare", "--initial-branch=main", str(folder))
    for name in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant", "http.receivepack"):
        git("-C", str(folder), "config", name, "true")
    importer = subprocess.Popen(
        ["git", "-C", str(folder), "fast-import", "--quiet"], stdin=subprocess.PIPE
    )
    out = importer.stdin
    noise = random.Random(1)

    def file(path, content):
        out.write(b"M 100644 inline %s\ndata %d\n" % (path.encode(), len(content)))
        out.write(content + b"\n")

    for number in range(commits):
        subject = b"feat: begin" if number == 0 else b"fix: change %d" % number
        out.write(b"commit refs/heads/main\n")
        out.write(b"committer someone <someone@localhost> %d +0000\n" % (1_600_000_000 + number * 60))
        out.write(b"data %d\n%s\n" % (len(subject), subject))
        if number == 0:
            file(".github/manifest.yaml", MANIFEST.encode())
            file(".github/workflows/build.yaml", CALLBACK.encode())
            file(".github/workflows/deploy.yaml", CALLBACK.encode())
            for part in range(megabytes):
                file(f"assets/{part:04}.bin", noise.randbytes(1 << 20))
        file(f"src/{number % 500:03}.txt", b"%d" % number)
        out.write(b"\n")
    out.close()
    if importer.wait() != 0:
        sys.exit("git fast-import failed")
    git("-C", str(folder), "repack", "-adq", "--write-bitmap-index")


class Host(http.server.BaseHTTPRequestHandler):
    """git http-backend, with a count of what it sends."""

    root = None
    sent = 0

    def log_message(self, *_):
        pass

    def serve(self, body):
        path, _, query = self.path.partition("?")
        environment = {
            **os.environ,
            "GIT_PROJECT_ROOT": str(Host.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("content-type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("content-encoding", ""),
            "GIT_PROTOCOL": self.headers.get("git-protocol", ""),
        }
        backend = subprocess.Popen(
            ["git", "http-backend"], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        feeding = threading.Thread(target=lambda: (backend.stdin.write(body), backend.stdin.close()))
        feeding.start()
        status, headers = 200, []
        for line in iter(backend.stdout.readline, b"\r\n"):
            name, _, value = line.decode().strip().partition(": ")
            if name.lower() == "status":
                status = int(value.split()[0])
            else:
                headers.append((name, value))
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        while part := backend.stdout.read(1 << 16):
            Host.sent += len(part)
            self.wfile.write(part)
        backend.wait()
        feeding.join()

    def do_GET(self):
        self.serve(b"")

    def do_POST(self):
        length = self.headers.get("content-length")
        if length is not None:
            return self.serve(self.rfile.read(int(length)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        return self.serve(body)


def job(server, workspace, sha, depth, sparse, command):
    """Checks out as a job does, runs its command, and says what both took."""
    shutil.rmtree(workspace, ignore_errors=True)
    workspace.mkdir()
    Host.sent = 0
    begun = time.monotonic()
    base = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GITHUB_SERVER_URL": server,
        "GITHUB_REPOSITORY": "acme/app",
    }
    subprocess.run(
        [CHECKOUT],
        check=True,
        cwd=workspace,
        env={
            **base,
            "GITHUB_WORKSPACE": str(workspace),
            "GITHUB_OUTPUT": "/dev/null",
            "RUNNER_TEMP": str(workspace.parent),
            "REPOSITORY": "acme/app",
            "TOKEN": "none",
            "REF": sha,
            "FOLDER": "",
            "CLEAN": "true",
            "DEPTH": depth,
            "TAGS": "false",
            "PERSIST": "false",
            "FILTER": "",
            "SPARSE": sparse,
            "CONE": "true",
            "EVENT_REF": "refs/heads/main",
            "EVENT_SHA": sha,
        },
    )
    checked_out = time.monotonic()
    if command:
        subprocess.run(
            [CASCADE, *command], check=True, cwd=workspace, env=base, stdout=subprocess.DEVNULL
        )
    ended = time.monotonic()
    return Host.sent, checked_out - begun, ended - checked_out


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--commits", type=int, default=100_000)
    arguments.add_argument("--megabytes", type=int, default=1024)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        Host.root = folder
        repository(folder / "acme/app", options.commits, options.megabytes)
        head = git(
            "-C", str(folder / "acme/app"), "rev-parse", "main", capture_output=True, text=True
        ).stdout.strip()
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        jobs = [
            ("setup", "0", ["orchestrate", "setup", "--json"]),
            ("gate", "1", ["lint"]),
            ("record, finalize", "0", ["status"]),
        ]
        print("| job | files | MB received | checkout, s | command, s |")
        print("|---|---|---|---|---|")
        for name, depth, command in jobs:
            for files, sparse in (("all", ""), ("sparse", ".github")):
                sent, checkout, ran = job(
                    address, folder / "work", head, depth, sparse, command
                )
                print(f"| {name} | {files} | {sent / 1e6:.1f} | {checkout:.1f} | {ran:.2f} |", flush=True)


main()
