//! The names that a pipeline crate needs: `use cascade::prelude::*;`.

pub use crate::builder::{
    Access, BranchPolicy, Cadence, OnFailure, PinMode, ReleaseTrigger, Role, RunPolicy, Secrets,
    Source,
};
pub use crate::pipeline::{
    BlueGreen, Build, Builder, Canary, Definition, Deploy, Environment, External, ExternalDeploy,
    Handle, Pipeline, Publish, Validate,
};
pub use crate::pipeline::{
    build, component, deploy, external, pipeline, publish, strategy, validate,
};
