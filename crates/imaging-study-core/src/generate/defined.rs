//! Contained resources of any type, made from the definitions of the version.

use smol_str::SmolStr;

use super::choices::Part;
use super::fill::{Generator, MAX_EXTENSIONS};
use super::pools;
use crate::tree::{self, Members};
use crate::{Definitions, ElementDefinition, ElementType, Json, ScalarType, TypeDefinition};

/// How many elements may be inside one another before only primitives are added.
const LEVELS: usize = 8;
/// Deeper than any element must go to reach a primitive; ends definitions that have none.
const MAX_DEPTH: usize = 60;
/// The greatest number of entries of a list.
const MAX_ENTRIES: usize = 5;

/// Where elements are generated.
#[derive(Clone, Copy)]
struct Place {
    all: &'static Definitions,
    /// How many more elements may be inside one another.
    levels: usize,
    /// Whether the resource stands in one that is contained, e.g. in a bundle.
    nested: bool,
}

impl Place {
    fn inner(self) -> Self {
        Self {
            levels: self.levels.saturating_sub(1),
            ..self
        }
    }
}

impl Generator<'_> {
    /// A resource of any type of the version that keeps to its definition, except that what is
    /// required may be absent.
    pub(super) fn defined_resource(&mut self, all: &'static Definitions) -> Members {
        self.resource_in(Place {
            all,
            levels: LEVELS,
            nested: false,
        })
    }

    fn resource_in(&mut self, place: Place) -> Members {
        // Those that hold others come often, or they would hardly ever hold one.
        let holder = if self.choices.chance(250) {
            place
                .all
                .resource(self.choices.pick(&["Parameters", "Bundle"]))
        } else {
            None
        };
        let resources: Vec<_> = place
            .all
            .types()
            .iter()
            // Studies of the version's own type are valid where they are contained.
            .filter(|definition| {
                definition.resource && (place.nested || definition.name != "ImagingStudy")
            })
            .collect();
        let drawn = self.choices.below(resources.len().max(1));
        let mut members = Members::new();
        if let Some(definition) = holder.or(resources.get(drawn).copied()) {
            members.push(("resourceType".into(), Json::String(definition.name.into())));
            self.add_elements(definition, place, &mut members);
        }
        members
    }

    /// Appends elements of a type as members, in the order of the definition.
    fn add_elements(
        &mut self,
        definition: &'static TypeDefinition,
        place: Place,
        members: &mut Members,
    ) {
        if self.depth > MAX_DEPTH {
            return;
        }
        self.depth += 1;
        match definition.name {
            "Extension" => self.add_extension(definition, place, members),
            "Narrative" => self.add_narrative(definition, place, members),
            _ => self.add_any(definition, place, members),
        }
        self.depth -= 1;
    }

    fn add_any(
        &mut self,
        definition: &'static TypeDefinition,
        place: Place,
        members: &mut Members,
    ) {
        let count = definition.elements.len();
        // A resource starts anywhere, so that its last elements get as many choices as its first.
        let first = if definition.resource {
            self.choices.below(count.max(1))
        } else {
            0
        };
        let mut present: Vec<(usize, Members)> = Vec::new();
        for index in (first..count).chain(0..first) {
            let element = &definition.elements[index];
            let chances = self.chances_in(definition, element, place);
            let start = self.choices.position();
            if chances > 0 && self.choices.chance(chances) {
                let mut added = Members::new();
                self.add_element(definition, element, place, &mut added);
                self.choices.close(start, Part::Optional);
                present.push((index, added));
            }
        }
        present.sort_by_key(|(index, _)| *index);
        members.extend(present.into_iter().flat_map(|(_, added)| added));
        // A complex element with an id and nothing else is empty.
        if !definition.resource
            && members.iter().all(|(name, _)| name == "id")
            && let Some(element) = simplest_element(definition)
        {
            self.add_element(definition, element, place, members);
        }
    }

    /// The chances in a thousand that an element is present.
    fn chances_in(&self, owner: &TypeDefinition, element: &ElementDefinition, place: Place) -> u32 {
        let (density, decoration) = (self.temper.density, self.temper.decoration);
        if place.levels == 0 && !has_scalar(element) {
            return 0;
        }
        match (owner.name, element.name) {
            (_, "extension" | "modifierExtension") if self.extensions >= MAX_EXTENSIONS => 0,
            (_, "extension") => density.min(100) / 2 + decoration / 4,
            (_, "modifierExtension") => density.min(100) / 4,
            (_, "id") if element.attribute => 5 + decoration / 2,
            // Whoever contains the resource gives it its id.
            (_, "id") if owner.resource => 500 * u32::from(place.nested),
            // A contained resource has no version and no security labels of its own, and contains
            // none.
            ("Meta", "versionId" | "lastUpdated" | "security") | (_, "contained")
                if !place.nested =>
            {
                0
            }
            (_, "contained") => density,
            _ if element.types() == [ElementType::Resource] => 600,
            ("Bundle", "entry") | ("Parameters", "parameter") => 700,
            (_, "text") if owner.resource => 150 + density,
            _ if owner.resource => density.max(60),
            _ => 100 + density,
        }
    }

    fn add_element(
        &mut self,
        owner: &TypeDefinition,
        element: &ElementDefinition,
        place: Place,
        members: &mut Members,
    ) {
        let types = element.types();
        let drawn = types.get(self.choices.below(types.len().max(1)));
        let scalar = types.iter().find(|one| is_scalar(**one));
        // In the depths there are only primitives, where there is one.
        let chosen = if place.levels == 0 {
            scalar.or(drawn)
        } else {
            drawn
        };
        let Some(&chosen) = chosen else { return };
        let name = name_with(element, chosen);
        let (mut values, mut siblings) = (Vec::new(), Vec::new());
        for index in 0..MAX_ENTRIES {
            let start = self.choices.position();
            if index > 0 && !(element.many && self.choices.chance(300)) {
                break;
            }
            let (value, sibling) = self.entry(owner, element, chosen, place);
            if value != Json::Null || sibling != Json::Null {
                values.push(value);
                siblings.push(sibling);
            }
            if index > 0 {
                self.choices.close(start, Part::Entry);
            }
        }
        let empty = |entries: &[Json]| entries.iter().all(|entry| *entry == Json::Null);
        let extended = !empty(&siblings);
        // A list of extensions stands beside a list of values, of nulls where there are none.
        let valued = !empty(&values) || (element.many && extended);
        for (prefix, present, mut entries) in [("", valued, values), ("_", extended, siblings)] {
            if !present || entries.is_empty() {
                continue;
            }
            let value = if element.many {
                Json::Array(entries)
            } else {
                entries.swap_remove(0)
            };
            members.push((SmolStr::from_iter([prefix, &name]), value));
        }
    }

    /// One value of an element, and what a primitive has beside it.
    fn entry(
        &mut self,
        owner: &TypeDefinition,
        element: &ElementDefinition,
        chosen: ElementType,
        place: Place,
    ) -> (Json, Json) {
        let members = match chosen {
            ElementType::Scalar(scalar) => {
                return self.primitive_entry(owner, element, scalar, place);
            }
            ElementType::Type(name) => {
                let mut members = Members::new();
                if let Some(definition) = place.all.type_named(name) {
                    self.add_elements(definition, place.inner(), &mut members);
                }
                members
            }
            ElementType::Resource => self.resource_in(Place {
                nested: true,
                ..place.inner()
            }),
        };
        let value = if members.is_empty() {
            Json::Null
        } else {
            Json::Object(members)
        };
        (value, Json::Null)
    }

    fn primitive_entry(
        &mut self,
        owner: &TypeDefinition,
        element: &ElementDefinition,
        scalar: ScalarType,
        place: Place,
    ) -> (Json, Json) {
        let bare = element.attribute || scalar == ScalarType::Xhtml || element.name == "id";
        let extension = place
            .all
            .type_named("Extension")
            .filter(|_| self.extensions < MAX_EXTENSIONS && place.levels > 0);
        let start = self.choices.position();
        let mut value = true;
        let mut sibling = Members::new();
        if !bare && self.choices.chance(self.temper.decoration) {
            let kind = self.choices.below(5);
            if matches!(kind, 0 | 2 | 3) {
                let id = self.element_id("Element");
                sibling.push(("id".into(), Json::String(id.into())));
            }
            if kind > 0
                && let Some(extension) = extension
            {
                let mut members = Members::new();
                self.add_elements(extension, place.inner(), &mut members);
                let entries = Json::Array(vec![Json::Object(members)]);
                sibling.push(("extension".into(), entries));
                value = kind < 3;
            }
            self.choices.close(start, Part::Optional);
        }
        let value = if value {
            self.value(owner, element, scalar)
        } else {
            Json::Null
        };
        let sibling = if sibling.is_empty() {
            Json::Null
        } else {
            Json::Object(sibling)
        };
        (value, sibling)
    }

    fn value(
        &mut self,
        owner: &TypeDefinition,
        element: &ElementDefinition,
        scalar: ScalarType,
    ) -> Json {
        let text = if owner.resource && element.name == "id" {
            self.id()
        } else {
            self.text(scalar, None, owner.name, element.name)
        };
        if scalar.allows(&text, self.version) {
            tree::value(scalar, &text)
        } else {
            tree::value(scalar, super::text::simplest(scalar))
        }
    }

    /// An extension has a URL, and either extensions or a value.
    fn add_extension(
        &mut self,
        definition: &'static TypeDefinition,
        place: Place,
        members: &mut Members,
    ) {
        self.extensions += 1;
        let nesting = self.extensions < MAX_EXTENSIONS && place.levels > 1;
        let nested = nesting && self.choices.chance(150);
        for element in &definition.elements {
            let start = self.choices.position();
            match element.name {
                "extension" if nested => self.add_element(definition, element, place, members),
                "url" => {
                    let url = self.choices.pick(pools::EXTENSION_URLS);
                    members.push(("url".into(), Json::String(url.into())));
                }
                "value" if !nested => self.add_element(definition, element, place, members),
                "id" if self.choices.chance(self.temper.decoration / 2) => {
                    self.add_element(definition, element, place, members);
                    self.choices.close(start, Part::Optional);
                }
                _ => {}
            }
        }
        self.extensions -= 1;
    }

    /// A narrative has a status and its text.
    fn add_narrative(
        &mut self,
        definition: &'static TypeDefinition,
        place: Place,
        members: &mut Members,
    ) {
        for element in &definition.elements {
            match element.name {
                "status" => {
                    let status = self.choices.pick(pools::NARRATIVE_STATUSES);
                    members.push(("status".into(), Json::String(status.into())));
                }
                "div" => self.add_element(definition, element, place, members),
                _ => {}
            }
        }
    }
}

/// The name of an element in JSON, e.g. `valueString`.
fn name_with(element: &ElementDefinition, chosen: ElementType) -> String {
    let mut name = element.name.to_owned();
    if element.choice {
        let mut letters = chosen.name().chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name
}

fn is_scalar(element_type: ElementType) -> bool {
    matches!(element_type, ElementType::Scalar(_))
}

fn has_scalar(element: &ElementDefinition) -> bool {
    element.types().iter().any(|one| is_scalar(*one))
}

/// The element that a type has if it has no other.
fn simplest_element(definition: &TypeDefinition) -> Option<&ElementDefinition> {
    let own = || {
        definition
            .elements
            .iter()
            .filter(|element| !matches!(element.name, "id" | "extension" | "modifierExtension"))
    };
    own()
        .find(|element| has_scalar(element))
        .or_else(|| own().next())
}
