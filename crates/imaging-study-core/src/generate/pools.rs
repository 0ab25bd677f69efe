//! What values are made from. The first entry of each pool is the simplest.

use crate::FhirVersion;

/// A code: its system, itself, and what it means.
#[derive(Clone, Copy, Debug)]
pub(super) struct Concept(
    pub(super) &'static str,
    pub(super) &'static str,
    pub(super) &'static str,
);

/// A unit of UCUM.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit {
    pub(super) name: &'static str,
    pub(super) code: &'static str,
}

const DCM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const SCT: &str = "http://snomed.info/sct";

/// Codes about a topic, the name of the field that holds them.
pub(super) fn concepts(topic: &str) -> &'static [Concept] {
    match topic {
        "modality" | "modalityList" => &[
            Concept(DCM, "CT", "Computed Tomography"),
            Concept(DCM, "MR", "Magnetic Resonance"),
            Concept(DCM, "DX", "Digital Radiography"),
            Concept(DCM, "US", "Ultrasound"),
            Concept(DCM, "PT", "Positron emission tomography"),
            Concept(DCM, "SM", "Slide Microscopy"),
        ],
        "bodySite" => &[
            Concept(SCT, "51185008", "Thorax"),
            Concept(SCT, "69536005", "Head"),
            Concept(SCT, "72696002", "Knee"),
            Concept(SCT, "818983003", "Abdomen"),
        ],
        "laterality" => &[
            Concept(SCT, "7771000", "Left"),
            Concept(SCT, "24028007", "Right"),
            Concept(SCT, "51440002", "Right and left"),
        ],
        "sopClass" => &[
            Concept(
                "urn:ietf:rfc:3986",
                "urn:oid:1.2.840.10008.5.1.4.1.1.2",
                "CT Image Storage",
            ),
            Concept(
                "urn:ietf:rfc:3986",
                "urn:oid:1.2.840.10008.5.1.4.1.1.4",
                "MR Image Storage",
            ),
            Concept(
                "urn:ietf:rfc:3986",
                "urn:oid:1.2.840.10008.5.1.4.1.1.88.67",
                "X-Ray Radiation Dose SR Storage",
            ),
        ],
        "procedureCode" | "procedure" => &[
            Concept("http://www.radlex.org", "RPID16", "CT CHEST WO IV CONT"),
            Concept(SCT, "169069000", "CT of chest"),
            Concept("http://loinc.org", "24627-2", "CT Chest"),
        ],
        "reasonCode" | "reason" => &[
            Concept(SCT, "49727002", "Cough"),
            Concept("http://hl7.org/fhir/sid/icd-10", "R05", "Cough"),
            Concept(SCT, "29857009", "Chest pain"),
        ],
        "function" => &[
            Concept(
                "http://terminology.hl7.org/CodeSystem/v3-ParticipationType",
                "PRF",
                "performer",
            ),
            Concept(
                "http://terminology.hl7.org/CodeSystem/v3-ParticipationType",
                "VRF",
                "verifier",
            ),
        ],
        "type" => &[
            Concept(
                "http://terminology.hl7.org/CodeSystem/v2-0203",
                "ACSN",
                "Accession ID",
            ),
            Concept(
                "http://terminology.hl7.org/CodeSystem/v2-0203",
                "MR",
                "Medical record number",
            ),
        ],
        "security" => &[Concept(
            "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
            "R",
            "restricted",
        )],
        _ => &[
            Concept("http://example.org/codes", "a", "First"),
            Concept("http://example.org/codes", "b-2", "Second"),
            Concept(SCT, "261665006", "Unknown"),
        ],
    }
}

