//! All studies of an input.

use std::collections::{BTreeMap, HashMap};

use smol_str::SmolStr;

use crate::note::InputNotes;
use crate::text::{self, UidForm};
use crate::{Attributes, Note, NoteKind, StudyBuilder, Tag, tags};

/// The studies of any number of data sets, told apart by their Study Instance UID.
///
/// Data sets are instances, or rows of a QIDO-RS answer about series or studies. Their order does not
/// matter: any order of the same data sets gives the same studies.
///
/// ```
/// use imaging_study_from_dicom::{Options, Studies};
/// use imaging_study_r5::ImagingStudy;
///
/// let mut studies = Studies::default();
/// studies.add_json(br#"[{
///     "00080016": {"vr": "UI", "Value": ["1.2.840.10008.5.1.4.1.1.2"]},
///     "00080018": {"vr": "UI", "Value": ["1.2.3.1.1"]},
///     "00080060": {"vr": "CS", "Value": ["CT"]},
///     "0020000D": {"vr": "UI", "Value": ["1.2.3"]},
///     "0020000E": {"vr": "UI", "Value": ["1.2.3.1"]}
/// }]"#)?;
/// for study in studies.iter() {
///     let built = study.build::<ImagingStudy>(&Options::default());
///     assert_eq!(built.study.series.len(), 1);
/// }
/// # Ok::<(), imaging_study_from_dicom::JsonError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Studies {
    by_uid: BTreeMap<SmolStr, StudyBuilder>,
    /// The study of each series, to notice one that is in several.
    study_of: HashMap<SmolStr, SmolStr>,
    notes: InputNotes,
    rejected: u64,
}

impl Studies {
    /// Adds a data set. One without a usable Study Instance UID, or with an unusable UID for its
    /// series or instance, is left out with a [note](Self::notes).
    pub fn add(&mut self, attributes: &Attributes) {
        match self.uids(attributes) {
            Ok((study, series, instance)) => {
                let shared = series
                    .as_ref()
                    .and_then(|series| Some((series.clone(), self.other_study(series, &study)?)));
                let builder = match self.by_uid.get_mut(&study) {
                    Some(builder) => builder,
                    None => {
                        let builder = StudyBuilder::new(study.clone());
                        self.by_uid.entry(study.clone()).or_insert(builder)
                    }
                };
                builder.add(series, instance, attributes, &mut self.notes);
                if let Some((series, other)) = shared {
                    for study in [&study, &other] {
                        if let Some(builder) = self.by_uid.get_mut(study) {
                            builder.mark_shared(&series);
                        }
                    }
                }
            }
            Err(tag) => {
                self.notes.add(NoteKind::Rejected, tag);
                self.rejected += 1;
            }
        }
        self.notes.index += 1;
    }

    /// The studies, in the order of their UIDs as text.
    pub fn iter(&self) -> impl Iterator<Item = &StudyBuilder> {
        self.by_uid.values()
    }

    /// The study of a Study Instance UID.
    #[must_use]
    pub fn get(&self, uid: &str) -> Option<&StudyBuilder> {
        self.by_uid.get(uid)
    }

    /// Takes a study out, so that its memory is free when it has been written.
    pub fn remove(&mut self, uid: &str) -> Option<StudyBuilder> {
        self.by_uid.remove(uid)
    }

    /// How many data sets have been added, those that were left out included.
    #[must_use]
    pub fn data_sets(&self) -> u64 {
        self.notes.index
    }

    /// How many data sets were left out.
    #[must_use]
    pub fn rejected(&self) -> u64 {
        self.rejected
    }

    /// What was wrong with the data sets: one note for each kind and attribute, with the first data
    /// set that has it and how often it occurs.
    pub fn notes(&self) -> impl Iterator<Item = Note> + '_ {
        self.notes.list()
    }

    pub(crate) fn input_notes(&mut self) -> &mut InputNotes {
        &mut self.notes
    }

    /// Counts a data set that could not be read.
    pub(crate) fn skip(&mut self, kind: NoteKind, tag: Tag) {
        self.notes.add(kind, tag);
        self.notes.index += 1;
        self.rejected += 1;
    }

    /// Remembers the study of a series; the study that it was in before, if that is another one.
    fn other_study(&mut self, series: &SmolStr, study: &SmolStr) -> Option<SmolStr> {
        match self.study_of.get(series) {
            Some(known) => (known != study).then(|| known.clone()),
            None => {
                self.study_of.insert(series.clone(), study.clone());
                None
            }
        }
    }

    /// The UIDs of the study, the series and the instance; the attribute that makes the data set
    /// unusable.
    #[allow(clippy::type_complexity, reason = "three UIDs")]
    fn uids(
        &mut self,
        attributes: &Attributes,
    ) -> Result<(SmolStr, Option<SmolStr>, Option<SmolStr>), Tag> {
        // What was done to a UID is said of those that are taken.
        let mut notes = InputNotes::new(self.notes.index);
        let mut uid = |tag| uid(attributes, tag, &mut notes);
        let study = uid(tags::STUDY_INSTANCE_UID)?;
        let series = uid(tags::SERIES_INSTANCE_UID)?;
        let instance = uid(tags::SOP_INSTANCE_UID)?;
        let study = study.ok_or(tags::STUDY_INSTANCE_UID)?;
        if instance.is_some() && series.is_none() {
            return Err(tags::SERIES_INSTANCE_UID);
        }
        self.notes.append(notes);
        Ok((study, series, instance))
    }
}

/// A UID, which must be a single one.
fn uid(attributes: &Attributes, tag: Tag, notes: &mut InputNotes) -> Result<Option<SmolStr>, Tag> {
    let padding = |text: &&SmolStr| !text.trim_matches([' ', '\0']).is_empty();
    let mut texts = attributes.texts(tag).iter().filter(padding);
    let Some(text) = texts.next() else {
        return Ok(None);
    };
    if texts.next().is_some() {
        return Err(tag);
    }
    let (uid, form) = text::uid(text).ok_or(tag)?;
    match form {
        UidForm::Exact => {}
        UidForm::Padded => notes.add(NoteKind::PaddedUid, tag),
        UidForm::Malformed => notes.add(NoteKind::MalformedUid, tag),
    }
    Ok(Some(uid))
}
