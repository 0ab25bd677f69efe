//! Resources inside a study.

use imaging_study_core::{FhirVersion, Json, Resource};

use crate::context::Context;
use crate::{LossKind, Rule, comments, engine, illegal_id};

/// Converts contained studies; resources of other types are kept as they are and reported.
pub(crate) fn convert(contained: Vec<Resource>, context: &mut Context<'_>) -> Vec<Resource> {
    contained
        .into_iter()
        .enumerate()
        .map(|(index, resource)| {
            context.at("contained", |context| {
                context.entry(index, |context| convert_one(resource, context))
            })
        })
        .collect()
}

fn convert_one(resource: Resource, context: &mut Context<'_>) -> Resource {
    let resource_type = resource.resource_type().to_owned();
    if resource_type == "ImagingStudy" {
        return match convert_study(&resource, context) {
            Some(converted) => converted,
            None => {
                let value = label(&resource);
                context.report(LossKind::ContainedUnreadable, Rule::Contained, value);
                resource
            }
        };
    }
    let kind = if context.target.has_type(&resource_type) {
        LossKind::ContainedNotConverted
    } else {
        LossKind::ContainedTypeMissing
    };
    context.report(kind, Rule::Contained, label(&resource));
    if context.from() == FhirVersion::Dstu2 {
        comments::without(resource)
    } else {
        resource
    }
}

fn convert_study(resource: &Resource, context: &mut Context<'_>) -> Option<Resource> {
    let mut study = (context.source.new_study)();
    if !(context.source.set_study)(&mut *study, &resource.clone().into_json()?) {
        return None;
    }
    let mut converted = (context.target.new_study)();
    let mut inner = context.for_contained();
    illegal_id::set_aside(&mut *study, &inner);
    engine::convert(&mut *study, &mut *converted, &mut inner);
    illegal_id::put_back(&mut *converted, &inner);
    let converted = Resource::try_from((context.target.study_json)(&*converted)?).ok()?;
    context.losses.append(&mut inner.losses);
    Some(converted)
}

/// Which resource a report is about: its type and id, without its content.
fn label(resource: &Resource) -> Json {
    let members = ["resourceType", "id"]
        .into_iter()
        .filter_map(|name| Some((name.into(), resource.get(name)?.clone())))
        .collect();
    Json::Object(members)
}
