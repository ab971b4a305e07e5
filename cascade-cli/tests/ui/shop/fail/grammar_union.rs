use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub union Shop {
    #[build(workflow = ".github/workflows/build-app.yaml")]
    image: u8,
}

fn main() -> std::process::ExitCode {
    cascade::main::<Shop>()
}
