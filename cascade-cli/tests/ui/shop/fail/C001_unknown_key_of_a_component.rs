use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[component(paht = "services/api", prefix = "api-")]
    api: Api,
}

#[pipeline(component)]
pub struct Api {}

fn main() -> std::process::ExitCode {
    let _ = ShopEnvironment::Dev;
    cascade::main::<Shop>()
}
