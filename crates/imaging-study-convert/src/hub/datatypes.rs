//! The data types that every study has.

use imaging_study_core::{
    Canonical, Code, DateTime, FhirString, Id, Instant, Markdown, ObjectElement, Uri, Xhtml,
};

use super::lift_value::{lift_choice, lower_choice};
use super::neutral::neutral;
use super::without_ids::hub_struct;
use super::{NeutralElement, Places, Primitive, Value, WithoutIds, lift_present, lower_at};
use crate::carry::DATATYPE;
use crate::context::Context;
use crate::version::VersionTargets;
use crate::{annotation, datatype, element_id, tree};

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
        let is_whole = self.extension.iter().any(|child| child.is(DATATYPE));
        if is_whole || self.carried().is_some() {
            self.remove_id_children();
        }
    }

    /// What carries an id goes with the ids.
    fn is_nothing(&self) -> bool {
        (self.value.is_none() && self.extension.is_empty())
            || self
                .carried()
                .is_some_and(|(_, path)| element_id::is_path(path) || self.is_meant(path))
    }
}

impl Extension {
    /// Whether what stands beside the extension, which carries an element of a path, means it too.
    fn is_meant(&self, path: &str) -> bool {
        let code = match &self.value {
            Some(Value::Code(code)) => code.value.as_ref(),
            _ => None,
        };
        code.is_some_and(|code| tree::is_meant(path, code.as_str()))
    }

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

neutral!(Coding {
    id: "id",
    extension: "extension",
    system: "system",
    version: "version",
    code: "code",
    display: "display",
    user_selected: "userSelected",
});

hub_struct!(
    /// A concept: codes and text.
    CodeableConcept {
        id: Option<FhirString>,
        extension: Vec<Extension>,
        coding: Vec<Coding>,
        text: Primitive<FhirString>,
    }
);

neutral!(CodeableConcept {
    id: "id",
    extension: "extension",
    coding: "coding",
    text: "text",
});

hub_struct!(
    /// A concept or a reference.
    CodeableReference {
        id: Option<FhirString>,
        extension: Vec<Extension>,
        concept: Option<CodeableConcept>,
        reference: Option<Reference>,
    }
);

neutral!(CodeableReference {
    id: "id",
    extension: "extension",
    concept: "concept",
    reference: "reference",
});

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

neutral!(
    Reference {
        id: "id",
        extension: "extension",
        reference: "reference",
        type_: "type",
        identifier: "identifier",
        display: "display",
    },
    restore datatype::reference_from_dstu2,
    fit datatype::reference
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

neutral!(
    Identifier {
        id: "id",
        extension: "extension",
        use_: "use",
        type_: "type",
        system: "system",
        value: "value",
        period: "period",
        assigner: "assigner",
    },
    fit datatype::identifier
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

neutral!(Period {
    id: "id",
    extension: "extension",
    start: "start",
    end: "end",
});

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

impl NeutralElement for Annotation {
    fn lift(element: &mut dyn ObjectElement) -> Self {
        let [id, extension, author, time, text] = *annotation_places(element);
        let present = element.present();
        let author = match present >> author & 1 {
            1 => lift_choice(element, author),
            _ => None,
        };
        let author = match author {
            Some(Value::Reference(reference)) => Some(AnnotationAuthor::Reference(reference)),
            Some(Value::String(name)) => Some(AnnotationAuthor::String(name)),
            _ => None,
        };
        let mut lifted = Self {
            id: lift_present(element, present, id),
            extension: lift_present(element, present, extension),
            author,
            time: lift_present(element, present, time),
            text: lift_present(element, present, text),
        };
        let (version, name) = (element.version(), element.info().name);
        element_id::lift(&mut lifted.id, &mut lifted.extension, version, name);
        lifted
    }

    fn lower(self, element: &mut dyn ObjectElement, context: &mut Context<'_>) {
        let targets = context.targets(VersionTargets::author);
        let mut value = annotation::fit(self, targets, context);
        element_id::lower(
            &mut value.id,
            &mut value.extension,
            element.info().name,
            context,
        );
        let [id, extension, author, time, text] = *annotation_places(element);
        lower_at(value.id, element, id, "id", context);
        lower_at(value.extension, element, extension, "extension", context);
        let own = match value.author {
            Some(AnnotationAuthor::Reference(reference)) => Some(Value::Reference(reference)),
            Some(AnnotationAuthor::String(name)) => Some(Value::String(name)),
            None => None,
        };
        // Every version has both types.
        let _ = context.at("author", |context| {
            lower_choice(own, element, author, context)
        });
        lower_at(value.time, element, time, "time", context);
        lower_at(value.text, element, text, "text", context);
    }
}

/// Where the fields of a remark stand.
fn annotation_places(element: &dyn ObjectElement) -> &'static [usize; 5] {
    static PLACES: Places<5> = Places::new();
    PLACES.of(element, ["id", "extension", "author[x]", "time", "text"])
}

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

neutral!(
    Meta {
        id: "id",
        extension: "extension",
        version_id: "versionId",
        last_updated: "lastUpdated",
        source: "source",
        profile: "profile",
        security: "security",
        tag: "tag",
    },
    fit datatype::meta
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

neutral!(Narrative {
    id: "id",
    extension: "extension",
    status: "status",
    div: "div",
});
