//! Matrices.

use super::expr::Expr;
use super::value::Value;

/// The `strategy` of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strategy {
    pub(super) matrix: Matrix,
    pub(super) fail_fast: Option<bool>,
    pub(super) max_parallel: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Matrix {
    Axes(Vec<(String, Axis)>),
    Expr(Expr),
}

/// The values that one key of a matrix takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis(pub(super) Values);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Values {
    List(Vec<Value>),
    Expr(Expr),
}

impl Strategy {
    /// Every combination of the values of `axes`.
    #[must_use]
    pub fn matrix<T: Into<String>>(axes: impl IntoIterator<Item = (T, Axis)>) -> Self {
        let axes = axes.into_iter().map(|(name, axis)| (name.into(), axis));
        Self::new(Matrix::Axes(axes.collect()))
    }

    /// The whole matrix from an expression, usually a `fromJSON`.
    #[must_use]
    pub const fn from_expr(matrix: Expr) -> Self {
        Self::new(Matrix::Expr(matrix))
    }

    const fn new(matrix: Matrix) -> Self {
        Self {
            matrix,
            fail_fast: None,
            max_parallel: None,
        }
    }

    /// Sets whether the first failure cancels the other jobs of the matrix.
    #[must_use]
    pub const fn fail_fast(mut self, stop: bool) -> Self {
        self.fail_fast = Some(stop);
        self
    }

    /// Sets the number of jobs of the matrix that run at once.
    #[must_use]
    pub const fn max_parallel(mut self, jobs: u32) -> Self {
        self.max_parallel = Some(jobs);
        self
    }
}

impl Axis {
    /// These values.
    #[must_use]
    pub fn list<T: Into<Value>>(values: impl IntoIterator<Item = T>) -> Self {
        Self(Values::List(values.into_iter().map(Into::into).collect()))
    }
}

impl From<Expr> for Axis {
    fn from(expr: Expr) -> Self {
        Self(Values::Expr(expr))
    }
}
