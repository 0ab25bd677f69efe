//! Studies of a version that hold every element in every form which conversions tell apart, made
//! from the descriptions of its types.

use imaging_study_any::with_types;
use imaging_study_core::{
    Element, FhirVersion, FieldInfo, FieldType, Json, ScalarType, TypeInfo, from_json,
};

/// An id that not every version takes.
const ID: &str = "e_1";

/// A code that no binding has.
const STRAY: &str = "stray";

/// A type that nothing of a study may refer to.
const STRAY_TARGET: &str = "Basic";

/// A UID that is too long for DICOM, and for an id.
const LONG_UID: &str =
    "2.25.1234567890123456789012345678901234567890123456789012345678901234567890";

const LONG_OID: &str =
    "urn:oid:2.25.1234567890123456789012345678901234567890123456789012345678901234567890";

/// How deep values are made of values.
const DEPTH: usize = 3;

/// How many values of one element are tried together.
const TOGETHER: usize = 12;

/// How many extensions one study has.
const PER_STUDY: usize = 40;

fn text(text: &str) -> Json {
    Json::String(text.into())
}

fn object<'n>(members: impl IntoIterator<Item = (&'n str, Json)>) -> Json {
    let members = members.into_iter();
    Json::Object(members.map(|(name, json)| (name.into(), json)).collect())
}

fn number(digits: &str) -> Json {
    digits.parse().map_or(Json::Null, Json::Number)
}

/// An extension that no version defines.
fn foreign(name: &str, value: Json) -> Json {
    let url = text("http://example.org/sample");
    object([("url", url), (name, value)])
}

/// The studies of a version, in its JSON. Not every one is valid, and some cannot be read.
pub(crate) fn studies(version: FhirVersion) -> Vec<Json> {
    let samples = Samples { version };
    let mut studies = Vec::new();
    samples.single(&[], &mut studies);
    samples.together(&mut studies);
    samples.values(&mut studies);
    studies
}

struct Samples {
    version: FhirVersion,
}

