//! Panics of an expansion, as errors that ask for a report.

use crate::expand::name_alone;
use crate::report::Mistakes;
use proc_macro2::{Span, TokenStream};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Expands an item; a panic becomes one error, and the item a name that nothing is said of.
///
/// The compiler keeps the message of a panic within a procedural macro to itself, so that this
/// error is the only one.
pub(crate) fn guarded(item: &TokenStream, expand: impl FnOnce() -> TokenStream) -> TokenStream {
    let expanded = catch_unwind(AssertUnwindSafe(expand));
    expanded.unwrap_or_else(|payload| {
        let fallback = || name_alone(item, report(payload.as_ref()));
        catch_unwind(AssertUnwindSafe(fallback))
            .unwrap_or_else(|_| report(payload.as_ref()).into_items())
    })
}

fn report(payload: &(dyn Any + Send)) -> Mistakes {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let message = format!(
        "cascade {} has a bug: its macro panicked: {}",
        env!("CARGO_PKG_VERSION"),
        text.unwrap_or("without a message"),
    );
    let help = "report it to the project, with this message, the output of `rustc --version`, and the item below with its attributes";
    let mut mistakes = Mistakes::default();
    mistakes.add_with(Span::call_site(), message, help);
    mistakes
}

#[cfg(test)]
mod tests {
    use super::guarded;
    use quote::quote;

    #[test]
    fn a_panic_is_one_error_that_asks_for_a_report() {
        let item = quote! {
            pub struct Shop { #[build(workflow = "x")] image: Build }
        };
        let text = guarded(&item, || panic!("no {}", "luck")).to_string();
        assert_eq!(text.matches("compile_error").count(), 1, "{text}");
        for part in [
            "has a bug",
            "no luck",
            "report it",
            "type Shop =",
            "type ShopEnvironment =",
        ] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
        assert!(!text.contains("build"), "{text}");
        syn::parse_str::<syn::File>(&text).expect("items");
    }

    #[test]
    fn an_item_without_a_name_stays() {
        let item = quote!(
            fn shop() {}
        );
        let text = guarded(&item, || std::panic::panic_any(7)).to_string();
        assert!(text.contains("fn shop () { }"), "{text}");
        assert!(text.contains("without a message"), "{text}");
    }

    #[test]
    fn what_does_not_panic_is_handed_on() {
        let item = quote!(
            fn shop() {}
        );
        let text = guarded(&item, || {
            quote!(
                struct Other;
            )
        })
        .to_string();
        assert_eq!(text, "struct Other ;");
    }
}
