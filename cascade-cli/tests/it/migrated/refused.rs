//! Repositories in which `migrate` writes nothing.

use super::{GO_NEW, MARKED};

/// A repository that cannot be migrated as it is.
pub(crate) struct Refused {
    pub(crate) name: &'static str,
    pub(crate) files: &'static [(&'static str, &'static str)],
    /// Links: what they lead to, and where they are.
    pub(crate) links: &'static [(&'static str, &'static str)],
    pub(crate) args: &'static [&'static str],
    pub(crate) says: &'static str,
}

const fn files(
    name: &'static str,
    files: &'static [(&'static str, &'static str)],
    says: &'static str,
) -> Refused {
    Refused {
        name,
        files,
        links: &[],
        args: &[],
        says,
    }
}

const CONFIG: &str = "release-please-config.json";
const VERSIONS: &str = ".release-please-manifest.json";
const MANIFEST: &str = ".github/manifest.yaml";

pub(crate) const REFUSED: &[Refused] = &[
    files("nothing", &[], "there is nothing to migrate in"),
    files(
        "a configuration that is cut off",
        &[(CONFIG, "{\n  \"packages\": {\n")],
        "release-please-config.json:3: this is not JSON",
    ),
    files(
        "JSON with a comma too many",
        &[(CONFIG, "{\"packages\": {\".\": {},}}")],
        "release-please-config.json:1: this is not JSON",
    ),
    files(
        "a list instead of a configuration",
        &[(CONFIG, "[1, 2]")],
        "the file must hold a mapping, and holds a list",
    ),
    files(
        "versions that are a text",
        &[
            (CONFIG, "{\"packages\": {\".\": {}}}"),
            (VERSIONS, "\"1.2.3\""),
        ],
        ".release-please-manifest.json:1: the file must hold a mapping, and holds a text",
    ),
    files("an empty file", &[(CONFIG, "")], "this is not JSON"),
    files(
        "a broken .releaserc",
        &[(".releaserc", "branches: [main\nplugins: x\n")],
        "`.releaserc` cannot be read",
    ),
    files(
        "an empty .releaserc",
        &[(".releaserc", "")],
        "the file must hold a mapping, and holds nothing",
    ),
    files(
        "a broken .releaserc.json",
        &[(".releaserc.json", "{tagFormat: v}")],
        ".releaserc.json:1: this is not JSON",
    ),
    files(
        "a broken manifest",
        &[(MANIFEST, "ci:\n  config: [\n")],
        "`.github/manifest.yaml` cannot be read",
    ),
    files(
        "a manifest without a configuration",
        &[(MANIFEST, "ci:\n  state: {}\n")],
        "`ci` has no `config`",
    ),
    files(
        "a manifest whose configuration is a list",
        &[(MANIFEST, "ci:\n  config: [a]\n")],
        "`config` must be a mapping, and is a list",
    ),
    files(
        "a manifest on one line",
        &[(
            MANIFEST,
            "ci: { config: { trunk_branch: main, cli_version: latest } }\n",
        )],
        "`cli_version` cannot be changed in `.github/manifest.yaml`",
    ),
    files(
        "files of the Go tool without a manifest",
        &[(".github/workflows/promote.yaml", MARKED)],
        "the Go tool generated `.github/workflows/promote.yaml`, and there is no `.github/manifest.yaml`",
    ),
    Refused {
        links: &[("elsewhere.json", CONFIG)],
        ..files(
            "a configuration behind a link",
            &[
                ("elsewhere.json", "{\"packages\": {\".\": {}}}"),
                (VERSIONS, "{}"),
            ],
            "`release-please-config.json` is reached by a symbolic link",
        )
    },
    Refused {
        links: &[("nowhere", ".releaserc")],
        ..files(
            "a link to nothing",
            &[],
            "`.releaserc` is reached by a symbolic link",
        )
    },
    Refused {
        links: &[("../real.yaml", MANIFEST)],
        ..files(
            "a manifest behind a link",
            &[("real.yaml", GO_NEW), (".github/keep", "")],
            "`.github/manifest.yaml` is a symbolic link",
        )
    },
    Refused {
        args: &["--component", "web"],
        ..files(
            "a part that is not there",
            &[(
                CONFIG,
                "{\"packages\": {\"api\": {\"component\": \"api\"}}}",
            )],
            "no part of the repository is named `web`",
        )
    },
    Refused {
        args: &["--component", "web"],
        ..files(
            "one part of a manifest",
            &[(MANIFEST, GO_NEW)],
            "`--component` is for a new manifest",
        )
    },
    Refused {
        args: &["--envs", "dev"],
        ..files(
            "environments of a manifest",
            &[(MANIFEST, GO_NEW)],
            "`--envs` is for a new manifest",
        )
    },
    Refused {
        args: &["--envs", "dev-to-prod"],
        ..files(
            "an impossible environment",
            &[(".releaserc", "{}")],
            "`--envs`: ",
        )
    },
    Refused {
        args: &["--manifest-key", "x"],
        ..files(
            "another key for a new manifest",
            &[(".releaserc", "{}")],
            "with the key `ci`",
        )
    },
    Refused {
        args: &["--config", "missing.yaml"],
        ..files(
            "a named manifest that is missing",
            &[(".releaserc", "{}")],
            "missing.yaml",
        )
    },
];