/// Units that a kind of quantity can have.
pub(super) fn units(kind: &str) -> &'static [Unit] {
    match kind {
        "Age" | "Duration" => &[
            Unit {
                name: "years",
                code: "a",
            },
            Unit {
                name: "days",
                code: "d",
            },
            Unit {
                name: "minutes",
                code: "min",
            },
        ],
        "Count" => &[Unit {
            name: "1",
            code: "1",
        }],
        "Distance" => &[
            Unit {
                name: "m",
                code: "m",
            },
            Unit {
                name: "km",
                code: "km",
            },
        ],
        _ => &[
            Unit {
                name: "mm",
                code: "mm",
            },
            Unit {
                name: "mSv",
                code: "mSv",
            },
            Unit {
                name: "mGy·cm",
                code: "mGy.cm",
            },
            Unit {
                name: "kg",
                code: "kg",
            },
        ],
    }
}

/// Types of resources that a reference to anything can name.
pub(super) fn reference_types(version: FhirVersion) -> &'static [&'static str] {
    if version >= FhirVersion::R5 {
        &[
            "Patient",
            "Observation",
            "Organization",
            "ImagingSelection",
            "GenomicStudy",
            "Device",
        ]
    } else {
        &[
            "Patient",
            "Observation",
            "Organization",
            "Media",
            "DocumentManifest",
            "Device",
        ]
    }
}

/// Words for a field of text.
pub(super) fn words(field: &str) -> &'static [&'static str] {
    match field {
        "description" => &[
            "CT Thorax",
            "CT Thorax/Abdomen mit KM i.v.",
            "Rx genou G face/profil",
            "t2_tse_sag_320",
            "AX T1 POST GAD",
            "Localizer",
        ],
        "title" => &["Image", "ORIGINAL\\PRIMARY\\AXIAL", "Dose report", "Scout"],
        "family" => &["Example", "Muster", "Beispiel-Tester", "O'Neill"],
        "given" => &["Ada", "Jürg", "Zoë", "Nguyễn"],
        "text" => &[
            "Chest CT",
            "Dyspnoe, Ausschluss LE",
            "suivi post-opératoire",
        ],
        _ => &["Example", "Second example", "Röntgen, links", "n/a"],
    }
}

pub(super) const SERVERS: &[&str] = &[
    "https://fhir.example.org/base",
    "http://localhost:8080/fhir",
    "https://klinik.example.ch/r",
];

pub(super) const DATA_ABSENT_REASON: &str =
    "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

pub(super) const ABSENT_REASONS: &[&str] = &["unknown", "masked", "unsupported", "asked-unknown"];

pub(super) const EXTENSION_URLS: &[&str] = &[
    "http://example.org/fhir/extension/a",
    "http://hospital.example.org/fhir/StructureDefinition/dose-note",
    "https://vendor.example.com/ext?x=1&y=2#part",
    "urn:oid:1.2.3.4.5",
    "http://example.org/fhir/StructureDefinition/série",
];

pub(super) const TYPICAL_EXTENSION_TYPES: &[&str] = &[
    "string",
    "boolean",
    "code",
    "decimal",
    "dateTime",
    "integer",
    "CodeableConcept",
    "Coding",
    "Quantity",
    "Reference",
    "Identifier",
    "Period",
];

/// Comments that XML can hold.
pub(super) const COMMENTS: &[&str] = &[
    "a comment",
    "  Added by hand  ",
    "<status value=\"x\"/> &amp;",
    "\n\t\u{e9} - \u{1f600}\n",
    "json",
];

/// Element ids that every version allows.
pub(super) const PLAIN_ELEMENT_IDS: &[&str] = &["a", "e1", "series-3", "x.y-z"];

/// Element ids where they are strings.
pub(super) const ELEMENT_IDS: &[&str] = &["a", "e1", "series-3", "x.y_z", "ü-4711", "#1", "\"q\""];

pub(super) const CODES: &[&str] = &["a", "active", "b-2", "1.2.3"];

pub(super) const ODD_CODES: &[&str] = &[
    "a b",
    "mm[Hg]",
    "<&>",
    "ÄÖ\u{1f600}",
    "a\tb",
    "a\nb",
    "\"",
    "\\",
    "[in_i'H2O]",
    "{score}",
];

