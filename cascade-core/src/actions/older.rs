//! Workflows for servers that do not know every key.

use super::concurrency::Policy;
use super::{Concurrency, Job, Workflow};

impl Workflow {
    /// Leaves out `queue`: of the runs and jobs that wait in a group, the latest is kept.
    #[must_use]
    pub fn without_queues(mut self) -> Self {
        let own = self.concurrency.iter_mut();
        let jobs = self.jobs.iter_mut().map(Job::common_mut);
        let groups = own.chain(jobs.filter_map(|common| common.concurrency.as_mut()));
        groups.for_each(keep_latest);
        self
    }

    /// Leaves out `deployment: false`: jobs that wait for an environment record a deployment, too.
    #[must_use]
    pub fn with_deployments(mut self) -> Self {
        for job in &mut self.jobs {
            if let Job::Steps(job) = job
                && let Some(environment) = &mut job.environment
            {
                environment.deployment = true;
            }
        }
        self
    }
}

fn keep_latest(concurrency: &mut Concurrency) {
    if concurrency.policy == Policy::QueueAll {
        concurrency.policy = Policy::KeepLatest;
    }
}
