//! Asking the same of a study of another version.

use std::fmt;

use imaging_study_core::FhirVersion;

use crate::criterion::{Criterion, Modifier, Wanted, without_urn};
use crate::names::{How, Meaning, element_in, name_in};
use crate::options::Options;
use crate::parameter::{Parameter, ParameterKind};
use crate::plan::{Leaf, Plan};
use crate::query::{HandedOver, Query};
use crate::text::{encode, escape, split};

/// A query in the parameters of another version, and what that version cannot be asked.
///
/// ```
/// use imaging_study_core::FhirVersion;
/// use imaging_study_search::{Options, Query};
///
/// let query = "study=urn:oid:1.2.3&context=Encounter/e&performer=Practitioner/p";
/// let query = Query::parse(query, FhirVersion::Stu3, &Options::default())?;
/// let translated = query.translate(FhirVersion::R4);
/// assert_eq!(
///     translated.query.to_string(),
///     "identifier=urn:dicom:uid|urn:oid:1.2.3&encounter=Encounter/e&performer=Practitioner/p"
/// );
/// assert!(translated.untranslatable.is_empty());
///
/// let older = query.translate(FhirVersion::Dstu2);
/// assert_eq!(older.query.to_string(), "study=urn:oid:1.2.3");
/// assert_eq!(older.untranslatable[0].to_string(), "context: DSTU2 has no such parameter");
/// # Ok::<(), imaging_study_search::QueryError>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Translation {
    /// What can be asked.
    pub query: Query,
    /// What cannot be asked.
    pub untranslatable: Vec<Untranslatable>,
    /// Where the translation finds more or less than the query did.
    pub notes: Vec<TranslationNote>,
}

/// A part of a query that another version cannot be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Untranslatable {
    /// The name as the query has it, with its modifier.
    pub parameter: String,
    /// Where in the query it stands, in bytes from its start, counted from 0.
    pub position: usize,
    /// Whether other values of the same list can be asked, so that studies may still match.
    pub partly: bool,
    /// Why not.
    pub reason: UntranslatableReason,
}

/// Why a part of a query cannot be translated.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UntranslatableReason {
    /// The version has no such parameter.
    NoParameter(FhirVersion),
    /// The version has no such modifier for the parameter, or nothing that says the same.
    NoModifier(FhirVersion),
    /// The version has no such value: the type of a reference, a code of another system than the
    /// only one, a UID that is none.
    NoValue(FhirVersion),
    /// The values of one list belong to several parameters in the version.
    SeveralParameters(FhirVersion),
    /// The version has no such element or sort key.
    NoElement(FhirVersion),
}

impl fmt::Display for Untranslatable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: ", self.parameter)?;
        match &self.reason {
            UntranslatableReason::NoParameter(version) => {
                write!(formatter, "{version} has no such parameter")?;
            }
            UntranslatableReason::NoModifier(version) => {
                write!(formatter, "{version} has no modifier that says the same")?;
            }
            UntranslatableReason::NoValue(version) => {
                write!(formatter, "{version} has no such value")?;
            }
            UntranslatableReason::SeveralParameters(version) => {
                write!(
                    formatter,
                    "the values belong to several parameters in {version}"
                )?;
            }
            UntranslatableReason::NoElement(version) => {
                write!(formatter, "{version} has no such element")?;
            }
        }
        formatter.write_str(if self.partly {
            ", in a part of the list"
        } else {
            ""
        })
    }
}

/// Where a translated query does not find exactly what the query did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TranslationNote {
    /// The name as the query has it.
    pub parameter: String,
    /// What is different.
    pub kind: TranslationNoteKind,
}

/// What a [`TranslationNote`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TranslationNoteKind {
    /// Accession numbers are identifiers among others; those that have the type are found by
    /// `identifier:of-type`, and since R5 the number may be that of an order, `based-on:identifier`.
    AnyIdentifier,
    /// Study UID and accession number are no identifiers there, but `study` and `accession`.
    NotStudyNorAccession,
    /// Study UID and accession number are identifiers there, and are found too.
    AlsoStudyAndAccession,
    /// Requests of several types became one type.
    JoinedOrders,
}

