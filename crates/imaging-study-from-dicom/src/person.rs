//! Persons: a name and an identification.

use smol_str::SmolStr;

use crate::coded::Concept;
use crate::note::InputNotes;
use crate::pick::Agree;
use crate::{Attributes, PersonName, Tag, tags};

/// A person as a data set names one: PN and the item of an identification sequence at the same
/// index (the Person Identification macro, PS3.3 table 10-1).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Person {
    pub(crate) name: Option<SmolStr>,
    /// The code that identifies the person: the system, if it has one, and the value.
    pub(crate) identifier: Option<(Option<SmolStr>, SmolStr)>,
    /// The institution that the person belongs to.
    pub(crate) institution: Option<SmolStr>,
}

impl Agree for Person {}

impl Person {
    /// All persons of a name and of an identification sequence.
    pub(crate) fn list(
        attributes: &Attributes,
        names: Tag,
        identification: Tag,
        notes: &mut InputNotes,
    ) -> Vec<Self> {
        let (names, items) = (attributes.names(names), attributes.items(identification));
        if names.is_empty() && items.is_empty() {
            return Vec::new();
        }
        let persons = 0..names.len().max(items.len());
        persons
            .map(|index| {
                let item = items.get(index);
                Self::read(names.get(index), item, attributes, notes)
            })
            .filter(|person| person.name.is_some() || person.identifier.is_some())
            .collect()
    }

    fn read(
        name: Option<&PersonName>,
        item: Option<&Attributes>,
        root: &Attributes,
        notes: &mut InputNotes,
    ) -> Self {
        let mut person = Self {
            name: name.and_then(PersonName::display),
            ..Self::default()
        };
        let Some(item) = item else { return person };
        let codes = item.items(tags::PERSON_IDENTIFICATION_CODE_SEQUENCE);
        if let Some(code) = codes.first() {
            let concept = Concept::read(code, root, notes);
            let value = code.text(tags::CODE_VALUE);
            person.identifier = match concept.as_ref().and_then(|concept| concept.code.clone()) {
                Some((system, value)) => Some((Some(system), value)),
                None => value.map(|value| (None, value.clone())),
            };
            let meaning = || code.text(tags::CODE_MEANING).cloned();
            person.name = person.name.or_else(meaning);
        }
        person.institution = item.text(tags::INSTITUTION_NAME).cloned();
        person
    }
}