impl Samples {
    fn study(&self) -> &'static TypeInfo {
        with_types!(self.version, types => types::ImagingStudy::info())
    }

    fn extension(&self) -> &'static TypeInfo {
        with_types!(self.version, types => types::Extension::info())
    }

    fn is_extension(&self, json: &Json) -> bool {
        with_types!(self.version, types => from_json::<types::Extension>(json).is_ok())
    }

    /// A study with what is required, and one series with one instance.
    fn base(&self) -> Json {
        let mut base = self.required(self.study());
        set(&mut base, "resourceType", text("ImagingStudy"));
        let Some(series) = inner(self.study(), "series") else {
            return base;
        };
        let mut one = self.required(series);
        if let Some(instance) = inner(series, "instance") {
            set(
                &mut one,
                "instance",
                Json::Array(vec![self.required(instance)]),
            );
        }
        set(&mut base, "series", Json::Array(vec![one]));
        base
    }

    fn required(&self, info: &'static TypeInfo) -> Json {
        let mut json = object([]);
        for field in info.fields.iter().filter(|field| field.min > 0) {
            if let Some(value) = self.of_field(field, &field.types[0], 0).into_iter().next() {
                put(&mut json, field, &field.types[0], vec![value]);
            }
        }
        json
    }

    /// Studies with one element in each form, of the study, a series, an instance or a performer,
    /// whose path is `parents`.
    fn single(&self, parents: &[&'static str], studies: &mut Vec<Json>) {
        let mut info = self.study();
        for name in parents {
            match inner(info, name) {
                Some(below) => info = below,
                None => return,
            }
        }
        let with = |change: &dyn Fn(&mut Json)| {
            let mut study = self.base();
            let mut place = &mut study;
            for name in parents {
                place = below(place, name);
            }
            change(place);
            study
        };
        for field in info.fields {
            if field.name == "extension" || field.name == "modifierExtension" {
                continue;
            }
            if field.min > 0 {
                studies.push(with(&|place| unset(place, field.name)));
            }
            for field_type in field.types {
                if let FieldType::Element(below) = field_type
                    && below().name.starts_with("ImagingStudy.")
                {
                    let mut parents = parents.to_vec();
                    parents.push(field.name);
                    self.single(&parents, studies);
                    continue;
                }
                let values = self.of_field(field, field_type, 0);
                for value in &values {
                    studies.push(with(&|place| {
                        put(place, field, field_type, vec![value.clone()]);
                    }));
                }
                if field.many {
                    let some = &values[..values.len().min(TOGETHER)];
                    for several in some.windows(2).chain(some.windows(3).step_by(3)) {
                        studies.push(with(&|place| {
                            put(place, field, field_type, several.to_vec());
                        }));
                    }
                    for value in some {
                        let twice = vec![value.clone(), value.clone()];
                        studies.push(with(&|place| put(place, field, field_type, twice.clone())));
                    }
                }
                if let FieldType::Scalar(..) = field_type
                    && !field.attribute
                {
                    for element in elements() {
                        studies.push(with(&|place| {
                            unset(place, field.name);
                            put_element(place, field, element.clone());
                        }));
                    }
                }
            }
        }
    }

    /// Studies with every element at once.
    fn together(&self, studies: &mut Vec<Json>) {
        for order in 0..TOGETHER {
            let mut study = self.base();
            self.fill(&mut study, self.study(), order);
            studies.push(study);
        }
    }

    fn fill(&self, place: &mut Json, info: &'static TypeInfo, order: usize) {
        for field in info.fields {
            let Some(field_type) = field.types.first() else {
                continue;
            };
            if let Some(below_info) = inner(info, field.name)
                && below_info.name.starts_with("ImagingStudy.")
            {
                self.fill(below(place, field.name), below_info, order);
                let copy = below(place, field.name).clone();
                put(place, field, field_type, vec![copy.clone(), copy]);
                continue;
            }
            let values = self.of_field(field, field_type, 0);
            let mut taken: Vec<_> = values.iter().cycle().skip(order).take(2).cloned().collect();
            if field.name == "modifierExtension" {
                taken = vec![foreign("valueBoolean", Json::Boolean(true))];
            }
            if !taken.is_empty() && field.name != "extension" {
                if !field.many {
                    taken.truncate(1);
                }
                put(place, field, field_type, taken);
            }
        }
    }

    /// Studies with extensions of every type in every form.
    fn values(&self, studies: &mut Vec<Json>) {
        let Some(value) = self.extension().field("value[x]") else {
            return;
        };
        for field_type in value.types {
            let name = format!("value{}", field_type.suffix());
            let mut list = Vec::new();
            for value in self.of_type(field_type, value.targets, "", 0) {
                list.push(foreign(&name, value));
            }
            if let Some(first) = list.first().cloned() {
                let mut with_id = first.clone();
                set(&mut with_id, "id", text(ID));
                list.push(with_id);
            }
            if let FieldType::Scalar(..) = field_type {
                let element = format!("_{name}");
                list.extend(elements().map(|sibling| foreign(&element, sibling)));
            }
            // One extension that cannot be read is not to hide the others.
            list.retain(|extension| self.is_extension(extension));
            for some in list.chunks(PER_STUDY) {
                let mut study = self.base();
                set(&mut study, "extension", Json::Array(some.to_vec()));
                studies.push(study);
            }
        }
    }

    /// The values of an element, an everyday one first.
    fn of_field(&self, field: &FieldInfo, field_type: &FieldType, depth: usize) -> Vec<Json> {
        self.of_type(field_type, field.targets, field.stem(), depth)
    }

    fn of_type(
        &self,
        field_type: &FieldType,
        targets: &[&str],
        name: &str,
        depth: usize,
    ) -> Vec<Json> {
        match field_type {
            FieldType::Scalar(scalar, codes) => {
                let codes = codes.map(|set| set.codes).unwrap_or_default();
                let mut list: Vec<Json> = codes.iter().map(|code| text(code)).collect();
                if codes.is_empty() {
                    list.extend(scalars(*scalar));
                } else {
                    list.push(text(STRAY));
                }
                list
            }
            FieldType::Element(info) => {
                let info = info();
                let mut list = self.usual(info, targets, name, depth);
                list.extend(self.members(info, targets, depth));
                list
            }
            FieldType::Resource => Vec::new(),
        }
    }

    /// Forms of a type that mean something to a conversion.
    fn usual(&self, info: &TypeInfo, targets: &[&str], name: &str, depth: usize) -> Vec<Json> {
        let dcm = text("http://dicom.nema.org/resources/ontology/DCM");
        let coding =
            |system: &Json, code: &str| object([("system", system.clone()), ("code", text(code))]);
        let listed = |codings: Vec<Json>| object([("coding", Json::Array(codings))]);
        match info.name {
            "Coding" if name == "sopClass" => {
                let uri = text("urn:ietf:rfc:3986");
                let named = object([
                    ("system", uri.clone()),
                    ("code", text("urn:oid:2.4")),
                    ("display", text("x")),
                ]);
                vec![
                    coding(&uri, "urn:oid:2.4"),
                    named,
                    coding(&uri, "x"),
                    coding(&dcm, "x"),
                ]
            }
            "Coding" => vec![coding(&dcm, "CT"), coding(&dcm, "MR"), coding(&dcm, "SR")],
            "CodeableConcept" => vec![
                listed(vec![coding(&dcm, "CT")]),
                listed(vec![coding(&dcm, "MR")]),
                listed(vec![coding(&dcm, "CT"), coding(&dcm, "MR")]),
                object([("text", text("x"))]),
                object([
                    ("coding", Json::Array(vec![coding(&dcm, "CT")])),
                    ("text", text("x")),
                ]),
            ],
            "Reference" => references(targets, self.version),
            "CodeableReference" => {
                let concept = listed(vec![coding(&dcm, "CT")]);
                let mut list = vec![object([("concept", concept.clone())])];
                for reference in references(targets, self.version) {
                    list.push(object([("reference", reference.clone())]));
                    if depth == 0 {
                        let both = [("concept", concept.clone()), ("reference", reference)];
                        list.push(object(both));
                    }
                }
                list
            }
            "Identifier" if depth == 0 => {
                let systems = text("urn:dicom:uid");
                let uid =
                    |value: &str| object([("system", systems.clone()), ("value", text(value))]);
                let kind = object([
                    (
                        "system",
                        text("http://terminology.hl7.org/CodeSystem/v2-0203"),
                    ),
                    ("code", text("ACSN")),
                ]);
                let accession =
                    object([("type", listed(vec![kind.clone()])), ("value", text("A1"))]);
                let other = object([
                    ("type", listed(vec![kind, coding(&dcm, "x")])),
                    ("value", text("A2")),
                ]);
                let mut list = vec![
                    uid("urn:oid:2.1"),
                    accession,
                    uid("urn:oid:2.9"),
                    other,
                    uid("2.1"),
                    uid("x"),
                ];
                list.push(object([("value", text("1"))]));
                list
            }
            _ => Vec::new(),
        }
    }

    /// Objects with all members of a type, each time in another form, and with each one alone.
    fn members(&self, info: &'static TypeInfo, targets: &[&str], depth: usize) -> Vec<Json> {
        if depth >= DEPTH {
            return Vec::new();
        }
        let mut all: Vec<(&FieldInfo, &FieldType, Vec<Json>)> = Vec::new();
        for field in info.fields {
            if matches!(field.name, "id" | "extension" | "modifierExtension") {
                continue;
            }
            for field_type in field.types {
                // A CodeableReference has the targets of the element that it stands in.
                let values = match field.targets {
                    [] => self.of_type(field_type, targets, field.stem(), depth + 1),
                    targets => self.of_type(field_type, targets, field.stem(), depth + 1),
                };
                if !values.is_empty() {
                    all.push((field, field_type, values));
                }
            }
        }
        let rounds = if depth == 0 { 9 } else { 2 };
        let mut list = Vec::new();
        for round in 0..rounds {
            let mut json = object([]);
            let mut last = "";
            for (field, field_type, values) in &all {
                // Of a choice each round another type.
                if field.name == last {
                    if round % 2 == 0 {
                        continue;
                    }
                    unset_choice(&mut json, field);
                }
                last = field.name;
                if let Some(value) = values.get(round).or(values.first()) {
                    put(&mut json, field, field_type, vec![value.clone()]);
                }
            }
            list.push(json);
        }
        let mut marked = object([("id", text(ID))]);
        for (field, field_type, _) in &all {
            if let FieldType::Scalar(..) = field_type
                && !field.attribute
                && field.types.len() == 1
                && let Some(element) = elements().next()
            {
                put_element(&mut marked, field, element);
            }
        }
        list.push(marked);
        for (field, field_type, values) in &all {
            let few = match field_type {
                // What is defined inside the type has elements that travel too.
                FieldType::Element(inner) if inner().name.contains('.') => values.len(),
                FieldType::Scalar(_, Some(_)) if depth == 0 => values.len(),
                _ if depth == 0 => 4,
                _ => 1,
            };
            if depth == 0 && field.many && values.len() > 1 {
                let mut json = object([]);
                put(&mut json, field, field_type, values[..2].to_vec());
                list.push(json);
            }
            for value in values.iter().take(few).chain(values.last()) {
                let mut json = object([]);
                put(&mut json, field, field_type, vec![value.clone()]);
                list.push(json);
            }
        }
        list
    }
}

