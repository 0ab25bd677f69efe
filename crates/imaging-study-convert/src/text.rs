//! Texts that the pattern of another version refuses.
//!
//! A decimal of 30 digits is legal in R4 and not in R5. The closest legal text becomes the value,
//! and the original travels in an extension on the primitive, named after the `value` of its type.
//! So does a text that is not legal in the source, but that its reader took: it comes back as it was.

use imaging_study_core::{FhirVersion, Scalar, ScalarType, Unshared};

use crate::carry;
use crate::context::Context;
use crate::hub::{Extension, Primitive, Value};
use crate::versions;

/// Whether the patterns of the versions differ for a type, or readers take more than its pattern.
pub(crate) const fn differs(scalar: ScalarType) -> bool {
    matches!(
        scalar,
        ScalarType::Base64Binary
            | ScalarType::Code
            | ScalarType::Date
            | ScalarType::DateTime
            | ScalarType::Decimal
            | ScalarType::Instant
            | ScalarType::Integer
            | ScalarType::Oid
            | ScalarType::Time
    )
}

/// Whether a text that the source has for a type can stay as it is.
///
/// Readers are lenient about limits: what is not legal in the source either is marked, or the way
/// back could not tell that it was read so.
pub(crate) fn is_legal(scalar: ScalarType, text: &str, context: &Context<'_>) -> bool {
    let (from, to) = (context.from(), context.to());
    match scalar {
        // What was read keeps to the grammar, which no version has otherwise for codes.
        ScalarType::Code => scalar.keeps_to_limits(text, to) && scalar.keeps_to_limits(text, from),
        // What is wrong on both sides stays as it is.
        ScalarType::Oid => {
            from > FhirVersion::Stu3 || scalar.allows(text, to) || !scalar.allows(text, from)
        }
        _ => scalar.allows(text, to) && scalar.allows(text, from),
    }
}

/// Makes a primitive legal in the target version, or restores the text it had in an earlier one.
#[inline(always)]
pub(crate) fn fit<T: Scalar>(primitive: Primitive<T>, context: &mut Context<'_>) -> Primitive<T> {
    if !differs(T::TYPE) || context.from() == context.to() {
        return primitive;
    }
    let legal = primitive
        .value
        .as_ref()
        .is_none_or(|value| value.with_text(|text| is_legal(T::TYPE, text, context)));
    if legal && primitive.element.is_none() {
        return primitive;
    }
    fit_slowly(primitive, legal, context)
}

#[cold]
fn fit_slowly<T: Scalar>(
    mut primitive: Primitive<T>,
    legal: bool,
    context: &mut Context<'_>,
) -> Primitive<T> {
    let path = format!("{}.value", T::TYPE.name());
    match restore(&mut primitive, &path, context) {
        Restored::Yes => return primitive,
        Restored::Closest(original) => {
            primitive.value =
                closest(T::TYPE, &original, context.to()).and_then(|text| read(&text, context));
            return primitive;
        }
        Restored::No if legal => return primitive,
        Restored::No => {}
    }
    let Some(value) = primitive.value.take() else {
        return primitive;
    };
    let original = value.with_text(str::to_owned);
    primitive.value = if T::TYPE.allows(&original, context.to()) {
        Some(value)
    } else {
        closest(T::TYPE, &original, context.to()).and_then(|text| read(&text, context))
    };
    if let Ok(text) = original.parse() {
        let url = carry::url(context.from(), &path);
        let carried = Extension::with_value(&url, Value::String(Primitive::new(text)));
        primitive.extension_mut().push(carried);
    }
    primitive
}

/// What became of a carried text.
enum Restored {
    /// It is the value again.
    Yes,
    /// The target cannot hold it either; it goes on as it is, beside the closest text.
    Closest(String),
    /// There is none, or none that counts.
    No,
}

fn read<T: Scalar>(text: &str, context: &Context<'_>) -> Option<T> {
    T::read(text, context.to(), &mut Unshared).ok()
}

/// Puts a carried text back, if the target can hold it and the source could not.
fn restore<T: Scalar>(
    primitive: &mut Primitive<T>,
    path: &str,
    context: &mut Context<'_>,
) -> Restored {
    let Some(element) = &mut primitive.element else {
        return Restored::No;
    };
    let Some(position) = element
        .extension
        .iter()
        .position(|extension| extension.carries(path))
    else {
        return Restored::No;
    };
    let Some(Value::String(text)) = &element.extension[position].value else {
        return Restored::No;
    };
    let Some(original) = text.value.as_ref().map(|text| text.as_str().to_owned()) else {
        return Restored::No;
    };
    let (from, to) = (context.from(), context.to());
    let native = primitive
        .value
        .as_ref()
        .map(|value| value.with_text(str::to_owned));
    let written = if T::TYPE.allows(&original, from) {
        Some(original.clone())
    } else {
        closest(T::TYPE, &original, from)
    };
    let agrees = native.is_none() || native == written;
    let version = element.extension[position].carried().map(|(own, _)| own);
    // A text that the target itself had, whose reader took it although it is not legal.
    let lenient = version.is_some_and(|own| carry::names(own, to))
        && !T::TYPE.allows(&original, to)
        && agrees;
    if lenient && let Some(value) = read(&original, context) {
        element.extension.remove(position);
        if element.is_empty() {
            primitive.element = None;
        }
        primitive.value = Some(value);
        return Restored::Yes;
    }
    if T::TYPE.allows(&original, from) {
        return Restored::No;
    }
    if !T::TYPE.allows(&original, to) {
        // Only what some version can hold was ever carried.
        let carried = versions::all()
            .iter()
            .any(|version| T::TYPE.allows(&original, version.fhir_version));
        return if agrees && carried {
            Restored::Closest(original)
        } else {
            Restored::No
        };
    }
    let carried = element.extension.remove(position);
    if element.is_empty() {
        primitive.element = None;
    }
    if agrees {
        primitive.value = read(&original, context);
        return Restored::Yes;
    }
    context.drop_stale(vec![carried]);
    Restored::No
}

