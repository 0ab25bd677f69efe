//! The schemas of scalars.

use serde_json::{Value, json};

use crate::{FhirVersion, ScalarType};

/// The schema of a scalar as a version spells it.
pub(super) fn scalar(scalar: ScalarType, version: FhirVersion) -> Value {
    match scalar {
        ScalarType::Boolean => json!({ "type": "boolean" }),
        ScalarType::Decimal => json!({ "type": "number" }),
        ScalarType::Integer => integer(i32::MIN),
        ScalarType::PositiveInt => integer(1),
        ScalarType::UnsignedInt => integer(0),
        _ => json!({ "type": "string", "pattern": pattern(scalar, version) }),
    }
}

fn integer(least: i32) -> Value {
    json!({ "type": "integer", "minimum": least, "maximum": i32::MAX })
}

/// The regular expression of a scalar that JSON writes as a string, in the common part of ECMA 262
/// and other dialects.
fn pattern(scalar: ScalarType, version: FhirVersion) -> String {
    let modern = version >= FhirVersion::R5;
    let old = version <= FhirVersion::Stu3;
    match scalar {
        ScalarType::Base64Binary => {
            let symbol = if modern {
                "[A-Za-z0-9+/]"
            } else {
                r"[A-Za-z0-9+/][ \t\r\n]*"
            };
            let (start, equals) = if modern {
                ("", "=")
            } else {
                (r"[ \t\r\n]*", r"=[ \t\r\n]*")
            };
            let four = format!("(?:{symbol}){{4}}");
            let three = format!("(?:{symbol}){{3}}{equals}");
            let two = format!("(?:{symbol}){{2}}(?:{equals}){{2}}");
            format!("^{start}(?:{four})*(?:{four}|{three}|{two})$")
        }
        ScalarType::Canonical | ScalarType::Uri | ScalarType::Url => r"^[^\x00-\x20]+$".into(),
        ScalarType::Code if modern => r"^[^\x00-\x20]+(?: [^\x00-\x20]+)*$".into(),
        ScalarType::Code => r"^[^\x00-\x20]+(?:[ \t\r\n][^\x00-\x20]+)*$".into(),
        ScalarType::Date => format!("^{}$", date(true, old)),
        ScalarType::DateTime => {
            let (day, clock) = (date(false, old), clock(scalar, version));
            let zone = if modern { "?" } else { "" };
            format!("^(?:{}|{day}T{clock}{OFFSET}{zone})$", date(true, old))
        }
        ScalarType::Id => r"^[A-Za-z0-9\-.]{1,64}$".into(),
        ScalarType::Instant => format!("^{}T{}{OFFSET}$", date(false, old), clock(scalar, version)),
        ScalarType::Integer64 => "^(?:0|[-+]?[1-9][0-9]{0,18})$".into(),
        ScalarType::Oid if old => r"^urn:oid:(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*))*$".into(),
        ScalarType::Oid => r"^urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+$".into(),
        ScalarType::Time => format!("^{}$", clock(scalar, version)),
        ScalarType::Uuid => {
            "^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$".into()
        }
        // Strings, and what is written as one.
        _ => r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]+$".into(),
    }
}

const OFFSET: &str = "(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))";

/// A date; with every precision, or to the day. The first versions have years before the first.
fn date(partial: bool, old: bool) -> String {
    let year = if old {
        "-?[0-9]{4}"
    } else {
        "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
    };
    let day = "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])\
               |(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)\
               |02-(?:0[1-9]|[12][0-9]))";
    if partial {
        format!("{year}(?:-(?:0[1-9]|1[0-2])|-{day})?")
    } else {
        format!("{year}-{day}")
    }
}

/// A time of day.
fn clock(scalar: ScalarType, version: FhirVersion) -> String {
    let seconds = match (version, scalar) {
        (FhirVersion::Dstu2, _) | (FhirVersion::Stu3, ScalarType::Time) => "[0-5][0-9]",
        _ => "(?:[0-5][0-9]|60)",
    };
    let most = if version >= FhirVersion::R5 { "9" } else { "" };
    format!(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:{seconds}(?:\.[0-9]{{1,{most}}})?")
}
