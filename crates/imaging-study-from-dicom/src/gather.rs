//! The value of an attribute, gathered from whatever form the input has.

use smol_str::SmolStr;

use crate::attribute::{Attribute, Kind};
use crate::note::InputNotes;
use crate::text::{self, Cleaned};
use crate::{Attributes, NoteKind, PersonName, Value};

/// The most values or items that an attribute can have.
const MAX_VALUES: usize = 1024;

/// What begins another character set within a text (ISO 2022), which no reader has decoded.
const ESCAPE: char = '\u{1B}';

/// Stands for bytes that could not be decoded; no text has it.
pub(crate) const UNDECODED: char = '\u{FFFF}';

fn is_undecoded(character: char) -> bool {
    matches!(character, ESCAPE | UNDECODED)
}

/// The values of an attribute, gathered from whatever form they have.
pub(crate) struct Values<'a> {
    attribute: &'static Attribute,
    pub(crate) kind: Kind,
    pub(crate) notes: &'a mut InputNotes,
    texts: Texts,
    names: Vec<PersonName>,
    items: Vec<Attributes>,
}

/// One text needs no list.
#[derive(Default)]
enum Texts {
    #[default]
    None,
    One(SmolStr),
    Many(Vec<SmolStr>),
}

impl Values<'_> {
    pub(crate) fn new<'a>(attribute: &'static Attribute, notes: &'a mut InputNotes) -> Values<'a> {
        Values {
            attribute,
            kind: attribute.kind(),
            notes,
            texts: Texts::None,
            names: Vec::new(),
            items: Vec::new(),
        }
    }

    pub(crate) fn note(&mut self, kind: NoteKind) {
        self.notes.add(kind, self.attribute.tag);
    }

    pub(crate) fn finish(mut self) -> Option<Value> {
        let several = matches!(self.texts, Texts::Many(_)) || self.names.len() > 1;
        // UIDs are not taken at all then, and whoever takes them says so.
        if several && self.kind != Kind::Uid && !self.attribute.is_multiple() {
            self.note(NoteKind::SeveralValues);
        }
        match self.kind {
            Kind::Sequence => (!self.items.is_empty()).then_some(Value::Items(self.items)),
            Kind::Name => (!self.names.is_empty()).then_some(Value::Names(self.names)),
            _ => match self.texts {
                Texts::None => None,
                Texts::One(text) => Some(Value::Text(text)),
                Texts::Many(texts) => Some(Value::Texts(texts)),
            },
        }
    }

    /// Takes a text, which may hold several values.
    pub(crate) fn text(&mut self, text: &str) {
        match self.kind {
            Kind::Sequence => self.note(NoteKind::Malformed),
            _ if text.len() > text::MAX_LENGTH => self.note(NoteKind::TooLong),
            Kind::Long => self.one(text),
            _ if text.contains('\\') => {
                for one in text.split('\\') {
                    self.one(one);
                }
            }
            _ => self.one(text),
        }
    }

    fn one(&mut self, text: &str) {
        if self.kind == Kind::Name {
            let name = self.person(text);
            self.name(name);
            return;
        }
        let mut cleaned = Cleaned::default();
        if text.contains(is_undecoded) {
            // The text would be a jumble of letters.
            self.note(NoteKind::CharacterSet);
        } else if self.kind == Kind::Uid {
            // How a UID is padded is told later.
            if !text.is_empty() {
                self.push(SmolStr::new(text));
            }
        } else {
            let kept = text::clean(text, &mut cleaned);
            if self.kind == Kind::Code && kept.bytes().any(|byte| byte.is_ascii_lowercase()) {
                self.note(NoteKind::SmallLetters);
                self.push(SmolStr::new(kept.to_ascii_uppercase()));
            } else if !kept.is_empty() {
                self.push(SmolStr::new(&kept));
            }
        }
        if cleaned.controls {
            self.note(NoteKind::ControlCharacters);
        }
    }

    /// The name of a text with its groups joined by `=`; one that was not decoded is left out.
    pub(crate) fn person(&mut self, text: &str) -> PersonName {
        if text.len() > text::MAX_LENGTH {
            self.note(NoteKind::TooLong);
            return PersonName::default();
        }
        let mut cleaned = Cleaned::default();
        let name = if text.contains(is_undecoded) {
            self.note(NoteKind::CharacterSet);
            let groups = text.split('=');
            let legible = groups.map(|group| match group.contains(is_undecoded) {
                true => "",
                false => group,
            });
            let legible = legible.collect::<Vec<_>>().join("=");
            let _ = text::clean(&legible, &mut cleaned);
            PersonName::parse(&legible)
        } else {
            let _ = text::clean(text, &mut cleaned);
            PersonName::parse(text)
        };
        if cleaned.controls {
            self.note(NoteKind::ControlCharacters);
        }
        name
    }

    fn push(&mut self, text: SmolStr) {
        self.texts = match std::mem::take(&mut self.texts) {
            Texts::None => Texts::One(text),
            Texts::One(first) => Texts::Many(vec![first, text]),
            Texts::Many(mut texts) => {
                if texts.len() < MAX_VALUES {
                    texts.push(text);
                } else {
                    self.note(NoteKind::TooLong);
                }
                Texts::Many(texts)
            }
        };
    }

    pub(crate) fn name(&mut self, name: PersonName) {
        if name.is_empty() {
            return;
        }
        if self.names.len() < MAX_VALUES {
            self.names.push(name);
        } else {
            self.note(NoteKind::TooLong);
        }
    }

    pub(crate) fn item(&mut self, item: Attributes) {
        if self.items.len() < MAX_VALUES {
            self.items.push(item);
        } else {
            self.note(NoteKind::TooLong);
        }
    }

    pub(crate) fn vr(&mut self, vr: &str) {
        let expected = self.attribute.vr;
        if vr != expected {
            self.note(NoteKind::OtherVr);
        }
    }
}
