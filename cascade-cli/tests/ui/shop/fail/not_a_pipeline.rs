use cascade::prelude::*;

pub struct Shop;

pub fn pipeline() -> Option<Handle<Build>> {
    None
}

pub fn run() -> std::process::ExitCode {
    cascade::main::<Shop>()
}

fn main() {}
