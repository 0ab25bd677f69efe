//! What differs between two studies by meaning, whatever their versions.

use std::collections::{HashMap, HashSet};

use imaging_study::convert::{Converted, ElementMove, Loss, Options, convert_any, element_moves};
use imaging_study::core::{Json, Resource, WriteError, to_json};
use imaging_study::{AnyImagingStudy, FhirVersion, with_study};
use smol_str::SmolStr;

use crate::outcome::{member, string};

/// Two studies, compared in the version of the second.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Comparison {
    /// The version of the first study.
    pub from: FhirVersion,
    /// The version of the second study.
    pub to: FhirVersion,
    /// The elements that stand in another form or place, which is no difference.
    pub moves: Vec<Moved>,
    /// What a conversion of the first study to the version of the second loses or notes.
    pub losses: Vec<Loss>,
    /// What differs.
    pub differences: Vec<Difference>,
}

impl Comparison {
    /// Whether both studies say the same: nothing differs, and the version of the second can say
    /// everything that the first one does.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.differences.is_empty() && !self.losses.iter().any(|loss| loss.kind.is_loss())
    }
}

/// An element that both studies have, each as its version does.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Moved {
    /// What happens to it: `renamed`, `moved`, `wrapped`, `respelled`, `carried` in an extension, or
    /// `restored` from one.
    pub kind: &'static str,
    /// Where it stands in the first study.
    pub from: Vec<String>,
    /// Where it stands in the second one.
    pub to: Vec<String>,
    /// The rule of the conversion.
    pub rule: &'static str,
}

/// What happened to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DifferenceKind {
    /// The second study does not have it.
    Lost,
    /// The first study does not have it.
    Added,
    /// The second study has another value.
    Changed,
    /// A list has the same entries in another order.
    Reordered,
}

impl DifferenceKind {
    /// A word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Reordered => "reordered",
        }
    }
}

/// A difference of two studies.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// What happened.
    pub kind: DifferenceKind,
    /// Where it stands in the second study, or would stand if it were there.
    pub path: String,
    /// The element that travels there, where it is an extension for one: `ImagingStudy.partOf`.
    pub carries: Option<String>,
    /// The rule by which the element moves between the versions, where it does.
    pub rule: Option<&'static str>,
    /// The value of the first study, in the form of the second one's version.
    pub before: Option<Json>,
    /// The value of the second study.
    pub after: Option<Json>,
}

impl Difference {
    /// Whether one study only says that it lacks a value, where the other one just lacks it.
    fn is_mark(&self) -> bool {
        let value = match (&self.before, &self.after) {
            (Some(value), None) | (None, Some(value)) => value,
            _ => return false,
        };
        if self.path.ends_with("ImagingStudy.status") {
            return value.as_str() == Some("unknown");
        }
        let extension = match value.as_object() {
            Some([(name, extensions)]) if name == "extension" => match extensions.as_array() {
                Some([extension]) => extension,
                _ => return false,
            },
            _ => value,
        };
        extension.get("url").and_then(Json::as_str) == Some(ABSENT)
    }
}

/// The extension that says why there is no value.
const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/// Compares two studies. The first one is converted to the version of the second one; the order of
/// members, `meta.versionId`, `meta.lastUpdated` and comments say nothing. A study that lacks what its
/// version requires gets it marked as absent where another version requires it: if only such marks
/// differ, the second study is converted to the version of the first one too, and where that gives the
/// first one, nothing differs.
///
/// ```
/// use imaging_study::convert::{Options, convert_any};
/// use imaging_study::{AnyImagingStudy, FhirVersion};
/// use imaging_study_cli::compare;
///
/// let study = br#"{"resourceType": "ImagingStudy", "status": "available",
///     "modality": [{"code": "CT"}], "subject": {"display": "x"}}"#;
/// let study = AnyImagingStudy::read(study)?;
/// let other = convert_any(study.clone(), FhirVersion::R5, &Options::default())?.value;
/// let found = compare(&study, &other)?;
/// assert!(found.is_same());
/// assert_eq!(found.moves[0].kind, "wrapped");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// A study has elements with nothing in them, which is no FHIR.
pub fn compare(
    before: &AnyImagingStudy,
    after: &AnyImagingStudy,
) -> Result<Comparison, WriteError> {
    let mut found = compare_there(before, after)?;
    let marks = found.differences.iter().all(Difference::is_mark);
    if found.from != found.to && marks && !found.is_same() {
        let back = compare_there(after, before)?;
        if back.is_same() {
            found.differences = back.differences;
            found.losses = back.losses;
        }
    }
    Ok(found)
}

