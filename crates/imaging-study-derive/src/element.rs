//! `#[derive(Element)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, Ident, LitInt, LitStr, Result};

use crate::name::element_name;

/// What the attribute of the struct says.
#[derive(Default)]
struct TypeAttributes {
    name: Option<LitStr>,
    resource: bool,
}

/// What a field and its attribute say.
struct Field<'a> {
    ident: &'a Ident,
    shape: &'a syn::Type,
    name: String,
    min: u8,
    targets: Vec<String>,
    summary: bool,
    modifier: bool,
    /// The strength of a binding and the URL of its value set.
    binding: Option<(Ident, LitStr)>,
    choice: bool,
    /// Whether it holds comments, which are no element of the type.
    comments: bool,
}

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let attributes = type_attributes(input)?;
    let Some(type_name) = attributes.name else {
        return Err(Error::new_spanned(
            &input.ident,
            "expected #[element(name = \"...\")]",
        ));
    };
    let all_fields = fields(input)?;
    let comments = all_fields.iter().find(|field| field.comments);
    let fields: Vec<_> = all_fields.iter().filter(|field| !field.comments).collect();
    if fields.len() > 64 {
        return Err(Error::new_spanned(
            &input.ident,
            "an element has at most 64 fields",
        ));
    }

    let ident = &input.ident;
    let core = quote!(::imaging_study_core);
    let resource = attributes.resource;
    let resource_type = if resource {
        quote!(const RESOURCE: Option<&'static str> = Some(#type_name);)
    } else {
        TokenStream::new()
    };

    let bits = |constant: TokenStream| {
        let plain = fields.iter().enumerate().filter(|(_, field)| !field.choice);
        let bits = plain.map(|(index, field)| {
            let shape = field.shape;
            quote!((<#shape as #core::Field>::#constant as u64) << #index)
        });
        quote!(0 #(| #bits)*)
    };
    let attribute_bits = bits(quote!(ATTRIBUTE));
    let repeating_bits = bits(quote!(MANY));

    let length = fields.len();
    let infos = fields.iter().map(|field| field.info(&core));
    let plain = fields
        .iter()
        .enumerate()
        .filter(|(_, field)| !field.choice)
        .map(|(index, field)| {
            let (index, name) = (index as u8, &field.name);
            quote!(#name => #index,)
        });
    let choices = fields
        .iter()
        .enumerate()
        .filter(|(_, field)| field.choice)
        .map(|(index, field)| {
            let (index, name, shape) = (index as u8, &field.name, field.shape);
            quote! {
                if let Some(variant) = name
                    .strip_prefix(#name)
                    .and_then(<#shape as #core::ChoiceField>::variant_of)
                {
                    return Some(#core::Slot { field: #index, variant });
                }
            }
        });
    let reads = fields.iter().enumerate().map(|(index, field)| {
        let (index, ident) = (index as u8, field.ident);
        if field.choice {
            quote!(#index => #core::ChoiceField::read(&mut self.#ident, slot.variant, reader),)
        } else {
            quote!(#index => #core::Field::read(&mut self.#ident, reader),)
        }
    });
    let writes = all_fields.iter().map(|field| {
        let (ident, name) = (field.ident, &field.name);
        let write = if field.comments {
            quote!(#core::Writer::comments(writer, &self.#ident))
        } else if field.choice {
            quote!(#core::ChoiceField::write(&self.#ident, #name, writer))
        } else {
            quote!(#core::Field::write_plain(&self.#ident, #name, writer))
        };
        // Without optimisation `?` takes three times the stack, for each element around.
        quote! {
            let written = #write;
            if written.is_err() {
                return written;
            }
        }
    });

    let contents = fields.iter().enumerate().map(|(index, field)| {
        let ident = field.ident;
        if field.choice {
            quote!(#index => #core::ChoiceField::content(&self.#ident),)
        } else {
            quote!(#index => (0, #core::Field::content(&self.#ident)),)
        }
    });
    let presents = fields.iter().enumerate().map(|(index, field)| {
        let ident = field.ident;
        if field.choice {
            quote! {
                (!#core::ChoiceField::content(&self.#ident).1.is_empty() as u64) << #index
            }
        } else {
            quote!((#core::Field::is_present(&self.#ident) as u64) << #index)
        }
    });
    let contents_mut = fields.iter().enumerate().map(|(index, field)| {
        let ident = field.ident;
        if field.choice {
            quote!(#index => #core::ChoiceField::content_mut(&mut self.#ident, variant),)
        } else {
            quote!(#index => #core::Field::content_mut(&mut self.#ident),)
        }
    });
    let clears = fields.iter().enumerate().map(|(index, field)| {
        let ident = field.ident;
        quote!(#index => self.#ident = ::core::default::Default::default(),)
    });

    let comments = comments.map(|field| {
        let ident = field.ident;
        quote! {
            fn comments(&self) -> &[#core::FhirString] {
                &self.#ident
            }

            fn comments_mut(&mut self) -> Option<&mut Vec<#core::FhirString>> {
                Some(&mut self.#ident)
            }
        }
    });

    Ok(quote! {
        impl #core::Element for #ident {
            const VERSION: #core::FhirVersion = crate::VERSION;
            #resource_type
            const ATTRIBUTES: u64 = #attribute_bits;
            const REPEATING: u64 = #repeating_bits;

            fn definitions() -> Option<&'static #core::Definitions> {
                crate::definitions()
            }

            #[inline]
            fn info() -> &'static #core::TypeInfo {
                // Statics: of a constant, each unit of code that asks for it has a copy of its own.
                static FIELDS: [#core::FieldInfo; #length] = [#(#infos),*];
                static INFO: #core::TypeInfo = #core::TypeInfo {
                    name: #type_name,
                    resource: #resource,
                    fields: &FIELDS,
                };
                &INFO
            }

            fn slot(name: &str) -> Option<#core::Slot> {
                let field = match name {
                    #(#plain)*
                    _ => {
                        #(#choices)*
                        return None;
                    }
                };
                Some(#core::Slot { field, variant: 0 })
            }

            fn read<R: #core::Reader>(
                &mut self,
                slot: #core::Slot,
                reader: R,
            ) -> Result<(), R::Error> {
                match slot.field {
                    #(#reads)*
                    // Slots come from the function above and from nowhere else.
                    _ => Ok(()),
                }
            }

            #[allow(clippy::question_mark)]
            fn write<W: #core::Writer>(&self, writer: &mut W) -> Result<(), W::Error> {
                #(#writes)*
                Ok(())
            }

            fn content(&self, index: usize) -> (u8, #core::Content<'_>) {
                match index {
                    #(#contents)*
                    _ => (0, #core::Content::Absent),
                }
            }

            fn present(&self) -> u64 {
                0 #(| #presents)*
            }

            fn content_mut(
                &mut self,
                index: usize,
                variant: u8,
            ) -> Option<#core::ContentMut<'_>> {
                Some(match index {
                    #(#contents_mut)*
                    _ => return None,
                })
            }

            fn clear(&mut self, index: usize) {
                match index {
                    #(#clears)*
                    _ => {}
                }
            }

            #comments
        }

        impl ::core::fmt::Debug for #ident {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                #core::debug(self, stringify!(#ident), formatter)
            }
        }

        impl ::serde::Serialize for #ident {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                #core::serde_impl::serialize(self, serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for #ident {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                #core::serde_impl::deserialize(deserializer)
            }
        }

        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for #ident {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                #core::schema::name(<Self as #core::Element>::info())
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                #core::schema::id::<Self>()
            }

            fn json_schema(generator: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                #core::schema::of::<Self>(generator)
            }
        }
    })
}

impl Field<'_> {
    fn info(&self, core: &TokenStream) -> TokenStream {
        let Self {
            shape,
            min,
            targets,
            summary,
            modifier,
            ..
        } = self;
        let (name, many, attribute, types) = if self.choice {
            (
                format!("{}[x]", self.name),
                quote!(false),
                quote!(false),
                quote!(<#shape as #core::ChoiceField>::TYPES),
            )
        } else {
            (
                self.name.clone(),
                quote!(<#shape as #core::Field>::MANY),
                quote!(<#shape as #core::Field>::ATTRIBUTE),
                quote!(<#shape as #core::Field>::TYPES),
            )
        };
        let binding = match &self.binding {
            Some((strength, value_set)) => quote! {
                Some(#core::Binding {
                    strength: #core::BindingStrength::#strength,
                    value_set: #value_set,
                })
            },
            None => quote!(#core::Binding::of_codes(#types)),
        };
        quote! {
            #core::FieldInfo {
                name: #name,
                min: #min,
                many: #many,
                attribute: #attribute,
                types: #types,
                targets: &[#(#targets),*],
                is_summary: #summary,
                is_modifier: #modifier,
                binding: #binding,
            }
        }
    }
}

fn type_attributes(input: &DeriveInput) -> Result<TypeAttributes> {
    let mut attributes = TypeAttributes::default();
    for attribute in input
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("element"))
    {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("name") {
                attributes.name = Some(meta.value()?.parse()?);
            } else if meta.path.is_ident("resource") {
                attributes.resource = true;
            } else {
                return Err(meta.error("expected `name` or `resource`"));
            }
            Ok(())
        })?;
    }
    Ok(attributes)
}

fn fields(input: &DeriveInput) -> Result<Vec<Field<'_>>> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new_spanned(&input.ident, "an element is a struct"));
    };
    let Fields::Named(named) = &data.fields else {
        return Err(Error::new_spanned(
            &input.ident,
            "an element has named fields",
        ));
    };
    named
        .named
        .iter()
        .filter_map(|field| Some((field, field.ident.as_ref()?)))
        .map(|(field, ident)| {
            let mut parsed = Field {
                ident,
                shape: &field.ty,
                name: element_name(&ident.to_string()),
                min: 0,
                targets: Vec::new(),
                summary: false,
                modifier: false,
                binding: None,
                choice: false,
                comments: false,
            };
            for attribute in field
                .attrs
                .iter()
                .filter(|attribute| attribute.path().is_ident("element"))
            {
                attribute.parse_nested_meta(|meta| {
                    if meta.path.is_ident("min") {
                        parsed.min = meta.value()?.parse::<LitInt>()?.base10_parse()?;
                    } else if meta.path.is_ident("targets") {
                        let targets = meta.value()?.parse::<LitStr>()?.value();
                        parsed.targets = targets.split(' ').map(str::to_owned).collect();
                    } else if meta.path.is_ident("summary") {
                        parsed.summary = true;
                    } else if meta.path.is_ident("modifier") {
                        parsed.modifier = true;
                    } else if let Some(strength) = binding_strength(&meta.path) {
                        parsed.binding = Some((strength, meta.value()?.parse()?));
                    } else if meta.path.is_ident("choice") {
                        parsed.choice = true;
                    } else if meta.path.is_ident("comments") {
                        parsed.comments = true;
                    } else {
                        return Err(meta.error(
                            "expected `min`, `targets`, `summary`, `modifier`, the strength of a \
                             binding, `choice` or `comments`",
                        ));
                    }
                    Ok(())
                })?;
            }
            Ok(parsed)
        })
        .collect()
}

/// The variant of `BindingStrength` that a word of the attribute names.
fn binding_strength(path: &syn::Path) -> Option<Ident> {
    let word = path.get_ident()?;
    let variant = match word.to_string().as_str() {
        "required" => "Required",
        "extensible" => "Extensible",
        "preferred" => "Preferred",
        "example" => "Example",
        _ => return None,
    };
    Some(Ident::new(variant, word.span()))
}
