//! A study, a series or an instance on its way from one version to another.

use imaging_study_core::{
    Content, ContentMut, ElementRef, FhirString, FhirVersion, FieldInfo, FieldType, ObjectElement,
    TypeInfo,
};

use super::plain::{self, Place};
use super::table::{self, Plan};
use crate::context::Context;
use crate::hub::{
    Extension, Narrative, Neutral, Reference, Value, held_at, lift_field, lower_field, move_value,
    room,
};
use crate::reference::{self, Targets};
use crate::{absent, carry, contained, element_id, notes};

/// The element in the source, what has become of it in the target, and the extensions of the source
/// that are not yet in the target: each rule takes those out that carry its element, and adds what
/// the target has no element for.
pub(crate) struct Part<'a> {
    source: &'a mut dyn ObjectElement,
    target: &'a mut dyn ObjectElement,
    pub(crate) extension: Vec<Extension>,
    pub(crate) modifier_extension: Vec<Extension>,
    /// Whether the source has only one element, and that may be one that only one version requires.
    is_bare: bool,
}

/// Converts an element with everything in it.
pub(crate) fn convert(
    source: &mut dyn ObjectElement,
    target: &mut dyn ObjectElement,
    context: &mut Context<'_>,
) {
    let plan = table::plan(source.info(), context.from(), target.info(), context.to());
    convert_by(plan, source, target, context);
}

fn convert_by(
    plan: &Plan,
    source: &mut dyn ObjectElement,
    target: &mut dyn ObjectElement,
    context: &mut Context<'_>,
) {
    if context.from() != context.to() && plan.level == "ImagingStudy" {
        notes::note(ElementRef::of(source), context);
    }
    if plan.all_same && plain::is_plain(source, plan.shape, context) {
        plain::move_plain(source, target, plan.shape);
        return;
    }
    let is_bare = plan.marks && {
        let mut places = 0..source.info().fields.len();
        let mut is_held = |at: &usize| !plain::is_empty(source.content(*at).1);
        places.find(&mut is_held).is_some() && places.find(&mut is_held).is_none()
    };
    let mut id: Option<FhirString> = lift_at(source, plan.id);
    let mut part = Part {
        extension: lift_at(source, plan.extension),
        modifier_extension: lift_at(source, plan.modifier_extension),
        source,
        target,
        is_bare,
    };
    let has_id = plan.id.is_some();
    if has_id && context.from() == FhirVersion::Dstu2 {
        element_id::restore(&mut id, &mut part.extension);
    }
    let lent = carry::lend(&part.modifier_extension, &mut part.extension, context);
    for step in &plan.rows {
        if step.needs.as_ref().is_some_and(|needs| part.lacks(needs)) {
            continue;
        }
        if step.same.is_empty() || !part.move_if_plain(&step.same, context) {
            (step.run)(&mut part, step.row, context);
        }
    }
    carry::give_back(lent, &mut part.extension, &mut part.modifier_extension);
    if has_id && context.to() == FhirVersion::Dstu2 {
        element_id::carry(&mut id, &mut part.extension, context);
    }
    part.move_same(plan, context);
    lower_field(id, part.target, "id", "id", context);
    let extension = std::mem::take(&mut part.extension);
    lower_field(extension, part.target, "extension", "extension", context);
    let modifier = std::mem::take(&mut part.modifier_extension);
    let name = "modifierExtension";
    lower_field(modifier, part.target, name, name, context);
}

/// What a field holds whose place is known.
fn lift_at<T: Neutral>(element: &mut dyn ObjectElement, index: Option<usize>) -> T {
    let content = index.and_then(|index| held_at(element, index));
    content.map(T::lift).unwrap_or_default()
}

