//! Blocks with their defaults applied. `None` if a block lacks something, which was reported.

use crate::manifest::draft::Defaulted;
use crate::manifest::{
    ArtifactBlock, BoardBlock, ChangelogBlock, Config, DeploymentsBlock, GitBlock, InputName,
    MatrixBlock, Name, NotifyBlock, OptionalWorkflowBlock, PreviewBlock, ReconcileBlock,
    ReleaseBuildBlock, RolloutBlock, TelemetryBlock, WorkflowRunBlock,
};
use crate::pipeline::{
    Artifact, Board, Bounds, Callback, Changelog, Deployments, GitIdentity, Matrix, NamedTag,
    Notify, Preview, Reconcile, ReleaseBuild, Telemetry, Webhook, WorkflowRun,
};

pub(super) fn release_build(block: Option<&ReleaseBuildBlock>) -> Option<ReleaseBuild> {
    let absent = Defaulted::absent();
    let block = block.unwrap_or_else(|| absent.get());
    let version_overrides = match &block.version_overrides {
        Some(overrides) => Some(overrides.dir.get()?.clone()),
        None => None,
    };
    Some(ReleaseBuild {
        disabled: *block.disabled.get(),
        tag: block.tag.as_deref().and_then(named_tag),
        workflow: block.workflow.clone(),
        tag_only: *block.tag_only.get(),
        version_overrides,
    })
}

/// Reads `build.output` or `build.outputs.output`.
pub(in crate::check) fn named_tag(text: &str) -> Option<NamedTag> {
    let (build, output) = text.split_once('.')?;
    let output = output.strip_prefix("outputs.").unwrap_or(output);
    Some(NamedTag {
        build: build.parse().ok()?,
        output: output.parse::<InputName>().ok()?.to_string(),
    })
}

pub(super) fn changelog(block: &ChangelogBlock, workflow: Option<Callback>) -> Changelog {
    Changelog {
        disabled: *block.disabled.get(),
        workflow,
        contributors: *block.contributors.get(),
    }
}

/// Returns the name of a workflow's file, without the folder of workflows.
pub(in crate::check) fn file_name(path: &str) -> &str {
    let path = path.strip_prefix("./").unwrap_or(path);
    path.strip_prefix(".github/workflows/").unwrap_or(path)
}

pub(super) fn is_enabled(block: &OptionalWorkflowBlock) -> bool {
    *block.enabled.get()
}

pub(super) fn preview(block: &PreviewBlock) -> Option<Preview> {
    block.enabled.get().then(|| Preview {
        comment: *block.comment.get(),
    })
}

pub(super) fn reconcile(block: &ReconcileBlock) -> Option<Reconcile> {
    block.enabled.get().then(|| Reconcile {
        source: *block.source.get(),
        commit: *block.commit.get(),
    })
}

pub(super) fn board(block: &BoardBlock) -> Option<Board> {
    block.enabled.get().then(|| Board {
        pages: *block.pages.get(),
    })
}

pub(super) fn deployments(block: &DeploymentsBlock) -> Option<Deployments> {
    block.enabled.get().then(|| Deployments {
        keep_prior_active: *block.keep_prior_active.get(),
    })
}

#[expect(clippy::option_option, reason = "unreadable, or not switched on")]
pub(super) fn telemetry(block: &TelemetryBlock) -> Option<Option<Telemetry>> {
    if !block.enabled.get() {
        return Some(None);
    }
    let webhook = match &block.webhook {
        Some(webhook) => Some(Webhook {
            url: webhook.url.get()?.clone(),
            secret_name: webhook.secret_name.clone(),
        }),
        None => None,
    };
    Some(Some(Telemetry {
        adapter: *block.adapter.get(),
        webhook,
        job_summary: *block.job_summary.get(),
    }))
}

pub(super) fn workflow_run(block: &WorkflowRunBlock) -> WorkflowRun {
    WorkflowRun {
        workflows: block.workflows.clone(),
        types: block.types.clone(),
    }
}

pub(super) fn notify(config: &Config, block: &NotifyBlock) -> Option<Notify> {
    Some(Notify {
        repo: block.repo.get()?.clone(),
        workflow: file_name(block.workflow.get()).to_owned(),
        token: block.token.get().clone(),
        deploy_name: reported_as(config, block)?.clone(),
        environment: block.environment.clone(),
    })
}

/// Returns the name under which a version is reported.
pub(in crate::check) fn reported_as<'a>(
    config: &'a Config,
    block: &'a NotifyBlock,
) -> Option<&'a Name> {
    let deploys = config.deploys.iter().map(|deploy| &deploy.name);
    let builds = config.builds.iter().map(|build| &build.name);
    let own = || deploys.chain(builds).next()?.get();
    block.deploy_name.as_ref().or_else(own)
}

pub(super) fn git_identity(block: &GitBlock) -> GitIdentity {
    GitIdentity {
        mode: *block.mode.get(),
        user_name: block.user_name.clone(),
        user_email: block.user_email.clone(),
        gpg_key_id: block.gpg_key_id.clone(),
        gpg_key_secret: block.gpg_key_secret.clone(),
    }
}

pub(super) fn matrix(block: &MatrixBlock) -> Matrix {
    let jobs = block.max_parallel.filter(|jobs| jobs.get() > 0);
    let jobs = jobs.map(|jobs| u32::try_from(jobs.get()));
    Matrix {
        dimensions: block.dimensions.clone(),
        max_parallel: jobs.and_then(Result::ok),
        fail_fast: *block.fail_fast.get(),
    }
}

pub(super) fn bounds(block: &RolloutBlock) -> Bounds {
    let most = block.max_parallel.filter(|most| most.get() > 0);
    let most = most.and_then(|most| usize::try_from(most.get()).ok());
    Bounds {
        max_parallel: most,
        fail_fast: *block.fail_fast.get(),
    }
}

pub(super) fn artifact(block: &ArtifactBlock) -> Option<Artifact> {
    Some(Artifact {
        name: block.name.get()?.clone(),
        path: block.path.get()?.clone(),
        required: *block.required.get(),
    })
}
