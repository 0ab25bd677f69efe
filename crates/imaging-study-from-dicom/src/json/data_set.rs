//! One data set of DICOM JSON.
//!
//! The visitors take whatever stands in an attribute's place and never fail: what cannot be the
//! value of the attribute becomes a note.

use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;
use smol_str::{SmolStr, ToSmolStr};

use crate::attribute::{self, Attribute, Kind};
use crate::gather::Values;
use crate::note::InputNotes;
use crate::{Attributes, NoteKind, PersonName, Value};

/// Reads the text of one object; whether it is JSON.
pub(super) fn read(object: &[u8], attributes: &mut Attributes, notes: &mut InputNotes) -> bool {
    let mut json = serde_json::Deserializer::from_slice(object);
    DataSet { attributes, notes }.deserialize(&mut json).is_ok() && json.end().is_ok()
}

/// Reads the text of one object attribute by attribute, so that one that cannot be read loses only
/// itself; whether the object is JSON at all.
pub(super) fn read_each(object: &str, attributes: &mut Attributes, notes: &mut InputNotes) -> bool {
    let mut json = serde_json::Deserializer::from_str(object);
    let members = Members(DataSet { attributes, notes });
    json.deserialize_map(members).is_ok() && json.end().is_ok()
}

/// The members of a data set, each as the text that it has.
struct Members<'a>(DataSet<'a>);

impl<'de> Visitor<'de> for Members<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a data set")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(Key(attribute)) = map.next_key()? {
            let text: &RawValue = map.next_value()?;
            let Some(attribute) = attribute else { continue };
            let mut json = serde_json::Deserializer::from_str(text.get());
            let mut values = Values::new(attribute, self.0.notes);
            if Member(&mut values).deserialize(&mut json).is_ok() {
                let value = values.finish();
                self.0.set(attribute, value);
            } else {
                values.note(NoteKind::Malformed);
            }
        }
        Ok(())
    }
}

struct DataSet<'a> {
    attributes: &'a mut Attributes,
    notes: &'a mut InputNotes,
}

impl<'de> DeserializeSeed<'de> for DataSet<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for DataSet<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a data set")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(Key(attribute)) = map.next_key()? {
            match attribute {
                Some(attribute) => self.member(attribute, &mut map)?,
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

impl DataSet<'_> {
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        attribute: &'static Attribute,
        map: &mut A,
    ) -> Result<(), A::Error> {
        let mut values = Values::new(attribute, self.notes);
        map.next_value_seed(Member(&mut values))?;
        let value = values.finish();
        self.set(attribute, value);
        Ok(())
    }

    /// Sets an attribute, unless it has been set before.
    fn set(&mut self, attribute: &'static Attribute, value: Option<Value>) {
        if let Some(value) = value {
            let (tag, attributes) = (attribute.tag, &mut *self.attributes);
            if let Some(first) = attributes.put(tag, value) {
                attributes.put(tag, first);
                self.notes.add(NoteKind::Repeated, tag);
            }
        }
    }
}

/// The attribute that the name of a member stands for.
struct Key(Option<&'static Attribute>);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl Visitor<'_> for Name {
            type Value = Key;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a name")
            }

            fn visit_str<E>(self, name: &str) -> Result<Key, E> {
                Ok(Key(attribute::by_name(name)))
            }
        }
        deserializer.deserialize_str(Name)
    }
}

/// What stands behind the name of an attribute: an object with `vr` and `Value`, or in other
/// dialects the value itself.
struct Member<'a, 'b>(&'a mut Values<'b>);

/// One value of an attribute.
struct One<'a, 'b>(&'a mut Values<'b>);

/// The `vr` member.
struct Vr<'a, 'b>(&'a mut Values<'b>);

/// A group of a person's name, which in some dialects holds all of them.
struct Group<'a, 'b> {
    values: &'a mut Values<'b>,
    name: &'a mut PersonName,
    group: NameGroup,
}

/// Declares the visits of scalars, which all come down to a text.
macro_rules! scalars {
    ($self:ident, $text:ident => $take:expr) => {
        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a value")
        }

        fn visit_str<E>($self, $text: &str) -> Result<(), E> {
            $take;
            Ok(())
        }

        fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<(), E> {
            self.visit_str(if value { "true" } else { "false" })
        }

        fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<(), E> {
            self.visit_str(&value.to_smolstr())
        }

        fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<(), E> {
            self.visit_str(&value.to_smolstr())
        }

        fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<(), E> {
            self.visit_str(&value.to_string())
        }

        fn visit_unit<E>(self) -> Result<(), E> {
            Ok(())
        }
    };
}

