//! The command line and run time of cascade.
