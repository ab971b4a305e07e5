use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub enum Shop {
    #[build(workflow = ".github/workflows/build-app.yaml")]
    Image,
}

fn main() -> std::process::ExitCode {
    cascade::main::<Shop>()
}
