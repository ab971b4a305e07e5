use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
    image: Build,
}

trait Named { fn named(&self) -> String; }
impl Named for Shop { fn named(&self) -> String { String::new() } }
impl Named for ShopEnvironment { fn named(&self) -> String { self.as_str().to_owned() } }
impl Shop { pub fn own(&self) -> u8 { 1 } }
impl ShopEnvironment { pub fn own(&self) -> u8 { match self { Self::Dev => 1, ShopEnvironment::Prod => 2 } } }
impl std::fmt::Display for Shop { fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str("x") } }
const H: Handle<Build> = Shop::IMAGE;
fn take(h: Handle<Build>) -> Node2 { h.output("x") }
type Node2 = cascade::Node;
fn order(e: ShopEnvironment) -> u8 { match e { ShopEnvironment::Dev => 1, ShopEnvironment::Prod => 2 } }

fn main() -> std::process::ExitCode {
    let _ = (H, take(Shop::IMAGE));
    for e in ShopEnvironment::ALL { let _ = (order(e.clone()), e.named(), e.own(), format!("{e} {e:?}")); }
    let shop = Shop::default();
    let _: &Build = shop.image();
    let _ = (shop.named(), shop.own(), shop.clone(), format!("{shop} {shop:?}"));
    let _ = shop.image().workflow();
    let _ = "dev".parse::<ShopEnvironment>().unwrap();
    let d = Shop::builder().edit(Shop::IMAGE, |b| b.retries(1)).build();
    match d { Ok(d) => cascade::run(d), Err(_) => cascade::main::<Shop>() }
}
