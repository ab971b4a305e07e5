//! Names of the user's that the expansion must not take for its own.
#![allow(dead_code, non_camel_case_types, non_upper_case_globals, nonstandard_style, unused_macros)]
use ::cascade::{External, Pipeline as _, pipeline};

struct Build;
struct Handle;
struct Result;
struct Option;
struct String;
struct str;
struct bool;
struct i64;
struct u8;
struct usize;
mod core {}
mod std {}
mod alloc {}
mod cascade {}
const draft: () = ();
const part: () = ();
const text: () = ();
const f: () = ();
const each: () = ();
const named: () = ();
const found: () = ();
static callbacks: () = ();
static value: () = ();
static message: () = ();
macro_rules! include_bytes { ($($any:tt)*) => { compile_error!("mine") }; }
macro_rules! assert { ($($any:tt)*) => { compile_error!("mine") }; }

trait Find: Sized {
    fn find<T>(self, _: T) -> () {}
    fn parse(self) -> () {}
    fn as_str(self) -> &'static ::core::primitive::str { "mine" }
    fn iter(self) -> () {}
    fn cloned(self) -> () {}
    fn ok_or_else<T>(self, _: T) -> () {}
    fn pad(self, _: &::core::primitive::str) -> () {}
    fn component(self, _: &::core::primitive::str, _: ::cascade::Draft) -> () {}
}
impl<T> Find for T {}

const RETRIES: ::core::primitive::u8 = 2;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
struct Shop {
    #[build(workflow = ".github/workflows/build-app.yaml")]
    image: ::cascade::Build,
    #[deploy(workflow = ".github/workflows/deploy-api.yaml", depends_on(image), retries = RETRIES)]
    api: ::cascade::Deploy,
    #[external(push, repo = "acme/cdk", workflow = ".github/workflows/deploy-cdk.yaml")]
    cdk: External,
}

fn main() {
    let shop = Shop::default();
    assert_eq!(shop.api().name(), "api");
    assert_eq!(shop.image().name(), "image");
    assert_eq!(shop.cdk().get("repo"), ::core::option::Option::Some(&"acme/cdk".into()));
    let dev = ::core::primitive::str::parse::<ShopEnvironment>("dev");
    assert_eq!(dev.map(|dev| ShopEnvironment::as_str(&dev)), Ok("dev"));
    let prod = <ShopEnvironment as ::core::str::FromStr>::from_str("prod");
    assert_eq!(prod.map(|prod| prod.to_string()), Ok("prod".to_owned()));
    let none = ::core::primitive::str::parse::<ShopEnvironment>("none");
    assert_eq!(none.map(|prod| prod.to_string()).map_err(|none| none.to_string()), Err("no environment is named `none`".to_owned()));
    let _ = Shop::builder();
}

use ::core::assert_eq;
