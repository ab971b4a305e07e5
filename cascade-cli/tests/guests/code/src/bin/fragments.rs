//! Descriptions of every form, and references through fragments of every kind.
use cascade::prelude::*;

macro_rules! words {
    () => { "words of a macro" };
}

/// Delivery
#[doc = concat!("of ", "the ", 's', "hop,")]
#[doc = include_str!("described.md")]
#[pipeline(trunk_branch = "main", environments(dev))]
pub struct Shop {
    #[doc = concat!("Build ", stringify!(image))]
    #[build(workflow = ".github/workflows/build-app.yaml")]
    image: Build,
    #[doc = include_str!("described.md")]
    #[deploy(workflow = ".github/workflows/deploy-search.yaml")]
    api: Deploy,
    #[doc = words!()]
    #[deploy(workflow = ".github/workflows/deploy-search.yaml")]
    web: Deploy,
}

macro_rules! shop {
    ($name:ident $dep:ident $e:expr, $p:path, $t:ty, $tt:tt, $pat:pat, $l:literal, $text:expr, $m:meta, $w:meta, $value:expr, $env:expr, $number:literal) => {
        #[doc = $text]
        #[pipeline(trunk_branch = "main", environments($env, prod(wait_timer = $number)))]
        pub struct $name {
            #[build(workflow = ".github/workflows/build-app.yaml")]
            image: Build,
            #[doc = $text]
            #[$m]
            a: Deploy,
            #[deploy($w, depends_on($e), inputs(cluster = "x", tag = $e.outputs.image_tag))]
            b: Deploy,
            #[deploy($w, depends_on($p), inputs(cluster = "x", tag = $value))]
            c: Deploy,
            #[deploy($w, depends_on($t), inputs(cluster = "x", tag = $dep.outputs.$l))]
            d: Deploy,
            #[deploy($w, depends_on($pat), env_inputs($env(cluster = "x"), prod(cluster = "y")), inputs(tag = $tt.outputs.image_tag))]
            e: Deploy,
        }
    };
}
shop!(
    Fragments image image, image, image, image, image, "image_tag", "Text.",
    deploy(workflow = ".github/workflows/deploy-api.yaml"),
    workflow = ".github/workflows/deploy-web.yaml",
    image.outputs.image_tag, dev, 5
);

fn main() {
    let described = |node: Option<&cascade::Node>| match node {
        Some(cascade::Node::Scalar(text)) => text.text(),
        other => panic!("{other:?}"),
    };
    let shop = Shop::default();
    assert_eq!(described(shop.image().get("description")), "Build image");
    assert_eq!(described(shop.api().get("description")), "The text of a file, in two lines.");
    assert_eq!(described(shop.web().get("description")), "words of a macro");
    assert_eq!(
        described(<Shop as Pipeline>::draft().node.get("description")),
        "Delivery of the shop, The text of a file, in two lines."
    );
    let all = Fragments::default();
    assert_eq!(described(all.a().get("description")), "Text.");
    for deploy in [all.b(), all.c(), all.d(), all.e()] {
        let from = deploy.get("inputs").and_then(|inputs| inputs.get("tag")?.get("from")).cloned();
        assert_eq!(from, Some("image.outputs.image_tag".into()));
    }
}
