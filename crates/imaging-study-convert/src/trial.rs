//! The way back, tried: what of a study that its version does not allow would not come back.
//!
//! The rules of the conversion are made for valid studies, and most of what is wrong in others they
//! carry too. What they do not is found by converting the study back. That is done in pieces, so
//! that it takes no more memory than the largest of them: the study without its series, and each
//! series that is wrong.

use std::collections::HashMap;

use imaging_study_core::{FieldType, Json, Segment, TypeInfo, to_json};

use crate::context::Context;
use crate::sound::is_sound;
use crate::study::{Study, plain};
use crate::{Carry, Loss, LossKind, Rule, carry, comments};

/// What would not come back of a study; nothing if it is valid.
pub(crate) fn losses<A: Study, B: Study>(study: &mut A, context: &Context<'_>) -> Vec<Loss> {
    let mut losses = Vec::new();
    if context.options.carry == Carry::Nothing {
        return losses;
    }
    let (series, contained) = study.parts_mut();
    let series = std::mem::take(series);
    let resources = std::mem::take(contained);
    {
        let (_, contained) = study.parts_mut();
        // Other resources are converted by nobody, but for the report that says so.
        let studies = || {
            let resources = resources.iter().enumerate();
            resources.filter(|(_, resource)| resource.resource_type() == "ImagingStudy")
        };
        *contained = studies().map(|(_, study)| study.clone()).collect();
        if !is_sound::<A, A>(study, context) {
            let mut trial = Trial::<A, B>::new(context);
            trial.contained_at = studies().map(|(index, _)| index).collect();
            trial.whole(study.clone());
            losses = trial.losses;
        }
        for (index, one) in series.iter().enumerate() {
            if is_sound::<A, _>(one, context) {
                continue;
            }
            let mut alone = A::default();
            alone.parts_mut().0.push(one.clone());
            let mut trial = Trial::<A, B>::new(context);
            trial.series(alone, index);
            losses.append(&mut trial.losses);
        }
    }
    let (place, contained) = study.parts_mut();
    *place = series;
    *contained = resources;
    losses
}

struct Trial<'t, A, B> {
    /// Of the study as a whole.
    context: &'t Context<'t>,
    path: Vec<Segment>,
    /// Where the contained studies stand among the contained resources.
    contained_at: Vec<usize>,
    losses: Vec<Loss>,
    versions: std::marker::PhantomData<fn(A) -> B>,
}

impl<'t, A: Study, B: Study> Trial<'t, A, B> {
    fn new(context: &'t Context<'t>) -> Self {
        Self {
            context,
            path: Vec::new(),
            contained_at: Vec::new(),
            losses: Vec::new(),
            versions: std::marker::PhantomData,
        }
    }

    /// A study and what comes back of it, as trees.
    fn both(&self, study: A) -> Option<(Json, Option<Json>)> {
        let mut before = to_json(&study).ok()?;
        comments::strip(&mut before);
        let there: B = plain(study, self.context.options, Some(self.context)).0;
        let back: A = plain(there, self.context.options, Some(self.context)).0;
        Some((before, to_json(&back).ok()))
    }

    fn whole(&mut self, study: A) {
        let Some((before, back)) = self.both(study) else {
            return;
        };
        match back {
            Some(back) => self.compare(before, back, A::info()),
            None => self.lost(before),
        }
    }

    fn series(&mut self, study: A, index: usize) {
        let Some((before, back)) = self.both(study) else {
            return;
        };
        let only = |json: &Json| json.get("series")?.as_array()?.first().cloned();
        let info = A::info().resolve("series");
        let Some((_, FieldType::Element(info))) = info else {
            return;
        };
        self.path = vec![Segment::Name("series".into()), Segment::Index(index)];
        match (only(&before), back.as_ref().and_then(only)) {
            (Some(before), Some(back)) => self.compare(before, back, info()),
            (Some(before), None) => self.lost(before),
            (None, _) => {}
        }
    }

    /// Compares elements. Carries become elements where a version has them, which is no loss.
    fn compare(&mut self, mut before: Json, mut back: Json, info: &'static TypeInfo) {
        let had_carries = strip_carries(&mut before, true);
        strip_carries(&mut back, false);
        self.element(&before, &back, Some(info), had_carries);
    }

    fn report(&mut self, kind: LossKind, value: Json) {
        let mut path = self.path.clone();
        if let [Segment::Name(name), Segment::Index(index), ..] = path.as_mut_slice()
            && name == "contained"
            && let Some(place) = self.contained_at.get(*index)
        {
            *index = *place;
        }
        self.losses.push(Loss {
            path: path.into_iter().collect(),
            kind,
            rule: Rule::Invalid,
            value,
        });
    }