/// The legal text of a version that is closest to one of another version, if one is close.
fn closest(scalar: ScalarType, text: &str, version: FhirVersion) -> Option<String> {
    let candidate = match scalar {
        ScalarType::Base64Binary => text.split_ascii_whitespace().collect(),
        ScalarType::Code => text.replace(['\t', '\n', '\r'], " "),
        ScalarType::DateTime | ScalarType::Instant | ScalarType::Time => {
            closest_time(scalar, text, version)
        }
        ScalarType::Decimal if version <= FhirVersion::Stu3 => without_exponent(text)?,
        ScalarType::Decimal => with_fraction_of(text, 17),
        ScalarType::Integer => match text.strip_prefix('+') {
            Some(unsigned) => unsigned.to_owned(),
            None if text == "-0" => "0".to_owned(),
            None => return None,
        },
        _ => return None,
    };
    scalar.allows(&candidate, version).then_some(candidate)
}

fn closest_time(scalar: ScalarType, text: &str, version: FhirVersion) -> String {
    let mut candidate = if version >= FhirVersion::R5 {
        with_fraction_of(text, 9)
    } else {
        text.to_owned()
    };
    let leap =
        version > FhirVersion::Stu3 || (version == FhirVersion::Stu3 && scalar != ScalarType::Time);
    if !leap {
        let seconds = if scalar == ScalarType::Time { 5 } else { 16 };
        if candidate.get(seconds..seconds + 3) == Some(":60") {
            candidate.replace_range(seconds..seconds + 3, ":59");
        }
    }
    if scalar == ScalarType::DateTime && !scalar.allows(&candidate, version) {
        // A time without offset is no moment; the date alone claims nothing that is not known.
        candidate.truncate(10);
    }
    candidate
}

/// A text with the digits behind its point cut to a number of them.
fn with_fraction_of(text: &str, digits: usize) -> String {
    let Some(point) = text.find('.') else {
        return text.to_owned();
    };
    let fraction = text[point + 1..]
        .bytes()
        .take_while(u8::is_ascii_digit)
        .count();
    let kept = point + 1 + fraction.min(digits);
    format!("{}{}", &text[..kept], &text[point + 1 + fraction..])
}

/// A decimal with its exponent written out, if that takes at most 400 zeros.
fn without_exponent(text: &str) -> Option<String> {
    let (mantissa, exponent) = text.split_once(['e', 'E'])?;
    let exponent: i64 = exponent
        .parse()
        .ok()
        .filter(|exponent: &i64| exponent.abs() <= 400)?;
    let (sign, unsigned) = match mantissa.strip_prefix('-') {
        Some(unsigned) => ("-", unsigned),
        None => ("", mantissa),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let mut digits = format!("{whole}{fraction}");
    let mut point = whole.len() as i64 + exponent;
    if point <= 0 {
        let zeros = usize::try_from(1 - point).ok()?;
        digits.insert_str(0, &"0".repeat(zeros));
        point = 1;
    }
    let point = usize::try_from(point).ok()?;
    if digits.len() < point {
        digits.push_str(&"0".repeat(point - digits.len()));
    }
    let (whole, fraction) = digits.split_at(point);
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    Some(if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_text_is_legal_and_close() {
        for (scalar, text, version, expected) in [
            (
                ScalarType::Decimal,
                "0.123456789012345678",
                FhirVersion::R5,
                Some("0.12345678901234567"),
            ),
            (
                ScalarType::Decimal,
                "1234567890123456789",
                FhirVersion::R5,
                None,
            ),
            (
                ScalarType::Decimal,
                "1.25E-3",
                FhirVersion::Stu3,
                Some("0.00125"),
            ),
            (ScalarType::Decimal, "-1e2", FhirVersion::Stu3, Some("-100")),
            (ScalarType::Decimal, "1e401", FhirVersion::Stu3, None),
            (
                ScalarType::DateTime,
                "2011-01-01T11:01:20",
                FhirVersion::R4,
                Some("2011-01-01"),
            ),
            (
                ScalarType::Instant,
                "2011-01-01T11:01:20.0123456789Z",
                FhirVersion::R5,
                Some("2011-01-01T11:01:20.012345678Z"),
            ),
            (
                ScalarType::Time,
                "23:59:60",
                FhirVersion::Dstu2,
                Some("23:59:59"),
            ),
            (
                ScalarType::Time,
                "23:59:60.5",
                FhirVersion::Stu3,
                Some("23:59:59.5"),
            ),
            (ScalarType::Oid, "urn:oid:7", FhirVersion::R4, None),
            (
                ScalarType::Base64Binary,
                "YWJj\nYWJj",
                FhirVersion::R5,
                Some("YWJjYWJj"),
            ),
            (ScalarType::Integer, "-0", FhirVersion::R5, Some("0")),
        ] {
            assert_eq!(
                closest(scalar, text, version).as_deref(),
                expected,
                "{scalar} {text}"
            );
        }
    }
}
