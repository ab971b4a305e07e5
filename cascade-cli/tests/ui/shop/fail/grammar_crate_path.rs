mod spaced {
    #[cascade::pipeline(crate = "a b", trunk_branch = "main", environments(dev))]
    pub struct Shop {}
}
mod number {
    #[cascade::pipeline(crate = 5, trunk_branch = "main", environments(dev))]
    pub struct Shop {}
}
mod call {
    #[cascade::pipeline(crate = a::b(), trunk_branch = "main", environments(dev))]
    pub struct Shop {}
}

fn main() {}
