//! The parameters of a type, as those of an alias that needs none of them.

use crate::parse::is_punct;
use crate::structure::{Tokens, until};
use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

/// Returns the types and lifetimes among the parameters as a list of types, and the parameters
/// without bounds, each with a default where it can have one.
pub(super) fn with_defaults(mut written: &[TokenTree]) -> (TokenStream, TokenStream) {
    let (mut types, mut parameters) = (TokenStream::new(), TokenStream::new());
    while !written.is_empty() {
        let parameter = until(written, ',');
        if let Some((ty, declared)) = one(parameter) {
            types.extend(ty);
            parameters.extend(declared);
        }
        written = written.get(parameter.len() + 1..).unwrap_or_default();
    }
    if parameters.is_empty() {
        return (types, parameters);
    }
    (types, quote!(<#parameters>))
}

fn one(parameter: &[TokenTree]) -> Option<(TokenStream, TokenStream)> {
    match parameter {
        [quote, TokenTree::Ident(name), ..] if is_punct(Some(quote), '\'') => {
            Some((TokenStream::new(), quote!(#quote #name,)))
        }
        [
            TokenTree::Ident(word),
            TokenTree::Ident(name),
            colon,
            rest @ ..,
        ] if word == "const" => {
            let ty = until(rest, '=');
            let value = match ty {
                [TokenTree::Ident(ty)] if ty == "bool" => quote!(false),
                [TokenTree::Ident(ty)] if ty == "char" => quote!(' '),
                _ => quote!(0),
            };
            let ty = Tokens(ty.to_vec());
            Some((TokenStream::new(), quote!(#word #name #colon #ty = #value,)))
        }
        [TokenTree::Ident(name), ..] => Some((quote!(#name,), quote!(#name = (),))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::with_defaults;
    use proc_macro2::{TokenStream, TokenTree};
    use quote::quote;

    #[test]
    fn bounds_go_and_defaults_come() {
        let written: TokenStream = quote! {
            'a: 'static, T: Into<Vec<u8>> + 'a = u8, const N: usize = { 1 > 0 }, const B: bool
        };
        let written: Vec<TokenTree> = written.into_iter().collect();
        let (types, parameters) = with_defaults(&written);
        let wanted = quote!(<'a, T = (), const N: usize = 0, const B: bool = false,>);
        assert_eq!(parameters.to_string(), wanted.to_string());
        assert_eq!(types.to_string(), quote!(T,).to_string());
    }
}
