//! What the prose of ImagingStudy and DICOM ask of a study.

use std::collections::BTreeSet;
use std::collections::hash_map::{Entry, HashMap};

use imaging_study_core::{ElementRef, FhirVersion, FieldType, ScalarType, ValueRef};
use imaging_study_dicom::{Modality, URN_DICOM_UID, URN_IETF_RFC_3986, Uid};

use crate::moment;
use crate::place::Place;
use crate::walk::Walk;
use crate::{Severity, rule};

const OID: &str = "urn:oid:";

/// The code system of DICOM since STU3.
pub(crate) const DICOM_CODES: &str = "http://dicom.nema.org/resources/ontology/DCM";

/// Its names before, which studies of later versions still have.
pub(crate) const OLD_DICOM_CODES: [&str; 2] = ["http://nema.org/dicom/dicm", "DCM"];

/// Where a UID was first met: in which series, and whether it is that of an instance.
#[derive(Clone, Copy)]
struct Met {
    series: usize,
    instance: bool,
}

/// Where the elements of an instance stand in its type.
struct Orders {
    uid: usize,
    sop_class: usize,
    code: usize,
    system: usize,
}

impl Orders {
    fn of(instance: ElementRef<'_>) -> Self {
        let sop_class = order(instance, "sopClass");
        let info = instance.info().fields.get(sop_class);
        let coding = info.and_then(|info| match info.types {
            [FieldType::Element(coding)] => Some(coding()),
            _ => None,
        });
        let of = |name| {
            let mut fields = coding.into_iter().flat_map(|coding| coding.fields);
            fields
                .position(|field| field.name == name)
                .unwrap_or_default()
        };
        Self {
            uid: order(instance, "uid"),
            sop_class,
            code: of("code"),
            system: of("system"),
        }
    }
}

/// The order of a field in its type.
pub(crate) fn order(element: ElementRef<'_>, name: &str) -> usize {
    let fields = element.info().fields.iter();
    fields
        .map(|field| field.stem())
        .position(|stem| stem == name)
        .unwrap_or_default()
}

/// A count that has a value.
pub(crate) fn count(element: ElementRef<'_>, name: &str) -> Option<u64> {
    element.text(name)?.parse().ok()
}

/// The codings of a Coding or CodeableConcept, of each entry of a field.
pub(crate) fn codings<'a>(element: ElementRef<'a>, name: &str) -> Vec<ElementRef<'a>> {
    let concepts = element.elements(name);
    concepts
        .flat_map(|concept| match concept.info().name {
            "Coding" => vec![concept],
            _ => concept.elements("coding").collect(),
        })
        .collect()
}

