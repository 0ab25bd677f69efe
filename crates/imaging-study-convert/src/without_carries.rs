//! A study without the extensions in which what the version has no element for would travel.

use imaging_study_core::{
    Element, FhirVersion, FieldType, Json, Segment, TypeInfo, from_json, to_json,
};
use smol_str::SmolStr;

use crate::{Loss, LossKind, Rule, absent, carry, tree};

/// Takes the carries of elements of a version out of a converted study, and reports them.
///
/// A modifier extension stays: without it a study that was entered in error would read as a valid
/// one. So do the standard extensions that hold the value of somebody's extension in another type or
/// a reference to another target, which are no elements. Where a required element has nothing left, it says that the
/// version could not hold it. A study nested more deeply than trees are read stays as it is.
pub(crate) fn remove<T: Element>(study: T, source: FhirVersion, losses: &mut Vec<Loss>) -> T {
    let Ok(mut tree) = to_json(&study) else {
        return study;
    };
    let mut remover = Remover {
        source,
        study: T::info(),
        root: 0,
        path: Vec::new(),
        removed: Vec::new(),
    };
    remover.element(&mut tree, Some(T::info()), &[]);
    if remover.removed.is_empty() {
        return study;
    }
    match from_json(&tree) {
        Ok(without) => {
            losses.append(&mut remover.removed);
            without
        }
        Err(_) => study,
    }
}

struct Remover {
    source: FhirVersion,
    /// The description of a study in the target version.
    study: &'static TypeInfo,
    /// How many segments of the path lead to the innermost study.
    root: usize,
    path: Vec<Segment>,
    removed: Vec<Loss>,
}

impl Remover {
    /// Goes through an element or a list of them. `values` says for the ids and extensions of
    /// primitives which have a value beside them.
    fn element(&mut self, json: &mut Json, info: Option<&'static TypeInfo>, values: &[bool]) {
        match json {
            Json::Object(members) => {
                let before = self.removed.len();
                self.members(members, info);
                // An element is more than an id.
                if self.removed.len() > before
                    && values.first() != Some(&true)
                    && let [(name, id)] = members.as_slice()
                    && name == "id"
                {
                    let mut path = self.path.clone();
                    path.push(Segment::Name("id".into()));
                    self.removed.push(Loss {
                        path: path.into_iter().collect(),
                        kind: LossKind::NotCarried,
                        rule: Rule::Carry,
                        value: id.clone(),
                    });
                    members.clear();
                }
            }
            Json::Array(entries) => {
                for (index, entry) in entries.iter_mut().enumerate() {
                    self.path.push(Segment::Index(index));
                    let value = values.get(index..).unwrap_or_default();
                    self.element(entry, info, value);
                    self.path.pop();
                    if is_empty(entry) {
                        *entry = Json::Null;
                    }
                }
            }
            _ => {}
        }
    }

    fn members(&mut self, members: &mut Vec<(SmolStr, Json)>, info: Option<&'static TypeInfo>) {
        let before = self.removed.len();
        let mut emptied = Vec::new();
        let values = values(members);
        for (index, (name, value)) in members.iter_mut().enumerate() {
            match (name.as_str(), &mut *value) {
                ("modifierExtension", Json::Array(extensions)) => {
                    self.modifier_extensions(extensions, info);
                }
                ("extension", Json::Array(extensions)) => self.extensions(extensions, info),
                ("contained", Json::Array(resources)) => self.contained(resources),
                _ => {
                    let values = values.iter().find(|(under, _)| under == name);
                    let values = values.map_or(&[][..], |(_, values)| values);
                    let name = name.strip_prefix('_').unwrap_or(name);
                    let field = info.and_then(|info| info.resolve(name));
                    self.path.push(Segment::Name(name.to_owned().into()));
                    self.element(
                        value,
                        field.map(|(_, field_type)| self.type_info(field_type)),
                        values,
                    );
                    self.path.pop();
                    if is_nothing(value) && field.is_some_and(|(field, _)| field.min > 0) {
                        emptied.push(index);
                    }
                }
            }
        }
        for index in emptied {
            // Of a primitive that has its value, only what stood beside it is gone.
            let stem = members[index].0.strip_prefix('_');
            let has_value = stem.is_some_and(|stem| members.iter().any(|(name, _)| name == stem));
            if !has_value {
                let many = matches!(members[index].1, Json::Array(_));
                let marked = absent::marked();
                members[index].1 = if many {
                    Json::Array(vec![marked])
                } else {
                    marked
                };
            }
        }
        if self.removed.len() > before {
            drop_holes(members);
            members.retain(|(_, value)| !is_empty(value));
        }
    }

