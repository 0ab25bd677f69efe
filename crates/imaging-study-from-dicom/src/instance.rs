//! What is kept of an instance.

use smol_str::{SmolStr, SmolStrBuilder};

use crate::{Attributes, tags, text};

/// What is kept of an instance: a few words of memory, and texts that are shared with the instances
/// beside it where they are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Instance {
    /// The index of its series in the study.
    pub(crate) series: usize,
    pub(crate) class: Option<SmolStr>,
    pub(crate) number: Option<u32>,
    pub(crate) title: Option<SmolStr>,
    /// Data sets with the same SOP Instance UID disagree.
    pub(crate) conflict: bool,
}

impl Instance {
    /// Adds what another data set says of the same instance. Of two values the lesser stays, so that
    /// the order does not matter.
    pub(crate) fn add(&mut self, other: Self) {
        let Self {
            class,
            number,
            title,
            ..
        } = other;
        self.conflict |= least(&mut self.class, class)
            | least(&mut self.number, number)
            | least(&mut self.title, title);
    }
}

/// Keeps the lesser of two values; whether they disagree.
fn least<T: Ord>(held: &mut Option<T>, other: Option<T>) -> bool {
    let Some(other) = other else { return false };
    let conflict = held.as_ref().is_some_and(|held| *held != other);
    if held.as_ref().is_none_or(|held| other < *held) {
        *held = Some(other);
    }
    conflict
}

/// The title of an instance: that of a document, what a report is about, the label of a
/// presentation, or how the image was made.
pub(crate) fn title(attributes: &Attributes) -> Option<SmolStr> {
    if let Some(title) = attributes.text(tags::DOCUMENT_TITLE) {
        return Some(title.clone());
    }
    let names = attributes.items(tags::CONCEPT_NAME_CODE_SEQUENCE);
    let meaning = names.iter().find_map(|item| item.text(tags::CODE_MEANING));
    if let Some(title) = meaning
        .or_else(|| attributes.text(tags::CONTENT_LABEL))
        .or_else(|| attributes.text(tags::CONTENT_DESCRIPTION))
    {
        return Some(title.clone());
    }
    match attributes.texts(tags::IMAGE_TYPE) {
        [] => None,
        [only] => Some(only.clone()),
        values => {
            let mut title = SmolStrBuilder::new();
            for (index, value) in values.iter().take(16).enumerate() {
                if index > 0 {
                    title.push('\\');
                }
                title.push_str(value);
            }
            Some(title.finish())
        }
    }
}

/// A text that is held already, instead of a copy of it.
pub(crate) fn share(text: Option<SmolStr>, held: &mut Option<SmolStr>) -> Option<SmolStr> {
    if text != *held {
        *held = text;
    }
    held.clone()
}

/// The number of an instance or a series.
pub(crate) fn number(
    attributes: &Attributes,
    tag: crate::Tag,
    notes: &mut crate::note::InputNotes,
) -> Option<u32> {
    let text = attributes.text(tag)?;
    let number = text::unsigned(text);
    if number.is_none() {
        notes.add(crate::NoteKind::InvalidNumber, tag);
    }
    number
}