impl fmt::Display for TranslationNote {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: ", self.parameter)?;
        formatter.write_str(match self.kind {
            TranslationNoteKind::AnyIdentifier => {
                "identifier finds other identifiers too; by type it is \
                 identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|ACSN|..., \
                 and an accession number of the order is found by based-on:identifier"
            }
            TranslationNoteKind::NotStudyNorAccession => {
                "UID and accession number of the study are not among the identifiers there; \
                 they are asked for by study and accession"
            }
            TranslationNoteKind::AlsoStudyAndAccession => {
                "UID and accession number of the study are among the identifiers there"
            }
            TranslationNoteKind::JoinedOrders => {
                "orders of several types are of one type in the other version"
            }
        })
    }
}

/// The type of accession numbers.
const TYPE: (&str, &str) = ("http://terminology.hl7.org/CodeSystem/v2-0203", "ACSN");
const URN_DICOM_UID: &str = "urn:dicom:uid";
const URN_IETF_RFC_3986: &str = "urn:ietf:rfc:3986";

/// A part of the query of the other version.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    /// The name with its modifier.
    name: String,
    /// A value, escaped.
    value: String,
}

impl Query {
    /// The query in the parameters of another version.
    #[must_use]
    pub fn translate(&self, to: FhirVersion) -> Translation {
        if to == self.version {
            return Translation {
                query: self.clone(),
                untranslatable: Vec::new(),
                notes: Vec::new(),
            };
        }
        let mut options = self.options.clone();
        // What another version does not have is named, and never ignored.
        options.strict = true;
        let mut translator = Translator {
            from: self.version,
            to,
            options,
            text: String::new(),
            untranslatable: Vec::new(),
            notes: Vec::new(),
        };
        for criterion in &self.criteria {
            translator.criterion(criterion);
        }
        for part in &self.handed_over {
            translator.handed_over(part);
        }
        translator.result(self);
        // Each part was read before it was added, but the whole may be longer than a query can be.
        let query = Query::parse(&translator.text, to, &self.options);
        let query = query.unwrap_or_else(|error| {
            let reason = UntranslatableReason::NoValue;
            translator.fails(error.parameter, 0, false, reason);
            Query::empty(to, &self.options)
        });
        Translation {
            query,
            untranslatable: translator.untranslatable,
            notes: translator.notes,
        }
    }
}

struct Translator {
    from: FhirVersion,
    to: FhirVersion,
    options: Options,
    text: String,
    untranslatable: Vec<Untranslatable>,
    notes: Vec<TranslationNote>,
}

impl Translator {
    fn push(&mut self, name: &str, value: &str) {
        if !self.text.is_empty() {
            self.text.push('&');
        }
        encode(name, &mut self.text);
        self.text.push('=');
        encode(value, &mut self.text);
    }

    /// Whether the other version understands a part.
    fn reads(&self, piece: &Piece) -> bool {
        let mut text = String::new();
        encode(&piece.name, &mut text);
        text.push('=');
        encode(&piece.value, &mut text);
        Query::parse(&text, self.to, &self.options).is_ok()
    }

    fn fails(
        &mut self,
        parameter: String,
        position: usize,
        partly: bool,
        reason: fn(FhirVersion) -> UntranslatableReason,
    ) {
        self.untranslatable.push(Untranslatable {
            parameter,
            position,
            partly,
            reason: reason(self.to),
        });
    }

