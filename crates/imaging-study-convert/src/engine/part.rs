//! A study, a series or an instance on its way from one version to another.

use imaging_study_core::{
    Content, ContentMut, Element, ElementRef, FhirString, FieldInfo, FieldType, ObjectElement,
};

use super::plain::{self, Look, Pair, Place, Verdict};
use super::table::{self, Plan, Step};
use crate::context::Context;
use crate::hub::{
    Extension, Narrative, Neutral, Reference, Value, held_at, lift_at, lift_field, lower_field,
    move_value, push_extension, room,
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
    /// Whether everything in the source is plain.
    is_whole: bool,
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

/// Looks at a study or a series. In a context that says that it is plain it may be converted so.
pub(crate) fn look<A: Element, B: Element>(element: &A, look: &mut Look<'_>) -> Verdict {
    let shape = Pair::of(A::VERSION, B::VERSION).shape(A::info(), Some(B::info()));
    look.element(element, shape, Targets::ANY, false)
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
    if context.is_plain {
        convert_plain(plan, source, target, context);
        return;
    }
    let is_bare = plan.marks && source.present().count_ones() == 1;
    let mut id: Option<FhirString> = lift_some(source, plan.id);
    let mut part = Part {
        extension: lift_some(source, plan.extension),
        modifier_extension: lift_some(source, plan.modifier_extension),
        source,
        target,
        is_bare,
        is_whole: false,
    };
    let has_id = plan.id.is_some();
    if has_id {
        element_id::lift(
            &mut id,
            &mut part.extension,
            context.from(),
            part.source.info().name,
        );
    }
    let present = part.source.present();
    let lent = carry::lend(&part.modifier_extension, &mut part.extension, context);
    let carried = plan.carried(&part.extension) | plan.carried(&part.modifier_extension);
    for (at, step) in plan.rows.iter().enumerate() {
        let is_carried = carried >> at & 1 == 1;
        if !is_carried && step.needs.is_some_and(|needs| present & needs == 0) {
            continue;
        }
        if is_carried || step.same.is_empty() || !part.move_if_plain(&step.same, context) {
            context.is_plain = !is_carried && part.is_plain(step, context);
            (step.run)(&mut part, step, context);
            context.is_plain = false;
        }
    }
    carry::give_back(lent, &mut part.extension, &mut part.modifier_extension);
    if has_id {
        element_id::lower(
            &mut id,
            &mut part.extension,
            part.target.info().name,
            context,
        );
    }
    part.move_same(&plan.same, plan.level, context);
    lower_field(id, part.target, "id", "id", context);
    part.lower_extensions(context);
}

/// Converts an element in which everything is plain: what has a rule that is not the same in both
/// versions goes by its rule, and everything else is moved.
fn convert_plain(
    plan: &Plan,
    source: &mut dyn ObjectElement,
    target: &mut dyn ObjectElement,
    context: &mut Context<'_>,
) {
    let present = source.present();
    for at in plain::bits(present & plan.moved) {
        if let Some(place) = plan.shape.place(at) {
            place.move_field(source, at, target);
        }
    }
    let mut part = Part {
        extension: Vec::new(),
        modifier_extension: Vec::new(),
        source,
        target,
        is_bare: false,
        is_whole: true,
    };
    for step in plan.left.iter().filter_map(|at| plan.rows.get(*at)) {
        if step.needs.is_none_or(|needs| present & needs != 0) {
            (step.run)(&mut part, step, context);
            part.lower_extensions(context);
        }
    }
    part.move_same(&plan.others, plan.level, context);
}

/// What a field holds that the type may not have.
fn lift_some<T: Neutral>(element: &mut dyn ObjectElement, index: Option<usize>) -> T {
    index
        .map(|index| lift_at(element, index))
        .unwrap_or_default()
}

impl Part<'_> {
    /// Whether what a rule is about is plain.
    fn is_plain(&self, step: &Step, context: &Context<'_>) -> bool {
        let mut places = step.travels.iter();
        places.all(|(at, place)| place.is_plain(self.source, *at, context))
    }

    /// Moves plain elements to others, each under its names in the two versions, that have them
    /// inside something else or of which they are the inside; whether it did.
    pub(crate) fn rewrap(
        &mut self,
        step: &Step,
        names: &[(&str, &str)],
        context: &Context<'_>,
    ) -> bool {
        if !context.is_plain {
            return false;
        }
        let find = |(source, target): &(&str, &str)| {
            let mut wraps = step.wraps.iter();
            wraps.find(|(from, to, _)| from == source && to == target)
        };
        let fits = |names| {
            find(names).is_some_and(|(_, _, wrap)| wrap.fits(self.source, self.target, context))
        };
        let fit = names.iter().all(fits);
        if fit {
            for (_, _, wrap) in names.iter().filter_map(find) {
                wrap.run(self.source, self.target);
            }
        }
        fit
    }

    /// Lets a plain element travel in extensions of the target; whether it did.
    pub(crate) fn carry_plain(
        &mut self,
        step: &Step,
        name: &str,
        url: &str,
        context: &Context<'_>,
    ) -> bool {
        let fields = self.source.info().fields;
        let mut travels = step.travels.iter();
        let Some((at, place)) = travels.find(|(at, _)| fields[*at].name == name) else {
            return false;
        };
        let type_name = fields[*at].types.first().map_or("", FieldType::name);
        if !self.is_whole || context.target.value_type(type_name).is_none() {
            return false;
        }
        let count = match self.source.content(*at).1 {
            Content::Elements(list) => list.count(),
            Content::Element(_) | Content::Primitive(_) => 1,
            Content::Absent => 0,
            _ => return false,
        };
        for entry in 0..count {
            if let Some(ContentMut::Elements(list)) = room(self.target, "extension")
                && let Some(room) = push_extension(list, url, type_name, context.target)
            {
                place.move_entry(self.source, *at, entry, room);
            }
        }
        true
    }

    /// Whether there is something in an element of the source.
    pub(crate) fn holds(&self, name: &str) -> bool {
        ElementRef::of(self.source).field(name).is_some()
    }

    /// Gives the target the extensions that are left and those that were added.
    fn lower_extensions(&mut self, context: &mut Context<'_>) {
        let extension = std::mem::take(&mut self.extension);
        lower_field(extension, self.target, "extension", "extension", context);
        let modifier = std::mem::take(&mut self.modifier_extension);
        let name = "modifierExtension";
        lower_field(modifier, self.target, name, name, context);
    }

    /// The description of an element of the source.
    pub(crate) fn source_field(&self, name: &str) -> Option<&'static FieldInfo> {
        self.source.info().field(name)
    }

    /// The description of an element of the target.
    pub(crate) fn target_field(&self, name: &str) -> Option<&'static FieldInfo> {
        self.target.info().field(name)
    }

    /// Adds the value of an extension of the target to an element of the same type.
    pub(super) fn put_native(&mut self, name: &str, mut extension: Box<dyn ObjectElement>) {
        if let Some(ContentMut::Elements(list)) = room(self.target, name) {
            move_value(&mut *extension, list.push());
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
        let Some(to) = there.named else { return };
        let plain = there;
        let (source, target) = (self.source.info(), self.target.info());
        let (field, there) = (&source.fields[from], &target.fields[to]);
        let place = field.name;
        let content = self.source.content(from).1;
        // Elements that have rules of their own are asked one by one.
        let is_part = matches!(field.types, [FieldType::Element(info)] if table::has_rules(info()));
        if !is_part
            && !matches!(content, Content::Absent | Content::Resources(_))
            && plain.holds(self.source, from, context)
        {
            plain.move_field(self.source, from, self.target);
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
        let plain = places
            .iter()
            .all(|(at, place)| place.holds(self.source, *at, context));
        if plain {
            for (at, place) in places {
                place.move_field(self.source, *at, self.target);
            }
        }
        plain
    }

    /// Moves elements that no rule names.
    fn move_same(&mut self, same: &[(usize, Place)], level: &str, context: &mut Context<'_>) {
        for (from, to) in same {
            let is_absent = matches!(self.source.content(*from), (_, Content::Absent));
            let target = self.target.info();
            let required = to.named.is_some_and(|at| target.fields[at].min > 0);
            if !is_absent || required {
                self.move_one(*from, to, level, context);
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
            value.lower_into(list.push(), context);
        }
        Some(room) => value.lower(room, context),
        None => {}
    }
}