pub(super) const LANGUAGES: &[&str] = &["de", "en-GB", "fr-CH", "zh-Hant-TW"];

pub(super) const MEDIA_TYPES: &[&str] = &[
    "text/plain",
    "image/jpeg",
    "application/dicom+json",
    "text/html; charset=UTF-8",
];

pub(super) const EXPRESSION_LANGUAGES: &[&str] =
    &["text/fhirpath", "text/cql", "application/x-fhir-query"];

pub(super) const CURRENCIES: &[&str] = &["CHF", "EUR", "USD"];

pub(super) const VARIABLE_NAMES: &[&str] = &["a", "patientAge", "x_1"];

pub(super) const CANONICALS: &[&str] = &[
    "http://example.org/fhir/StructureDefinition/study",
    "http://example.org/fhir/StructureDefinition/study|1.0.0",
];

pub(super) const ODD_CANONICALS: &[&str] = &[
    "urn:oid:1.2.3|2",
    "#contained",
    "http://example.org/é|v~1#frag",
    "a",
];

pub(super) const URIS: &[&str] = &[
    "http://example.org/a",
    "urn:oid:1.2.3",
    "https://example.com/b?c=d&e=f#g",
];

pub(super) const ODD_URIS: &[&str] = &[
    "a",
    "#",
    "ftp://example.org/%C3%BC/..//",
    "urn:uuid:C757873D-ec9a-4326-a141-556f43239520",
    "http://example.org/\"quoted\"<tag>&amp;",
    "tel:+41-44-555",
    "http://例え.jp/\u{1f600}",
    "back\\slash",
];

pub(super) const NARRATIVES: &[&str] = &[
    r#"<div xmlns="http://www.w3.org/1999/xhtml">CT of the chest</div>"#,
    r#"<div xmlns="http://www.w3.org/1999/xhtml"><p><b>Study</b>: CT, 2 series</p></div>"#,
];

pub(super) const ODD_NARRATIVES: &[&str] = &[
    "<div xmlns=\"http://www.w3.org/1999/xhtml\">\n  <p>a &amp; b &lt; c</p>\n</div>",
    "<div xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"de\"><!-- note --><pre>  x\r\n\ty </pre></div>",
    "<div xmlns='http://www.w3.org/1999/xhtml'><img src=\"#i\" alt='\"'/>&#160;\u{1f600}é</div>",
    "<div>no namespace</div>",
    "<div/>",
    "<div class='a'><p xmlns=\"http://www.w3.org/1999/xhtml\">only inside</p></div>",
    "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p xmlns=\"\">none inside</p></div>",
    "<div\n\txmlns =\r\n\"http://www.w3.org/1999/xhtml\"  title='a\rb\r\nc\td'\r>a</div\r\n>",
    "<div xmlns=\"http://www.w3.org/1999/&#120;html\">a</div>",
    "<h:div xmlns:h=\"http://www.w3.org/1999/xhtml\"><h:p h:class=\"a\">b</h:p></h:div>",
    "<h:div xmlns:h='http://www.w3.org/1999/xhtml' xmlns='http://www.w3.org/1999/xhtml'><p/></h:div>",
    "<div xmlns=\"http://www.w3.org/1999/xhtml\" xml:lang=\"de\"><svg \
     xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"><use \
     xlink:href='#a'/><foreignObject><p xmlns=\"http://www.w3.org/1999/xhtml\"/></foreignObject>\
     </svg></div>",
    "<div xmlns=\"http://www.w3.org/1999/xhtml\"><!--json-div no-xmlns--><!--json-div cr=all--></div>",
    "<div xmlns='http://www.w3.org/1999/xhtml' title='>' lang=\"&apos;\">a > b ]] > &quot;</div >",
];

