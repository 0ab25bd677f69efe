//! Element ids set aside.

use imaging_study_core::{FhirString, Json, Resource, Scalar};

use super::Primitive;

/// Takes the ids of elements out of a value: ids are unique within a resource, so that of two
/// copies only one may keep them, and copies are compared without them.
pub(crate) trait WithoutIds {
    /// Removes the id of the element and of everything in it.
    fn remove_ids(&mut self);

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
        }
    };
}
pub(super) use hub_struct;

impl<T: WithoutIds> WithoutIds for Vec<T> {
    fn remove_ids(&mut self) {
        for entry in self {
            entry.remove_ids();
        }
    }
}

impl<T: WithoutIds> WithoutIds for Option<T> {
    fn remove_ids(&mut self) {
        if let Some(value) = self {
            value.remove_ids();
        }
    }
}

impl<T: WithoutIds> WithoutIds for Box<T> {
    fn remove_ids(&mut self) {
        (**self).remove_ids();
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
}

impl WithoutIds for Json {
    /// Removes the members `id`; in the JSON of a data type every one is the id of an element.
    fn remove_ids(&mut self) {
        match self {
            Self::Object(members) => {
                members.retain(|(name, _)| name != "id");
                for (_, value) in members {
                    value.remove_ids();
                }
            }
            Self::Array(entries) => entries.remove_ids(),
            _ => {}
        }
    }
}
