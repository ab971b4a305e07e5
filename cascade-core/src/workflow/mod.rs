//! Typed GitHub Actions.