    fn lost(&mut self, value: Json) {
        self.report(LossKind::NotRestored, value);
    }

    fn element(
        &mut self,
        before: &Json,
        back: &Json,
        info: Option<&'static TypeInfo>,
        had_carries: bool,
    ) {
        if before == back {
            return;
        }
        let (Json::Object(old), Json::Object(new)) = (before, back) else {
            return self.lost(before.clone());
        };
        let reported = self.losses.len();
        for (name, value) in old {
            let stem = name.strip_prefix('_').unwrap_or(name);
            let field = info.and_then(|info| info.resolve(stem));
            let inner = match field {
                Some((_, FieldType::Element(info))) => Some(info()),
                // The id and the extensions of a primitive are as those of a study.
                Some((_, FieldType::Scalar(..))) if stem != name => Some(A::info()),
                Some((_, FieldType::Resource)) => Some(A::info()),
                _ => None,
            };
            let shown = field.map_or(stem, |(field, _)| field.stem());
            self.path.push(Segment::Name(shown.to_owned().into()));
            match (value, back.get(name)) {
                (_, None) => self.lost(value.clone()),
                (Json::Array(old), Some(Json::Array(new))) => {
                    self.entries(old, new, inner, had_carries);
                }
                (value, Some(back)) => self.element(value, back, inner, had_carries),
            }
            self.path.pop();
        }
        let mut missing = false;
        let mut added = false;
        for (name, _) in new {
            if before.get(name).is_some() {
                continue;
            }
            let stem = name.strip_prefix('_').unwrap_or(name);
            let field = info.and_then(|info| info.resolve(stem));
            let other = if stem == name {
                format!("_{stem}")
            } else {
                stem.to_owned()
            };
            let required =
                field.is_some_and(|(field, _)| field.min > 0) && before.get(&other).is_none();
            missing |= required;
            added |= !required;
        }
        if missing {
            self.report(LossKind::RequiredMissing, Json::Null);
        }
        // What was added is told by what it was added for.
        if added && self.losses.len() == reported && !had_carries {
            self.lost(Json::Null);
        }
    }

    fn entries(
        &mut self,
        old: &[Json],
        new: &[Json],
        info: Option<&'static TypeInfo>,
        had_carries: bool,
    ) {
        if old.len() == new.len() {
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                self.path.push(Segment::Index(index));
                self.element(old, new, info, had_carries);
                self.path.pop();
            }
            return;
        }
        // Each entry that came back is one of those that were there.
        let mut rest: HashMap<&Json, usize> = HashMap::new();
        for entry in new {
            *rest.entry(entry).or_default() += 1;
        }
        let before = self.losses.len();
        for (index, entry) in old.iter().enumerate() {
            match rest.get_mut(entry).filter(|count| **count > 0) {
                Some(count) => *count -= 1,
                None => {
                    self.path.push(Segment::Index(index));
                    self.lost(entry.clone());
                    self.path.pop();
                }
            }
        }
        if self.losses.len() == before && !had_carries {
            self.lost(Json::Null);
        }
    }
}

/// Whether nothing is left of a member of a tree.
fn is_nothing(json: &Json) -> bool {
    match json {
        Json::Object(members) => members.is_empty(),
        Json::Array(entries) => entries
            .iter()
            .all(|entry| *entry == Json::Null || is_nothing(entry)),
        _ => false,
    }
}

/// Takes the carries of elements out of a tree; returns whether there were any.
fn strip_carries(json: &mut Json, prunes: bool) -> bool {
    let is_carry = |json: &Json| {
        let url = json.get("url").and_then(Json::as_str);
        url.and_then(carry::parse).is_some()
    };
    match json {
        Json::Object(members) => {
            let mut found = false;
            for (name, value) in members.iter_mut() {
                if let ("extension" | "modifierExtension", Json::Array(list)) =
                    (name.as_str(), &mut *value)
                {
                    let length = list.len();
                    list.retain(|entry| !is_carry(entry));
                    found |= list.len() < length;
                }
                found |= strip_carries(value, prunes);
            }
            // What had nothing else is not there: a carry that was dropped is reported as such.
            if found && prunes {
                members.retain(|(_, value)| !is_nothing(value));
            }
            found
        }
        Json::Array(entries) => entries
            .iter_mut()
            .fold(false, |found, entry| strip_carries(entry, prunes) | found),
        _ => false,
    }
}