/// Compares two studies in the version of the second one.
fn compare_there(
    before: &AnyImagingStudy,
    after: &AnyImagingStudy,
) -> Result<Comparison, WriteError> {
    let (from, to) = (before.version(), after.version());
    let Converted { value, losses } = match convert_any(before.clone(), to, &Options::default()) {
        Ok(converted) => converted,
        // Nothing is refused that is not asked to be strict.
        Err(refused) => Converted {
            value: AnyImagingStudy::new(to),
            losses: refused.losses,
        },
    };
    let moves = element_moves(from, to);
    let old = tree(value)?;
    let new = tree(after.clone())?;
    let mut comparer = Comparer {
        moves: &moves,
        found: Vec::new(),
        path: vec![Step::Name("ImagingStudy".into())],
    };
    comparer.value(&old, &new);
    let differences = comparer.found;
    let moved = match from == to {
        true => Vec::new(),
        false => moved(&tree(before.clone())?, &old, &moves),
    };
    Ok(Comparison {
        from,
        to,
        moves: moved,
        losses,
        differences,
    })
}

/// A study as a tree, without what says nothing.
fn tree(mut study: AnyImagingStudy) -> Result<Json, WriteError> {
    with_study!(&mut study, study => {
        for resource in &mut study.contained {
            if let Some(xml) = resource.xml() {
                // Only its text is known.
                let members = vec![
                    member("resourceType", string(resource.resource_type())),
                    member("xml", string(xml)),
                ];
                if let Ok(text) = Resource::try_from(Json::Object(members)) {
                    *resource = text;
                }
            }
        }
    });
    let mut tree = with_study!(&study, study => to_json(&**study))?;
    let Json::Object(members) = &mut tree else {
        return Ok(tree);
    };
    for (name, value) in members.iter_mut() {
        match (name.as_str(), value) {
            ("meta", Json::Object(meta)) => meta.retain(|(name, _)| {
                let name = name.strip_prefix('_').unwrap_or(name);
                !matches!(name, "versionId" | "lastUpdated")
            }),
            ("contained", contained) => sort(contained),
            _ => {}
        }
    }
    strip_comments(&mut tree);
    if let Json::Object(members) = &mut tree {
        members.retain(|(_, value)| !matches!(value, Json::Object(members) if members.is_empty()));
    }
    Ok(tree)
}

/// Sorts the members of objects.
fn sort(value: &mut Json) {
    match value {
        Json::Array(entries) => entries.iter_mut().for_each(sort),
        Json::Object(members) => {
            members.sort_by(|(one, _), (other, _)| one.cmp(other));
            members.iter_mut().for_each(|(_, value)| sort(value));
        }
        _ => {}
    }
}

/// Drops the comments of DSTU2, and what has nothing else in it.
fn strip_comments(value: &mut Json) {
    match value {
        Json::Array(entries) => entries.iter_mut().for_each(strip_comments),
        Json::Object(members) => {
            members.retain(|(name, _)| name != "fhir_comments");
            members
                .iter_mut()
                .for_each(|(_, value)| strip_comments(value));
            members.retain(|(name, value)| {
                let empty = matches!(value, Json::Object(members) if members.is_empty());
                let nulls = value.as_array().is_some_and(|entries| {
                    let nothing = |entry: &Json| match entry {
                        Json::Null => true,
                        Json::Object(members) => members.is_empty(),
                        _ => false,
                    };
                    entries.iter().all(nothing)
                });
                !(name.starts_with('_') && (empty || nulls))
            });
        }
        _ => {}
    }
}

/// The values of elements of a level, e.g. of every series.
fn at<'j>(tree: &'j Json, parent: &str) -> Vec<&'j Json> {
    let mut found = vec![tree];
    for name in parent.split('.').skip(1) {
        let inner = found.iter().filter_map(|element| element.get(name));
        let inner = inner.flat_map(|list| match list.as_array() {
            Some(entries) => entries.iter().collect(),
            None => vec![list],
        });
        found = inner.collect();
    }
    found
}

