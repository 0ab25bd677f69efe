//! The data types that every study has.

use imaging_study_core::{
    Canonical, Code, DateTime, FhirString, Id, Instant, Markdown, Uri, Xhtml,
};

use super::without_ids::hub_struct;
use super::{Primitive, Value, WithoutIds};
use crate::carry::DATATYPE;

/// An extension.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extension {
    pub(crate) id: Option<FhirString>,
    pub(crate) extension: Vec<Extension>,
    pub(crate) url: Option<Uri>,
    pub(crate) value: Option<Value>,
}

impl WithoutIds for Extension {
    fn remove_ids(&mut self) {
        self.id = None;
        self.extension.remove_ids();
        self.value.remove_ids();
        if self.extension.iter().any(|child| child.is(DATATYPE)) {
            self.remove_id_children();
        }
    }

    fn is_nothing(&self) -> bool {
        self.value.is_none() && self.extension.is_empty()
    }
}

impl Extension {
    /// Removes the ids of a value that travels whole, where they are children.
    fn remove_id_children(&mut self) {
        self.extension.retain(|child| !child.is("id"));
        for child in &mut self.extension {
            if child.value.is_none() {
                child.remove_id_children();
            }
        }
    }
}

hub_struct!(
    /// A code from a code system.
    Coding {
        id: Option<FhirString>,
        extension: Vec<Extension>,
        system: Primitive<Uri>,
        version: Primitive<FhirString>,
        code: Primitive<Code>,
        display: Primitive<FhirString>,
        user_selected: Primitive<bool>,
    }
);

hub_struct!(
    /// A concept: codes and text.
    CodeableConcept {
        id: Option<FhirString>,
        extension: Vec<Extension>,
        coding: Vec<Coding>,
        text: Primitive<FhirString>,
    }
);

hub_struct!(
    /// A concept or a reference.
    CodeableReference {
        id: Option<FhirString>,
        extension: Vec<Extension>,
        concept: Option<CodeableConcept>,
        reference: Option<Reference>,
    }
);

hub_struct!(
    /// A reference to a resource.
    Reference {
        id: Option<FhirString>,
        extension: Vec<Extension>,
        reference: Primitive<FhirString>,
        type_: Primitive<Uri>,
        identifier: Option<Box<Identifier>>,
        display: Primitive<FhirString>,
    }
);

hub_struct!(
    /// A business identifier.
    Identifier {
        id: Option<FhirString>,
        extension: Vec<Extension>,
        use_: Primitive<Code>,
        type_: Option<CodeableConcept>,
        system: Primitive<Uri>,
        value: Primitive<FhirString>,
        period: Option<Period>,
        assigner: Option<Box<Reference>>,
    }
);

hub_struct!(
    /// A span of time.
    Period {
        id: Option<FhirString>,
        extension: Vec<Extension>,
        start: Primitive<DateTime>,
        end: Primitive<DateTime>,
    }
);

hub_struct!(
    /// A remark.
    Annotation {
        id: Option<FhirString>,
        extension: Vec<Extension>,
        author: Option<AnnotationAuthor>,
        time: Primitive<DateTime>,
        text: Primitive<Markdown>,
    }
);

/// Who made a remark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AnnotationAuthor {
    /// A resource.
    Reference(Box<Reference>),
    /// A name.
    String(Primitive<FhirString>),
}

impl WithoutIds for AnnotationAuthor {
    fn remove_ids(&mut self) {
        match self {
            Self::Reference(reference) => reference.remove_ids(),
            Self::String(name) => name.remove_ids(),
        }
    }

    fn is_nothing(&self) -> bool {
        match self {
            Self::Reference(reference) => reference.is_nothing(),
            Self::String(name) => name.is_absent(),
        }
    }
}

hub_struct!(
    /// What is known of a resource as a resource.
    Meta {
        id: Option<FhirString>,
        extension: Vec<Extension>,
        version_id: Primitive<Id>,
        last_updated: Primitive<Instant>,
        source: Primitive<Uri>,
        profile: Vec<Primitive<Canonical>>,
        security: Vec<Coding>,
        tag: Vec<Coding>,
    }
);

hub_struct!(
    /// A summary for people.
    Narrative {
        id: Option<FhirString>,
        extension: Vec<Extension>,
        status: Primitive<Code>,
        div: Primitive<Xhtml>,
    }
);