impl Part<'_> {
    /// Whether there is nothing in some fields of the source, and no extension that may carry it.
    fn lacks(&self, places: &[usize]) -> bool {
        self.extension.is_empty()
            && self.modifier_extension.is_empty()
            && places
                .iter()
                .all(|at| plain::is_empty(self.source.content(*at).1))
    }

    /// The description of an element of the source.
    pub(crate) fn source_field(&self, name: &str) -> Option<&'static FieldInfo> {
        self.source.info().field(name)
    }

    /// The description of an element of the target.
    pub(crate) fn target_field(&self, name: &str) -> Option<&'static FieldInfo> {
        self.target.info().field(name)
    }

    pub(super) fn source_info(&self) -> &'static TypeInfo {
        self.source.info()
    }

    pub(super) fn target_info(&self) -> &'static TypeInfo {
        self.target.info()
    }

    /// Adds the value of an extension of the target to an element of the same type.
    pub(super) fn put_native(&mut self, name: &str, mut extension: Box<dyn ObjectElement>) {
        if let Some(ContentMut::Elements(list)) = room(self.target, name) {
            list.push();
            let last = list.count() - 1;
            if let Some(entry) = list.get_mut(last) {
                move_value(&mut *extension, entry);
            }
        }
    }

    /// Takes an element out of the source; nothing where the source has none of the name.
    pub(crate) fn take<T: Neutral>(&mut self, name: &str) -> T {
        lift_field(self.source, name)
    }

    /// Gives the target an element, under its name there and the name that losses tell.
    pub(crate) fn put<T: Neutral>(
        &mut self,
        name: &str,
        place: &'static str,
        value: T,
        context: &mut Context<'_>,
    ) {
        if value.is_nothing() {
            return;
        }
        let before = context.losses.len();
        if let Some(room) = room(self.target, name) {
            value.lower(room, context);
        }
        if context.losses.len() > before {
            let many = |field: Option<&'static FieldInfo>| field.is_some_and(|field| field.many);
            // The first entry of a list has no index where there is only room for one.
            if many(self.source_field(place)) && !many(self.target_field(name)) {
                context.place_index(before, 0);
            }
            context.place_name(before, place);
        }
    }

    /// Takes the entries of an element out of the source as values of extensions.
    pub(crate) fn take_values(&mut self, name: &str) -> Vec<Value> {
        let fields = self.source.info().fields;
        match fields.iter().position(|field| field.name == name) {
            Some(index) => lift_values(self.source, index),
            None => Vec::new(),
        }
    }

    /// Gives the target the entries of an element.
    pub(crate) fn put_values(
        &mut self,
        name: &str,
        place: &'static str,
        values: Vec<Value>,
        context: &mut Context<'_>,
    ) {
        let fields = self.target.info().fields;
        let Some(index) = fields.iter().position(|field| field.name == name) else {
            return;
        };
        let many = fields[index].many;
        for (at, value) in values.into_iter().enumerate() {
            context.at(place, |context| {
                if many {
                    context.entry(at, |context| {
                        lower_value(value, self.target, index, context)
                    });
                } else {
                    lower_value(value, self.target, index, context);
                }
            });
        }
    }

    /// The targets of an element, under its names in the two versions.
    pub(crate) fn targets(&self, source: &str, target: &str) -> Targets {
        let of = |field: Option<&'static FieldInfo>| field.map_or(&[][..], |field| field.targets);
        Targets {
            from: of(self.source_field(source)),
            to: of(self.target_field(target)),
        }
    }

    /// Moves an element to the target.
    pub(crate) fn move_one(
        &mut self,
        from: usize,
        there: &Place,
        level: &str,
        context: &mut Context<'_>,
    ) {
        let to = there.at;
        let plain = there;
        let (source, target) = (self.source.info(), self.target.info());
        let (field, there) = (&source.fields[from], &target.fields[to]);
        let place = field.name;
        let content = self.source.content(from).1;
        // Elements that have rules of their own are asked one by one.
        let is_part =
            matches!(field.types, [FieldType::Element(info)] if info().name.contains('.'));
        if !is_part && !matches!(content, Content::Absent) && plain.holds(content, context) {
            if let (Some(content), Some(room)) =
                (held_at(self.source, from), self.target.content_mut(to, 0))
            {
                plain.move_content(content, room);
            }
            return;
        }
        match field.types {
            [FieldType::Resource] => {
                let Some(ContentMut::Resources(list)) = held_at(self.source, from) else {
                    return;
                };
                let converted = contained::convert(std::mem::take(list), context);
                if let Some(ContentMut::Resources(list)) = self.target.content_mut(to, 0) {
                    *list = converted;
                }
            }
            [FieldType::Element(info)] if info().name == "Narrative" => {
                let text: Option<Narrative> = self.take(field.name);
                self.put(there.name, place, text, context);
            }
            [FieldType::Element(info)] if info().name.contains('.') => {
                context.at(place, |context| self.move_parts(from, to, context));
            }
            [FieldType::Element(info)] if info().name == "Reference" => {
                let targets = Targets {
                    from: field.targets,
                    to: there.targets,
                };
                let list: Vec<Reference> = self.take(field.name);
                let list = list
                    .into_iter()
                    .map(|item| reference::fit(item, targets, context));
                let list: Vec<_> = list.collect();
                self.put(there.name, place, list, context);
            }
            _ => {
                let mut values = lift_values(self.source, from);
                let required = there.min > 0;
                // Without the mark of a count, an element that has nothing else would be empty.
                let stays = self.is_bare && (!required || absent::are_only_marker(&values));
                if field.min != there.min && !stays {
                    values = absent::adapt(values, required, &format!("{level}.{place}"), context);
                }
                self.put_values(there.name, place, values, context);
            }
        }
    }

    /// Moves elements that are the same in both versions, if no rule could have anything to do; tells
    /// whether it did.
    fn move_if_plain(&mut self, places: &[(usize, Place)], context: &Context<'_>) -> bool {
        // The extensions may carry the element.
        if !self.extension.is_empty() || !self.modifier_extension.is_empty() {
            return false;
        }
        let plain = places
            .iter()
            .all(|(at, place)| place.holds(self.source.content(*at).1, context));
        if plain {
            for (at, there) in places {
                if let (Some(content), Some(room)) = (
                    held_at(self.source, *at),
                    self.target.content_mut(there.at, 0),
                ) {
                    there.move_content(content, room);
                }
            }
        }
        plain
    }

    /// Moves the elements that no rule names.
    fn move_same(&mut self, plan: &Plan, context: &mut Context<'_>) {
        for (from, to) in &plan.same {
            let is_absent = matches!(self.source.content(*from), (_, Content::Absent));
            let required = self.target.info().fields[to.at].min > 0;
            if !is_absent || required {
                self.move_one(*from, to, plan.level, context);
            }
        }
    }

    /// Converts the entries of a list of elements that have rules of their own.
    fn move_parts(&mut self, from: usize, to: usize, context: &mut Context<'_>) {
        let (Some(ContentMut::Elements(sources)), Some(ContentMut::Elements(targets))) = (
            self.source.content_mut(from, 0),
            self.target.content_mut(to, 0),
        ) else {
            return;
        };
        let plan = table::plan(sources.info(), context.from(), targets.info(), context.to());
        targets.reserve(sources.count());
        for index in 0..sources.count() {
            targets.push();
            if let (Some(source), Some(target)) = (sources.get_mut(index), targets.get_mut(index)) {
                context.entry(index, |context| convert_by(plan, source, target, context));
            }
        }
        // Of what is in the lists below, that of one entry is there twice at most.
        self.source.clear(from);
    }
}

/// The entries of a field as values of extensions.
fn lift_values(element: &mut dyn ObjectElement, index: usize) -> Vec<Value> {
    let Some(field_type) = element.info().fields[index].types.first() else {
        return Vec::new();
    };
    match held_at(element, index) {
        Some(ContentMut::Elements(list)) => {
            let mut values = Vec::new();
            for at in 0..list.count() {
                values.extend(list.get_mut(at).and_then(Value::of_element));
            }
            values
        }
        Some(content) => Vec::from_iter(Value::lift(content, field_type)),
        None => Vec::new(),
    }
}

/// Adds an entry to a field.
fn lower_value(
    value: Value,
    element: &mut dyn ObjectElement,
    index: usize,
    context: &mut Context<'_>,
) {
    match element.content_mut(index, 0) {
        Some(ContentMut::Elements(list)) => {
            list.push();
            let last = list.count() - 1;
            if let Some(entry) = list.get_mut(last) {
                value.lower_into(entry, context);
            }
        }
        Some(room) => value.lower(room, context),
        None => {}
    }
}
