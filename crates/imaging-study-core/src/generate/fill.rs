//! Which fields of an element are present.

use smol_str::SmolStr;

use super::Profile;
use super::choices::{Choices, Part};
use super::field::FieldGenerator;
use super::plan::{Plan, Planned};
use super::pools;
use crate::tree::Members;
use crate::{
    Definitions, Element, FhirVersion, FieldInfo, FieldType, Json, ObjectElement, Slot, Target,
    TypeInfo, to_json,
};

/// How many elements may be inside one another before nothing optional is added. A reader takes 64
/// by default; what a conversion wraps around elements must fit too.
const MAX_DEPTH: usize = 20;
/// How many extensions may be inside one another.
pub(super) const MAX_EXTENSIONS: usize = 5;

/// The generator: its choices, and what is known about the place that is being filled.
#[derive(Debug)]
pub(super) struct Generator<'c> {
    pub(super) choices: Choices<'c>,
    pub(super) profile: Profile,
    pub(super) version: FhirVersion,
    pub(super) temper: Temper,
    /// How many elements are around the current one.
    pub(super) depth: usize,
    /// How many extensions are around the current one.
    pub(super) extensions: usize,
    /// Whether only what is required is generated for now.
    pub(super) lean: bool,
    /// Whether the current resource is a contained one.
    pub(super) inside: bool,
    /// The field that says what codes are about, e.g. `modality`.
    pub(super) topic: &'static str,
    /// What a reference may point at.
    pub(super) targets: &'static [&'static str],
    /// The number of UIDs so far, which keeps them distinct.
    pub(super) uids: usize,
    /// Type and id of the contained resources so far.
    pub(super) contained: Vec<(SmolStr, SmolStr)>,
    /// The definitions of every resource of the version, if there are any.
    pub(super) definitions: Option<&'static Definitions>,
    /// Makes a contained resource of the type that is generated.
    pub(super) same: Option<fn(&mut Generator<'c>) -> Members>,
}

/// How hostile a hostile element is: chances in a thousand. Each element has its own, so that some
/// have much of one kind of oddity.
#[derive(Clone, Copy, Debug)]
pub(super) struct Temper {
    /// That an optional element is present.
    pub(super) density: u32,
    /// That a primitive has an id or extensions.
    pub(super) decoration: u32,
    /// That a text is odd.
    pub(super) oddity: u32,
}

impl<'c> Generator<'c> {
    pub(super) fn new<T: Element>(profile: Profile, mut choices: Choices<'c>) -> Self {
        let temper = match profile {
            Profile::Minimal => Temper {
                density: 0,
                decoration: 0,
                oddity: 0,
            },
            Profile::Typical => Temper {
                density: 200,
                decoration: 2,
                oddity: 0,
            },
            Profile::Hostile | Profile::Interchange | Profile::Partial => Temper {
                density: choices.pick(&[60, 30, 120, 200, 300]),
                decoration: choices.pick(&[0, 5, 20, 80, 250]),
                oddity: choices.pick(&[0, 50, 300, 900]),
            },
        };
        Self {
            choices,
            profile,
            version: T::VERSION,
            temper,
            depth: 0,
            extensions: 0,
            lean: profile == Profile::Minimal,
            inside: false,
            topic: "",
            targets: &[],
            uids: 0,
            contained: Vec::new(),
            definitions: T::definitions(),
            same: T::RESOURCE.map(|_| Self::resource::<T> as fn(&mut Self) -> _),
        }
    }

    /// Whether the profile is [`Profile::Hostile`] or one that is as hostile.
    pub(super) fn hostile(&self) -> bool {
        matches!(
            self.profile,
            Profile::Hostile | Profile::Interchange | Profile::Partial
        )
    }

    /// Generates a resource, as the members of its JSON object.
    fn resource<T: Element>(&mut self) -> Members {
        let mut element = T::default();
        self.fill(&mut element);
        match to_json(&element) {
            Ok(Json::Object(members)) => members,
            // Only an empty element could not be written, and none is generated.
            _ => Members::new(),
        }
    }

