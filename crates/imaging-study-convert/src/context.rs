//! What a conversion knows while it runs.

use std::any::Any;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use imaging_study_core::{Element, ElementPath, FhirVersion, Json, Resource, Shared};
use imaging_study_dicom::RawUrnOid;

use crate::hub::{Coding, Extension, Reference};
use crate::reference::Targets;
use crate::version::{Version, VersionTargets};
use crate::{Loss, LossKind, Options, Rule, carry, datatype};

/// The base of the URLs of HL7's own definitions.
pub(crate) const STRUCTURE_DEFINITION: &str = "http://hl7.org/fhir/StructureDefinition/";

/// The state of one conversion.
pub(crate) struct Context<'a> {
    pub(crate) source: &'static Version,
    pub(crate) target: &'static Version,
    pub(crate) options: &'a Options,
    pub(crate) losses: Vec<Loss>,
    /// Whether an element that the target lacks may travel alone on its parent.
    pub(crate) may_carry: bool,
    /// Whether a value that stands whole in an extension may become native.
    pub(crate) may_restore: bool,
    /// Whether a value is only asked if it is native: extensions in it are passed over.
    pub(crate) only_asks: bool,
    /// The SOP class that was written last, in both forms: most instances have that of the one
    /// before.
    pub(crate) last_sop_class: Option<(RawUrnOid, Coding)>,
    /// The element that was shared last, in the form of the target.
    last_shared: Option<Arc<dyn Any + Send + Sync>>,
    /// The type of each contained resource that has an id.
    contained: Rc<HashMap<String, String>>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        source: &'static Version,
        target: &'static Version,
        options: &'a Options,
        contained: &[Resource],
    ) -> Self {
        let mut types = HashMap::new();
        for resource in contained {
            if let Some(id) = resource.id() {
                // Of several with one id the first counts.
                types
                    .entry(id.to_owned())
                    .or_insert_with(|| resource.resource_type().to_owned());
            }
        }
        Self {
            source,
            target,
            options,
            losses: Vec::new(),
            may_carry: true,
            may_restore: true,
            only_asks: false,
            last_sop_class: None,
            last_shared: None,
            contained: Rc::new(types),
        }
    }

    /// The context of a contained study, whose references `#id` mean its siblings.
    pub(crate) fn for_contained(&self) -> Self {
        Self {
            losses: Vec::new(),
            last_sop_class: None,
            last_shared: None,
            contained: Rc::clone(&self.contained),
            ..*self
        }
    }

    /// The context of the way back, in which nothing that stands whole becomes native.
    pub(crate) fn back(&self) -> Self {
        Self {
            source: self.target,
            target: self.source,
            may_restore: false,
            ..self.for_contained()
        }
    }

    /// The context of a part of a study, whose references `#id` mean the same.
    pub(crate) fn with_contained_of(mut self, whole: &Self) -> Self {
        self.contained = Rc::clone(&whole.contained);
        self
    }

    /// An element of the target in memory that it shares with the last one, if both are equal.
    pub(crate) fn share<T: Element>(&mut self, element: T) -> Shared<T> {
        let last = self.last_shared.as_ref().map(Arc::clone);
        if let Some(Ok(last)) = last.map(Arc::downcast::<T>)
            && *last == element
        {
            return last.into();
        }
        let element = Arc::new(element);
        self.last_shared = Some(Arc::clone(&element) as Arc<dyn Any + Send + Sync>);
        element.into()
    }

    pub(crate) fn from(&self) -> FhirVersion {
        self.source.fhir_version
    }

    pub(crate) fn to(&self) -> FhirVersion {
        self.target.fhir_version
    }

    /// Whether a code that names a version is one that the source marked as its own. R6 and its draft
    /// do not mark theirs for one another.
    pub(crate) fn is_mark(&self, version: FhirVersion) -> bool {
        carry::names(version, self.from()) && !carry::names(self.from(), self.to())
    }

    /// What a reference may point at in the two versions.
    pub(crate) fn targets(
        &self,
        of: impl Fn(&'static VersionTargets) -> &'static [&'static str],
    ) -> Targets {
        Targets {
            from: of((self.source.targets)()),
            to: of((self.target.targets)()),
        }
    }

    /// Runs `convert` for an element and puts its name before the paths of the losses in it.
    #[inline]
    pub(crate) fn at<R>(&mut self, name: &'static str, convert: impl FnOnce(&mut Self) -> R) -> R {
        let before = self.losses.len();
        let result = convert(self);
        if self.losses.len() > before {
            self.place_name(before, name);
        }
        result
    }

    /// Runs `convert` for an entry of a list and puts its index before the paths of the losses.
    #[inline]
    pub(crate) fn entry<R>(&mut self, index: usize, convert: impl FnOnce(&mut Self) -> R) -> R {
        let before = self.losses.len();
        let result = convert(self);
        if self.losses.len() > before {
            self.place_index(before, index);
        }
        result
    }

    /// Puts a name before the paths of the losses since there were `before`, if there are any.
    pub(crate) fn place(&mut self, before: usize, name: &'static str) {
        if self.losses.len() > before {
            self.place_name(before, name);
        }
    }

    /// Puts a name before the paths of the losses since there were `before`.
    #[cold]
    pub(crate) fn place_name(&mut self, before: usize, name: &'static str) {
        for loss in &mut self.losses[before..] {
            loss.path.prepend_name(name);
        }
    }

    /// Puts an index before the paths of the losses since there were `before`.
    #[cold]
    pub(crate) fn place_index(&mut self, before: usize, index: usize) {
        for loss in &mut self.losses[before..] {
            loss.path.prepend_index(index);
        }
    }

    /// Reports a value.
    #[cold]
    pub(crate) fn report(&mut self, kind: LossKind, rule: Rule, value: Json) {
        self.losses.push(Loss {
            path: ElementPath::default(),
            kind,
            rule,
            value,
        });
    }

    /// Drops carried values that no longer agree with the native one beside them, and reports them.
    #[cold]
    pub(crate) fn drop_stale(&mut self, stale: Vec<Extension>) {
        for extension in stale {
            let value = self.write_source(extension);
            self.at("extension", |context| {
                context.report(LossKind::StaleCarry, Rule::Stale, value);
            });
        }
    }

    /// The name that an element of the study has in the source, where it is not that of R5.
    pub(crate) fn named(&self, name: &'static str) -> &'static str {
        match (name, self.from()) {
            ("partOf", FhirVersion::Dstu2 | FhirVersion::R6) => return "procedure",
            ("partOf", FhirVersion::Stu3 | FhirVersion::R4 | FhirVersion::R4B) => {
                return "procedureReference";
            }
            ("procedure", FhirVersion::Stu3 | FhirVersion::R4 | FhirVersion::R4B) => {
                return "procedureCode";
            }
            _ => {}
        }
        if self.from() > FhirVersion::Stu3 {
            return name;
        }
        match name {
            "encounter" => "context",
            "modality" => "modalityList",
            "reasonCode" => "reason",
            "status" => "availability",
            "subject" => "patient",
            name => name,
        }
    }

    /// Writes an extension of the source as it is.
    pub(crate) fn write_source(&self, extension: Extension) -> Json {
        let mut same = Context::new(self.source, self.source, self.options, &[]);
        (self.source.lower_extension)(extension, &mut same)
    }

    /// The type of the resource at a URL, if it can be told.
    pub(crate) fn type_of_text<'r>(&'r self, url: &'r str) -> Option<&'r str> {
        match url.strip_prefix('#') {
            Some(id) => self.contained.get(id).map(String::as_str),
            None => type_in_url(url),
        }
    }

    /// The type of the resource that a reference points at, if it can be told.
    pub(crate) fn type_of<'r>(&'r self, reference: &'r Reference) -> Option<&'r str> {
        let text = reference.reference.value.as_ref().map(|text| text.as_str());
        if let Some(named) = text.and_then(|text| self.type_of_text(text)) {
            return Some(named);
        }
        let carried = || match self.from() {
            FhirVersion::Dstu2 | FhirVersion::Stu3 => datatype::carried_type(reference),
            _ => None,
        };
        let stated = reference.type_.value.as_ref().or_else(carried)?.as_str();
        let name = stated.strip_prefix(STRUCTURE_DEFINITION).unwrap_or(stated);
        is_type_name(name).then_some(name)
    }
}

/// The type in `Type/id`, in an absolute URL that ends so, and before `/_history/version`.
fn type_in_url(url: &str) -> Option<&str> {
    let mut steps = url.rsplit('/');
    steps.next()?;
    let before = steps.next()?;
    let name = if before == "_history" {
        steps.next()?;
        steps.next()?
    } else {
        before
    };
    is_type_name(name).then_some(name)
}

/// Whether a text looks like the name of a resource type.
fn is_type_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_in_urls() {
        assert_eq!(type_in_url("Patient/1"), Some("Patient"));
        assert_eq!(type_in_url("https://h.example/fhir/Media/m"), Some("Media"));
        assert_eq!(type_in_url("Media/m/_history/2"), Some("Media"));
        assert_eq!(type_in_url("urn:uuid:c757873d"), None);
        assert_eq!(type_in_url("http://h.example/x"), None);
        assert_eq!(type_in_url("Patient"), None);
    }
}
