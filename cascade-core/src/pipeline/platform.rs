//! The GitHub that workflows run on, and what it knows.

use crate::manifest::ServerVersion;

/// The GitHub that workflows run on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Platform {
    /// github.com, and GitHub Enterprise Cloud.
    #[default]
    Cloud,
    /// GitHub Enterprise Server, of one version or a later one.
    Server(ServerVersion),
}

/// Something that github.com knows and not every server does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature {
    /// `concurrency.queue: max`: more than one run waits.
    Queue,
    /// `environment.deployment: false`: an approval without a deployment.
    EnvironmentWithoutDeployment,
    /// The artifact actions from version 4 on.
    ArtifactsV4,
    /// 25 inputs of `workflow_dispatch` in place of 10.
    ManyDispatchInputs,
    /// Ten levels and 50 distinct reusable workflows in place of four and 20.
    DeepCalls,
    /// Runners that GitHub keeps.
    HostedRunners,
}

/// The first version of the server, 3.x, that knows a feature; `None` if none is known that does.
///
/// Sources, each in GitHub's documentation as it was in November 2026, where a feature without a
/// version of the server is one of github.com alone:
/// - `queue`: changelog, 2026-05-07, "GitHub Actions concurrency groups now allow larger queues";
///   no version of the server documents it.
/// - `deployment`: `data/features/actions-environments-without-deployments.yml`.
/// - artifacts: README of `actions/upload-artifact`: servers need version 3.
/// - inputs: changelog, 2025-12-04, "Actions: `workflow_dispatch` workflows now support 25 inputs";
///   no version of the server documents it.
/// - calls: "Reusing workflow configurations": ten levels and 50 workflows on github.com, four and
///   20 elsewhere.
/// - runners: "About GitHub Actions for enterprises": a server has self-hosted runners only.
const SINCE: [(Feature, Option<u16>); 6] = [
    (Feature::Queue, None),
    (Feature::EnvironmentWithoutDeployment, None),
    (Feature::ArtifactsV4, None),
    (Feature::ManyDispatchInputs, None),
    (Feature::DeepCalls, None),
    (Feature::HostedRunners, None),
];

impl Platform {
    /// Returns true if workflows may use a feature.
    #[must_use]
    pub fn knows(&self, feature: Feature) -> bool {
        let Self::Server(version) = self else {
            return true;
        };
        let mut known = SINCE.iter().filter(|(each, _)| *each == feature);
        known.any(|(_, since)| since.is_some_and(|since| version.minor() >= since))
    }

    /// The most inputs of `workflow_dispatch`.
    #[must_use]
    pub fn dispatch_inputs(&self) -> usize {
        match self.knows(Feature::ManyDispatchInputs) {
            true => 25,
            false => 10,
        }
    }

    /// The most levels of reusable workflows, the calling one included.
    #[must_use]
    pub fn call_levels(&self) -> usize {
        match self.knows(Feature::DeepCalls) {
            true => 10,
            false => 4,
        }
    }

    /// The most distinct reusable workflows of one run.
    #[must_use]
    pub fn called_workflows(&self) -> usize {
        match self.knows(Feature::DeepCalls) {
            true => 50,
            false => 20,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_knows_less() {
        let server = Platform::Server("3.20".parse().unwrap());
        for (feature, _) in SINCE {
            assert!(Platform::Cloud.knows(feature) && !server.knows(feature));
        }
        let limits = |platform: &Platform| {
            (
                platform.dispatch_inputs(),
                platform.call_levels(),
                platform.called_workflows(),
            )
        };
        assert_eq!(limits(&Platform::Cloud), (25, 10, 50));
        assert_eq!(limits(&server), (10, 4, 20));
    }
}
