//! The attributes of one data set.

use smol_str::SmolStr;

use crate::gather::Values;
use crate::note::InputNotes;
use crate::{PersonName, Tag, Value, attribute};

/// The most sequences that may stand in one another; the standard needs fewer than ten.
pub(crate) const MAX_DEPTH: usize = 64;

/// The attributes of one data set, or of one item of a sequence, that a study is built from; others
/// are not kept.
///
/// [`Studies::add`](crate::Studies::add) takes one for each instance. The readers of DICOM JSON and
/// of files make them; make one by hand where the attributes come from elsewhere:
///
/// ```
/// use imaging_study_from_dicom::{Attributes, Studies, tags};
///
/// let mut instance = Attributes::default();
/// instance.set_text(tags::STUDY_INSTANCE_UID, "1.2.3");
/// instance.set_text(tags::SERIES_INSTANCE_UID, "1.2.3.1");
/// instance.set_text(tags::SOP_INSTANCE_UID, "1.2.3.1.1");
/// let mut studies = Studies::default();
/// studies.add(&instance);
/// assert_eq!(studies.iter().count(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Attributes {
    /// Sorted by tag.
    values: Vec<(Tag, Value)>,
}

impl Attributes {
    /// The value of an attribute.
    #[must_use]
    pub fn get(&self, tag: Tag) -> Option<&Value> {
        let found = self.values.binary_search_by_key(&tag, |(tag, _)| *tag);
        found.ok().map(|index| &self.values[index].1)
    }

    /// Sets the value of an attribute and returns the one it had.
    ///
    /// Items in which sequences are nested more than 64 levels deep are not kept: no study needs
    /// them, and whatever walks through them would need a stack without bounds.
    pub fn set(&mut self, tag: Tag, value: Value) -> Option<Value> {
        if let Value::Items(items) = &value
            && items.iter().any(|item| item.depth() >= MAX_DEPTH)
        {
            return None;
        }
        self.put(tag, value)
    }

    /// How deep sequences are nested here; none of the items is deeper than the limit.
    fn depth(&self) -> usize {
        let items = self.values.iter().filter_map(|(_, value)| match value {
            Value::Items(items) => Some(items),
            _ => None,
        });
        let deepest = items.map(|items| items.iter().map(Self::depth).max().unwrap_or_default());
        deepest.max().map_or(0, |depth| depth + 1)
    }

    /// Sets a value that a reader has kept to its own limit on depth.
    pub(crate) fn put(&mut self, tag: Tag, value: Value) -> Option<Value> {
        // Data sets are sorted by tag, nearly always.
        if self.values.last().is_none_or(|(last, _)| *last < tag) {
            self.values.push((tag, value));
            return None;
        }
        match self.values.binary_search_by_key(&tag, |(tag, _)| *tag) {
            Ok(index) => Some(std::mem::replace(&mut self.values[index].1, value)),
            Err(index) => {
                self.values.insert(index, (tag, value));
                None
            }
        }
    }

    /// Sets an attribute from its text as DICOM writes it: values are separated by backslashes, the
    /// groups of a name by `=`, and padding is taken off. An empty text is no value, and an
    /// attribute that no study needs is not kept.
    ///
    /// ```
    /// use imaging_study_from_dicom::{Attributes, Value, tags};
    ///
    /// let mut attributes = Attributes::default();
    /// attributes.set_text(tags::IMAGE_TYPE, "ORIGINAL\\PRIMARY ");
    /// let expected = Value::Texts(vec!["ORIGINAL".into(), "PRIMARY".into()]);
    /// assert_eq!(attributes.get(tags::IMAGE_TYPE), Some(&expected));
    /// attributes.set_text(tags::PATIENT_NAME, "Doe^John");
    /// assert!(matches!(attributes.get(tags::PATIENT_NAME), Some(Value::Names(_))));
    /// ```
    pub fn set_text(&mut self, tag: Tag, text: &str) {
        let mut notes = InputNotes::default();
        if let Some(attribute) = attribute::by_tag(tag) {
            let mut values = Values::new(attribute, &mut notes);
            values.text(text);
            if let Some(value) = values.finish() {
                self.set(tag, value);
            }
        }
    }

    /// Sets the items of a sequence; none is no value. The limit on depth is that of
    /// [`set`](Self::set).
    pub fn set_items(&mut self, tag: Tag, items: Vec<Attributes>) {
        if !items.is_empty() {
            self.set(tag, Value::Items(items));
        }
    }

    /// Whether there is no attribute.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Forgets everything, and keeps the memory for the next data set.
    pub fn clear(&mut self) {
        self.values.clear();
    }

    /// The texts of an attribute.
    pub(crate) fn texts(&self, tag: Tag) -> &[SmolStr] {
        match self.get(tag) {
            Some(Value::Text(text)) => std::slice::from_ref(text),
            Some(Value::Texts(texts)) => texts,
            _ => &[],
        }
    }

    /// The first text of an attribute.
    pub(crate) fn text(&self, tag: Tag) -> Option<&SmolStr> {
        self.texts(tag).first()
    }

    pub(crate) fn names(&self, tag: Tag) -> &[PersonName] {
        match self.get(tag) {
            Some(Value::Names(names)) => names,
            _ => &[],
        }
    }

    pub(crate) fn items(&self, tag: Tag) -> &[Attributes] {
        match self.get(tag) {
            Some(Value::Items(items)) => items,
            _ => &[],
        }
    }
}