    fn note(&mut self, parameter: &str, kind: TranslationNoteKind) {
        let note = TranslationNote {
            parameter: parameter.to_owned(),
            kind,
        };
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    fn criterion(&mut self, criterion: &Criterion) {
        let parameter = criterion.parameter().name;
        let given = format!("{parameter}{}", criterion.modifier.code());
        let position = criterion.position;
        let meaning = Meaning::of(self.from, parameter);
        let how = meaning.map_or(How::Kept, |meaning| meaning.how);
        // Before R4 and since, other numbers are among the identifiers: who asks that one is not there
        // would be given studies that have it.
        let old = |version| version <= FhirVersion::Stu3;
        let is_negation = matches!(criterion.modifier, Modifier::Not | Modifier::Missing(_));
        if is_negation
            && old(self.from) != old(self.to)
            && matches!(how, How::Identifier | How::Accession)
        {
            self.fails(given, position, false, UntranslatableReason::NoModifier);
            return;
        }
        // What an old version says of the patient is known to be one; newer ones have to be told.
        let untold = |value: &Wanted| matches!(value, Wanted::Url(_));
        let of_old = self.from <= FhirVersion::Stu3 && self.to > FhirVersion::Stu3;
        let of_subject = parameter == "patient"
            && of_old
            && (criterion.values.is_empty() || criterion.values.iter().any(untold));
        let name = match of_subject {
            true => Some("subject"),
            false => name_in(self.from, parameter, self.to),
        };
        let Some(name) = name else {
            let moved = how == How::Identifier && self.identifiers_move(criterion);
            if !moved {
                self.fails(given, position, false, UntranslatableReason::NoParameter);
                return;
            }
            self.values(criterion, &given, "", how);
            return;
        };
        if let Modifier::Missing(missing) = criterion.modifier {
            let moves = !matches!(how, How::Study | How::Accession) || name == parameter;
            match moves {
                true => self.push(
                    &format!("{name}:missing"),
                    if missing { "true" } else { "false" },
                ),
                false => self.fails(given, position, false, UntranslatableReason::NoModifier),
            }
            return;
        }
        self.values(criterion, &given, name, how);
    }

    /// Whether every identifier that is asked for has a parameter of its own in old versions.
    fn identifiers_move(&self, criterion: &Criterion) -> bool {
        let mut values = criterion.values.iter();
        let moves = |value: &Wanted| self.identifier(value, criterion.modifier).is_some();
        !matches!(criterion.modifier, Modifier::Missing(_)) && values.any(moves)
    }

    fn values(&mut self, criterion: &Criterion, given: &str, name: &str, how: How) {
        let position = criterion.position;
        let mut pieces: Vec<Piece> = Vec::new();
        let mut failed = None;
        let raw = split(&criterion.raw, ',').into_iter();
        let raw = raw.filter(|value| !value.is_empty());
        for (value, raw) in criterion.values.iter().zip(raw) {
            let piece = self.piece(criterion, value, raw, name, how);
            match piece {
                Some(piece) if self.reads(&piece) => pieces.push(piece),
                Some(piece) if self.is_modifier(&piece) => {
                    failed = Some(UntranslatableReason::NoModifier as fn(_) -> _);
                }
                _ => failed = Some(UntranslatableReason::NoValue as fn(_) -> _),
            }
        }
        let Some(first) = pieces.first() else {
            let reason = failed.unwrap_or(UntranslatableReason::NoValue);
            return self.fails(given.to_owned(), position, false, reason);
        };
        if pieces.iter().any(|piece| piece.name != first.name) {
            let reason = UntranslatableReason::SeveralParameters;
            return self.fails(given.to_owned(), position, false, reason);
        }
        // Without one of its values, a negation would find more.
        let negated = criterion.modifier == Modifier::Not;
        if let Some(reason) = failed {
            self.fails(given.to_owned(), position, !negated, reason);
            if negated {
                return;
            }
        }
        let name = first.name.clone();
        let values: Vec<String> = pieces.into_iter().map(|piece| piece.value).collect();
        self.push(&name, &values.join(","));
        self.notes_on(criterion, &name, how);
    }

    /// Whether the other version does not know the modifier of a part, whatever the value.
    fn is_modifier(&self, piece: &Piece) -> bool {
        use crate::error::QueryErrorKind as Kind;

        let mut text = String::new();
        encode(&piece.name, &mut text);
        let error = Query::parse(&(text + "=x"), self.to, &self.options).err();
        matches!(
            error.map(|error| error.kind),
            Some(Kind::UnknownModifier { .. } | Kind::UnsupportedModifier { .. })
        )
    }

    fn notes_on(&mut self, criterion: &Criterion, name: &str, how: How) {
        let parameter = criterion.parameter().name;
        let old = |version| version <= FhirVersion::Stu3;
        match how {
            How::Accession if name.starts_with("identifier") => {
                self.note(parameter, TranslationNoteKind::AnyIdentifier);
            }
            How::Identifier if name.starts_with("identifier") && old(self.to) => {
                self.note(parameter, TranslationNoteKind::NotStudyNorAccession);
            }
            How::Identifier if old(self.from) && !old(self.to) => {
                self.note(parameter, TranslationNoteKind::AlsoStudyAndAccession);
            }
            How::Order if old(self.from) != old(self.to) => {
                self.note(parameter, TranslationNoteKind::JoinedOrders);
            }
            _ => {}
        }
    }

    /// A value in the form of the other version.
    fn piece(
        &self,
        criterion: &Criterion,
        value: &Wanted,
        raw: &str,
        name: &str,
        how: How,
    ) -> Option<Piece> {
        let modifier = criterion.modifier;
        let named = |value: String| Piece {
            name: format!("{name}{}", modifier.code()),
            value,
        };
        let old = self.to <= FhirVersion::Stu3;
        let was_old = self.from <= FhirVersion::Stu3;
        match how {
            How::Kept if !self.has_code(criterion, value, name) => None,
            How::Kept => Some(named(match value {
                Wanted::Id(id) if name == "subject" && was_old => format!("Patient/{}", escape(id)),
                // A type that stood in the modifier.
                Wanted::Local(resource_type, id) => format!("{resource_type}/{}", escape(id)),
                _ => raw.to_owned(),
            })),
            How::Order => Some(named(self.order(value, raw))),
            How::Uid if was_old == old => Some(named(raw.to_owned())),
            How::Uid => {
                let uid = match value {
                    Wanted::Uri(uid) | Wanted::Code(uid) => uid,
                    _ => return None,
                };
                let bare = without_urn(uid);
                let right = was_old == (bare != uid) || self.options.lenient_uids;
                right.then(|| {
                    named(match old {
                        true => format!("urn:oid:{}", escape(bare)),
                        false => escape(bare),
                    })
                })
            }
            How::SopClass => self.sop_class(value, raw).map(named),
            How::Study if name == "study" => Some(named(raw.to_owned())),
            How::Study => match value {
                Wanted::Uri(uid) if modifier == Modifier::None => {
                    let bare = without_urn(uid);
                    let right = bare != uid || self.options.lenient_uids;
                    let value = format!("{URN_DICOM_UID}|urn:oid:{}", escape(bare));
                    right.then(|| named(value))
                }
                _ => None,
            },
            How::Accession => Some(named(raw.to_owned())),
            How::Identifier if old => self
                .identifier(value, modifier)
                .or_else(|| (!name.is_empty()).then(|| named(raw.to_owned()))),
            How::Identifier => Some(named(raw.to_owned())),
        }
    }

    /// Whether a code of a fixed list is one of the other version too, if it is one at all.
    fn has_code(&self, criterion: &Criterion, value: &Wanted, name: &str) -> bool {
        let codes = |leaf| match leaf {
            Leaf::Code { codes, .. } => codes,
            _ => &[][..],
        };
        let known = codes(criterion.plan.leaf());
        let there = Plan::named(self.to, name).map_or(&[][..], |plan| codes(plan.leaf()));
        match value {
            Wanted::Code(code) | Wanted::SystemCode(_, code) => {
                !known.contains(&code.as_str()) || there.contains(&code.as_str())
            }
            _ => true,
        }
    }

    /// An identifier that old versions have a parameter of its own for.
    fn identifier(&self, value: &Wanted, modifier: Modifier) -> Option<Piece> {
        if self.from <= FhirVersion::Stu3 {
            // It was neither before.
            return None;
        }
        let study = |uid: &str| Piece {
            name: "study".to_owned(),
            value: escape(uid),
        };
        match (value, modifier) {
            (Wanted::SystemCode(system, uid), Modifier::None) if system == URN_DICOM_UID => {
                Some(study(uid))
            }
            (Wanted::System(system), Modifier::None) if system == URN_DICOM_UID => Some(Piece {
                name: "study:missing".to_owned(),
                value: "false".to_owned(),
            }),
            (Wanted::Code(uid), Modifier::None) if without_urn(uid) != uid => Some(study(uid)),
            (Wanted::OfType(system, code, value), Modifier::OfType)
                if (system.as_str(), code.as_str()) == TYPE =>
            {
                Some(Piece {
                    name: "accession".to_owned(),
                    value: escape(value),
                })
            }
            _ => None,
        }
    }

    fn sop_class(&self, value: &Wanted, raw: &str) -> Option<String> {
        let is_uri = |version| {
            let parameter = Parameter::named(version, "dicom-class");
            parameter.is_some_and(|parameter| parameter.kind == ParameterKind::Uri)
        };
        if is_uri(self.from) == is_uri(self.to) {
            return Some(raw.to_owned());
        }
        let class = |uid: &str| {
            let right = without_urn(uid) != uid || self.options.lenient_uids;
            right.then(|| format!("urn:oid:{}", escape(without_urn(uid))))
        };
        match value {
            Wanted::Uri(uid) => class(uid).map(|uid| format!("{URN_IETF_RFC_3986}|{uid}")),
            Wanted::Code(uid) => class(uid),
            Wanted::SystemCode(system, uid) if system == URN_IETF_RFC_3986 => class(uid),
            _ => None,
        }
    }

    /// A reference to an order, by the name that its type has in the other version.
    fn order(&self, value: &Wanted, raw: &str) -> String {
        let Wanted::Local(resource_type, id) = value else {
            return raw.to_owned();
        };
        let renamed = match (resource_type.as_str(), self.to) {
            ("ProcedureRequest" | "ServiceRequest" | "ReferralRequest", FhirVersion::Dstu2) => {
                "DiagnosticOrder"
            }
            ("DiagnosticOrder" | "ServiceRequest", FhirVersion::Stu3) => "ProcedureRequest",
            (
                "DiagnosticOrder" | "ProcedureRequest" | "ReferralRequest",
                FhirVersion::R4
                | FhirVersion::R4B
                | FhirVersion::R5
                | FhirVersion::R6Draft
                | FhirVersion::R6,
            ) => "ServiceRequest",
            (name, _) => name,
        };
        format!("{renamed}/{}", escape(id))
    }

    fn handed_over(&mut self, part: &HandedOver) {
        match part {
            HandedOver::Chain {
                parameter,
                resource_type,
                rest,
                value,
                position,
            } => match name_in(self.from, parameter, self.to) {
                Some(name) => {
                    let resource_type = resource_type.as_deref();
                    let resource_type =
                        resource_type.map_or_else(String::new, |name| format!(":{name}"));
                    let piece = Piece {
                        name: format!("{name}{resource_type}.{rest}"),
                        value: value.clone(),
                    };
                    match self.reads(&piece) {
                        true => self.push(&piece.name, &piece.value),
                        false => {
                            let reason = UntranslatableReason::NoValue;
                            self.fails(part.name(), *position, false, reason);
                        }
                    }
                }
                None => {
                    let reason = UntranslatableReason::NoParameter;
                    self.fails(part.name(), *position, false, reason);
                }
            },
            HandedOver::Has { value, .. } => self.push(&part.name(), value),
        }
    }

    /// The parameters of the answer: names of elements and sort keys change, the rest stays.
    fn result(&mut self, query: &Query) {
        for part in &query.report.used {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let kept = [
                "_summary",
                "_count",
                "_total",
                "_pretty",
                "_contained",
                "_containedType",
                "_format",
                "_include",
                "_revinclude",
            ];
            let first = name.split([':', '%']).next().unwrap_or(name);
            if kept.contains(&first) {
                if !self.text.is_empty() {
                    self.text.push('&');
                }
                self.text.push_str(name);
                self.text.push('=');
                self.text.push_str(value);
            }
        }
        let mut known = Vec::new();
        for element in query.result.elements.iter().copied() {
            let name = element_in(self.from, element, self.to);
            match crate::result::element_named(self.to, name) {
                Some(name) => known.push(name),
                None => {
                    let reason = UntranslatableReason::NoElement;
                    self.fails(format!("_elements={element}"), 0, true, reason);
                }
            }
        }
        if !query.result.elements.is_empty() {
            let value = match known.is_empty() {
                true => "id".to_owned(),
                false => known.join(","),
            };
            self.push("_elements", &value);
        }
        let mut keys = Vec::new();
        for key in &query.result.sort {
            let sign = if key.descending { "-" } else { "" };
            match name_in(self.from, key.parameter.name, self.to) {
                Some(name) => keys.push(format!("{sign}{name}")),
                None => {
                    let name = key.parameter.name;
                    let reason = UntranslatableReason::NoElement;
                    self.fails(format!("_sort={name}"), 0, true, reason);
                }
            }
        }
        if !keys.is_empty() {
            self.push("_sort", &keys.join(","));
        }
    }
}
