//! Elements whose fields depend on one another.

use super::fill::{Generator, MAX_EXTENSIONS};
use super::plan::Plan;
use super::{Profile, pools};
use crate::{FhirVersion, FieldType, TypeInfo};

impl Generator<'_> {
    /// Decides what must fit together in an element.
    pub(super) fn plan(&mut self, info: &TypeInfo) -> Plan {
        if let Some(plan) = self.plan_partial(info) {
            return plan;
        }
        match info.name {
            "Extension" => self.plan_extension(info),
            "Reference" => self.plan_reference(),
            "Coding" if self.sensible() => self.plan_coding(),
            "Quantity" | "Age" | "Count" | "Distance" | "Duration" if self.sensible() => {
                self.plan_quantity(info.name)
            }
            "Identifier" if self.sensible() => self.plan_identifier(),
            "Period" if self.sensible() => self.plan_period(),
            // A contained resource has no version and no security labels of its own.
            "Meta" if self.inside => Plan::default()
                .without("versionId")
                .without("lastUpdated")
                .without("security"),
            _ => Plan::default(),
        }
    }

    /// Whether the next element gets values that make sense together.
    fn sensible(&mut self) -> bool {
        !self.hostile() || self.lean || !self.choices.chance(500)
    }

    fn plan_extension(&mut self, info: &TypeInfo) -> Plan {
        let plan = Plan::default();
        let Some(value) = info.field("value[x]") else {
            return plan;
        };
        let variant = |name: &str| {
            let place = value
                .types
                .iter()
                .position(|field_type| field_type.name() == name);
            place.unwrap_or_default() as u8
        };
        let nesting = if self.lean || self.extensions + 2 > MAX_EXTENSIONS {
            0
        } else {
            match self.profile {
                Profile::Minimal => 0,
                Profile::Typical => 50,
                Profile::Hostile | Profile::Interchange | Profile::Partial => 150,
            }
        };
        if nesting > 0 && self.choices.chance(nesting) {
            let url = self.choices.pick(pools::EXTENSION_URLS);
            return plan.text("url", url).with("extension").without("value[x]");
        }
        if !self.lean && self.choices.chance(80) {
            let reason = self.choices.pick(pools::ABSENT_REASONS);
            return plan
                .text("url", pools::DATA_ABSENT_REASON)
                .without("extension")
                .variant_text("value[x]", variant("code"), reason);
        }
        let chosen = match self.profile {
            Profile::Minimal => variant("string"),
            Profile::Typical => variant(self.choices.pick(pools::TYPICAL_EXTENSION_TYPES)),
            Profile::Hostile | Profile::Interchange | Profile::Partial => {
                let first = usize::from(variant("string"));
                let drawn = (first + self.choices.below(value.types.len())) % value.types.len();
                match value.types[drawn] {
                    // A complex type in the depths would hold no more than it must.
                    FieldType::Element(_) if self.depth > 12 => variant("string"),
                    _ => drawn as u8,
                }
            }
        };
        let url = self.choices.pick(pools::EXTENSION_URLS);
        plan.text("url", url)
            .without("extension")
            .with_variant("value[x]", chosen)
    }

    fn plan_coding(&mut self) -> Plan {
        let pools::Concept(system, mut code, display) =
            self.choices.pick(pools::concepts(self.topic));
        if self.topic == "sopClass" {
            code = self.stray_uid().unwrap_or(code);
        }
        let plan = Plan::default().text("system", system).text("code", code);
        if self.lean || !self.choices.chance(850) {
            return plan.without("display");
        }
        plan.text("display", display)
    }

    fn plan_quantity(&mut self, kind: &str) -> Plan {
        let unit = self.choices.pick(pools::units(kind));
        let value = self.choices.between(1, 200).to_string();
        Plan::default()
            .text("value", value)
            .without("comparator")
            .text("unit", unit.name)
            .text("system", "http://unitsofmeasure.org")
            .text("code", unit.code)
    }

    fn plan_identifier(&mut self) -> Plan {
        let plan = Plan::default();
        if self.lean {
            return plan.text("value", "1");
        }
        let number = self.choices.below(1_000_000);
        match self.choices.below(4) {
            0 => {
                let uid = self.uid();
                let plan = plan.without("type").text("system", "urn:dicom:uid");
                match self.stray_uid() {
                    Some(stray) => plan.text("value", stray),
                    None => plan.text("value", format!("urn:oid:{uid}")),
                }
            }
            1 => plan
                .with("type")
                .text("system", "http://hospital.example.org/accession")
                .text("value", format!("A{number:06}")),
            2 => plan
                .text("system", "urn:oid:2.16.756.5.30.1.123.100.1.1.1")
                .text("value", number.to_string()),
            _ => plan.text("value", format!("{number:08}")),
        }
    }

    fn plan_period(&mut self) -> Plan {
        let year = self.choices.between(2000, 2023);
        let plan = Plan::default();
        match self.choices.below(3) {
            0 => plan.text("start", year.to_string()).without("end"),
            1 => plan
                .text("start", format!("{year}-03-15"))
                .text("end", format!("{}", year + 1)),
            _ => plan
                .without("start")
                .text("end", format!("{year}-11-30T18:05:00+01:00")),
        }
    }

    fn plan_reference(&mut self) -> Plan {
        let kinds = match self.profile {
            _ if self.lean => 1,
            Profile::Typical if !self.choices.chance(200) => 1,
            _ => 8,
        };
        let targets = match self.targets {
            [] | ["Resource"] => pools::reference_types(self.version),
            _ if self.partial() && self.choices.chance(300) => pools::reference_types(self.version),
            targets => targets,
        };
        // Everything is drawn before it is known what is used, so that leaving out a contained
        // resource does not shift what comes after.
        let target = self.choices.pick(targets);
        let number = self.choices.below(10_000);
        let kind = match self.choices.below(kinds) {
            // A reference of DSTU2 has no identifier.
            4 | 5 if !self.since(FhirVersion::Stu3) => 7,
            kind => kind,
        };
        let base = self.choices.pick(pools::SERVERS);
        let id = if kinds > 1 && self.odd() {
            self.id()
        } else {
            format!("{}-{number}", target.to_lowercase())
        };
        let inside = !self.lean && self.choices.chance(600);
        let fitting = self
            .contained
            .iter()
            .filter(|(name, _)| targets.contains(&name.as_str()));
        let fitting: Vec<_> = fitting.map(|(_, id)| id).collect();
        let mut plan = Plan::default();
        if inside && !fitting.is_empty() {
            let id = fitting[number % fitting.len()];
            return plan
                .text("reference", format!("#{id}"))
                .without("identifier");
        }
        if !self.hostile() && !matches!(kind, 2..=4) {
            plan = plan.without("type");
        }
        match kind {
            0 => plan
                .text("reference", format!("{target}/{id}"))
                .without("identifier"),
            1 => plan.text("reference", format!("{base}/{target}/{id}")),
            2 => plan
                .text("reference", format!("{target}/{id}"))
                .text("type", target)
                .with("display"),
            3 => {
                let uuid = self.uuid();
                plan.text("reference", uuid).text("type", target)
            }
            4 => plan
                .without("reference")
                .text("type", target)
                .with("identifier"),
            5 => plan.without("reference").with("identifier"),
            6 => plan.text("reference", format!("{target}/{id}/_history/2")),
            _ => plan
                .without("reference")
                .without("identifier")
                .with("display"),
        }
    }

    /// A UID that no other element of the study has.
    pub(super) fn uid(&mut self) -> String {
        self.uids += 1;
        let count = self.uids;
        if self.lean || !self.hostile() || !self.choices.chance(self.temper.oddity) {
            let root = if self.lean {
                0
            } else {
                self.choices.below(1_000_000)
            };
            return format!("1.2.840.113619.2.55.3.{root}.{count}");
        }
        match self.choices.below(4) {
            0 => format!("2.25.{}", self.wide_number()),
            // As long as a UID can be.
            1 => format!("{:7<64}", format!("1.3.6.1.4.1.14519.5.2.1.{count}.")),
            2 => format!("1.{count}"),
            // An id that is no UID: the type allows it.
            _ => format!("local-{count}.A"),
        }
    }

    /// A UID with the prefix of an OID that no other element of the study has.
    pub(super) fn uid_as_oid(&mut self) -> String {
        let uid = self.uid();
        if uid.starts_with("local-") {
            // A single arc, which is an OID of DSTU2 and STU3 and no UID.
            return format!("urn:oid:{}", self.uids);
        }
        format!("urn:oid:{uid}")
    }

    /// A number of up to 39 digits.
    pub(super) fn wide_number(&mut self) -> u128 {
        (0..4).fold(0, |number, _| {
            number << 32 | u128::from(self.choices.draw())
        })
    }

    /// Whether the version is `version` or a later one.
    pub(super) fn since(&self, version: FhirVersion) -> bool {
        self.version >= version
    }

    /// The UUID of 4 choices.
    pub(super) fn uuid(&mut self) -> String {
        let hex = format!("{:032x}", self.wide_number());
        let parts = [
            &hex[..8],
            &hex[8..12],
            &hex[12..16],
            &hex[16..20],
            &hex[20..],
        ];
        format!("urn:uuid:{}", parts.join("-"))
    }

    /// An id that is legal, and odd where the study is.
    pub(super) fn id(&mut self) -> String {
        match self.choices.below(4) {
            0 => format!("id-{}", self.choices.below(1000)),
            1 => "A.b-9".repeat(self.choices.between(1, 12)),
            2 => self
                .choices
                .pick(&["0", "-", ".", "a", "A--b..c"])
                .to_owned(),
            _ => "x".repeat(64),
        }
    }

    /// A code that fits where it stands.
    pub(super) fn code(&mut self, owner: &str, field: &str) -> String {
        let pool = match (owner, field) {
            (_, "contentType" | "sigFormat" | "targetFormat") => pools::MEDIA_TYPES,
            ("Expression", "language") => pools::EXPRESSION_LANGUAGES,
            (_, "language") => pools::LANGUAGES,
            (_, "currency") => pools::CURRENCIES,
            ("Expression" | "ParameterDefinition", "name") => pools::VARIABLE_NAMES,
            (_, "intervalUnit") => &["s", "ms"],
            _ if self.odd() => pools::ODD_CODES,
            _ => pools::CODES,
        };
        self.choices.pick(pool).to_owned()
    }

    /// Whether the next text is odd.
    pub(super) fn odd(&mut self) -> bool {
        self.hostile() && !self.lean && self.temper.oddity > 0 && {
            let chances = self.temper.oddity;
            self.choices.chance(chances)
        }
    }
}
