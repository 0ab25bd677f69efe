//! Studies such as hospitals export them: R4, without white space, in the order of the definition.

use crate::{JsonText, Random};

const DCM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const PARTICIPATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const SNOMED: &str = "http://snomed.info/sct";
/// The root of every UID, as a device of some vendor makes them.
const ROOT: &str = "1.2.840.113619.2.55.3";

/// A modality: its code, its SOP class, what its series are called, and the titles of its
/// instances.
#[derive(Clone, Copy)]
struct Modality {
    code: &'static str,
    sop_class: &'static str,
    descriptions: [&'static str; 4],
    titles: [&'static str; 3],
}

const MODALITIES: [Modality; 6] = [
    Modality {
        code: "CT",
        sop_class: "urn:oid:1.2.840.10008.5.1.4.1.1.2",
        descriptions: [
            "Topogram 0.6 T20f",
            "Thorax 1.0 I70f 3",
            "Abdomen portalvenös 5.0",
            "MPR cor 3.0",
        ],
        titles: [
            "AXIAL 1.0",
            "LOCALIZER",
            "ORIGINAL\\PRIMARY\\AXIAL\\CT_SOM5 SPI",
        ],
    },
    Modality {
        code: "MR",
        sop_class: "urn:oid:1.2.840.10008.5.1.4.1.1.4",
        descriptions: [
            "localizer",
            "t1_mprage_sag_p2_iso",
            "t2_tse_tra",
            "ep2d_diff_ADC",
        ],
        titles: [
            "SAGITTAL T1",
            "TRA T2 TSE",
            "DERIVED\\PRIMARY\\DIFFUSION\\ADC",
        ],
    },
    Modality {
        code: "DX",
        sop_class: "urn:oid:1.2.840.10008.5.1.4.1.1.1.1",
        descriptions: [
            "Thorax p.a.",
            "Thorax lateral",
            "Knie links a.p.",
            "Hand rechts d.p.",
        ],
        titles: ["PA", "LATERAL", "DERIVED\\PRIMARY\\POST_PROCESSED"],
    },
    Modality {
        code: "US",
        sop_class: "urn:oid:1.2.840.10008.5.1.4.1.1.6.1",
        descriptions: ["Oberbauch", "Schilddrüse", "Carotis duplex", "Venen Bein"],
        titles: ["B-MODE", "DUPLEX", "ORIGINAL\\PRIMARY\\ABDOMINAL\\0001"],
    },
    Modality {
        code: "MG",
        sop_class: "urn:oid:1.2.840.10008.5.1.4.1.1.1.2",
        descriptions: ["R CC", "L CC", "R MLO", "L MLO"],
        titles: ["R CC", "L MLO", "ORIGINAL\\PRIMARY\\"],
    },
    Modality {
        code: "SM",
        sop_class: "urn:oid:1.2.840.10008.5.1.4.1.1.77.1.6",
        descriptions: ["H&E 40x", "Ki-67", "ER", "Label"],
        titles: ["VOLUME", "LABEL", "DERIVED\\PRIMARY\\VOLUME\\RESAMPLED"],
    },
];

const BODY_SITES: [(&str, &str); 5] = [
    ("816094009", "Thorax"),
    ("818981001", "Abdomen"),
    ("12738006", "Brain structure"),
    ("72696002", "Knee region structure"),
    ("76752008", "Breast structure"),
];

const PROCEDURES: [(&str, &str); 4] = [
    ("169069000", "Computed tomography of chest"),
    ("816077007", "Magnetic resonance imaging of brain"),
    ("399208008", "Plain X-ray of chest"),
    ("45036003", "Ultrasonography of abdomen"),
];

const REASONS: [(&str, &str); 4] = [
    ("49727002", "Cough"),
    ("29857009", "Chest pain"),
    ("25064002", "Headache"),
    ("21522001", "Abdominal pain"),
];

const PRACTITIONERS: [&str; 4] = [
    "Dr. Ada Example",
    "Dr. Björn Beispiel",
    "Dr. Chloé Exemple",
    "Prof. D. Voorbeeld",
];

/// A study of 10 series with `instances` instances in all.
#[must_use]
pub fn large_study(instances: u64) -> String {
    let plan = Plan {
        number: 0,
        series: 10,
        instances,
        varied: false,
    };
    plan.write(&mut Random::new(2_026))
}

/// Endlessly many studies of all sizes: most have few instances, some have hundreds, and one in a
/// thousand has 2,000; about 5.5 KB on average.
///
/// ```
/// use imaging_study_benches::MixedStudies;
///
/// let study = MixedStudies::default().next();
/// assert!(study.is_some_and(|study| study.starts_with(r#"{"resourceType":"ImagingStudy""#)));
/// ```
#[derive(Clone, Debug)]
pub struct MixedStudies {
    random: Random,
    count: u64,
}

impl Default for MixedStudies {
    fn default() -> Self {
        Self {
            random: Random::new(1_122),
            count: 0,
        }
    }
}

impl Iterator for MixedStudies {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        self.count += 1;
        let instances = match self.random.between(0, 999) {
            // Among the first studies already, so that short samples have one too.
            _ if self.count == 50 => 2_000,
            0 => 2_000,
            1..=13 => self.random.between(200, 600),
            14..=79 => self.random.between(30, 120),
            80..=299 => self.random.between(5, 30),
            _ => self.random.between(1, 4),
        };
        let series = match instances {
            0..=4 => 1,
            5..=30 => self.random.between(1, 4),
            _ => self.random.between(3, 10),
        };
        let plan = Plan {
            number: self.count,
            series,
            instances,
            varied: true,
        };
        Some(plan.write(&mut self.random))
    }
}

/// What distinguishes one study from the next.
struct Plan {
    /// The number of the study, which its ids hold.
    number: u64,
    series: u64,
    instances: u64,
    /// Whether it has elements that occur now and then.
    varied: bool,
}

impl Plan {
    fn write(&self, random: &mut Random) -> String {
        let Self {
            number,
            series,
            instances,
            varied,
        } = *self;
        let modality = match instances {
            0..=4 => random.pick(&MODALITIES[2..]),
            5..=30 => random.pick(&MODALITIES),
            _ => random.pick(&MODALITIES[..2]),
        };
        let uid = format!(
            "{ROOT}.{}.{}",
            random.between(1_000_000, 4_294_967_295),
            number + 1
        );
        let started = date_time(random);
        let mut json = JsonText::default();
        json.object(|json| {
            json.text("resourceType", "ImagingStudy");
            json.text("id", &format!("study-{number}"));
            json.member("meta", |json| {
                json.text("versionId", &random.between(1, 9).to_string());
                json.text(
                    "lastUpdated",
                    &format!("{}.{:03}Z", &started[..19], number % 1_000),
                );
                if varied && random.once_in(10) {
                    json.list("profile", |json| {
                        json.entry("http://example.org/StructureDefinition/imaging-study");
                    });
                }
            });
            if varied {
                self.sometimes_at_the_start(json, random, modality);
            }
            json.list("identifier", |json| identifiers(json, random, &uid));
            json.text("status", "available");
            if varied && random.once_in(50) {
                json.member("_status", |json| {
                    json.list("extension", |json| {
                        json.object(|json| {
                            json.text(
                                "url",
                                "http://example.org/StructureDefinition/status-source",
                            );
                            json.text("valueCode", "pacs");
                        });
                    });
                });
            }
            json.list("modality", |json| coding(json, DCM, modality.code, None));
            self.people_and_orders(json, random, &started);
            json.number("numberOfSeries", series);
            json.number("numberOfInstances", instances);
            self.reasons(json, random, &started);
            let description = random.pick(&modality.descriptions);
            json.text("description", &format!("{} {description}", modality.code));
            json.list("series", |json| {
                for index in 0..series {
                    let series = Series {
                        uid: format!("{uid}.{}", index + 1),
                        number: index + 1,
                        modality,
                        instances: (instances + index) / series,
                        started: &started,
                        varied,
                    };
                    json.object(|json| series.write(json, random));
                }
            });
        });
        json.into_string()
    }

