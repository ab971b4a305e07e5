//! Repositories of release-please.

use super::Case;

const RELEASE: &str = "\
on:
  push:
    branches: [main]
jobs:
  please:
    runs-on: ubuntu-latest
    steps:
      - uses: googleapis/release-please-action@v4
        with:
          target-branch: main
  publish:
    needs: please
    if: ${{ needs.please.outputs.release_created }}
    runs-on: ubuntu-latest
    steps:
      - run: npm publish
";

pub(crate) static SINGLE: Case = Case {
    name: "release-please, one package",
    files: &[
        (
            "release-please-config.json",
            "{\n\t\"include-component-in-tag\": false,\n\t\"release-type\": \"node\",\n\t\"packages\": {\n\t\t\".\": {\n\t\t\t\"changelog-sections\": [\n\t\t\t\t{ \"type\": \"feat\", \"section\": \"News\" }\n\t\t\t],\n\t\t\t\"extra-files\": [\"version.txt\"]\n\t\t}\n\t}\n}\n",
        ),
        (
            ".release-please-manifest.json",
            "{\n  \".\": \"1.4.2\"\n}\n",
        ),
        (".github/workflows/release.yaml", RELEASE),
    ],
    tags: &["v1.4.2", "v1.4.1"],
    code: 1,
    says: &[
        "from release-please, workflows",
        ".release-please-manifest.json:2: the last version is 1.4.2: `v1.4.2` is there",
        "release-please-config.json:6: `changelog-sections` of the package `.`: News",
        "release-please-config.json:9: `extra-files` of the package `.`",
        ".github/workflows/release.yaml:8: the job `please` runs release-please",
        ".github/workflows/release.yaml:11: the job `publish` (lines 11 to 16) becomes the publish callback",
    ],
    manifest: &["    trunk_branch: main\n\n    # How runs get cascade.\n    cli:\n"],
    ..Case::NEW
};

pub(crate) static WITHOUT_V: Case = Case {
    name: "release-please, tags without v, and one is missing",
    files: &[
        (
            "release-please-config.json",
            "{\"packages\": {\".\": {\"include-v-in-tag\": false, \"release-type\": \"simple\", \"skip-changelog\": true}}}",
        ),
        (".release-please-manifest.json", "{\".\": \"2.0.0\"}"),
    ],
    tags: &["1.9.0"],
    code: 1,
    says: &[
        ".release-please-manifest.json:1: the last version is 2.0.0, and this clone has no tag `2.0.0`",
        "the highest is `1.9.0`",
        "git tag 2.0.0 COMMIT && git push origin 2.0.0",
        "`skip-changelog` becomes `changelog.disabled`",
    ],
    manifest: &[
        "    tag_grammar:\n      prefix: \"\"\n",
        "    changelog:\n      disabled: true\n",
    ],
    ..Case::NEW
};

/// The name of the component comes from the package's own file.
pub(crate) static WITH_COMPONENT: Case = Case {
    name: "release-please, one package in a folder",
    files: &[
        (
            "release-please-config.json",
            "{\n  \"tag-separator\": \"/\",\n  \"packages\": {\n    \"packages/api\": {}\n  }\n}\n",
        ),
        ("packages/api/package.json", "{\"name\": \"@acme/api\"}"),
    ],
    tags: &["api/v0.3.0"],
    code: 0,
    says: &[
        "the last release is `api/v0.3.0`, by its tag",
        "only changes in `packages/api` start a run",
    ],
    manifest: &[
        "      prefix: api/v\n",
        "    triggers:\n      - packages/api/**\n",
    ],
    ..Case::NEW
};

const MONOREPO_CONFIG: &str = "\
{
  \"release-type\": \"simple\",
  \"plugins\": [\"node-workspace\"],
  \"packages\": {
    \"services/api\": { \"component\": \"api\" },
    \"services/web\": { \"package-name\": \"@acme/web\", \"include-v-in-tag\": false },
    \".\": { \"component\": \"all\", \"include-component-in-tag\": false, \"include-v-in-tag\": false }
  }
}
";

