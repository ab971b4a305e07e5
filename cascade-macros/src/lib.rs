//! Attribute macros of cascade: a pipeline that is checked while it compiles.
//!
//! A pipeline goes through the files of this crate in this order:
//!
//! | module | what it does |
//! |---|---|
//! | `parse`, `commas` | attribute tokens to items: `key = value`, `key(...)`, `word` |
//! | `tokens`, `structure`, `input` | tokens of macros; the struct: its parts; its fields and their attributes |
//! | `derives`, `describe` | what the author derives; documentation as descriptions |
//! | `lower` | items to core's draft, by the shape of each key; sugars |
//! | `spans` | which tokens a place in the draft was written with |
//! | `root`, `limits` | the repository around the package; how much may be written |
//! | `judge` | core's rules, run on the draft with the repository's workflow files |
//! | `report`, `spelling` | findings as compile errors, in Rust's spelling |
//! | `expand` | the struct, accessors, handles, environments, `impl Pipeline`; what stands for them if something is wrong |
//! | `misplaced`, `bug` | attributes of fields that stand elsewhere; panics |
//!
//! There are no rules here but those of spelling: every other one lives in core.

mod bug;
mod commas;
mod derives;
mod describe;
mod expand;
mod input;
mod judge;
mod keys;
mod limits;
mod literal;
mod lower;
mod misplaced;
mod parse;
#[cfg(test)]
mod reference;
mod report;
mod root;
#[cfg(test)]
mod slips;
mod spans;
mod spelling;
mod structure;
#[cfg(test)]
mod tests;
mod tokens;

use proc_macro::TokenStream;

/// Declares a pipeline: a struct whose fields are callbacks, other repositories and components.
///
/// ```ignore
/// use cascade::prelude::*;
///
/// /// Delivery of the shop.
/// #[pipeline(trunk_branch = "main", environments(dev, prod(wait_timer = 5)))]
/// pub struct Shop {
///     #[build(workflow = ".github/workflows/build.yaml", triggers("src/**"))]
///     image: Build,
///
///     #[deploy(workflow = ".github/workflows/deploy.yaml", depends_on(image))]
///     web: Deploy,
/// }
///
/// fn main() -> std::process::ExitCode {
///     cascade::main::<Shop>()
/// }
/// ```
///
/// # Spelling
///
/// Keys are those of the manifest. One value is `key = value`, a list `key(a, b)`, a map
/// `key(name = value)`, a block `key(...)`, a list of named blocks `key(name(...), other)`; a
/// block without a name is repeated. Where a name is no identifier, text stands. Callbacks,
/// environments and outputs are identifiers: `depends_on(image)`, `tag = image.outputs.image_tag`.
/// Documentation comments are descriptions. In keys of permissions `_` means `-`.
///
/// Literals and `concat!` of literals are checked while compiling. Any other constant expression
/// may stand for a single value, but for paths, names and references.
///
/// # What is generated
///
/// An accessor, and a handle for each field (`shop.image()`, `Shop::IMAGE`); `Clone`, `Debug` and
/// `Default`, which is what was declared; `impl cascade::Pipeline`, whose `builder()` changes it;
/// the enum `ShopEnvironment`.
///
/// # Errors
///
/// All rules run while compiling, those about the callbacks' workflow files too: they are read
/// from the repository around the source file, and cargo builds again when one changes. Each
/// error ends in its code, which `cascade explain` knows. Warnings appear in `cascade lint`.
///
/// # Keys
///
#[doc = include_str!("../docs/pipeline.md")]
#[proc_macro_attribute]
pub fn pipeline(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let span = proc_macro::Span::call_site();
    let file = span.local_file();
    let around = root::Surroundings {
        written: file.clone().map(|file| root::Written {
            file,
            line: span.line(),
            column: span.column(),
            at: span.into(),
        }),
        file,
        package: std::env::var_os("CARGO_MANIFEST_DIR").map(Into::into),
        name: std::env::var("CARGO_PKG_NAME").ok(),
    };
    let (arguments, item) = (arguments.into(), item.into());
    bug::guarded(&item, || {
        expand::expand(arguments, &item, &around.resolved())
    })
    .into()
}

macro_rules! field_attributes {
    ($($(#[doc = $doc:literal])* $name:ident $page:literal)*) => {
        $(
            $(#[doc = $doc])*
            ///
            /// It stands on a field of a [`macro@pipeline`]; elsewhere it is an error.
            ///
            /// # Keys
            ///
            #[doc = include_str!($page)]
            #[proc_macro_attribute]
            pub fn $name(_: TokenStream, item: TokenStream) -> TokenStream {
                let item = item.into();
                bug::guarded(&item, || misplaced::misplaced(stringify!($name), &item)).into()
            }
        )*

        /// The attributes of fields, and their documentation.
        const FIELD_ATTRIBUTES: &[(&str, &str)] = &[$((
            stringify!($name),
            concat!($($doc, "\n",)* "\n# Keys\n\n", include_str!($page)),
        )),*];
    };
}

field_attributes! {
    /// Declares a callback that builds an artifact, on a field of type `Build`.
    ///
    /// ```ignore
    /// #[build(workflow = ".github/workflows/build.yaml", triggers("src/**"))]
    /// image: Build,
    /// ```
    build "../docs/build.md"
    /// Declares a callback that deploys to an environment, on a field of type `Deploy`.
    ///
    /// ```ignore
    /// #[deploy(workflow = ".github/workflows/deploy.yaml", depends_on(image),
    ///     env_inputs(prod(cluster = "green")))]
    /// web: Deploy,
    /// ```
    deploy "../docs/deploy.md"
    /// Declares what a commit must pass before anything is built, on a field of type `Validate`.
    ///
    /// ```ignore
    /// #[validate(workflow = ".github/workflows/validate.yaml")]
    /// validate: Validate,
    /// ```
    validate "../docs/validate.md"
    /// Declares what publishes each build when a release is cut, on a field of type `Publish`.
    ///
    /// ```ignore
    /// #[publish(workflow = ".github/workflows/publish.yaml")]
    /// publish: Publish,
    /// ```
    publish "../docs/publish.md"
    /// Declares another repository, on a field of type `External`: `push` if it reports its
    /// versions here, `pull` if it is asked for them.
    ///
    /// ```ignore
    /// #[external(pull, repo = "acme/models", version = "^2")]
    /// models: External,
    /// ```
    external "../docs/external.md"
    /// Declares how a deploy reaches its users, beside `#[deploy]`: `canary` or `blue_green`,
    /// then the keys of that strategy.
    ///
    /// ```ignore
    /// #[strategy(canary, percent = 10,
    ///     promote_callback = ".github/workflows/promote.yaml",
    ///     rollback_callback = ".github/workflows/rollback.yaml")]
    /// ```
    strategy "../docs/strategy.md"
    /// Declares a part of the repository that is released on its own, on a field whose type is a
    /// `#[pipeline(component, ...)]`.
    ///
    /// ```ignore
    /// #[component(path = "services/api", prefix = "api-")]
    /// api: ApiPipeline,
    /// ```
    component "../docs/component.md"
}

/// A type for each attribute of a field, with its documentation.
#[doc(hidden)]
#[proc_macro]
pub fn attributes(_: TokenStream) -> TokenStream {
    expand::attributes(FIELD_ATTRIBUTES).into()
}
