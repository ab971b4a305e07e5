//! Environments whose variants could be taken for something else.
use cascade::prelude::*;

mod all {
    use cascade::prelude::*;
    #[pipeline(trunk_branch = "main", environments("ALL", dev))]
    pub struct Shop {
        #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
        api: Deploy,
    }
}
mod err {
    use cascade::prelude::*;
    #[pipeline(trunk_branch = "main", environments(Err, "ok", Self_))]
    pub struct Shop {
        #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
        api: Deploy,
    }
}

#[pipeline(trunk_branch = "main", environments(err_, some, none, option, result, string))]
pub struct Shop {
    #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
    api: Deploy,
}

fn main() {
    let names: Vec<&str> = all::ShopEnvironment::ALL.iter().map(|each| each.as_str()).collect();
    assert_eq!(names, ["ALL", "dev"]);
    assert_eq!("ALL".parse::<all::ShopEnvironment>().map(|each| each.as_str()), Ok("ALL"));
    assert_eq!("Err".parse::<err::ShopEnvironment>().map(|each| each.to_string()), Ok("Err".to_owned()));
    assert!(matches!("err_".parse(), Ok(ShopEnvironment::Err)));
    assert_eq!(ShopEnvironment::ALL.len(), 6);
    let _ = (all::Shop::default(), err::Shop::default(), Shop::default());
}