    /// Fills an element that has no value yet.
    pub(super) fn fill(&mut self, element: &mut dyn ObjectElement) {
        let start = self.choices.position();
        let plan = self.plan(element.info());
        self.fill_planned(element, &plan);
        self.choices.close(start, Part::Element(self.depth));
    }

    /// Fills an element about some of whose fields there is a decision.
    pub(super) fn fill_planned(&mut self, element: &mut dyn ObjectElement, plan: &Plan) {
        let info = element.info();
        let is_extension = info.name == "Extension";
        self.depth += 1;
        self.extensions += usize::from(is_extension);
        let mut content = false;
        let mut id = false;
        let count = info.fields.len();
        // A hostile resource starts anywhere, so that its last fields get as many choices as its
        // first.
        let first = if info.resource && self.hostile() {
            self.choices.below(count)
        } else {
            0
        };
        for index in (first..count).chain(0..first) {
            let field = &info.fields[index];
            let start = self.choices.position();
            if self.wants(info, field, plan) {
                self.field(element, index, plan);
                content |= field.name != "id" || info.resource;
                id |= field.name == "id";
                // What must be there cannot be left out when shrinking.
                if field.min == 0 && plan.get(field.name).is_none() {
                    self.choices.close(start, Part::Optional);
                }
            }
        }
        // A complex element with an id and nothing else is empty.
        if !content
            && info.name != "Element"
            && !(id && self.partial())
            && let Some(index) = simplest_field(info)
        {
            self.field(element, index, plan);
        }
        if element.version() == FhirVersion::Dstu2 {
            self.comment(element);
        }
        self.depth -= 1;
        self.extensions -= usize::from(is_extension);
    }

    /// Adds a comment to a hostile element of DSTU2, now and then.
    fn comment(&mut self, element: &mut dyn ObjectElement) {
        let chances = self.temper.decoration / 2;
        if self.lean || chances == 0 || !self.hostile() {
            return;
        }
        while self.choices.chance(chances) {
            let text = self.choices.pick(pools::COMMENTS);
            if let Some(comments) = element.comments_mut()
                && let Ok(comment) = text.parse()
            {
                comments.push(comment);
            }
        }
    }

    /// Fills a field.
    fn field(&mut self, element: &mut dyn ObjectElement, index: usize, plan: &Plan) {
        let info = element.info();
        let field = &info.fields[index];
        let (variant, text) = match plan.get(field.name) {
            Some(Planned::Present(variant)) => (*variant, None),
            Some(Planned::Text(variant, text)) => (*variant, Some(&**text)),
            _ => (self.variant(field), None),
        };
        let slot = Slot {
            field: index as u8,
            variant,
        };
        let outer = (self.topic, self.targets);
        // A coding is about what its concept is about, and so is the concept of a reference.
        if !matches!(field.name, "coding" | "concept" | "reference") {
            self.topic = field.name;
        }
        if info.name != "CodeableReference" {
            self.targets = field.targets;
        }
        let reader = FieldGenerator {
            generator: self,
            info,
            field,
            text,
        };
        let Ok(()) = element.fill(slot, reader);
        (self.topic, self.targets) = outer;
    }

    /// Whether a field gets a value.
    fn wants(&mut self, info: &TypeInfo, field: &FieldInfo, plan: &Plan) -> bool {
        match plan.get(field.name) {
            Some(Planned::Absent) => false,
            Some(_) => true,
            None if field.min > 0 => !(self.partial() && self.choices.chance(150)),
            None if self.lean || self.depth > MAX_DEPTH => false,
            None => {
                let chances = self.chances(info, field);
                chances > 0 && self.choices.chance(chances)
            }
        }
    }

    /// Which type a choice element gets.
    pub(super) fn variant(&mut self, field: &FieldInfo) -> u8 {
        let count = field.types.len();
        if count < 2 {
            return 0;
        }
        let is_primitive =
            |index: usize| matches!(field.types[index % count], FieldType::Scalar(..));
        // A text is the simplest value, and the only one in the depths.
        let simplest = (0..count).find(|&index| field.types[index].name() == "string");
        let drawn = self.choices.below(count) + simplest.unwrap_or_default();
        if self.depth > MAX_DEPTH && !is_primitive(drawn) {
            return simplest.unwrap_or_default() as u8;
        }
        (drawn % count) as u8
    }

