//! Renders and writes workflow files of a given size: `with-gh-workflow FOLDER FILES BYTES`.

use gh_workflow::{Event, Job, Level, Permissions, Push, Step, Workflow};
use std::fs;
use std::path::PathBuf;

fn workflow(jobs: usize) -> Workflow {
    let mut workflow = Workflow::new("Orchestrate")
        .on(Event::default().push(Push::default().add_branch("main")))
        .permissions(Permissions::default());
    for number in 0..jobs {
        let mut job = Job::new(format!("Deploy {number}"))
            .runs_on("ubuntu-latest")
            .timeout_minutes(30_u32)
            .permissions(Permissions::default().contents(Level::Read))
            .cond(gh_workflow::Expression::new("!cancelled() && needs.setup.outputs.run == 'true'"))
            .add_step(Step::new("Check out").uses("actions", "checkout", "v7").add_with(("persist-credentials", "false")))
            .add_step(
                Step::new("Record").run("cascade deploy record --commit-push --gha-output")
                    .add_env(("PLAN", "${{ inputs.plan }}"))
                    .add_env(("DEPLOYS", "${{ inputs.deploys }}")),
            );
        if number > 0 {
            job = job.add_needs(format!("job-{}", number - 1));
        }
        workflow = workflow.add_job(format!("job-{number}"), job);
    }
    workflow
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let folder = PathBuf::from(&arguments[1]);
    let (files, size): (usize, usize) = (arguments[2].parse()?, arguments[3].parse()?);
    let jobs = (1..).find(|jobs| workflow(*jobs).to_string().is_ok_and(|text| text.len() >= size));
    let jobs = jobs.unwrap_or(1);
    let mut bytes = 0;
    for number in 0..files {
        let text = workflow(jobs).to_string().map_err(|error| format!("{error:?}"))?;
        bytes += text.len();
        fs::write(folder.join(format!("{number}.yaml")), text)?;
    }
    println!("{bytes}");
    Ok(())
}
