//! `#[derive(Choice)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, Result};

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let Data::Enum(data) = &input.data else {
        return Err(Error::new_spanned(&input.ident, "a choice is an enum"));
    };
    let mut variants = Vec::new();
    for variant in &data.variants {
        match &variant.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                variants.push((
                    &variant.ident,
                    variant.ident.to_string(),
                    &fields.unnamed[0].ty,
                ));
            }
            _ => {
                return Err(Error::new_spanned(
                    variant,
                    "a variant of a choice has one field",
                ));
            }
        }
    }

    let ident = &input.ident;
    let core = quote!(::imaging_study_core);
    let types = variants
        .iter()
        .map(|(_, _, value)| quote!(<#value as #core::ChoiceValue>::TYPE));
    let suffixes = variants.iter().enumerate().map(|(index, (_, name, _))| {
        let index = index as u8;
        quote!(#name => #index,)
    });
    let last = variants.len().saturating_sub(1);
    let news = variants.iter().enumerate().map(|(index, (variant, _, _))| {
        let pattern = if index == last {
            quote!(_)
        } else {
            let index = index as u8;
            quote!(#index)
        };
        quote!(#pattern => Self::#variant(Default::default()),)
    });
    let indexes = variants.iter().enumerate().map(|(index, (variant, _, _))| {
        let index = index as u8;
        quote!(Self::#variant(_) => #index,)
    });
    let reads = variants.iter().map(
        |(variant, _, _)| quote!(Self::#variant(value) => #core::ChoiceValue::read(value, reader),),
    );
    let writes = variants.iter().map(|(variant, name, _)| {
        quote! {
            Self::#variant(value) => {
                #core::ChoiceValue::write_choice(value, stem, #name, writer)
            }
        }
    });

    let contents = variants.iter().map(
        |(variant, _, _)| quote!(Self::#variant(value) => #core::ChoiceValue::content(value),),
    );
    let contents_mut = variants.iter().map(
        |(variant, _, _)| quote!(Self::#variant(value) => #core::ChoiceValue::content_mut(value),),
    );

    Ok(quote! {
        impl #core::Choice for #ident {
            const TYPES: &'static [#core::FieldType] = &[#(#types),*];

            fn variant_of(suffix: &str) -> Option<u8> {
                Some(match suffix {
                    #(#suffixes)*
                    _ => return None,
                })
            }

            fn new(variant: u8) -> Self {
                match variant {
                    #(#news)*
                }
            }

            fn variant(&self) -> u8 {
                match self {
                    #(#indexes)*
                }
            }

            fn read<R: #core::Reader>(&mut self, reader: R) -> Result<(), R::Error> {
                match self {
                    #(#reads)*
                }
            }

            fn write<W: #core::Writer>(
                &self,
                stem: &'static str,
                writer: &mut W,
            ) -> Result<(), W::Error> {
                match self {
                    #(#writes)*
                }
            }

            fn content(&self) -> #core::Content<'_> {
                match self {
                    #(#contents)*
                }
            }

            fn content_mut(&mut self) -> #core::ContentMut<'_> {
                match self {
                    #(#contents_mut)*
                }
            }
        }
    })
}
