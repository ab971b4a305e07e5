use cascade::prelude::*;

pub fn canary() -> Canary {
    Canary::new(".github/workflows/canary-promote.yaml")
}

fn main() {}
