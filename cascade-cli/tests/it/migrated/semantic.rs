//! Repositories of semantic-release, in each form of its configuration.

use super::Case;

pub(crate) static JSON: Case = Case {
    name: "semantic-release, .releaserc.json",
    files: &[
        (
            ".releaserc.json",
            "{\n  \"branches\": [\n    \"+([0-9])?(.{+([0-9]),x}).x\",\n    \"main\",\n    \"next\",\n    { \"name\": \"beta\", \"prerelease\": true }\n  ],\n  \"extends\": \"@acme/release\",\n  \"plugins\": [\n    [\"@semantic-release/release-notes-generator\", { \"presetConfig\": { \"types\": [{ \"type\": \"feat\", \"section\": \"News\" }] } }],\n    [\"@semantic-release/exec\", { \"publishCmd\": \"./publish\", \"prepareCmd\": \"./prepare\" }],\n    7\n  ]\n}\n",
        ),
        (".releaserc.yml", "branches: other\n"),
    ],
    tags: &["v1.0.0", "v1.1.0-beta.1", "v1.0.1"],
    code: 1,
    says: &[
        ".releaserc.json:3: the maintenance branch `+([0-9])?(.{+([0-9]),x}).x`",
        ".releaserc.json:5: the branch of a channel `next`",
        ".releaserc.json:6: the prerelease branch `beta`",
        ".releaserc.json:8: `extends` takes options from `@acme/release`",
        ".releaserc.json:10: `presetConfig` of @semantic-release/release-notes-generator: News",
        ".releaserc.json:11: `publishCmd` of @semantic-release/exec publishes",
        ".releaserc.json:11: `prepareCmd` of @semantic-release/exec",
        ".releaserc.json:12: a plugin must be its name",
        ".releaserc.yml: semantic-release reads `.releaserc.json` and not this file",
        "the last release is `v1.0.1`, by its tag",
    ],
    manifest: &["    trunk_branch: main\n\n"],
    ..Case::NEW
};

pub(crate) static YAML: Case = Case {
    name: "semantic-release, .releaserc.yaml",
    files: &[
        (
            ".releaserc.yaml",
            "# ours\ntagFormat: 'release/${version}'\nbranches:\n  - name: stable\nplugins:\n  - '@semantic-release/github'\n",
        ),
        (
            ".github/workflows/release.yaml",
            "on: { push: { branches: [stable] } }\njobs:\n  release:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: npm test\n      - run: npx semantic-release\n",
        ),
    ],
    code: 1,
    says: &[
        ".releaserc.yaml:2: tags are `release/1.2.3`",
        ".github/workflows/release.yaml:8: the job `release` runs semantic-release",
        ".github/workflows/release.yaml:3: other steps of the job `release` (lines 3 to 8) belong in the validate callback",
        "without `@semantic-release/release-notes-generator` releases have no notes",
    ],
    manifest: &[
        "    trunk_branch: stable\n",
        "      prefix: release/\n",
        "    changelog:\n      disabled: true\n",
    ],
    ..Case::NEW
};

pub(crate) static RELEASERC: Case = Case {
    name: "semantic-release, .releaserc with a suffix in its tags",
    files: &[(
        ".releaserc",
        "{\"tagFormat\": \"v${version}-app\", \"branch\": \"master\", \"plugins\": null}",
    )],
    code: 1,
    says: &[".releaserc:1: `tagFormat: v${version}-app` goes on after the version"],
    manifest: &["    trunk_branch: master\n"],
    ..Case::NEW
};

pub(crate) static PACKAGE: Case = Case {
    name: "semantic-release, package.json",
    files: &[
        (
            "package.json",
            "{\n  \"name\": \"shop\",\n  \"release\": {\n    \"branches\": [\"main\", \"1.x\", 2, [\"odd\"]]\n  }\n}\n",
        ),
        ("release.config.js", "module.exports = {}\n"),
    ],
    tags: &["v3.0.0"],
    code: 1,
    says: &[
        "package.json: its default plugins publish the package to npm",
        "package.json:4: the maintenance branch `1.x`",
        "package.json:4: a branch must be a text or a mapping with `name`, and is a list",
        "release.config.js: semantic-release reads `package.json` and not this file",
        "the last release is `v3.0.0`, by its tag",
    ],
    manifest: &["    trunk_branch: main\n"],
    ..Case::NEW
};

pub(crate) static PROGRAM: Case = Case {
    name: "semantic-release, a program",
    files: &[
        (
            "release.config.cjs",
            "module.exports = { tagFormat: 'x' }\n",
        ),
        (
            "package.json",
            "{\"name\": \"shop\", \"private\": true, \"release\": null, ",
        ),
    ],
    code: 1,
    says: &[
        "release.config.cjs: this configuration is a program, which cascade does not run",
        "package.json:1: this is not JSON",
    ],
    manifest: &["    trunk_branch: main\n"],
    ..Case::NEW
};

pub(crate) static MONOREPO: Case = Case {
    name: "semantic-release, a monorepo",
    files: &[
        (
            "packages/api/.releaserc.yml",
            "tagFormat: api-v${version}\nplugins: ['@semantic-release/release-notes-generator']\n",
        ),
        (
            "packages/web/package.json",
            "{\"private\": true, \"release\": {\"tagFormat\": \"web-v${version}\"}}",
        ),
    ],
    tags: &["api-v1.0.0"],
    code: 0,
    says: &["the package `packages/api` becomes the component `api`"],
    manifest: &[
        "      api:\n        path: packages/api\n        tag_grammar:\n          prefix: api-v\n",
        "      web:\n        path: packages/web\n",
    ],
    ..Case::NEW
};
