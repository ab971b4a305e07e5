//! The protocol between generated files and the program that their jobs run: both sides name jobs,
//! variables, outputs and plans with what is declared here, and nowhere else.
//!
//! | module | what lives there |
//! |---|---|
//! | [`job`] | ids of jobs, and the names that callbacks must not have because of them |
//! | [`variable`] | environment variables that steps set and commands read |
//! | [`output`] | outputs of steps and jobs |
//! | [`plan`] | the envelope in which a plan travels from job to job |

pub mod job;
pub mod output;
#[cfg(feature = "runtime")]
pub mod plan;
pub mod variable;

#[cfg(test)]
mod tests;
