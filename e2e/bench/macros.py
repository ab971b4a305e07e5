#!/usr/bin/env python3
"""Times the compiler on pipelines in Rust beside plain code, in one run; prints medians of what one
waits and of what the processors work, which moves less where others work too. Every crate has its
turn before the next round, and a ratio is the median of the rounds', with the middle half of them:
a machine that slows down meets both sides of a round.

Usage: python3 e2e/bench/macros.py
Needs Cargo only. Crates and builds are in a temporary folder; after one fetch Cargo is offline.
Checks run with the profile that `cascade init --rust` writes, which optimises the macros of every
crate here alike, those of gh-workflow too; clean builds run with Cargo's own, each of a crate that
needs that one alone: in one build, Cargo gives a crate the features that any other asks for.
"""
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
CALLBACK = ROOT / "examples/shop/.github/workflows/deploy-api.yaml"
CHECKS, BUILDS = 91, 3
COUNTS = (10, 100)
# GitHub lets a run call 50 distinct workflows.
FILES = 40
SCAFFOLDED = {
    "CARGO_PROFILE_DEV_BUILD_OVERRIDE_OPT_LEVEL": "1",
    "CARGO_PROFILE_DEV_BUILD_OVERRIDE_DEBUG_ASSERTIONS": "false",
    "CARGO_PROFILE_DEV_BUILD_OVERRIDE_OVERFLOW_CHECKS": "false",
}


def before(number):
    """The callback that another one waits for: every tenth starts a group."""
    return None if number % 10 == 0 else number - number % 10


def with_macros(count):
    lines = ["use cascade::prelude::*;", "", '#[pipeline(trunk_branch = "main", environments(dev, prod))]',
             "pub struct Pipeline {"]
    for number in range(count):
        first = before(number)
        waits = "" if first is None else f", depends_on(d{first})"
        lines.append(f'    #[deploy(workflow = ".github/workflows/deploy-{number % FILES}.yaml", '
                     f'triggers("services/{number}/**"){waits}, '
                     'permissions(contents = "read"), inputs(version = "v1"))]')
        lines.append(f"    d{number}: Deploy,")
    lines += ["}", "", "fn main() -> std::process::ExitCode {", "    cascade::main::<Pipeline>()", "}"]
    return lines


def with_builder(count):
    lines = ["use cascade::prelude::*;", "", "fn main() -> std::process::ExitCode {",
             '    let pipeline = Builder::new("main").environment("dev").environment("prod")']
    for number in range(count):
        first = before(number)
        waits = "" if first is None else f'.depends_on("d{first}")'
        lines.append(f'        .add(Deploy::new("d{number}", ".github/workflows/deploy-{number % FILES}.yaml")'
                     f'.triggers(["services/{number}/**"]){waits}'
                     '.permissions([("contents", "read")]).input("version", "v1"))')
    lines += ["        ;", "    match pipeline.build() {", "        Ok(definition) => cascade::run(definition),",
              "        Err(report) => {", '            eprintln!("{report}");',
              "            std::process::ExitCode::FAILURE", "        }", "    }", "}"]
    return lines


def with_gh_workflow(count):
    """One job a callback, as a person writes it: whom it calls, when, with what."""
    lines = ["use gh_workflow::{Event, Expression, Job, Level, Permissions, Push, Workflow};", "", "fn main() {",
             '    let workflow = Workflow::new("Orchestrate")',
             '        .on(Event::default().push(Push::default().add_branch("main")))']
    for number in range(count):
        first = before(number)
        waits = "" if first is None else f'.add_needs("d{first}")'
        lines.append(f'        .add_job("d{number}", Job::new("d{number}"){waits}'
                     f'.uses("./.github/workflows/deploy-{number % FILES}.yaml")'
                     f".cond(Expression::new(\"contains(needs.setup.outputs.selected, 'd{number}')\"))"
                     ".permissions(Permissions::default().contents(Level::Read))"
                     '.add_with(("environment", "dev")).add_with(("sha", "${{ github.sha }}"))'
                     '.add_with(("version", "v1")))')
    lines += ["        ;", '    println!("{}", workflow.to_string().unwrap());', "}"]
    return lines


