//! Checks a document against the table of a version in `fixtures/spec`.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use imaging_study_core::{FhirVersion, Json, ScalarType};

/// The table of a version.
pub(crate) struct Spec {
    version: FhirVersion,
    types: HashMap<String, Vec<Row>>,
    codes: HashMap<String, Vec<String>>,
}

struct Row {
    name: String,
    min: usize,
    many: bool,
    types: Vec<String>,
    required: Option<String>,
}

impl Spec {
    pub(crate) fn load(version: FhirVersion) -> Self {
        let name = version.name().to_lowercase().replace(' ', "-");
        let read = |ending: &str| {
            let path = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../../fixtures/spec")
                .join(format!("{name}.{ending}"));
            fs::read_to_string(path).expect("the spec tables of the repository")
        };
        let mut types: HashMap<String, Vec<Row>> = HashMap::new();
        let mut current = String::new();
        for line in read("elements")
            .lines()
            .filter(|line| !line.starts_with('#'))
        {
            let mut words = line.split_whitespace();
            let Some(first) = words.next() else { continue };
            if !line.starts_with(' ') {
                current = first.to_owned();
                continue;
            }
            let cardinality = words.next().expect("a cardinality");
            let listed = words.next().expect("types");
            types.entry(current.clone()).or_default().push(Row {
                name: first.to_owned(),
                min: cardinality[..1].parse().expect("a number"),
                many: cardinality.ends_with('*'),
                types: listed
                    .split('|')
                    .map(|one| one.split('(').next().unwrap_or(one).to_owned())
                    .collect(),
                required: words
                    .find_map(|word| word.strip_prefix("required:"))
                    .map(str::to_owned),
            });
        }
        let codes = read("codes")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| {
                let mut words = line.split_whitespace().map(str::to_owned);
                Some((words.next()?, words.collect()))
            })
            .collect();
        Self {
            version,
            types,
            codes,
        }
    }

    /// What is wrong with a study, by element path.
    pub(crate) fn check(&self, study: &Json) -> Vec<String> {
        let mut faults = Vec::new();
        self.object(study, "ImagingStudy", "ImagingStudy", &mut faults);
        faults
    }

    /// What is wrong with a study that came of `source`, by element path. UIDs and SOP classes are kept
    /// whatever their text, so that one of another text is wrong only if the source has none such.
    pub(crate) fn check_outcome(&self, study: &Json, source: &[String]) -> Vec<String> {
        let mut faults = self.check(study);
        if source.iter().any(|fault| is_odd_uid(fault)) {
            faults.retain(|fault| !is_odd_uid(fault));
        }
        faults
    }

    fn object(&self, json: &Json, type_name: &str, path: &str, faults: &mut Vec<String>) {
        let Some(members) = json.as_object() else {
            faults.push(format!("{path}: no object"));
            return;
        };
        let Some(rows) = self.types.get(type_name) else {
            faults.push(format!("{path}: no type {type_name}"));
            return;
        };
        if members.is_empty() {
            faults.push(format!("{path}: empty"));
        }
        if members.iter().all(|(name, _)| name == "id") {
            faults.push(format!("{path}: nothing but an id"));
        }
        for (name, _) in members {
            let stem = name.strip_prefix('_').unwrap_or(name);
            let known = (name == "resourceType" && type_name == "ImagingStudy")
                || rows
                    .iter()
                    .any(|row| row.names().any(|(own, _)| own == stem));
            if !known {
                faults.push(format!("{path}.{name}: unknown"));
            }
        }
        for row in rows {
            let present: Vec<_> = row
                .names()
                .filter(|(name, _)| {
                    json.get(name).is_some() || json.get(&format!("_{name}")).is_some()
                })
                .collect();
            if present.len() < row.min {
                faults.push(format!("{path}.{}: missing", row.name));
            }
            if present.len() > 1 {
                faults.push(format!("{path}.{}: several types", row.name));
            }
            for (name, one) in present {
                self.element(
                    json,
                    &name,
                    one,
                    row,
                    type_name,
                    &format!("{path}.{name}"),
                    faults,
                );
            }
        }
        if type_name == "Extension" {
            let value = members
                .iter()
                .any(|(name, _)| name.trim_start_matches('_').starts_with("value"));
            if value == json.get("extension").is_some() {
                faults.push(format!("{path}: a value and extensions, or neither"));
            }
        }
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "a row of the table with its place"
    )]
    fn element(
        &self,
        parent: &Json,
        name: &str,
        one: &str,
        row: &Row,
        type_name: &str,
        path: &str,
        faults: &mut Vec<String>,
    ) {
        let value = parent.get(name);
        let sibling = parent.get(&format!("_{name}"));
        let (values, siblings) = if row.many {
            (entries(value), entries(sibling))
        } else {
            (
                value.map(Some).into_iter().collect(),
                sibling.map(Some).into_iter().collect(),
            )
        };
        if row.many && value.is_some_and(|value| value.as_array().is_none_or(<[Json]>::is_empty)) {
            faults.push(format!("{path}: no list, or an empty one"));
            return;
        }
        let Some(scalar) = ScalarType::from_name(one) else {
            let nested = format!("{type_name}.{}", row.name);
            for value in values.into_iter().flatten() {
                match one {
                    "Resource"
                        if value.get("resourceType").and_then(Json::as_str)
                            == Some("ImagingStudy") =>
                    {
                        self.object(value, "ImagingStudy", path, faults);
                    }
                    "Resource" => {}
                    "BackboneElement" | "Element" => self.object(value, &nested, path, faults),
                    _ => self.object(value, one, path, faults),
                }
            }
            return;
        };
        for index in 0..values.len().max(siblings.len()) {
            let value = values
                .get(index)
                .copied()
                .flatten()
                .filter(|value| **value != Json::Null);
            let sibling = siblings
                .get(index)
                .copied()
                .flatten()
                .filter(|value| **value != Json::Null);
            if value.is_none() && sibling.is_none() {
                faults.push(format!("{path}[{index}]: neither value nor extensions"));
            }
            if let Some(value) = value {
                self.scalar(value, scalar, row, path, faults);
            }
            if let Some(sibling) = sibling {
                self.sibling(sibling, path, faults);
                if value.is_none() && sibling.get("extension").is_none() {
                    faults.push(format!("{path}: nothing but an id"));
                }
            }
        }
    }

    fn scalar(
        &self,
        value: &Json,
        scalar: ScalarType,
        row: &Row,
        path: &str,
        faults: &mut Vec<String>,
    ) {
        let text = match (value, scalar) {
            (Json::Boolean(_), ScalarType::Boolean) => return,
            (
                Json::Number(number),
                ScalarType::Decimal
                | ScalarType::Integer
                | ScalarType::PositiveInt
                | ScalarType::UnsignedInt,
            ) => number.as_str(),
            (
                Json::String(text),
                ScalarType::Base64Binary
                | ScalarType::Canonical
                | ScalarType::Code
                | ScalarType::Date
                | ScalarType::DateTime
                | ScalarType::Id
                | ScalarType::Instant
                | ScalarType::Integer64
                | ScalarType::Markdown
                | ScalarType::Oid
                | ScalarType::String
                | ScalarType::Time
                | ScalarType::Uri
                | ScalarType::Url
                | ScalarType::Uuid
                | ScalarType::Xhtml,
            ) => text.as_str(),
            _ => {
                faults.push(format!("{path}: {} for {scalar}", value.kind()));
                return;
            }
        };
        // The ids of elements are strings in every version since STU3, whatever the table says.
        let scalar = if row.name == "id" && self.version != FhirVersion::Dstu2 {
            ScalarType::String
        } else {
            scalar
        };
        if !scalar.allows(text, self.version) {
            faults.push(format!("{path}: no legal {scalar}: {text}"));
        }
        if let Some(codes) = row.required.as_ref().and_then(|set| self.codes.get(set))
            && !codes.iter().any(|code| code == text)
        {
            faults.push(format!("{path}: no required code: {text}"));
        }
    }

    fn sibling(&self, sibling: &Json, path: &str, faults: &mut Vec<String>) {
        for (name, value) in sibling.as_object().unwrap_or_default() {
            match (name.as_str(), value) {
                ("id", Json::String(id))
                    if self.version != FhirVersion::Dstu2
                        || ScalarType::Id.allows(id, self.version) => {}
                ("extension", Json::Array(entries)) if !entries.is_empty() => {
                    for entry in entries {
                        self.object(entry, "Extension", &format!("{path}.extension"), faults);
                    }
                }
                _ => faults.push(format!("{path}: unknown {name} of a primitive")),
            }
        }
        if sibling.as_object().is_none_or(<[_]>::is_empty) {
            faults.push(format!("{path}: an empty sibling"));
        }
    }
}

/// Whether a fault is about the text of a UID or a SOP class.
pub(crate) fn is_odd_uid(fault: &str) -> bool {
    ["uid", "sopClass", "sopClass.code", "identifier"]
        .into_iter()
        .any(|element| fault.contains(&format!("{element}: no legal ")))
}

/// The entries of a list; what is no list counts as one entry without content.
fn entries(json: Option<&Json>) -> Vec<Option<&Json>> {
    match json {
        None => Vec::new(),
        Some(Json::Array(entries)) => entries.iter().map(Some).collect(),
        Some(_) => vec![None],
    }
}

impl Row {
    /// The names of the element in JSON, each with its type.
    fn names(&self) -> impl Iterator<Item = (String, &str)> {
        self.types.iter().map(|one| {
            let name = match self.name.strip_suffix("[x]") {
                Some(stem) => format!("{stem}{}{}", one[..1].to_uppercase(), &one[1..]),
                None => self.name.clone(),
            };
            (name, one.as_str())
        })
    }
}