    fn sometimes_at_the_start(&self, json: &mut JsonText, random: &mut Random, modality: Modality) {
        if random.once_in(4) {
            json.member("text", |json| {
                let Self {
                    number, instances, ..
                } = self;
                let words = format!("{} study {number}, {instances} images", modality.code);
                let div = format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{words}</div>");
                json.text("status", "generated");
                json.text("div", &div);
            });
        }
        if random.once_in(40) {
            json.list("contained", |json| contained(json, random));
        }
        if random.once_in(5) {
            json.list("extension", |json| extensions(json, random));
        }
    }

    fn people_and_orders(&self, json: &mut JsonText, random: &mut Random, started: &str) {
        json.member("subject", |json| reference(json, "Patient", random, None));
        if !self.varied || random.once_in(2) {
            json.member("encounter", |json| {
                reference(json, "Encounter", random, None)
            });
        }
        json.text("started", started);
        json.list("basedOn", |json| {
            json.object(|json| reference(json, "ServiceRequest", random, None));
        });
        let referrer = random.pick(&PRACTITIONERS);
        json.member("referrer", |json| {
            reference(json, "Practitioner", random, Some(referrer))
        });
        if !self.varied || random.once_in(2) {
            let reader = random.pick(&PRACTITIONERS);
            json.list("interpreter", |json| {
                json.object(|json| reference(json, "Practitioner", random, Some(reader)));
            });
        }
        json.list("endpoint", |json| {
            json.object(|json| json.text("reference", "Endpoint/wado-rs"));
        });
    }

