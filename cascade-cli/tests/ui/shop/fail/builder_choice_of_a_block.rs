use cascade::builder::Cli;

pub fn cli() -> Cli {
    Cli::new("workspace")
}

fn main() {}
