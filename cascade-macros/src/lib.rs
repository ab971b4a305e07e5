//! Attribute macros of cascade.
