//! Whole lives of small pipelines: planned, carried out in memory, recorded.

mod external;
mod gates;
mod hotfix;
mod integration;
mod lives;
mod orchestrate;
mod promote;
mod properties;
mod release;
mod rollback;
mod rollouts;
mod selection;
mod step;
mod truth;
mod world;
