#![doc = include_str!("../README.md")]

mod choice;
mod element;
mod name;

use proc_macro::TokenStream;

/// Implements `Element`, `Serialize` and `Deserialize` (and `JsonSchema` and the generator under
/// the features `schemars` and `proptest` of the crate that uses it) for a struct.
///
/// On the struct: `#[element(name = "ImagingStudy.series")]`, with `resource` for a resource. On a
/// field: `#[element(min = 1)]`, `#[element(targets = "Patient Device")]`, `#[element(choice)]`;
/// `#[element(modifier)]` and `#[element(summary)]` for what the standard marks `?!` and `Σ`;
/// `#[element(extensible = "http://..")]` for a binding to a value set, with `required`,
/// `preferred` or `example` for the other strengths (an enum of codes brings its binding along);
/// and `#[element(comments)]` for the comments that an element of DSTU2 has, which are no element.
/// The element name is the field's in lower camel case, without a trailing underscore.
#[proc_macro_derive(Element, attributes(element))]
pub fn derive_element(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    element::expand(&input)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Implements `Choice` for an enum with one variant a type, each with one field.
#[proc_macro_derive(Choice)]
pub fn derive_choice(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    choice::expand(&input)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
