//! A series of a study of any version.

use imaging_study_core::{DateTime, ElementRef, UnsignedInt};

use crate::{ConceptRef, InstanceRef, ReferenceRef};

/// A text without the prefix `urn:oid:`.
pub(crate) fn bare(text: &str) -> &str {
    text.strip_prefix("urn:oid:").unwrap_or(text)
}

/// One series of a study, of any version.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeriesRef<'a>(ElementRef<'a>);

impl<'a> SeriesRef<'a> {
    pub(crate) fn new(element: ElementRef<'a>) -> Self {
        Self(element)
    }

    /// The element itself.
    #[must_use]
    pub fn element(self) -> ElementRef<'a> {
        self.0
    }

    /// Series Instance UID (0020,000E) without the prefix `urn:oid:` of DSTU2 and STU3; whatever
    /// text stands there.
    #[must_use]
    pub fn uid(self) -> Option<&'a str> {
        self.0.str("uid").map(bare)
    }

    /// Series Number (0020,0011).
    #[must_use]
    pub fn number(self) -> Option<u32> {
        self.0
            .scalar::<UnsignedInt>("number")
            .map(|number| number.get())
    }

    /// Modality (0008,0060).
    #[must_use]
    pub fn modality(self) -> Option<ConceptRef<'a>> {
        self.0.element("modality").map(ConceptRef::new)
    }

    /// Series Description (0008,103E).
    #[must_use]
    pub fn description(self) -> Option<&'a str> {
        self.0.str("description")
    }

    /// Number of Series Related Instances (0020,1209): the count that is stated, not that of
    /// [`instances`](Self::instances).
    #[must_use]
    pub fn number_of_instances(self) -> Option<u32> {
        let number = self.0.scalar::<UnsignedInt>("numberOfInstances");
        number.map(|number| number.get())
    }

    /// Instance Availability (0008,0056), which DSTU2 and STU3 have.
    #[must_use]
    pub fn availability(self) -> Option<&'a str> {
        self.0.str("availability")
    }

    /// Where the images can be fetched; none in DSTU2, which has a `url`.
    pub fn endpoints(self) -> impl Iterator<Item = ReferenceRef<'a>> + use<'a> {
        self.0.elements("endpoint").map(ReferenceRef::new)
    }

    /// Retrieve URL (0008,1190), which DSTU2 has.
    #[must_use]
    pub fn url(self) -> Option<&'a str> {
        self.0.str("url")
    }

    /// Body Part Examined (0018,0015) or Anatomic Region (0008,2218); R6 may have several.
    pub fn body_sites(self) -> impl Iterator<Item = ConceptRef<'a>> + use<'a> {
        self.0.elements("bodySite").map(ConceptRef::new)
    }

    /// Laterality (0020,0060).
    #[must_use]
    pub fn laterality(self) -> Option<ConceptRef<'a>> {
        self.0.element("laterality").map(ConceptRef::new)
    }

    /// When the series began.
    #[must_use]
    pub fn started(self) -> Option<&'a DateTime> {
        self.0.scalar("started")
    }

    /// Who performed the series (since STU3).
    pub fn performers(self) -> impl Iterator<Item = PerformerRef<'a>> + use<'a> {
        self.0.elements("performer").map(PerformerRef)
    }

    /// The instances, in their order.
    pub fn instances(self) -> impl Iterator<Item = InstanceRef<'a>> + use<'a> {
        self.0
            .field("instance")
            .into_iter()
            .flat_map(|field| field.values())
            .filter_map(|value| value.element().map(InstanceRef::new))
    }

    /// How many instances are listed.
    #[must_use]
    pub fn instance_count(self) -> usize {
        self.0.field("instance").map_or(0, |field| field.len())
    }

    /// The instance at an index.
    #[must_use]
    pub fn instance_at(self, index: usize) -> Option<InstanceRef<'a>> {
        let instance = self.0.field("instance")?.get(index)?;
        instance.element().map(InstanceRef::new)
    }
}

/// Who performed a series, of any version that says so.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PerformerRef<'a>(ElementRef<'a>);

impl<'a> PerformerRef<'a> {
    /// The element itself: a Reference in STU3, a backbone element since R4.
    #[must_use]
    pub fn element(self) -> ElementRef<'a> {
        self.0
    }

    /// In which role (since R4).
    #[must_use]
    pub fn function(self) -> Option<ConceptRef<'a>> {
        self.0.element("function").map(ConceptRef::new)
    }

    /// Who.
    #[must_use]
    pub fn actor(self) -> Option<ReferenceRef<'a>> {
        let actor = match self.0.info().name {
            "Reference" => Some(self.0),
            _ => self.0.element("actor"),
        };
        actor.map(ReferenceRef::new)
    }
}
