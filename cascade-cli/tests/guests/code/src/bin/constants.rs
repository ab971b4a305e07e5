//! Constants keep their value and their type.
use cascade::prelude::*;

const SHARE: u128 = 12;
const TIMES: usize = 3;
const SMALL: i8 = 2;
const SHIFT: u8 = 1;
const BIG: u64 = 9_000_000_000;
const WIDE: u128 = 340_282_366_920_938_463_463_374_607_431_768_211_455;
const NEGATIVE: isize = -7;
const RATIO: f64 = 12.5;
static COUNT: u16 = 3;
const SYSTEM: &str = "linux";
mod nested {
    #[allow(non_upper_case_globals)]
    pub const lower: u128 = 1;
    pub const fn twice(number: i32) -> i32 {
        number * 2
    }
}
trait Limits {
    const MOST: isize;
}
impl Limits for Shop {
    const MOST: isize = 3;
}

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[build(workflow = "acme/ci/.github/workflows/any.yaml@v1", matrix(dimensions(size(SMALL, SMALL + 1, nested::lower), os(SYSTEM, "mac"))))]
    image: Build,
    #[deploy(workflow = concat!(".github/workflows/", 'd', "eploy-search.yaml"), retries = Self::N,
        inputs("a-b" = BIG, a_b = WIDE, small = SMALL, negative = NEGATIVE, ratio = RATIO, shift = 1 << SHIFT))]
    search: Deploy,
    #[deploy(name = concat!('w', "eb"), workflow = ".github/workflows/deploy-search.yaml", retries = (TIMES))]
    other: Deploy,
    #[deploy(workflow = ".github/workflows/deploy-search.yaml", retries = 1 << SHIFT)]
    third: Deploy,
    #[deploy(workflow = ".github/workflows/deploy-search.yaml", retries = if SHIFT == 1 { 3 } else { 0 })]
    fourth: Deploy,
    #[deploy(workflow = "acme/ci/.github/workflows/any.yaml@v1", retries = COUNT, inputs(long = 18_446_744_073_709_551_615u64, hex = 0xffu8, exact = 1.50f32))]
    fifth: Deploy,
    #[deploy(workflow = "acme/ci/.github/workflows/any.yaml@v1", retries = <Self as Limits>::MOST, inputs(long = i128::MIN, hex = 0b11_usize, exact = 2f64))]
    sixth: Deploy,
    #[deploy(workflow = "acme/ci/.github/workflows/any.yaml@v1", retries = nested::twice(nested::lower as i32), inputs(long = usize::MAX, hex = -128i8))]
    seventh: Deploy,
    #[deploy(workflow = ".github/workflows/deploy-search.yaml")]
    #[strategy(canary, percent = SHARE, promote_callback = ".github/workflows/canary-promote.yaml",
        rollback_callback = ".github/workflows/canary-rollback.yaml")]
    canary: Deploy,
}

impl Shop {
    const N: u8 = 2;
}

fn main() {
    let shop = Shop::default();
    let inputs = shop.search().get("inputs").expect("inputs");
    let text = |key: &str| match inputs.get(key) {
        Some(cascade::Node::Scalar(value)) => value.text(),
        other => panic!("{key}: {other:?}"),
    };
    assert_eq!(text("a-b"), BIG.to_string());
    assert_eq!(text("a_b"), WIDE.to_string());
    assert_eq!(text("small"), "2");
    assert_eq!(text("negative"), "-7");
    assert_eq!(text("ratio"), "12.5");
    assert_eq!(text("shift"), "2");
    let dimensions = shop.image().get("matrix").and_then(|matrix| matrix.get("dimensions")).expect("dimensions");
    assert_eq!(dimensions.get("size"), Some(&cascade::Node::List(vec![2.into(), 3.into(), 1.into()])));
    assert_eq!(dimensions.get("os"), Some(&cascade::Node::List(vec!["linux".into(), "mac".into()])));
    let retries = |deploy: &Deploy| deploy.get("retries").cloned();
    assert_eq!(retries(shop.search()), Some(2.into()));
    assert_eq!(retries(shop.other()), Some(3.into()));
    assert_eq!(retries(shop.third()), Some(2.into()));
    assert_eq!(retries(shop.fourth()), Some(3.into()));
    assert_eq!(Shop::OTHER.name(), "web");
    for (deploy, times, long, hex) in [
        (shop.fifth(), 3, "18446744073709551615", "255"),
        (shop.sixth(), 3, "-170141183460469231731687303715884105728", "3"),
        (shop.seventh(), 2, "18446744073709551615", "-128"),
    ] {
        assert_eq!(retries(deploy), Some(times.into()));
        let input = |key| match deploy.get("inputs").and_then(|inputs| inputs.get(key)) {
            Some(cascade::Node::Scalar(value)) => value.text(),
            other => panic!("{key}: {other:?}"),
        };
        assert_eq!((input("long").as_str(), input("hex").as_str()), (long, hex));
    }
}
