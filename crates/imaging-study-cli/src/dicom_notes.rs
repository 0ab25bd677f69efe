//! The file of notes on studies from DICOM: an object for each.

use imaging_study::core::Json;
use imaging_study::json::json_to_string;
use imaging_study_from_dicom::{ChangedElement, Note, Place, Tag};

use crate::outcome::{member, number, string};

/// What a note is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum About<'a> {
    /// A data set in a file, counted from 1.
    DataSet { source: &'a str, number: u64 },
    /// A study in the output, counted from 1.
    Study { number: u64 },
}

impl About<'_> {
    fn members(self, place: Place, element: Option<&str>) -> Vec<(smol_str::SmolStr, Json)> {
        match self {
            Self::DataSet {
                source,
                number: data_set,
            } => vec![
                member("source", string(source)),
                member("dataSet", number(data_set)),
            ],
            Self::Study { number: study } => vec![
                member("study", number(study)),
                member("path", string(&path(place, element))),
            ],
        }
    }
}

fn path(place: Place, element: Option<&str>) -> String {
    let mut path = match place {
        Place::Series { series } => format!("ImagingStudy.series[{series}]"),
        Place::Instance { series, instance } => {
            format!("ImagingStudy.series[{series}].instance[{instance}]")
        }
        _ => "ImagingStudy".to_owned(),
    };
    if let Some(element) = element {
        path.push('.');
        path.push_str(element);
    }
    path
}

/// Appends a note, in a line of its own.
#[cold]
pub(crate) fn note(note: &Note, about: About<'_>, out: &mut Vec<u8>) {
    let mut members = about.members(note.place, None);
    // A text that is no JSON has no attributes.
    if note.tag != Tag::new(0, 0) {
        members.push(member("tag", string(&note.tag.to_string())));
    }
    members.extend([
        member("kind", string(note.kind.name())),
        member("text", string(&note.kind.to_string())),
        member("count", number(note.count)),
    ]);
    line(members, out);
}

/// Appends that an element kept its value although the data sets say something else.
#[cold]
pub(crate) fn kept(element: &ChangedElement, about: About<'_>, out: &mut Vec<u8>) {
    let mut members = about.members(element.place, Some(element.element));
    members.extend([
        member("kind", string("kept")),
        member(
            "text",
            string("the data sets say something else than the study"),
        ),
    ]);
    line(members, out);
}

/// Appends that a file was passed over.
#[cold]
pub(crate) fn passed_over(source: &str, text: &str, out: &mut Vec<u8>) {
    let members = vec![
        member("source", string(source)),
        member("kind", string("passed-over")),
        member("text", string(text)),
    ];
    line(members, out);
}

fn line(members: Vec<(smol_str::SmolStr, Json)>, out: &mut Vec<u8>) {
    out.extend_from_slice(json_to_string(&Json::Object(members)).as_bytes());
    out.push(b'\n');
}