pub(crate) static MONOREPO: Case = Case {
    name: "release-please, a monorepo",
    files: &[
        ("release-please-config.json", MONOREPO_CONFIG),
        (
            ".release-please-manifest.json",
            "{\"services/api\": \"1.0.0\", \"services/web\": \"0.2.0\", \"gone\": \"3.0.0\"}",
        ),
    ],
    tags: &["api-v1.0.0", "web-0.2.0"],
    code: 0,
    says: &[
        "release-please-config.json:5: the package `services/api` becomes the component `api`, with tags `api-v1.2.3`",
        "version 3.0.0 of `gone`, which is no package",
        "release-please-config.json:3: `plugins`",
    ],
    manifest: &[
        "    components:\n      api:\n        path: services/api\n        tag_grammar:\n          prefix: api-v\n",
        "      web:\n        path: services/web\n        tag_grammar:\n          prefix: web-\n",
        "      all:\n        path: \".\"\n        tag_grammar:\n          prefix: \"\"\n",
    ],
    ..Case::NEW
};

pub(crate) static ONE_PART: Case = Case {
    name: "release-please, one part of a monorepo",
    files: &[("release-please-config.json", MONOREPO_CONFIG)],
    tags: &["api-v1.0.0", "7.0.0"],
    args: &["--component", "api"],
    code: 0,
    says: &[
        "the last release is `api-v1.0.0`, by its tag",
        "nothing is called: runs count versions and make releases, and no more",
    ],
    manifest: &[
        "    description: api\n",
        "    tag_grammar:\n      prefix: api-v\n      strict_prefix: true\n",
        "    triggers:\n      - services/api/**\n",
    ],
    ..Case::NEW
};

pub(crate) static SAME_TAGS: Case = Case {
    name: "release-please, packages with the same tags",
    files: &[(
        "release-please-config.json",
        "{\"include-component-in-tag\": false, \"packages\": {\"a\": {}, \"b\": {}}}",
    )],
    code: 1,
    says: &["`a` and `b` have the same tags, `v1.2.3`"],
    manifest: &["    trunk_branch: main\n"],
    ..Case::NEW
};

pub(crate) static ODD: Case = Case {
    name: "release-please, values of odd types",
    files: &[
        (
            "release-please-config.json",
            "{\n  \"include-v-in-tag\": \"no\",\n  \"packages\": {\n    \".\": 7,\n    \"../x\": { \"component\": 1 },\n    \"a@b\": { \"component\": \"a b\", \"release-type\": [] }\n  }\n}\n",
        ),
        (
            ".release-please-manifest.json",
            "{\".\": 3, \"a@b\": \"nonsense\"}",
        ),
    ],
    code: 1,
    says: &[
        "release-please-config.json:2: `include-v-in-tag` must be `true` or `false`, and is a text",
        "release-please-config.json:4: `.` must be a mapping of options, and is a number",
        "release-please-config.json:5: `component` must be a text, and is a number",
        ".release-please-manifest.json:1: the version of `.` must be a text, and is a number",
        "`../x` is not a path in the repository",
        ".release-please-manifest.json:1: `nonsense` is not a version",
        "tags like `a b-v1.2.3` cannot be versions of a pipeline",
    ],
    manifest: &["    trunk_branch: main\n"],
    ..Case::NEW
};

pub(crate) static IN_THE_WORKFLOW: Case = Case {
    name: "release-please, configured in its workflow",
    files: &[(
        ".github/workflows/release.yml",
        "\
on: push
jobs:
  please:
    runs-on: ubuntu-latest
    steps:
      - uses: google-github-actions/release-please-action@v3
        with:
          release-type: node
          default-branch: stable
",
    )],
    code: 1,
    says: &[
        ".github/workflows/release.yml:6: the job `please` runs release-please",
        "this clone has no tag `v1.2.3` of a release",
    ],
    manifest: &["    trunk_branch: stable\n"],
    ..Case::NEW
};