    /// How many entries a list gets besides the first is decided one by one: this is the chance.
    pub(super) fn repetition(&self, info: &TypeInfo, field: &FieldInfo) -> u32 {
        if self.lean || self.depth > MAX_DEPTH {
            return 0;
        }
        match (self.profile, info.name, field.name) {
            (Profile::Minimal, ..) => 0,
            (Profile::Typical, _, "series") => 600,
            (Profile::Typical, _, "instance") => 800,
            (Profile::Typical, _, "given") => 300,
            (Profile::Typical, ..) => 100,
            (_, _, "series" | "instance") => 500,
            _ => 300,
        }
    }

    /// The chances in a thousand that an optional field gets a value.
    fn chances(&self, info: &TypeInfo, field: &FieldInfo) -> u32 {
        let is_extension = matches!(field.name, "extension" | "modifierExtension");
        if is_extension && self.extensions >= MAX_EXTENSIONS {
            return 0;
        }
        if field.name == "contained" && self.inside {
            return 0;
        }
        if self.profile == Profile::Typical {
            return typical_chances(info.name, field.name, self.temper.density);
        }
        let density = self.temper.density;
        match (self.depth, field.name) {
            (_, "extension") => density.min(100) + self.temper.decoration / 4,
            (_, "modifierExtension") => density.min(100) / 2,
            (_, "id") if info.resource => 500,
            (_, "series" | "instance") => 600 + density,
            (_, "contained") if self.profile == Profile::Interchange => 300 + density,
            (_, "contained") => density,
            (..=2, _) => density * 3 / 2,
            (3..=6, _) => density,
            _ => density / 2,
        }
    }
}

/// How often hospitals fill an optional field, in a thousand.
fn typical_chances(owner: &str, field: &str, other: u32) -> u32 {
    match (owner, field) {
        ("ImagingStudy", "id") => 950,
        ("ImagingStudy", "implicitRules") => 5,
        ("ImagingStudy", "language" | "contained") => 100,
        ("ImagingStudy", "identifier" | "started" | "series") => 970,
        (
            "ImagingStudy",
            "modality" | "modalityList" | "numberOfSeries" | "numberOfInstances" | "description",
        ) => 900,
        ("ImagingStudy", "accession" | "availability") => 600,
        (
            "ImagingStudy",
            "referrer" | "basedOn" | "endpoint" | "encounter" | "context" | "order",
        ) => 400,
        ("ImagingStudy.series", "number" | "numberOfInstances" | "instance") => 950,
        ("ImagingStudy.series", "description" | "started") => 800,
        ("ImagingStudy.series", "bodySite") => 500,
        ("ImagingStudy.series", "specimen") => 20,
        ("ImagingStudy.series.instance", "number") => 950,
        ("ImagingStudy.series.instance", "title") => 300,
        ("ImagingStudy.series", "performer" | "endpoint") => 100,
        (_, "modifierExtension") => 2,
        (_, "extension") => 25,
        (_, "id") => 10,
        ("Meta", "versionId" | "lastUpdated") => 900,
        ("Meta", _) => 20,
        ("Identifier", "use") => 300,
        ("Identifier" | "Coding", _) => 20,
        ("Reference", "display") => 300,
        ("HumanName", _) => 500,
        ("CodeableConcept", "coding") => 950,
        _ => other,
    }
}

/// The field that an element has if it has no other.
fn simplest_field(info: &TypeInfo) -> Option<usize> {
    let place = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| info.fields.iter().position(|field| field.name == *name))
    };
    let is_own =
        |field: &FieldInfo| !matches!(field.name, "id" | "extension" | "modifierExtension");
    place(&["reference", "code", "text", "value", "tag"])
        .or_else(|| {
            info.fields.iter().position(|field| {
                is_own(field) && matches!(field.types.first(), Some(FieldType::Scalar(..)))
            })
        })
        .or_else(|| info.fields.iter().position(is_own))
}
