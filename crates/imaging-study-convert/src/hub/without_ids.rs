//! Element ids set aside.

use imaging_study_core::{FhirString, Json, Resource, Scalar};

use super::Primitive;
use crate::carry::{self, DATATYPE};
use crate::{element_id, tree};

/// Takes the ids of elements out of a value: ids are unique within a resource, so that of two
/// copies only one may keep them, and copies are compared without them.
pub(crate) trait WithoutIds {
    /// Removes the id of the element and of everything in it.
    fn remove_ids(&mut self);

    /// Whether nothing is left of an element.
    fn is_nothing(&self) -> bool {
        false
    }

    /// The value without ids.
    fn without_ids(mut self) -> Self
    where
        Self: Sized,
    {
        self.remove_ids();
        self
    }
}

/// Defines structs of the hub together with [`WithoutIds`] for them.
macro_rules! hub_struct {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $shape:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub(crate) struct $name {
            $(pub(crate) $field: $shape,)+
        }

        impl $crate::hub::WithoutIds for $name {
            fn remove_ids(&mut self) {
                $($crate::hub::WithoutIds::remove_ids(&mut self.$field);)+
            }

            fn is_nothing(&self) -> bool {
                *self == Self::default()
            }
        }
    };
}
pub(super) use hub_struct;

impl<T: WithoutIds> WithoutIds for Vec<T> {
    fn remove_ids(&mut self) {
        self.retain_mut(|entry| {
            entry.remove_ids();
            // An element may have had nothing but an id.
            !entry.is_nothing()
        });
    }
}

impl<T: WithoutIds> WithoutIds for Option<T> {
    fn remove_ids(&mut self) {
        if let Some(value) = self {
            value.remove_ids();
            if value.is_nothing() {
                *self = None;
            }
        }
    }
}

impl<T: WithoutIds> WithoutIds for Box<T> {
    fn remove_ids(&mut self) {
        (**self).remove_ids();
    }

    fn is_nothing(&self) -> bool {
        (**self).is_nothing()
    }
}

/// The id of an element.
impl WithoutIds for Option<FhirString> {
    fn remove_ids(&mut self) {
        *self = None;
    }
}

/// The url of an extension.
impl WithoutIds for Option<imaging_study_core::Uri> {
    fn remove_ids(&mut self) {}
}

impl WithoutIds for Resource {
    fn remove_ids(&mut self) {}
}

impl<T: Scalar> WithoutIds for Primitive<T> {
    fn remove_ids(&mut self) {
        if let Some(element) = &mut self.element {
            element.id = None;
            element.extension.remove_ids();
            if element.is_empty() {
                self.element = None;
            }
        }
    }

    fn is_nothing(&self) -> bool {
        self.is_absent()
    }
}

impl WithoutIds for Json {
    /// Removes the members `id`; in the JSON of a data type every one is the id of an element. The
    /// sibling `_x` of a primitive may have had nothing else.
    fn remove_ids(&mut self) {
        let nothing = |json: &Self| match json {
            Self::Object(members) => members.is_empty(),
            Self::Array(entries) => entries
                .iter()
                .all(|entry| *entry == Self::Null || is_empty_object(entry)),
            _ => false,
        };
        match self {
            Self::Object(members) => {
                members.retain(|(name, _)| name != "id");
                let url = members.iter().find(|(name, _)| name == "url");
                let is_carry = url
                    .and_then(|(_, url)| url.as_str())
                    .is_some_and(|url| carry::parse(url).is_some());
                for (name, value) in members.iter_mut() {
                    if let (true, Self::Array(list)) = (name == "extension", value) {
                        list.retain(|extension| !goes_with_ids(extension));
                    }
                }
                members.retain(|(name, value)| {
                    name != "extension" || value.as_array().is_none_or(|list| !list.is_empty())
                });
                if let Some((_, Self::Array(children))) =
                    members.iter_mut().find(|(name, _)| name == "extension")
                    && (is_carry || children.iter().any(|child| is_extension(child, DATATYPE)))
                {
                    remove_id_children(children);
                }
                for (name, value) in members.iter_mut() {
                    value.remove_ids();
                    // Only beside primitives a place without anything counts.
                    if let (false, Self::Array(entries)) = (name.starts_with('_'), value) {
                        let extensions = matches!(name.as_str(), "extension" | "modifierExtension");
                        entries.retain(|entry| {
                            !(is_empty_object(entry) || extensions && is_only_url(entry))
                        });
                    }
                }
                members.retain(|(name, value)| {
                    let all_null = name.starts_with('_') && nothing(value);
                    !all_null && !is_empty_object(value) && !is_empty_array(value)
                });
                for (name, value) in members.iter_mut() {
                    if let (true, Self::Array(entries)) = (name.starts_with('_'), value) {
                        for entry in entries.iter_mut().filter(|entry| is_empty_object(entry)) {
                            *entry = Self::Null;
                        }
                    }
                }
            }
            Self::Array(entries) => entries.iter_mut().for_each(Self::remove_ids),
            _ => {}
        }
    }
}

fn is_empty_object(json: &Json) -> bool {
    json.as_object().is_some_and(<[_]>::is_empty)
}

/// Whether nothing is left of an extension.
fn is_only_url(json: &Json) -> bool {
    matches!(json.as_object(), Some([(name, _)]) if name == "url")
}

fn is_empty_array(json: &Json) -> bool {
    json.as_array().is_some_and(<[_]>::is_empty)
}

/// Whether an extension is the id of an element that a version could not hold, or is there for one.
fn goes_with_ids(json: &Json) -> bool {
    let url = json.get("url").and_then(Json::as_str);
    let code = json.get("valueCode").and_then(Json::as_str);
    url.and_then(carry::parse).is_some_and(|(_, path)| {
        element_id::is_path(path) || code.is_some_and(|code| tree::is_meant(path, code))
    })
}

fn is_extension(json: &Json, url: &str) -> bool {
    json.get("url").and_then(Json::as_str) == Some(url)
}

/// Removes the ids of a value that travels whole, where they are children.
fn remove_id_children(children: &mut Vec<Json>) {
    children.retain(|child| !is_extension(child, "id"));
    for child in children {
        if let Json::Object(members) = child {
            for (name, value) in members {
                if let (true, Json::Array(children)) = (name == "extension", value) {
                    remove_id_children(children);
                }
            }
        }
    }
}