    fn extensions(&mut self, extensions: &mut Vec<Json>, info: Option<&'static TypeInfo>) {
        let field = info.and_then(|info| info.resolve("extension"));
        let info = field.map(|(_, field_type)| self.type_info(field_type));
        let mut index = 0;
        extensions.retain_mut(|extension| {
            let url = extension.get("url").and_then(Json::as_str);
            if let Some((version, carried)) = url.and_then(carry::parse)
                && carry::names(version, self.source)
                && carried != tree::VALUE
            {
                let loss = self.loss(carried, extension);
                self.removed.push(loss);
                return false;
            }
            self.path.push(Segment::Name("extension".into()));
            self.path.push(Segment::Index(index));
            index += 1;
            let before = self.removed.len();
            let original = extension.clone();
            self.element(extension, info, &[]);
            // Somebody's extension that held nothing but a carry is no extension without it.
            let kept = self.removed.len() == before || has_content(extension);
            if !kept {
                self.removed.truncate(before);
                self.removed.push(Loss {
                    path: self.path.iter().cloned().collect(),
                    kind: LossKind::NotCarried,
                    rule: Rule::Carry,
                    value: original,
                });
            }
            self.path.truncate(self.path.len() - 2);
            kept
        });
    }

    /// What stands in modifier extensions. They stay themselves, whatever is left of them: without
    /// them the element would mean something else.
    fn modifier_extensions(&mut self, extensions: &mut [Json], info: Option<&'static TypeInfo>) {
        let field = info.and_then(|info| info.resolve("modifierExtension"));
        let info = field.map(|(_, field_type)| self.type_info(field_type));
        for (index, extension) in extensions.iter_mut().enumerate() {
            let url = extension.get("url").and_then(Json::as_str);
            if url.and_then(carry::parse).is_some() {
                continue;
            }
            self.path.push(Segment::Name("modifierExtension".into()));
            self.path.push(Segment::Index(index));
            let before = self.removed.len();
            self.element(extension, info, &[]);
            if self.removed.len() > before
                && !has_content(extension)
                && let (Json::Object(members), Json::Object(marked)) =
                    (&mut *extension, absent::marked())
            {
                members.extend(marked);
            }
            self.path.truncate(self.path.len() - 2);
        }
    }

    /// Contained studies are converted; other resources are as they were.
    fn contained(&mut self, resources: &mut [Json]) {
        self.path.push(Segment::Name("contained".into()));
        for (index, resource) in resources.iter_mut().enumerate() {
            if resource.get("resourceType").and_then(Json::as_str) == Some("ImagingStudy") {
                self.path.push(Segment::Index(index));
                let outer = std::mem::replace(&mut self.root, self.path.len());
                self.element(resource, Some(self.study), &[]);
                self.root = outer;
                self.path.pop();
            }
        }
        self.path.pop();
    }