    fn reasons(&self, json: &mut JsonText, random: &mut Random, started: &str) {
        if self.varied && random.once_in(8) {
            json.member("procedureReference", |json| {
                reference(json, "Procedure", random, None)
            });
        }
        json.list("procedureCode", |json| {
            concept(json, random.pick(&PROCEDURES), None)
        });
        json.list("reasonCode", |json| {
            concept(
                json,
                random.pick(&REASONS),
                Some("seit 3 Wochen, bitte um Abklärung"),
            );
        });
        if self.varied && random.once_in(10) {
            json.list("reasonReference", |json| {
                json.object(|json| reference(json, "Condition", random, None));
            });
        }
        if !self.varied || random.once_in(3) {
            json.list("note", |json| {
                json.object(|json| {
                    if random.once_in(2) {
                        json.text("authorString", random.pick(&PRACTITIONERS));
                    }
                    json.text("time", started);
                    json.text(
                        "text",
                        "Breath hold not possible.\nAllergic to contrast agents.",
                    );
                });
            });
        }
    }
}

/// A series that is to be written.
struct Series<'a> {
    uid: String,
    number: u64,
    modality: Modality,
    instances: u64,
    started: &'a str,
    varied: bool,
}

impl Series<'_> {
    fn write(&self, json: &mut JsonText, random: &mut Random) {
        let modality = self.modality;
        json.text("uid", &self.uid);
        json.number("number", self.number);
        json.member("modality", |json| {
            coding_members(json, DCM, modality.code, None)
        });
        json.text("description", random.pick(&modality.descriptions));
        json.number("numberOfInstances", self.instances);
        if self.varied && random.once_in(20) {
            json.list("endpoint", |json| {
                json.object(|json| json.text("reference", "Endpoint/archive"));
            });
        }
        let (code, display) = random.pick(&BODY_SITES);
        json.member("bodySite", |json| {
            coding_members(json, SNOMED, code, Some(display))
        });
        if random.once_in(4) {
            json.member("laterality", |json| {
                coding_members(json, SNOMED, "7771000", Some("Left"));
            });
        }
        json.text("started", self.started);
        if self.varied && random.once_in(50) {
            json.member("_started", |json| {
                json.list("extension", |json| {
                    json.object(|json| {
                        json.text("url", "http://example.org/StructureDefinition/clock-drift");
                        json.member("valueDuration", |json| quantity(json, "1.25", "s"));
                    });
                });
            });
        }
        json.list("performer", |json| {
            json.object(|json| {
                json.member("function", |json| {
                    json.list("coding", |json| coding(json, PARTICIPATION, "PRF", None));
                });
                let performer = random.pick(&PRACTITIONERS);
                json.member("actor", |json| {
                    reference(json, "Practitioner", random, Some(performer));
                });
            });
        });
        json.list("instance", |json| {
            let serial = random.between(100_000, 999_999);
            for number in 1..=self.instances {
                json.object(|json| self.instance(json, random, serial, number));
            }
        });
    }

    fn instance(&self, json: &mut JsonText, random: &mut Random, serial: u64, number: u64) {
        if self.varied && random.once_in(100) {
            json.list("extension", |json| {
                json.object(|json| {
                    json.text(
                        "url",
                        "http://example.org/StructureDefinition/number-of-frames",
                    );
                    json.number("valueInteger", random.between(1, 300));
                });
            });
        }
        json.text("uid", &format!("{}.{serial}.{number}", self.uid));
        json.member("sopClass", |json| {
            coding_members(json, "urn:ietf:rfc:3986", self.modality.sop_class, None);
        });
        json.number("number", number);
        if random.once_in(4) {
            json.text("title", random.pick(&self.modality.titles));
        }
    }
}