def crate(folder, name, lines, dependency, file="main.rs"):
    source = folder / name / "src" / file
    source.parent.mkdir(parents=True)
    source.write_text("\n".join(lines) + "\n")
    (folder / name / "Cargo.toml").write_text(
        f'[package]\nname = "{name}"\nversion = "0.1.0"\nedition = "2024"\n\n[dependencies]\n{dependency}\n')


def workspace(folder):
    """One workspace, so that all have the same versions of everything."""
    ours = f'cascade-cli = {{ path = "{ROOT / "cascade-cli"}" }}'
    for count in COUNTS:
        crate(folder, f"macros-{count}", with_macros(count), ours)
        crate(folder, f"builder-{count}", with_builder(count), ours)
        crate(folder, f"jobs-{count}", with_gh_workflow(count), 'gh-workflow = "=0.9.0"')
        workflows = folder / f"macros-{count}" / ".github/workflows"
        workflows.mkdir(parents=True)
        for number in range(min(count, FILES)):
            shutil.copy(CALLBACK, workflows / f"deploy-{number}.yaml")
    crate(folder, "macros-alone", [], f'cascade-macros = {{ path = "{ROOT / "cascade-macros"}" }}', "lib.rs")
    crate(folder, "jobs-alone", [], 'gh-workflow = "=0.9.0"', "lib.rs")
    (folder / "Cargo.toml").write_text('[workspace]\nresolver = "3"\nmembers = ["*-*"]\n')
    shutil.copy(ROOT / "Cargo.lock", folder)
    subprocess.run(["cargo", "fetch", "--quiet"], cwd=folder, check=True)


def cargo(folder, target, *arguments, profile=None):
    """Seconds of one call: of the clock, and of the processors."""
    environment = dict(os.environ, CARGO_TARGET_DIR=str(target), **(profile or {}))
    start, worked = time.perf_counter(), work()
    done = subprocess.run(["cargo", *arguments, "--offline", "--quiet"], cwd=folder, env=environment)
    if done.returncode != 0:
        sys.exit(f"cargo {' '.join(arguments)} failed")
    return time.perf_counter() - start, work() - worked


def work():
    """Seconds that all processes that ended have kept a processor."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def medians(measured):
    return [statistics.median(column) for column in zip(*measured)]


def checks(folder, target, count):
    """What touching the pipeline costs, in the three ways to write it."""
    names = [f"{kind}-{count}" for kind in ("macros", "builder", "jobs")]
    seconds = {name: [] for name in names}
    for name in names:
        cargo(folder, target, "check", "-p", name, profile=SCAFFOLDED)
    for _ in range(CHECKS):
        for name in names:
            os.utime(folder / name / "src/main.rs")
            seconds[name].append(cargo(folder, target, "check", "-p", name, profile=SCAFFOLDED))
    macros, builder, jobs = (seconds[name] for name in names)
    show(f"{count} callbacks: cargo check, macros", macros)
    show(f"{count} callbacks: cargo check, builder", builder)
    show(f"{count} jobs: cargo check, gh-workflow", jobs)
    ratio("of the builder", macros, builder, 1.3)
    ratio("of gh-workflow", macros, jobs, 1.5)


def clean_builds(folder):
    names = ("macros-alone", "jobs-alone")
    seconds = {name: [] for name in names}
    for _ in range(BUILDS):
        for name in names:
            target = folder / "clean"
            shutil.rmtree(target, ignore_errors=True)
            seconds[name].append(cargo(folder, target, "build", "-p", name))
    macros, jobs = (seconds[name] for name in names)
    show("cascade-macros: clean debug build", macros)
    show("gh-workflow: clean debug build", jobs)
    ratio("of gh-workflow", macros, jobs, 0.5)


def show(label, seconds):
    wall, cpu = medians(seconds)
    print(f"{label:<45} {wall * 1000:9.1f} ms, {cpu * 1000:9.1f} ms of work", flush=True)


def ratio(label, ours, theirs, wanted):
    rounds = [[a / b for a, b in zip(own, other)] for own, other in zip(ours, theirs)]
    wall, cpu = medians(rounds)
    low, _, high = statistics.quantiles([wall for wall, _ in rounds], n=4)
    print(f"  {wall:.2f} {label} ({low:.2f} to {high:.2f}), wanted at most {wanted}; {cpu:.2f} in work", flush=True)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        workspace(folder)
        for count in COUNTS:
            checks(folder, folder / "target", count)
        clean_builds(folder)


main()
