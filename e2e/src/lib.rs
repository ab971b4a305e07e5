//! Runs generated workflows for real.