/// The elements that stand otherwise in the converted study.
fn moved(before: &Json, after: &Json, moves: &[ElementMove]) -> Vec<Moved> {
    let mut found = Vec::new();
    for one in moves {
        let (old, new) = (at(before, one.parent), at(after, one.parent));
        let named = |elements: &[&Json], names: &[&'static str]| -> Vec<&'static str> {
            let has = |name: &&str| elements.iter().any(|element| element.get(name).is_some());
            names.iter().copied().filter(|name| has(name)).collect()
        };
        let (from, to) = (named(&old, one.from), named(&new, one.to));
        let values = |elements: &[&Json], names: &[&str]| -> Vec<Option<Json>> {
            let elements = elements.iter();
            let values =
                elements.flat_map(|element| names.iter().map(|name| element.get(name).cloned()));
            values.collect()
        };
        let same = values(&old, &from) == values(&new, &to);
        let kind = match (from.is_empty(), to.is_empty()) {
            (true, true) => continue,
            (false, true) if one.to.is_empty() => "carried",
            (true, false) => "restored",
            _ if from == to && same => continue,
            _ if same || one.rule == "renamed" => "renamed",
            _ if from != to => "moved",
            _ if matches!(one.rule, "concept" | "performer" | "sopClass") => "wrapped",
            _ if matches!(one.rule, "uid" | "availability") => "respelled",
            _ => "moved",
        };
        let paths = |names: Vec<&str>| {
            let names = names.into_iter();
            names.map(|name| format!("{}.{name}", one.parent)).collect()
        };
        found.push(Moved {
            kind,
            from: paths(from),
            to: paths(to),
            rule: one.rule,
        });
    }
    found
}

#[derive(Clone, Debug)]
enum Step {
    Name(SmolStr),
    Index(usize),
}

struct Comparer<'m> {
    moves: &'m [ElementMove],
    found: Vec<Difference>,
    path: Vec<Step>,
}