/// Declares a seed that takes any value.
macro_rules! any_value {
    ($($seed:ty),+) => {$(
        impl<'de> DeserializeSeed<'de> for $seed {
            type Value = ();

            fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
                deserializer.deserialize_any(self)
            }
        }
    )+};
}
any_value!(Member<'_, '_>, One<'_, '_>, Vr<'_, '_>, Group<'_, '_>);

impl<'de> Visitor<'de> for Member<'_, '_> {
    type Value = ();

    scalars!(self, text => self.0.text(text));

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(One(self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut name = PersonName::default();
        while let Some(member) = map.next_key()? {
            match member {
                Part::Vr => map.next_value_seed(Vr(self.0))?,
                Part::Value => map.next_value_seed(ValueMember(self.0))?,
                Part::Group(group) => map.next_value_seed(Group {
                    values: self.0,
                    name: &mut name,
                    group,
                })?,
                Part::Bulk => {
                    self.0.note(NoteKind::Malformed);
                    map.next_value::<IgnoredAny>()?;
                }
                Part::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if self.0.kind == Kind::Name {
            self.0.name(name);
        }
        Ok(())
    }
}

/// The `Value` member: a list, or in other dialects the only value of it.
struct ValueMember<'a, 'b>(&'a mut Values<'b>);

any_value!(ValueMember<'_, '_>);

impl<'de> Visitor<'de> for ValueMember<'_, '_> {
    type Value = ();

    scalars!(self, text => self.0.text(text));

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        Member(self.0).visit_seq(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        One(self.0).visit_map(map)
    }
}

impl<'de> Visitor<'de> for One<'_, '_> {
    type Value = ();

    scalars!(self, text => self.0.text(text));

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.0.note(NoteKind::Malformed);
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        match self.0.kind {
            Kind::Sequence => {
                let mut item = Attributes::default();
                let notes = &mut *self.0.notes;
                DataSet {
                    attributes: &mut item,
                    notes,
                }
                .visit_map(map)?;
                self.0.item(item);
            }
            Kind::Name => {
                let mut name = PersonName::default();
                while let Some(member) = map.next_key()? {
                    match member {
                        Part::Group(group) => map.next_value_seed(Group {
                            values: self.0,
                            name: &mut name,
                            group,
                        })?,
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                self.0.name(name);
            }
            _ => {
                self.0.note(NoteKind::Malformed);
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            }
        }
        Ok(())
    }
}

impl<'de> Visitor<'de> for Vr<'_, '_> {
    type Value = ();

    scalars!(self, text => self.0.vr(text));

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

impl<'de> Visitor<'de> for Group<'_, '_> {
    type Value = ();

    scalars!(self, text => {
        let mut found = self.values.person(text);
        // Groups that stand here too begin with this one, and a member of their own is better.
        let one = std::mem::take(&mut found.alphabetic);
        let (two, three) = (found.ideographic, found.phonetic);
        let (one, rest) = match self.group {
            NameGroup::Alphabetic => (one, [two, three]),
            NameGroup::Ideographic => (one, [SmolStr::default(), two]),
            NameGroup::Phonetic => (one, [SmolStr::default(), SmolStr::default()]),
        };
        if !one.is_empty() {
            *self.group.of(self.name) = one;
        }
        let [ideographic, phonetic] = rest;
        self.name.fill(PersonName { ideographic, phonetic, ..PersonName::default() });
    });

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

/// The members of an attribute and of a name.
enum Part {
    Vr,
    Value,
    Bulk,
    Group(NameGroup),
    Other,
}

#[derive(Clone, Copy)]
enum NameGroup {
    Alphabetic,
    Ideographic,
    Phonetic,
}

impl NameGroup {
    fn of(self, name: &mut PersonName) -> &mut SmolStr {
        match self {
            Self::Alphabetic => &mut name.alphabetic,
            Self::Ideographic => &mut name.ideographic,
            Self::Phonetic => &mut name.phonetic,
        }
    }
}

impl<'de> Deserialize<'de> for Part {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl Visitor<'_> for Name {
            type Value = Part;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a name")
            }

            fn visit_str<E>(self, name: &str) -> Result<Part, E> {
                Ok(match name {
                    "vr" => Part::Vr,
                    "Value" | "value" => Part::Value,
                    "BulkDataURI" | "InlineBinary" => Part::Bulk,
                    "Alphabetic" => Part::Group(NameGroup::Alphabetic),
                    "Ideographic" => Part::Group(NameGroup::Ideographic),
                    "Phonetic" => Part::Group(NameGroup::Phonetic),
                    _ => Part::Other,
                })
            }
        }
        deserializer.deserialize_str(Name)
    }
}
