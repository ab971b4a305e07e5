//! One pipeline on two surfaces: the drafts are equal.

use cascade::Pipeline;
use cascade_core::builder::{PackageRoot, Root};
use cascade_core::manifest::yaml::Manifest;

#[path = "../ui/shop/pass/shop.rs"]
#[allow(dead_code, unreachable_pub, reason = "an example of its own")]
mod shop;

#[test]
fn the_shop_is_its_manifest() {
    let manifest =
        Manifest::read(include_bytes!("../ui/shop/shop.yaml"), "ci").expect("a manifest");
    assert_eq!(&shop::Shop::draft().node, manifest.config());
}

#[test]
fn the_repository_is_found_above_the_source_file() {
    let Root::Package(package) = shop::Shop::draft().root else {
        panic!("the package is in a repository");
    };
    assert_eq!(package.name, "cascade-cli");
    assert_eq!(
        package.root,
        PackageRoot::Above("tests/ui/shop/pass".into())
    );
    assert_eq!(package.folder.to_str(), Some("../../.."));
}
