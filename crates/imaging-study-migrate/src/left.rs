//! Studies inside resources of other types, which are left as they are.

use imaging_study::core::{ElementPath, Json, Segment};
use imaging_study::{FhirVersion, detect_json, detect_xml_inside, json::json_to_string};

use crate::bundle::is_bundle;

/// A study inside a resource of another type.
pub(crate) struct LeftStudy {
    pub(crate) path: ElementPath,
    /// Its type and id.
    pub(crate) label: Json,
    /// The versions that it fits, by its elements.
    pub(crate) fits: Vec<FhirVersion>,
}

/// The studies in a document that are neither the document itself nor resources of entries.
pub(crate) fn in_json(tree: &Json) -> Vec<LeftStudy> {
    let mut walk = Walk {
        path: vec![Segment::Name(
            type_of(tree).unwrap_or_default().to_owned().into(),
        )],
        found: Vec::new(),
    };
    walk.value(tree, true);
    walk.found
}

/// The same for XML. The reader has found out already whether the document can be read.
pub(crate) fn in_xml(bytes: &[u8]) -> Vec<LeftStudy> {
    let inside = detect_xml_inside(bytes).unwrap_or_default();
    let left = inside.into_iter().filter(|study| study.entries.is_none());
    let left = left.map(|study| LeftStudy {
        path: study.path,
        label: Json::Object(vec![(
            "resourceType".into(),
            Json::String("ImagingStudy".into()),
        )]),
        fits: study.detection.candidates,
    });
    left.collect()
}

fn type_of(value: &Json) -> Option<&str> {
    value.get("resourceType").and_then(Json::as_str)
}

struct Walk {
    path: Vec<Segment>,
    found: Vec<LeftStudy>,
}

impl Walk {
    /// Looks into a value; `converted` tells whether a study in its place would be converted.
    fn value(&mut self, value: &Json, converted: bool) {
        match value {
            Json::Object(members) => {
                // What nearly is the name of the type is nearly a study.
                if type_of(value).is_some_and(|name| name.eq_ignore_ascii_case("ImagingStudy")) {
                    if !converted {
                        self.found.push(self.left(value));
                    }
                    return;
                }
                let bundle = converted && is_bundle(value);
                for (name, value) in members {
                    self.path.push(Segment::Name(name.to_string().into()));
                    match value {
                        Json::Array(entries) if bundle && name == "entry" => {
                            self.items(entries, Self::entry);
                        }
                        value => self.value(value, false),
                    }
                    self.path.pop();
                }
            }
            Json::Array(items) => self.items(items, |walk, item| walk.value(item, false)),
            _ => {}
        }
    }

    fn items(&mut self, items: &[Json], mut look: impl FnMut(&mut Self, &Json)) {
        for (index, item) in items.iter().enumerate() {
            self.path.push(Segment::Index(index));
            look(self, item);
            self.path.pop();
        }
    }

    fn entry(&mut self, entry: &Json) {
        for (name, value) in entry.as_object().unwrap_or_default() {
            self.path.push(Segment::Name(name.to_string().into()));
            self.value(value, name == "resource");
            self.path.pop();
        }
    }

    fn left(&self, study: &Json) -> LeftStudy {
        let label = ["resourceType", "id"]
            .into_iter()
            .filter_map(|name| Some((name.into(), study.get(name)?.clone())))
            .collect();
        let detected = detect_json(json_to_string(study).as_bytes());
        LeftStudy {
            path: ElementPath::from_iter(self.path.iter().cloned()),
            label: Json::Object(label),
            fits: detected
                .map(|detection| detection.candidates)
                .unwrap_or_default(),
        }
    }
}