/// References to everything that an element may refer to, and to what it may not.
fn references(targets: &[&str], version: FhirVersion) -> Vec<Json> {
    let to = |target: &str| object([("reference", text(&format!("{target}/1")))]);
    let mut list: Vec<Json> = targets.iter().map(|target| to(target)).collect();
    if list.is_empty() {
        list.push(object([("display", text("x"))]));
    }
    // What some version allows somewhere in a study.
    list.extend(
        [
            "Procedure",
            "EpisodeOfCare",
            "Device",
            "Group",
            STRAY_TARGET,
        ]
        .iter()
        .map(|target| to(target)),
    );
    if version >= FhirVersion::R4 {
        list.push(object([
            (
                "reference",
                text("urn:uuid:0f3c8a52-9d3e-4f0b-8a77-0d8a7a3f8c11"),
            ),
            ("type", text("Patient")),
        ]));
    }
    if version >= FhirVersion::Stu3 {
        let identifier = object([("value", text("1"))]);
        list.push(object([("identifier", identifier)]));
    }
    list.push(object([("display", text("x"))]));
    list
}

/// Texts of a type, an everyday one first, the others at the limits of the versions.
fn scalars(scalar: ScalarType) -> Vec<Json> {
    let texts: &[&str] = match scalar {
        ScalarType::Boolean => return vec![Json::Boolean(true)],
        ScalarType::Decimal => {
            let digits = ["1.5", "1e3", "1234567890123456789012345"];
            return digits.map(number).to_vec();
        }
        ScalarType::Integer | ScalarType::PositiveInt | ScalarType::UnsignedInt => {
            return ["1", "7", "-0", "2147483647"].map(number).to_vec();
        }
        ScalarType::Base64Binary => &["YWJj", "YWJj YWJj", "YWJj\nYWI="],
        ScalarType::Canonical | ScalarType::Uri | ScalarType::Url => {
            &["http://example.org/a", "urn:oid:2.4"]
        }
        ScalarType::Code => &["CT", "a b", "a\tb"],
        ScalarType::Date => &["2020-02-29", "2020", "0000", "-0044-03-15"],
        ScalarType::DateTime => &[
            "2020-02-29T10:00:00Z",
            "2020-02-29T23:59:60Z",
            "2020-02-29T10:00:00",
            "2020-02-29T10:00:00.123456789012+14:00",
            "-9999-12-31T23:59:59-14:00",
        ],
        ScalarType::Id => &["2.1", "2.2", "x", "urn:oid:2.1", LONG_UID],
        ScalarType::Instant => &[
            "2020-02-29T10:00:00Z",
            "2020-02-29T23:59:60Z",
            "2020-02-29T10:00:00.123456789012Z",
            "0000-02-28T10:00:00Z",
        ],
        ScalarType::Integer64 => &["7", "5000000000", "-7", "+1"],
        ScalarType::Markdown | ScalarType::String => &["x", "y"],
        ScalarType::Oid => &[
            "urn:oid:2.1",
            "urn:oid:2.2",
            "urn:oid:7",
            "2.1",
            "urn:oid:2.01",
            LONG_OID,
        ],
        ScalarType::Time => &["10:00:00", "23:59:60", "10:00:00.123456789012"],
        ScalarType::Uuid => &["urn:uuid:0f3c8a52-9d3e-4f0b-8a77-0d8a7a3f8c11"],
        ScalarType::Xhtml => &["<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"],
    };
    texts.iter().map(|one| text(one)).collect()
}

