#!/usr/bin/env python3
"""Times versions and changelogs over long histories beside `git log` and public tools, in one run.

Usage: python3 e2e/bench/history.py
Needs git, Cargo and pip. The first run installs git-cliff, cocogitto and convco below the target
folder, which takes minutes; a tool that cannot be installed is left out, and that is said.
"""
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
TOOLS = TARGET / "bench-tools"
RUNS = 10
UNRELEASED = 500
MANIFEST = """\
ci:
  config:
    schema_version: 1
    trunk_branch: main
    cli: { source: preinstalled }
    environments: [dev, prod]
"""
TYPES = ["feat", "fix", "fix", "docs", "chore", "perf", "refactor(core)", "feat(api)", "test", "ci"]


def install():
    """The tools that are there afterwards, by name."""
    python = TOOLS / "py/bin"
    if not (python / "git-cliff").exists():
        subprocess.run([sys.executable, "-m", "venv", str(TOOLS / "py")], check=True)
        # convco builds a C library with cmake.
        subprocess.run([python / "pip", "-q", "install", "git-cliff", "cmake"], check=False)
    environment = dict(os.environ, CARGO_TARGET_DIR=str(TOOLS / "build"), PATH=f"{python}:{os.environ['PATH']}")
    for crate, program, version in (("cocogitto", "cog", "7.0.0"), ("convco", "convco", "0.6.3")):
        if not (TOOLS / "cargo/bin" / program).exists():
            command = ["nice", "cargo", "install", "-j1", "--locked", "--root", str(TOOLS / "cargo")]
            subprocess.run([*command, "--version", version, crate], env=environment, check=False)
    places = [python / "git-cliff", TOOLS / "cargo/bin/cog", TOOLS / "cargo/bin/convco"]
    return {place.name: str(place) for place in places if place.exists()}


def build():
    subprocess.run(["cargo", "build", "--release", "-p", "cascade-cli"], cwd=ROOT, check=True)
    return str(TARGET / "release/cascade")


def history(count, folder):
    """A repository of `count` commits, the last release a fixed number of commits ago."""
    repository = folder / f"history-{count}"
    subprocess.run(["git", "init", "-q", "-b", "main", str(repository)], check=True)
    git = ["git", "-C", str(repository)]
    importer = subprocess.Popen([*git, "fast-import", "--quiet"], stdin=subprocess.PIPE, text=True)
    # Written piece by piece: what this process holds would count as memory of what it starts.
    write = importer.stdin.write

    def commit(number, message, path, text):
        write(f"commit refs/heads/main\nmark :{number}\n")
        write(f"committer A <a@example.com> {1_600_000_000 + number * 60} +0000\n")
        write(f"data {len(message)}\n{message}\n")
        write(f"M 100644 inline {path}\ndata {len(text)}\n{text}\n")

    commit(1, "feat: begin", ".github/manifest.yaml", MANIFEST)
    for number in range(2, count + 1):
        kind = TYPES[number % len(TYPES)]
        body = "\n\nWhy this was needed, at some length.\nRefs: #1" if number % 3 == 0 else ""
        path = f"src/{number % 50}/{number % 700}.txt"
        commit(number, f"{kind}: change number {number}{body}", path, f"{number}\n")
    releases = range(count - UNRELEASED, 0, -max(1, count // 100))
    for at, number in enumerate(releases):
        write(f"reset refs/tags/v1.{len(releases) - at}.0\nfrom :{number}\n\n")
    importer.stdin.close()
    if importer.wait():
        sys.exit("the repository could not be made")
    subprocess.run([*git, "reset", "-q", "--hard", "main"], check=True)
    subprocess.run([*git, "repack", "-q", "-a", "-d"], check=True)
    # Tools look for the repository's name.
    subprocess.run([*git, "remote", "add", "origin", "https://example.com/a/b.git"], check=True)
    return repository, f"v1.{len(releases)}.0"


def measure(command, cwd):
    """Median seconds, and the largest resident set in MiB, children included.

    What this script itself holds, about 15 MiB, is the least that can be seen.
    """
    seconds, memory = [], 0
    for _ in range(RUNS):
        start = time.perf_counter()
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(command, cwd=cwd, stdout=said, stderr=subprocess.STDOUT)
            _, status, usage = os.wait4(process.pid, 0)
            seconds.append(time.perf_counter() - start)
            memory = max(memory, usage.ru_maxrss / 1024)
            if os.waitstatus_to_exitcode(status):
                said.seek(0)
                sys.exit(f"{command} failed in {cwd}:\n{said.read().decode()[-2000:]}")
    return statistics.median(seconds), memory


def compare(count, cascade, tools, folder):
    repository, release = history(count, folder)
    log = ["git", "log", "--format=%H%x00%an%x00%B%x00", f"{release}..HEAD"]
    rows = {f"git log {release}..HEAD": log}
    rows["cascade next-version"] = [cascade, "next-version"]
    rows["cascade generate-changelog"] = [cascade, "generate-changelog"]
    if "git-cliff" in tools:
        rows["git-cliff --unreleased"] = [tools["git-cliff"], "--unreleased"]
    if "cog" in tools:
        rows["cog bump --dry-run --auto"] = [tools["cog"], "bump", "--dry-run", "--auto"]
        rows["cog changelog"] = [tools["cog"], "changelog", f"{release}.."]
    if "convco" in tools:
        rows["convco version --bump"] = [tools["convco"], "version", "--bump"]
        rows["convco changelog"] = [tools["convco"], "changelog", "--unreleased", "next", f"{release}..HEAD"]
    print(f"{count} commits, {UNRELEASED} of them after {release}: median of {RUNS}, ratio to git log, memory")
    base = None
    for label, command in rows.items():
        seconds, memory = measure(command, repository)
        base = base or seconds
        print(f"  {label:<30} {seconds * 1000:9.1f} ms  {seconds / base:7.2f}  {memory:7.1f} MiB")


def main():
    tools = install()
    cascade = build()
    for name in {"git-cliff", "cog", "convco"} - tools.keys():
        print(f"{name} could not be installed and is left out")
    with tempfile.TemporaryDirectory() as name:
        for count in (5_000, 50_000):
            compare(count, cascade, tools, pathlib.Path(name))
    print("wanted: cascade at most 3 times git log, below every other tool, below 50 MiB")


main()