fn identifiers(json: &mut JsonText, random: &mut Random, study_uid: &str) {
    json.object(|json| {
        json.text("use", "official");
        json.text("system", "urn:dicom:uid");
        json.text("value", &format!("urn:oid:{study_uid}"));
    });
    json.object(|json| {
        json.text("use", "usual");
        json.member("type", |json| {
            json.list("coding", |json| {
                coding(
                    json,
                    "http://terminology.hl7.org/CodeSystem/v2-0203",
                    "ACSN",
                    None,
                );
            });
        });
        json.text("system", "http://hospital.example.org/accession");
        json.text("value", &format!("A{:08}", random.between(0, 99_999_999)));
        json.member("assigner", |json| json.text("display", "Example Hospital"));
    });
}

/// A few extensions of the study: a value, a coded value, one with parts.
fn extensions(json: &mut JsonText, random: &mut Random) {
    json.object(|json| {
        json.text("url", "http://example.org/StructureDefinition/institution");
        json.text("valueString", "Klinikum Musterstadt");
    });
    if random.once_in(2) {
        json.object(|json| {
            json.text(
                "url",
                "http://example.org/StructureDefinition/contrast-agent",
            );
            json.member("valueCodeableConcept", |json| {
                json.list("coding", |json| {
                    coding(json, SNOMED, "412372002", Some("Meglumine gadoterate"));
                });
            });
        });
    }
    if random.once_in(2) {
        json.object(|json| {
            json.list("extension", |json| {
                json.object(|json| {
                    json.text("url", "dlp");
                    json.member("valueQuantity", |json| quantity(json, "312.5", "mGy.cm"));
                });
                json.object(|json| {
                    json.text("url", "measured");
                    json.text("valueDateTime", &date_time(random));
                });
            });
            json.text("url", "http://example.org/StructureDefinition/dose");
        });
    }
}

/// A contained patient.
fn contained(json: &mut JsonText, random: &mut Random) {
    json.object(|json| {
        json.text("resourceType", "Patient");
        json.text("id", "patient");
        json.list("name", |json| {
            json.object(|json| {
                json.text("family", "Muster");
                json.list("given", |json| json.entry("Erika"));
            });
        });
        json.text("birthDate", &date_time(random)[..10]);
    });
}

fn coding(json: &mut JsonText, system: &str, code: &str, display: Option<&str>) {
    json.object(|json| coding_members(json, system, code, display));
}

fn coding_members(json: &mut JsonText, system: &str, code: &str, display: Option<&str>) {
    json.text("system", system);
    json.text("code", code);
    if let Some(display) = display {
        json.text("display", display);
    }
}

fn concept(json: &mut JsonText, (code, display): (&str, &str), text: Option<&str>) {
    json.object(|json| {
        json.list("coding", |json| coding(json, SNOMED, code, Some(display)));
        if let Some(text) = text {
            json.text("text", text);
        }
    });
}

fn reference(json: &mut JsonText, target: &str, random: &mut Random, display: Option<&str>) {
    json.text(
        "reference",
        &format!("{target}/{}", random.between(1, 999_999)),
    );
    if let Some(display) = display {
        json.text("display", display);
    }
}

fn quantity(json: &mut JsonText, value: &str, unit: &str) {
    json.literal("value", value);
    json.text("unit", unit);
    json.text("system", "http://unitsofmeasure.org");
    json.text("code", unit);
}

fn date_time(random: &mut Random) -> String {
    format!(
        "20{:02}-{:02}-{:02}T{:02}:{:02}:{:02}+01:00",
        random.between(10, 26),
        random.between(1, 12),
        random.between(1, 28),
        random.between(0, 23),
        random.between(0, 59),
        random.between(0, 59),
    )
}