/// Narratives that are no well-formed XHTML, as they are found in JSON.
pub(super) const NARRATIVES_OF_JSON: &[&str] = &[
    "no markup",
    "<div xmlns=\"http://www.w3.org/1999/xhtml\">a&nbsp;b</div>",
    "<div>a<br>b</div>",
    "<p>no div</p>",
    "<div xmlns=\"http://www.w3.org/1999/xhtml\">\u{ffff}</div>",
];

pub(super) const NARRATIVE_STATUSES: &[&str] = &["generated", "extensions", "additional", "empty"];

/// White space before and behind a narrative.
pub(super) const AROUND_NARRATIVES: &[&str] = &["", "", "", " ", "\n", "\r\n", "\t\r ", "\r\r\n\n"];

/// The tags around a narrative.
pub(super) const DIV_TAGS: &[(&str, &str)] = &[
    ("<div xmlns=\"http://www.w3.org/1999/xhtml\">", "</div>"),
    ("<div>", "</div>"),
    (
        "<div xmlns='http://www.w3.org/1999/xhtml' id = \"a\" >",
        "</div >",
    ),
    ("<div\r\nclass='a\r\nb'\r>", "</div\r\n>"),
    (
        "<h:div xmlns:h=\"http://www.w3.org/1999/xhtml\">",
        "</h:div>",
    ),
];

/// What narratives are made from.
pub(super) const MARKUP_FRAGMENTS: &[&str] = &[
    "a",
    "\n",
    "\r\n",
    "\r",
    "\r\r",
    "&amp;lt;",
    "&#13;&#xA;&#9;",
    "&lt;&gt;&quot;&apos;",
    "<br/>",
    "<p>x</p>",
    "<p\r\nclass='a\r\n\"b'\r>\r</p\r>",
    "<!-- \r\n <p> -->",
    "<![CDATA[<\r\n&>\r]]>",
    "é\u{1f600}\u{85}\u{2028}",
    "<svg xmlns=\"http://www.w3.org/2000/svg\"><g/></svg>",
    "<x:b xmlns:x='http://www.w3.org/1999/xhtml'/>",
    "<b xmlns=\"\"/>",
    "<a href=\"x?a=1&amp;b=2\" title='\t'>l</a>",
];

pub(super) const MARKDOWN: &[&str] = &[
    "*Good* quality",
    "# Findings\n\n- none\n- [link](http://example.org)",
    "a  \nb",
];

pub(super) const ODD_FRAGMENTS: &[&str] = &[
    "a",
    " ",
    "\n",
    "\t",
    "\r\n",
    "\"quoted\"",
    "back\\slash/",
    "\\u0041",
    "<b>&amp;</b>",
    "]]>",
    "ÄÖÜßé",
    "e\u{301}",
    "\u{1f469}\u{200d}\u{2695}\u{fe0f}",
    "漢字かな",
    "שלום \u{202e}abc\u{202c}",
    "\u{2028}\u{2029}",
    "\u{7f}\u{85}\u{a0}",
    "\u{feff}",
    "\u{fffd}\u{10fffd}",
    "null",
    "{\"a\":[1]}",
    "  two  blanks  ",
    "%s%n$(x)",
];

/// Characters that XML forbids.
pub(super) const FRAGMENTS_OF_JSON: &[&str] = &["\u{ffff}", "\u{fffe}", "a\u{fffe}b"];

pub(super) const ODD_NUMBERS: &[&str] = &[
    "1",
    "1.10",
    "1E-22",
    "123456789012345678901234567890",
    "-0.0",
    "0.000000000000000000000001",
    "100.00",
    "6.022e+23",
    "-7",
];

pub(super) const MEMBER_NAMES: &[&str] = &[
    "value",
    "active",
    "code",
    "name",
    "zeta",
    "alpha",
    "component",
    "note",
    "given",
    "valueDecimal",
    "text",
    "udi",
];

pub(super) const BASE64: &[u8; 64] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