impl<'a> Walk<'_, 'a> {
    /// Checks what makes a study of DICOM.
    pub(crate) fn imaging(&mut self, study: ElementRef<'a>) {
        let root = Place::root("ImagingStudy");
        self.uids(study, &root);
        self.identifiers(study, &root);
        if self.subset {
            return;
        }
        if self.version != FhirVersion::R6 {
            self.study_uid(study, &root);
            self.counts(study, &root);
            self.modalities(study, &root);
            self.starts(study, &root);
        }
        self.status(study, &root);
        self.endpoints(study, &root);
    }

    /// The UIDs of the study, its series and instances: their form, and whether each is there once.
    fn uids(&mut self, study: ElementRef<'a>, root: &Place<'_>) {
        if self.version <= FhirVersion::Stu3 {
            self.uid_at(study, order(study, "uid"), "uid", root);
        }
        let Some(series_field) = study.field("series") else {
            return;
        };
        let series_order = order(study, "series");
        let instances = series_field.elements().map(|series| {
            let instances = series.field("instance");
            instances.map_or(0, |field| field.len()) + 1
        });
        // A table that grows would move everything several times.
        let mut met: HashMap<&'a str, Met> = HashMap::with_capacity(instances.sum());
        let mut sop_class = "";
        // They were met in this order before.
        let mut known = std::mem::take(&mut self.known.instances).into_iter();
        for (at, series) in series_field.elements().enumerate() {
            let place = root.below("series", series_order).entry(at);
            let uid_order = order(series, "uid");
            let uid = self.uid_at(series, uid_order, "uid", &place);
            let here = Met {
                series: at,
                instance: false,
            };
            self.is_new(uid, uid_order, here, &mut met, &place);
            let Some(instances) = series.field("instance") else {
                continue;
            };
            let orders = instances.elements().next().map(Orders::of);
            let (Some(orders), instance_order) = (orders, order(series, "instance")) else {
                continue;
            };
            for (index, instance) in instances.elements().enumerate() {
                let place = place.below("instance", instance_order).entry(index);
                if let Some(uid) = known.next().flatten() {
                    let here = Met {
                        series: at,
                        instance: true,
                    };
                    self.is_new(Some(uid), orders.uid, here, &mut met, &place);
                    continue;
                }
                let uid = self.uid_at(instance, orders.uid, "uid", &place);
                let here = Met {
                    series: at,
                    instance: true,
                };
                self.is_new(uid, orders.uid, here, &mut met, &place);
                self.sop_class(instance, &orders, &mut sop_class, &place);
                if self.version == FhirVersion::R6 && count(instance, "numberOfFrames") == Some(0) {
                    let place = place.below("numberOfFrames", order(instance, "numberOfFrames"));
                    self.report.add(&rule::FRAMES, &place, rule::FRAMES.meaning);
                }
            }
        }
    }

    fn is_new(
        &mut self,
        uid: Option<&'a str>,
        order: usize,
        here: Met,
        met: &mut HashMap<&'a str, Met>,
        place: &Place<'_>,
    ) {
        let Some(uid) = uid else {
            return;
        };
        let bare = uid.strip_prefix(OID).unwrap_or(uid);
        let before = match met.entry(bare) {
            Entry::Vacant(place) => {
                place.insert(here);
                return;
            }
            Entry::Occupied(before) => *before.get(),
        };
        let (severity, message) = match (before.instance, here.instance) {
            (false, false) => (
                Severity::Error,
                "another series of the study has the same UID",
            ),
            (true, true) if before.series == here.series => (
                Severity::Error,
                "another instance of the series has the same UID",
            ),
            (true, true) => (
                Severity::Warning,
                "an instance of another series has the same UID",
            ),
            _ => (
                Severity::Information,
                "a series and an instance have the same UID",
            ),
        };
        let place = place.below("uid", order);
        self.report
            .add_as(severity, &rule::UID_DUPLICATE, &place, message);
    }

    /// The form of a UID, which it gives back: as the type has it, and as DICOM does.
    fn uid_at(
        &mut self,
        element: ElementRef<'a>,
        order: usize,
        name: &'static str,
        place: &Place<'_>,
    ) -> Option<&'a str> {
        let scalar = element.at(order)?.scalar()?;
        let text = scalar.as_str()?;
        let scalar_type = scalar.scalar_type();
        let bare = match scalar_type {
            ScalarType::Oid => text.strip_prefix(OID),
            _ => Some(text),
        };
        if bare.is_none_or(|bare| Uid::parse(bare).is_err()) {
            self.bad_uid(text, scalar_type, &place.below(name, order));
        }
        Some(text)
    }

    /// What the type refuses is reported once.
    #[cold]
    fn bad_uid(&mut self, text: &str, scalar_type: ScalarType, place: &Place<'_>) {
        if !scalar_type.allows(text, self.version) {
            return self.illegal(text, scalar_type, place);
        }
        let severity = match scalar_type {
            ScalarType::Oid => Severity::Error,
            _ => Severity::Warning,
        };
        let message = "expected digits and dots as DICOM has them, found another text";
        self.report.add_as(severity, &rule::UID, place, message);
    }

    /// The SOP class of an instance; `last` is one that is right, which most of the others repeat.
    fn sop_class(
        &mut self,
        instance: ElementRef<'a>,
        orders: &Orders,
        last: &mut &'a str,
        place: &Place<'_>,
    ) {
        let Some(field) = instance.at(orders.sop_class) else {
            return;
        };
        let Some(coding) = field.first().and_then(ValueRef::element) else {
            let text = field.scalar().and_then(|scalar| scalar.as_str());
            if text != Some(*last) {
                let issues = self.report.len();
                let text = self.uid_at(instance, orders.sop_class, "sopClass", place);
                if issues == self.report.len() {
                    *last = text.unwrap_or_default();
                }
            }
            return;
        };
        let of = |order: usize| coding.at(order)?.scalar()?.as_str();
        let Some(code) = of(orders.code) else {
            return;
        };
        let system = of(orders.system);
        if code == *last && system == Some(URN_IETF_RFC_3986) {
            return;
        }
        let place = place.below("sopClass", orders.sop_class);
        let place = place.below("code", orders.code);
        let bare = code.strip_prefix(OID);
        if Uid::parse(bare.unwrap_or(code)).is_err() {
            let message = "expected urn:oid: and the UID of a SOP class, found another code";
            let (severity, rule) = (Severity::Warning, &rule::UID);
            self.report.add_as(severity, rule, &place, message);
        } else if bare.is_none() || system != Some(URN_IETF_RFC_3986) {
            let message = "expected the system urn:ietf:rfc:3986 and urn:oid: before the UID";
            let (severity, rule) = (Severity::Information, &rule::UID_SPELLING);
            let repairable = bare.is_none() && system == Some(URN_IETF_RFC_3986);
            let issue = self.report.add_as(severity, rule, &place, message);
            issue.repairable = repairable;
        } else {
            *last = code;
        }
    }

    /// The UIDs and accession numbers among the identifiers.
    fn identifiers(&mut self, study: ElementRef<'a>, root: &Place<'_>) {
        let list = order(study, "identifier");
        for (index, identifier) in study.elements("identifier").enumerate() {
            let place = root.below("identifier", list).entry(index);
            if self.version != FhirVersion::R4
                && self.version != FhirVersion::R4B
                && self.version != FhirVersion::R6Draft
                && is_accession(identifier)
            {
                let message = match self.version {
                    FhirVersion::Dstu2 | FhirVersion::Stu3 => {
                        "the version has an element for the accession number"
                    }
                    _ => "the version has the accession number in basedOn",
                };
                self.report.add(&rule::ACCESSION, &place, message);
            }
            if identifier.str("system") != Some(URN_DICOM_UID) {
                continue;
            }
            let Some(value) = identifier.str("value") else {
                continue;
            };
            let bare = value.strip_prefix(OID);
            let is_uid = Uid::parse(bare.unwrap_or(value)).is_ok();
            let place = place.below("value", order(identifier, "value"));
            if !is_uid {
                let message = "expected urn:oid: and a UID, found another text";
                let (severity, rule) = (Severity::Warning, &rule::UID);
                self.report.add_as(severity, rule, &place, message);
            } else if bare.is_none() {
                let message = "expected urn:oid: before the UID, found the UID alone";
                let (severity, rule) = (Severity::Warning, &rule::UID_SPELLING);
                let issue = self.report.add_as(severity, rule, &place, message);
                issue.repairable = true;
            }
        }
        if matches!(
            self.version,
            FhirVersion::R4 | FhirVersion::R4B | FhirVersion::R6Draft
        ) {
            let list = order(study, "basedOn");
            for (index, order_) in study.elements("basedOn").enumerate() {
                if order_.element("identifier").is_some_and(is_accession) {
                    let place = root.below("basedOn", list).entry(index);
                    let place = place.below("identifier", order(order_, "identifier"));
                    let message = "the version has the accession number among the identifiers";
                    self.report.add(&rule::ACCESSION, &place, message);
                }
            }
        }
    }

    fn study_uid(&mut self, study: ElementRef<'a>, root: &Place<'_>) {
        if self.version <= FhirVersion::Stu3 || study.field("series").is_none() {
            return;
        }
        let identifiers = study.elements("identifier");
        let uids = identifiers.filter(|one| one.str("system") == Some(URN_DICOM_UID));
        let message = match uids.count() {
            0 => {
                "a study with series needs an identifier with the system urn:dicom:uid, found none"
            }
            1 => return,
            _ => "expected one identifier with the system urn:dicom:uid, found several",
        };
        let place = root.below("identifier", order(study, "identifier"));
        self.report.add(&rule::STUDY_UID, &place, message);
    }

    /// Up to R5, counts may exceed what is listed.
    fn counts(&mut self, study: ElementRef<'a>, root: &Place<'_>) {
        let (mut series_listed, mut instances_listed) = (0_u64, 0_u64);
        let list = order(study, "series");
        for (index, series) in study.elements("series").enumerate() {
            series_listed += 1;
            let listed = series.field("instance").map_or(0, |field| field.len()) as u64;
            instances_listed += listed;
            let place = root.below("series", list).entry(index);
            self.count(series, "numberOfInstances", listed, &place);
        }
        self.count(study, "numberOfSeries", series_listed, root);
        self.count(study, "numberOfInstances", instances_listed, root);
    }

    fn count(
        &mut self,
        element: ElementRef<'a>,
        name: &'static str,
        listed: u64,
        place: &Place<'_>,
    ) {
        let place = place.below(name, order(element, name));
        match count(element, name) {
            Some(stated) if stated < listed => {
                let message =
                    format!("expected {listed} or more, which are listed, found {stated}");
                let severity = rule::COUNT.severity;
                let issue = self.report.add_as(severity, &rule::COUNT, &place, message);
                issue.repairable = true;
            }
            None if listed > 0 && rule::COUNT_MISSING.is_in(self.version) => {
                let message = rule::COUNT_MISSING.meaning;
                self.report.add(&rule::COUNT_MISSING, &place, message);
            }
            _ => {}
        }
    }

    fn modalities(&mut self, study: ElementRef<'a>, root: &Place<'_>) {
        let name = match self.version <= FhirVersion::Stu3 {
            true => "modalityList",
            false => "modality",
        };
        let codes = |element, name| -> BTreeSet<&'a str> {
            let codings = codings(element, name).into_iter();
            codings.filter_map(|coding| coding.str("code")).collect()
        };
        let stated = codes(study, name);
        let mut listed = BTreeSet::new();
        for series in study.elements("series") {
            let of_series = codes(series, "modality");
            if of_series.is_empty() {
                return;
            }
            listed.extend(of_series);
        }
        if stated.is_empty() || listed.is_empty() {
            return;
        }
        // Before R5, series of reports, key objects and presentation states need not appear.
        let is_wanted = |code: &str| {
            self.version >= FhirVersion::R5
                || Modality::find(code).is_some_and(Modality::is_acquisition)
        };
        let missing = listed
            .iter()
            .any(|code| is_wanted(code) && !stated.contains(code));
        let all = study.field("series").map_or(0, |field| field.len()) as u64;
        let whole = count(study, "numberOfSeries").is_none_or(|stated| stated <= all);
        let surplus = whole && stated.iter().any(|code| !listed.contains(code));
        let message = match (missing, surplus) {
            (true, _) => "a modality of the series is not among those of the study",
            (_, true) => "a modality of the study is not one of its series",
            _ => return,
        };
        let place = root.below(name, order(study, name));
        self.report.add(&rule::MODALITY, &place, message);
    }

    fn starts(&mut self, study: ElementRef<'a>, root: &Place<'_>) {
        let start = study.text("started");
        if start.is_none() {
            return;
        }
        let list = order(study, "series");
        for (index, series) in study.elements("series").enumerate() {
            if moment::is_after(&start, &series.text("started")) {
                let place = root.below("series", list).entry(index);
                let place = place.below("started", order(series, "started"));
                self.report
                    .add(&rule::STARTED, &place, rule::STARTED.meaning);
            }
        }
    }

    fn status(&mut self, study: ElementRef<'a>, root: &Place<'_>) {
        if study.field("series").is_none() {
            return;
        }
        let message = match study.text("status").as_deref() {
            Some("registered") => "the images are not there yet: do not load them",
            Some("cancelled") => "the study was cancelled, but lists series",
            Some("entered-in-error") => "the study was entered in error, but lists series",
            _ => return,
        };
        let place = root.below("status", order(study, "status"));
        self.report.add(&rule::REGISTERED, &place, message);
    }

    /// The system of a modality and, where that is asked for, whether its code is one of DICOM's list:
    /// CID 29 up to R4B, CID 33 since R5.
    pub(crate) fn modality(&mut self, modality: ElementRef<'a>, place: &Place<'_>) {
        let of_concept = modality.info().name != "Coding";
        let codings: Vec<ElementRef<'a>> = match of_concept {
            true => modality.elements("coding").collect(),
            false => vec![modality],
        };
        let list = order(modality, "coding");
        for (index, coding) in codings.iter().enumerate() {
            let old = coding.str("system");
            if old.is_some_and(|system| OLD_DICOM_CODES.contains(&system))
                && rule::MODALITY_SYSTEM.is_in(self.version)
            {
                let inner = place.below("coding", list).entry(index);
                let coding_place = if of_concept { &inner } else { place };
                let place = coding_place.below("system", order(*coding, "system"));
                let (severity, rule) = (Severity::Warning, &rule::MODALITY_SYSTEM);
                let issue = self.report.add_as(severity, rule, &place, rule.meaning);
                issue.repairable = true;
            }
        }
        if !self.validator.extensible {
            return;
        }
        let mut codes = codings
            .iter()
            .filter_map(|coding| coding.str("code"))
            .peekable();
        let is_listed = |code: &str| {
            let found = Modality::find(code);
            found.is_some_and(|found| match self.version >= FhirVersion::R5 {
                true => !found.is_retired(),
                false => found.is_acquisition() && !found.is_retired(),
            })
        };
        // A text alone says that no code fits.
        if codes.peek().is_some() && !codes.any(is_listed) {
            let message = match self.version >= FhirVersion::R5 {
                true => "expected a modality of DICOM CID 33, found another code",
                false => "expected a modality of DICOM CID 29, found another code",
            };
            self.report.add(&rule::EXTENSIBLE, place, message);
        }
    }
}

fn is_accession(identifier: ElementRef<'_>) -> bool {
    let types = codings(identifier, "type");
    types
        .iter()
        .any(|coding| coding.str("code") == Some("ACSN"))
}
