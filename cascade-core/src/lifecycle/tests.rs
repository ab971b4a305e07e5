//! Small pipelines in memory: what is planned is carried out and recorded.

mod external;
mod gates;
mod hotfix;
mod integration;
mod orchestrate;
mod preview;
mod promote;
mod properties;
mod release;
mod rollback;
mod rollouts;
mod selection;
mod state_machine;
mod step;
mod truth;
mod world;
