//! One pipeline on two surfaces: the drafts are equal.

use cascade::Pipeline;
use cascade_core::yaml::Manifest;

#[path = "ui/shop/pass/shop.rs"]
#[allow(dead_code, unreachable_pub, reason = "an example of its own")]
mod shop;

#[test]
fn the_shop_is_its_manifest() {
    let manifest = Manifest::read(include_bytes!("ui/shop/shop.yaml"), "ci").expect("a manifest");
    assert_eq!(&shop::Shop::draft().node, manifest.config());
}

#[test]
fn the_repository_is_found_above_the_source_file() {
    let root = shop::Shop::draft().root.expect("a repository");
    assert!(root.ends_with("tests/ui/shop"), "{}", root.display());
}
