//! Elements that only DSTU2 has: they travel in extensions from where it is read to where it is
//! written.

use imaging_study_core::{FhirString, FhirVersion, Uri};

use crate::carry;
use crate::hub::{Extension, Other, Primitive, Reference, Value};
use crate::since_stu3;

pub(crate) const ORDER: &str = "ImagingStudy.order";
pub(crate) const URL: &str = "ImagingStudy.url";
pub(crate) const SERIES_URL: &str = "ImagingStudy.series.url";
const TYPE: &str = "ImagingStudy.series.instance.type";
const CONTENT: &str = "ImagingStudy.series.instance.content";

/// Where HL7's maps put the URLs.
const URL_OF_MAPS: &str = "http://hl7.org/fhir/ImagingStudy-r2-url";

fn push(list: &mut Vec<Extension>, path: &str, value: Value) {
    let url = carry::url(FhirVersion::Dstu2, path);
    list.push(Extension::with_value(&url, value));
}

/// Lets a URL travel.
pub(crate) fn carry_url(url: Primitive<Uri>, path: &str, list: &mut Vec<Extension>) {
    if !url.is_absent() {
        push(list, path, Value::Uri(url));
    }
}

/// The URL that travelled.
pub(crate) fn url(list: &mut Vec<Extension>, path: &str) -> Primitive<Uri> {
    let position = list.iter().position(|extension| {
        (extension.carries(path) || (extension.is(URL_OF_MAPS) && extension.id.is_none()))
            && matches!(extension.value, Some(Value::Uri(_)))
    });
    match position.and_then(|position| list.remove(position).value) {
        Some(Value::Uri(uri)) => uri,
        _ => Primitive::default(),
    }
}

/// Lets the orders travel.
pub(crate) fn carry_orders(orders: Vec<Reference>, list: &mut Vec<Extension>) {
    for order in orders {
        push(list, ORDER, Value::Reference(Box::new(order)));
    }
}

/// The orders that travelled.
pub(crate) fn orders(list: &mut Vec<Extension>) -> Vec<Reference> {
    let taken = since_stu3::take(list, ORDER).into_iter();
    taken.map(|(_, order)| order).collect()
}

/// Lets the type and the content of an instance travel.
pub(crate) fn carry_instance(
    type_: Primitive<FhirString>,
    content: impl Iterator<Item = Other>,
    list: &mut Vec<Extension>,
) {
    if !type_.is_absent() {
        push(list, TYPE, Value::String(type_));
    }
    for content in content {
        push(list, CONTENT, Value::Other(Box::new(content)));
    }
}

/// The type of an instance that travelled.
pub(crate) fn type_of_instance(list: &mut Vec<Extension>) -> Primitive<FhirString> {
    let position = list.iter().position(|extension| {
        extension.carries(TYPE) && matches!(extension.value, Some(Value::String(_)))
    });
    match position.and_then(|position| list.remove(position).value) {
        Some(Value::String(text)) => text,
        _ => Primitive::default(),
    }
}

/// The content of an instance that travelled, still as extensions.
pub(crate) fn content_of_instance(list: &mut Vec<Extension>) -> Vec<Extension> {
    carry::take_if(
        list,
        CONTENT,
        |value| matches!(value, Value::Other(other) if other.type_name == "Attachment"),
    )
}