/// What stands beside a primitive, or instead of it.
fn elements() -> impl Iterator<Item = Json> {
    let extension = Json::Array(vec![foreign("valueString", text("x"))]);
    let reason = object([
        (
            "url",
            text("http://hl7.org/fhir/StructureDefinition/data-absent-reason"),
        ),
        ("valueCode", text("unsupported")),
    ]);
    [
        object([("id", text(ID)), ("extension", extension)]),
        object([("extension", Json::Array(vec![reason]))]),
    ]
    .into_iter()
}

/// The description of what an element is made of.
fn inner(info: &'static TypeInfo, name: &str) -> Option<&'static TypeInfo> {
    match info.field(name)?.types.first()? {
        FieldType::Element(info) => Some(info()),
        _ => None,
    }
}

/// The first entry of a list, made if there is none.
fn below<'j>(json: &'j mut Json, name: &str) -> &'j mut Json {
    if !matches!(json.get(name), Some(Json::Array(list)) if !list.is_empty()) {
        set(json, name, Json::Array(vec![object([])]));
    }
    let at = json
        .as_object()
        .and_then(|members| members.iter().position(|(own, _)| own == name));
    match (json, at) {
        (Json::Object(members), Some(at)) => match &mut members[at].1 {
            Json::Array(list) => &mut list[0],
            other => other,
        },
        (other, _) => other,
    }
}