    /// The description of a type. Of a primitive there is only an id and extensions, as a study has.
    fn type_info(&self, field_type: &FieldType) -> &'static TypeInfo {
        match field_type {
            FieldType::Element(info) => info(),
            _ => self.study,
        }
    }

    fn loss(&self, carried: &str, extension: &Json) -> Loss {
        let mut names = carried.split('.');
        let first = names.next().unwrap_or_default();
        let mut path = self.path.clone();
        if first == "ImagingStudy" {
            // As far as the element that holds the carry leads to the one that is carried.
            let mut rest = names.clone();
            let mut shared = self.root;
            for (index, segment) in self.path.iter().enumerate().skip(self.root) {
                match segment {
                    Segment::Index(_) => {}
                    Segment::Name(name) if rest.next() == Some(name.as_ref()) => {
                        names = rest.clone();
                    }
                    Segment::Name(_) => break,
                }
                shared = index + 1;
            }
            path.truncate(shared);
        } else if first.starts_with(|first: char| first.is_ascii_lowercase()) {
            // What is carried is the text of the primitive.
            names = "".split('.');
            names.next();
        }
        let mut names = names.peekable();
        let own = path.iter().rev().find_map(|segment| match segment {
            Segment::Name(name) => Some(name.as_ref()),
            Segment::Index(_) => None,
        });
        if own.is_some() && own == names.peek().copied() && first != "ImagingStudy" {
            // It stands on the primitive whose value it is.
            names.next();
        }
        path.extend(names.map(|name| Segment::Name(name.to_owned().into())));
        Loss {
            path: path.into_iter().collect(),
            kind: LossKind::NotCarried,
            rule: Rule::Carry,
            value: value(extension),
        }
    }
}

/// Which entries of a primitive have a value, for each `_x` that has an `x`.
fn values(members: &[(SmolStr, Json)]) -> Vec<(SmolStr, Vec<bool>)> {
    let under = members.iter().filter(|(name, _)| name.starts_with('_'));
    under
        .filter_map(|(under, _)| {
            let name = under.strip_prefix('_')?;
            let (_, value) = members.iter().find(|(own, _)| own == name)?;
            let values = match value {
                Json::Array(entries) => entries.iter().map(|entry| *entry != Json::Null).collect(),
                _ => vec![true],
            };
            Some((under.clone(), values))
        })
        .collect()
}

/// Whether an extension has a value or extensions.
fn has_content(extension: &Json) -> bool {
    let mut members = extension.as_object().unwrap_or_default().iter();
    members.any(|(name, _)| name != "id" && name != "url")
}

/// The value of an extension that has a plain one; otherwise all of it.
fn value(extension: &Json) -> Json {
    match extension.as_object() {
        Some([(url, _), (name, value)]) if url == "url" && name.starts_with("value") => {
            value.clone()
        }
        _ => extension.clone(),
    }
}

/// Drops the entries of lists that nothing is left of, neither in `x` nor in `_x`.
fn drop_holes(members: &mut [(SmolStr, Json)]) {
    let lists: Vec<SmolStr> = members
        .iter()
        .filter(|(_, value)| matches!(value, Json::Array(_)))
        .map(|(name, _)| name.trim_start_matches('_').into())
        .collect();
    for name in lists {
        let mut pair: Vec<(bool, &mut Vec<Json>)> = members
            .iter_mut()
            .filter(|(own, _)| own.strip_prefix('_').unwrap_or(own) == name)
            .filter_map(|(own, value)| match value {
                Json::Array(entries) => Some((own.starts_with('_'), entries)),
                _ => None,
            })
            .collect();
        let lengths = pair.iter().map(|(_, entries)| entries.len());
        let length = lengths.max().unwrap_or(0);
        let hole = |entry: Option<&Json>| entry.is_none_or(|entry| *entry == Json::Null);
        let kept: Vec<bool> = (0..length)
            .map(|index| !pair.iter().all(|(_, entries)| hole(entries.get(index))))
            .collect();
        for (_, entries) in &mut pair {
            let mut kept = kept.iter();
            entries.retain(|_| kept.next().is_none_or(|kept| *kept));
        }
        // A list of values stays beside a list of extensions, of nulls where there are none.
        for (sibling, entries) in pair {
            if sibling && entries.iter().all(|entry| *entry == Json::Null) {
                entries.clear();
            }
        }
    }
}

/// Whether nothing is left of an element, or of any entry of a list.
fn is_nothing(json: &Json) -> bool {
    match json {
        Json::Array(entries) => entries.iter().all(|entry| *entry == Json::Null),
        json => is_empty(json),
    }
}

fn is_empty(json: &Json) -> bool {
    match json {
        Json::Object(members) => members.is_empty(),
        Json::Array(entries) => entries.is_empty(),
        _ => false,
    }
}
