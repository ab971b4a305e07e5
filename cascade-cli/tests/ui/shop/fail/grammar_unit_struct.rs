use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop;

fn main() -> std::process::ExitCode {
    let _ = Shop;
    let _ = ShopEnvironment::Dev;
    cascade::main::<Shop>()
}
