use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop(
    #[build(workflow = ".github/workflows/build-app.yaml")]
    pub Build,
);

fn main() -> std::process::ExitCode {
    let _ = ShopEnvironment::Dev;
    cascade::main::<Shop>()
}
