use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), state_token = "TOKEN", state_token_app(app_id = "ID", private_key = "KEY"))]
pub struct Shop {
}

fn main() {}