impl Comparer<'_> {
    fn report(&mut self, kind: DifferenceKind, before: Option<&Json>, after: Option<&Json>) {
        let mut path = String::new();
        let mut names = Vec::new();
        for step in &self.path {
            match step {
                Step::Name(name) => {
                    let dot = if path.is_empty() { "" } else { "." };
                    path = format!("{path}{dot}{name}");
                    names.push(name.as_str());
                }
                Step::Index(index) => path = format!("{path}[{index}]"),
            }
        }
        // The innermost element of the table that it is in.
        let rule = (1..names.len()).rev().find_map(|end| {
            let parent = names[..end].join(".");
            let mut moves = self.moves.iter();
            let row = moves.find(|one| one.parent == parent && one.to.contains(&names[end]));
            row.map(|row| row.rule)
        });
        let carries = before.or(after).and_then(carried);
        self.found.push(Difference {
            kind,
            path,
            rule: rule.or_else(|| carries.as_ref().map(|_| "carried")),
            carries,
            before: before.cloned(),
            after: after.cloned(),
        });
    }

    fn below(&mut self, step: Step, act: impl FnOnce(&mut Self)) {
        self.path.push(step);
        act(self);
        self.path.pop();
    }

    fn value(&mut self, old: &Json, new: &Json) {
        if old == new {
            return;
        }
        match (old, new) {
            (Json::Object(old), Json::Object(new)) => self.members(old, new),
            (Json::Array(old), Json::Array(new)) => self.lists(old, new),
            _ => self.report(DifferenceKind::Changed, Some(old), Some(new)),
        }
    }

    fn members(&mut self, old: &[(SmolStr, Json)], new: &[(SmolStr, Json)]) {
        let step = |name: &SmolStr| Step::Name(name.strip_prefix('_').unwrap_or(name).into());
        let there: HashMap<&SmolStr, &Json> =
            new.iter().map(|(name, value)| (name, value)).collect();
        for (name, value) in old {
            self.below(step(name), |comparer| match there.get(name) {
                Some(other) => comparer.value(value, other),
                None => comparer.only(DifferenceKind::Lost, value),
            });
        }
        let known: HashSet<&SmolStr> = old.iter().map(|(name, _)| name).collect();
        for (name, value) in new.iter().filter(|(name, _)| !known.contains(name)) {
            self.below(step(name), |comparer| {
                comparer.only(DifferenceKind::Added, value)
            });
        }
    }

    /// An element of one study alone; a list is told entry by entry.
    fn only(&mut self, kind: DifferenceKind, value: &Json) {
        match value.as_array() {
            Some(entries) => {
                for (index, entry) in entries.iter().enumerate() {
                    self.below(Step::Index(index), |comparer| comparer.only(kind, entry));
                }
            }
            None if kind == DifferenceKind::Lost => self.report(kind, Some(value), None),
            None => self.report(kind, None, Some(value)),
        }
    }

    fn entry(&mut self, kind: DifferenceKind, index: usize, value: &Json) {
        self.below(Step::Index(index), |comparer| comparer.only(kind, value));
    }

    fn lists(&mut self, old: &[Json], new: &[Json]) {
        if let (Some(old_keys), Some(new_keys)) = (keys(old), keys(new)) {
            return self.keyed(old, &old_keys, new, &new_keys);
        }
        let mut counts: HashMap<&Json, usize> = HashMap::new();
        for entry in new {
            *counts.entry(entry).or_default() += 1;
        }
        let mut unmatched = Vec::new();
        for (index, entry) in old.iter().enumerate() {
            match counts.get_mut(entry).filter(|count| **count > 0) {
                Some(count) => *count -= 1,
                None => unmatched.push((index, entry)),
            }
        }
        if unmatched.is_empty() && old.len() == new.len() {
            let (old, new) = (Json::Array(old.to_vec()), Json::Array(new.to_vec()));
            return self.report(DifferenceKind::Reordered, Some(&old), Some(&new));
        }
        if old.len() == new.len() {
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                self.below(Step::Index(index), |comparer| comparer.value(old, new));
            }
            return;
        }
        // What is left of the new list, from its end on: entries that are there more often.
        let mut added = Vec::new();
        for (index, entry) in new.iter().enumerate().rev() {
            if let Some(count) = counts.get_mut(entry).filter(|count| **count > 0) {
                *count -= 1;
                added.push((index, entry));
            }
        }
        added.reverse();
        let pairs = unmatched.len().min(added.len());
        for ((_, before), (index, after)) in unmatched.iter().zip(&added) {
            self.below(Step::Index(*index), |comparer| {
                comparer.value(before, after)
            });
        }
        for (index, entry) in unmatched.into_iter().skip(pairs) {
            self.entry(DifferenceKind::Lost, index, entry);
        }
        for (index, entry) in added.into_iter().skip(pairs) {
            self.entry(DifferenceKind::Added, index, entry);
        }
    }

    /// Lists of series or instances, which are told apart by their UIDs.
    fn keyed(&mut self, old: &[Json], old_keys: &[&str], new: &[Json], new_keys: &[&str]) {
        let places = new_keys
            .iter()
            .enumerate()
            .map(|(index, key)| (*key, index));
        let places: HashMap<&str, usize> = places.collect();
        let mut matched = Vec::new();
        for (index, (entry, key)) in old.iter().zip(old_keys).enumerate() {
            match places.get(key) {
                Some(&place) => {
                    matched.push(place);
                    let other = &new[place];
                    self.below(Step::Index(place), |comparer| comparer.value(entry, other));
                }
                None => self.entry(DifferenceKind::Lost, index, entry),
            }
        }
        let known: HashSet<&str> = old_keys.iter().copied().collect();
        for (index, (entry, key)) in new.iter().zip(new_keys).enumerate() {
            if !known.contains(key) {
                self.entry(DifferenceKind::Added, index, entry);
            }
        }
        if !matched.is_sorted() {
            let list = |keys: &[&str]| Json::Array(keys.iter().map(|key| string(key)).collect());
            let (old, new) = (list(old_keys), list(new_keys));
            self.report(DifferenceKind::Reordered, Some(&old), Some(&new));
        }
    }
}

/// The UIDs of series or instances, if each has one of its own.
fn keys(list: &[Json]) -> Option<Vec<&str>> {
    let keys: Vec<&str> = list
        .iter()
        .map(|entry| entry.get("uid").and_then(Json::as_str))
        .collect::<Option<_>>()?;
    let unique: HashSet<&str> = keys.iter().copied().collect();
    (unique.len() == keys.len()).then_some(keys)
}

/// The element that an extension of another version stands for.
fn carried(value: &Json) -> Option<String> {
    let url = value.get("url")?.as_str()?;
    let (_, element) = url.split_once("/StructureDefinition/extension-")?;
    url.starts_with("http://hl7.org/fhir/")
        .then(|| element.to_owned())
}
