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
    /**
     * A comment
     * with stars.
     */
    #[deploy(workflow = ".github/workflows/deploy-search.yaml")]
    stars: Deploy,
    #[doc(hidden)]
    #[doc(alias = "x")]
    #[doc = "Text in\ntwo lines,"]
    /// and a comment.
    #[deploy(workflow = ".github/workflows/deploy-search.yaml")]
    lines: Deploy,
    /** Stars,
     * and */
    #[doc = env!("CARGO_PKG_NAME")]
    #[deploy(workflow = ".github/workflows/deploy-search.yaml")]
    mixed: Deploy,
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

macro_rules! every {
    ($pipeline:meta $name:ident $(#[doc = $doc:expr])* $vis:vis, $stmt:stmt, $pat:pat_param, $kind:ty, $env:ident, $strategy:ident,
        $workflow:expr, $number:expr, $mode:expr, $key:ident = $from:expr) => {
        $(#[doc = $doc])*
        #[$pipeline]
        $vis struct $name {
            #[build(workflow = ".github/workflows/build-app.yaml")]
            $vis image: Build,
            $(#[doc = $doc])*
            #[deploy(workflow = $workflow, depends_on($stmt), retries = $number, inputs($key = $from, minus = -$number), env_inputs($env(cluster = "x")))]
            #[strategy($strategy, percent = $number, promote_callback = $workflow, rollback_callback = $workflow)]
            web: $kind,
            #[deploy(workflow = $workflow, depends_on($pat))]
            other: $kind,
            #[external($mode, repo = "acme/models")]
            models: External,
        }
    };
}
macro_rules! nested {
    ($from:expr, $number:literal, $workflow:literal) => {
        every!(
            pipeline(trunk_branch = "main", environments(dev)) Every
            /// One,
            #[doc = concat!("two ", "and")]
            #[doc = include_str!("described.md")]
            pub(crate), image, image, Deploy, dev, canary, $workflow, $number, pull, tag = $from
        );
    };
}
nested!(image.outputs.image_tag, 2, "acme/ci/.github/workflows/any.yaml@v1");

fn main() {
    let every = Every::default();
    assert_eq!(every.web().get("retries"), Some(&2.into()));
    let inputs = every.web().get("inputs").expect("inputs");
    assert_eq!(inputs.get("tag").and_then(|tag| tag.get("from")), Some(&"image.outputs.image_tag".into()));
    assert_eq!(inputs.get("minus"), Some(&(-2).into()));
    assert_eq!(every.other().get("depends_on"), every.web().get("depends_on"));
    let told = "One, two and The text of a file, in two lines.";
    assert_eq!(every.web().get("description"), Some(&told.into()));
    assert_eq!(every.models().get("mode"), Some(&"pull".into()));
    let described = |node: Option<&cascade::Node>| match node {
        Some(cascade::Node::Scalar(text)) => text.text(),
        other => panic!("{other:?}"),
    };
    let shop = Shop::default();
    assert_eq!(described(shop.image().get("description")), "Build image");
    assert_eq!(described(shop.api().get("description")), "The text of a file, in two lines.");
    assert_eq!(described(shop.web().get("description")), "words of a macro");
    assert_eq!(described(shop.stars().get("description")), "A comment with stars.");
    assert_eq!(described(shop.lines().get("description")), "Text in two lines, and a comment.");
    assert_eq!(described(shop.mixed().get("description")), "Stars, and code");
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
