//! What a pipeline is given: accessors, handles, environments, a builder.

use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, "us-east"(wait_timer = WAIT), prod))]
#[derive(PartialEq, Debug, Default)]
pub struct Shop {
    #[build(workflow = concat!(".github/workflows/", "build-app", ".yaml"))]
    image: Build,

    #[deploy(
        name = "web-app",
        workflow = ".github/workflows/deploy-web.yaml",
        depends_on(image),
        inputs("cluster" = "blue", replicas = REPLICAS * 2, "tag" = image.outputs."image_tag"),
        env_inputs("us-east"(cluster = "east"), prod(cluster = "green")),
        retries = TIMES,
        permissions(contents = "read", id_token = "write"),
    )]
    #[strategy(canary, steps(10, 50, 100), environments(prod),
        promote_callback = ".github/workflows/canary-promote.yaml",
        rollback_callback = ".github/workflows/canary-rollback.yaml")]
    web: Deploy,

    #[external(push, repo = "acme/producer", deploys(
        cdk(workflow = ".github/workflows/deploy-cdk.yaml"),
        net,
    ))]
    producer: External,
}

const WAIT: i64 = 5;
const TIMES: u8 = 2;
const REPLICAS: u32 = 3;

// A trait that the enum has not is its author's to give.
impl Copy for ShopEnvironment {}

pub fn main() {
    let shop = Shop::default();
    assert_eq!(shop, shop.clone());
    assert_eq!(shop.image().workflow(), ".github/workflows/build-app.yaml");
    assert_eq!(shop.web().name(), "web-app");
    assert_eq!(shop.web().get("retries"), Some(&2.into()));
    let inputs = shop.web().get("inputs").expect("inputs");
    assert_eq!(inputs.get("replicas"), Some(&6.into()));

    let image: Handle<Build> = Shop::IMAGE;
    assert_eq!(image.name(), "image");
    assert_eq!(Shop::WEB.name(), "web-app");
    assert_eq!(Shop::PRODUCER.name(), "cdk");

    let names: Vec<&str> = ShopEnvironment::ALL.iter().map(|each| each.as_str()).collect();
    assert_eq!(names, ["dev", "us-east", "prod"]);
    assert!(matches!("us-east".parse(), Ok(ShopEnvironment::UsEast)));
    let prod = ShopEnvironment::Prod;
    let copy = prod;
    assert_eq!(prod.to_string(), copy.to_string());
    assert_eq!(prod.to_string(), "prod");
    let unknown = "staging".parse::<ShopEnvironment>().expect_err("no such environment");
    assert_eq!(unknown.to_string(), "no environment is named `staging`");

    let definition = Shop::builder()
        .settings(|s| s.trunk_branch("release"))
        .edit(Shop::WEB, |d| d.percent(25))
        .add(Deploy::new("search", ".github/workflows/deploy-search.yaml").depends_on(Shop::IMAGE))
        .build()
        .expect("a pipeline");
    assert_eq!(definition.node().get("trunk_branch"), Some(&"release".into()));
    // The working directory decides; a program holds no folder of the machine that built it.
    assert_eq!(definition.root(), None);
}