/// Sets an element to some values.
fn put(json: &mut Json, field: &FieldInfo, field_type: &FieldType, values: Vec<Json>) {
    let name = match field.name.strip_suffix("[x]") {
        Some(stem) => format!("{stem}{}", field_type.suffix()),
        None => field.name.to_owned(),
    };
    let value = if field.many {
        Json::Array(values)
    } else {
        values.into_iter().next().unwrap_or(Json::Null)
    };
    set(json, &name, value);
}

/// Sets what stands beside a primitive.
fn put_element(json: &mut Json, field: &FieldInfo, element: Json) {
    let element = if field.many {
        Json::Array(vec![element])
    } else {
        element
    };
    set(json, &format!("_{}", field.name), element);
}

fn set(json: &mut Json, name: &str, value: Json) {
    unset(json, name);
    if let Json::Object(members) = json {
        members.push((name.into(), value));
    }
}

fn unset(json: &mut Json, name: &str) {
    if let Json::Object(members) = json {
        members.retain(|(own, _)| own != name);
    }
}

fn unset_choice(json: &mut Json, field: &FieldInfo) {
    if let Json::Object(members) = json {
        members.retain(|(name, _)| {
            let suffix = name.strip_prefix(field.stem());
            suffix.is_none_or(|suffix| field.type_of(suffix).is_none())
        });
    }
}
