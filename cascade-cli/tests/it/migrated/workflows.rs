//! Repositories with workflows of their own, and mixed ones.

use super::{Case, GO_NEW};
use crate::support::DEPLOY;

const ALL_IN_ONE: &str = "\
name: CI
on:
  push:
    branches: [main]
  pull_request:
jobs:
  unit:
    runs-on: ubuntu-latest
    steps:
      - run: npm test
  lint:
    runs-on: ubuntu-latest
    steps:
      - run: npm run lint
  image:
    needs: [unit, lint]
    runs-on: ubuntu-latest
    steps:
      - uses: docker/build-push-action@v6
  staging:
    needs: image
    environment: staging
    runs-on: ubuntu-latest
    steps:
      - run: ./ship staging
  production:
    needs: staging
    environment:
      name: production
    runs-on: ubuntu-latest
    steps:
      - run: ./ship production
";

pub(crate) static ONE_FILE: Case = Case {
    name: "one workflow for everything",
    files: &[(".github/workflows/ci.yaml", ALL_IN_ONE)],
    code: 1,
    says: &[
        "from workflows",
        ".github/workflows/ci.yaml:7: the job `unit` (lines 7 to 10) becomes the validate callback",
        "move it to `.github/workflows/validate.yaml`, below these lines:",
        ".github/workflows/ci.yaml:11: the job `lint` (lines 11 to 14) becomes the validate callback",
        "move it to `.github/workflows/validate.yaml`, too",
        ".github/workflows/ci.yaml:15: the job `image` (lines 15 to 19) becomes the build callback",
        ".github/workflows/ci.yaml:20: the job `staging` (lines 20 to 25) becomes the deploy callback",
        "          depends_on: [build]",
        ".github/workflows/ci.yaml:26: the job `production` (lines 26 to 32) becomes the deploy callback",
    ],
    manifest: &["    environments: [staging, production]\n"],
    ..Case::NEW
};

pub(crate) static CALLABLE: Case = Case {
    name: "workflows that can be called",
    files: &[
        (".github/workflows/deploy-web.yaml", DEPLOY),
        (
            ".github/workflows/build.yaml",
            "on:\n  workflow_call:\n    outputs:\n      image_tag: { value: x }\njobs:\n  a: { runs-on: ubuntu-latest, steps: [{ run: make }] }\n",
        ),
        (
            ".github/workflows/test.yaml",
            "on:\n  pull_request:\njobs:\n  a: { runs-on: ubuntu-latest, steps: [{ run: make test }] }\n",
        ),
        (
            ".github/workflows/stale.yaml",
            "on: { schedule: [{ cron: '0 0 * * *' }] }\njobs: {}\n",
        ),
    ],
    args: &["--envs", "dev,prod", "--name", "shop"],
    code: 0,
    says: &[
        ".github/workflows/deploy-web.yaml: it becomes the deploy callback `web`",
        ".github/workflows/build.yaml: it becomes the build callback `package`",
        ".github/workflows/test.yaml:1: `.github/workflows/test.yaml` runs on `pull_request`, and cascade cannot call it yet",
    ],
    manifest: &[
        "    environments: [dev, prod]\n",
        "        workflow: .github/workflows/deploy-web.yaml\n",
        "        depends_on: [package]\n",
    ],
    ..Case::NEW
};

pub(crate) static ONE_ROLE: Case = Case {
    name: "a workflow with one part, and a name that is taken",
    files: &[
        (
            ".github/workflows/tests.yaml",
            "on: [push]\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: [{ run: make test }]\n",
        ),
        (
            ".github/workflows/promote.yaml",
            "on: workflow_dispatch\njobs:\n  mine: { runs-on: ubuntu-latest, steps: [{ run: a }] }\n",
        ),
    ],
    code: 1,
    says: &[
        "write this in the place of line 1:",
        ".github/workflows/promote.yaml: `generate` writes a file of this name, and this one is yours",
    ],
    manifest: &["    trunk_branch: main\n"],
    ..Case::NEW
};

pub(crate) static ON_TAGS: Case = Case {
    name: "a workflow that tags start",
    files: &[(
        ".github/workflows/release.yaml",
        "on:\n  push:\n    tags: ['v*']\njobs:\n  upload:\n    runs-on: ubuntu-latest\n    steps: [{ run: ./publish }]\n",
    )],
    tags: &["v1.0.0"],
    code: 1,
    says: &[
        ".github/workflows/release.yaml:3: `push.tags` starts this workflow",
        "tags and releases that a run makes with GITHUB_TOKEN start no workflow",
    ],
    manifest: &["    trunk_branch: main\n"],
    ..Case::NEW
};

pub(crate) static MIXED: Case = Case {
    name: "release-please, semantic-release and workflows",
    files: &[
        (
            "release-please-config.json",
            "{\"packages\": {\".\": {\"component\": \"shop\"}}}",
        ),
        (".releaserc", "tagFormat: ${version}\n"),
        (".github/workflows/ci.yaml", ALL_IN_ONE),
    ],
    code: 1,
    says: &[
        "from release-please, semantic-release, workflows",
        "two tools release this repository",
        "the job `image` (lines 15 to 19) becomes the build callback",
    ],
    manifest: &[
        "      prefix: shop-v\n",
        "    environments: [staging, production]\n",
    ],
    ..Case::NEW
};

pub(crate) static GO_AND_PLEASE: Case = Case {
    name: "the Go tool beside release-please",
    files: &[
        (".github/manifest.yaml", GO_NEW),
        (".github/workflows/deploy.yaml", DEPLOY),
        (
            "release-please-config.json",
            "{\"packages\": {\".\": {\"component\": \"shop\"}}}",
        ),
    ],
    code: 1,
    says: &[
        "from the Go tool, release-please",
        "`.github/manifest.yaml` is there already, and has no `tag_grammar`",
        "      prefix: shop-v\n",
    ],
    manifest: &["    cli:\n      source: git\n"],
    ..Case::NEW
};

pub(crate) static BROKEN: Case = Case {
    name: "workflows that cannot be read, and an environment that cannot be one",
    files: &[
        (".github/workflows/broken.yaml", "on: [push\njobs: 7\n"),
        (".github/workflows/odd.yaml", "on: 7\njobs: [1, { a: b }]\n"),
        (".github/workflows/list.yaml", "- a\n"),
        (
            ".github/workflows/deploy.yaml",
            "on: push\njobs:\n  go:\n    environment: The Moon\n    needs: { a: 1 }\n    if: [x]\n    runs-on: ubuntu-latest\n    steps: { run: 1 }\n",
        ),
    ],
    code: 1,
    says: &[
        ".github/workflows/broken.yaml: this workflow cannot be read",
        "the environment `The Moon` is not in the pipeline",
    ],
    manifest: &["    trunk_branch: main\n"],
    ..Case::NEW
};
