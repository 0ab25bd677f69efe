//! Codes that the binding of another version lacks.
//!
//! A code outside the required binding of the target is left out and travels on its element, and
//! comes back where it is legal, or where it came from. The descriptions of the types say which
//! elements have such a binding.

use std::convert::Infallible;

use imaging_study_core::{
    CodeSet, Element, ElementRef, FhirVersion, FieldType, Json, Name, ObjectElements,
    ObjectPrimitives, PrimitiveRef, Resource, ScalarRef, Segment, TypeInfo, Writer, from_json,
    to_json,
};
use smol_str::SmolStr;

use crate::version::Version;
use crate::versions::{all, table};
use crate::{Carry, Loss, LossKind, Options, Rule, carry};

/// Whether a conversion writes a code of an element: one of the target's binding, and one that was
/// in a study of the target before.
pub(crate) fn may_write(code: &str, path: &str, version: FhirVersion, target: &Version) -> bool {
    // A code that R6 has was in a study of it, and in none of its draft.
    let of_other = |other: &Version| {
        other.fhir_version != target.fhir_version
            && carry::names(version, other.fhir_version)
            && allows(other, path, code)
    };
    allows(target, path, code)
        || (carry::names(version, target.fhir_version) && !all().iter().any(of_other))
}

/// Whether a version has a code for an element.
pub(crate) fn allows(version: &Version, path: &str, code: &str) -> bool {
    binding(version, path).is_none_or(|codes| codes.codes.contains(&code))
}

/// The codes that a version requires of an element.
fn binding(version: &Version, path: &str) -> Option<&'static CodeSet> {
    let mut steps = path.split('.');
    let mut info = match steps.next()? {
        "ImagingStudy" => (version.study)(),
        // No extension holds a narrative.
        "Narrative" => element_of((version.study)(), "text")?,
        name => version.value_info(name)?,
    };
    let mut steps = steps.peekable();
    while let Some(step) = steps.next() {
        if steps.peek().is_some() {
            info = element_of(info, step)?;
            continue;
        }
        let field = info.fields.iter().find(|field| field.stem() == step)?;
        return match field.types {
            [FieldType::Scalar(_, codes)] => *codes,
            _ => None,
        };
    }
    None
}

fn element_of(info: &TypeInfo, name: &str) -> Option<&'static TypeInfo> {
    match info.field(name)?.types.first()? {
        FieldType::Element(info) => Some(info()),
        _ => None,
    }
}

/// Marks the codes of a study that are outside the bindings of its own version: such a code travels
/// beside itself, so that the way back knows it from one that was written there. What is back in the
/// version that it comes from loses its native copy, which follows other rules.
pub(crate) fn prepare<T: Element>(
    study: T,
    source: &'static Version,
    target: &'static Version,
    options: &Options,
) -> T {
    // Without carries there is no way back to prepare. Between R6 and its draft, whose carries have one
    // URL, a mark would be taken for what travelled.
    let one_name = carry::names(source.fhir_version, target.fhir_version);
    if options.carry == Carry::Nothing || one_name {
        return study;
    }
    run(study, source, target, source, Fitter::mark).0
}

/// Lets the codes of a converted study travel that the target lacks, and puts those back that it
/// has and the source had not. The codes of the study and its series are converted by rules of their
/// own.
pub(crate) fn fit<T: Element>(
    study: T,
    source: &'static Version,
    target: &'static Version,
    losses: &mut Vec<Loss>,
) -> T {
    let (fitted, mut stale) = run(study, source, target, target, Fitter::fit);
    losses.append(&mut stale);
    fitted
}

/// Does something to each code with a binding in a study of the version `own`.
fn run<T: Element>(
    study: T,
    source: &'static Version,
    target: &'static Version,
    own: &'static Version,
    change: Change,
) -> (T, Vec<Loss>) {
    if source.fhir_version == target.fhir_version || !Finder::finds(&study) {
        return (study, Vec::new());
    }
    let Ok(mut tree) = to_json(&study) else {
        return (study, Vec::new());
    };
    let mut fitter = Fitter {
        source,
        target,
        own,
        change,
        path: Vec::new(),
        changed: false,
        stale: Vec::new(),
    };
    fitter.element(&mut tree, T::info());
    if !fitter.changed {
        return (study, Vec::new());
    }
    // What is nested more deeply than trees are read, no reader of the target takes either.
    match from_json(&tree) {
        Ok(fitted) => (fitted, fitter.stale),
        Err(_) => (study, Vec::new()),
    }
}

/// Whether the codes of a type are converted by rules of their own.
fn has_own_rules(info: &TypeInfo) -> bool {
    info.name.starts_with("ImagingStudy")
}

/// Looks for a code outside its binding, and for one with extensions.
struct Finder {
    found: bool,
    own_rules: bool,
}

impl Finder {
    fn finds<T: Element>(study: &T) -> bool {
        let mut finder = Self {
            found: false,
            own_rules: false,
        };
        finder.walk(ElementRef::new(study));
        finder.found
    }

    fn walk(&mut self, element: ElementRef<'_>) {
        if self.found {
            return;
        }
        let outer = std::mem::replace(&mut self.own_rules, has_own_rules(element.info()));
        let Ok(()) = element.write(self);
        self.own_rules = outer;
    }
}

impl Writer for Finder {
    type Error = Infallible;

    fn any_attribute(&mut self, _name: Name, _value: ScalarRef<'_>) -> Result<(), Infallible> {
        Ok(())
    }

    fn any_primitive(&mut self, _name: Name, value: PrimitiveRef<'_>) -> Result<(), Infallible> {
        let element = value.element();
        if !self.own_rules
            && let Some(codes) = value.codes()
        {
            let lacks = |value: ScalarRef<'_>| !codes.codes.contains(&&*value.text());
            self.found |= element.is_some() || value.value().is_some_and(lacks);
        }
        if let Some(element) = element {
            self.walk(element);
        }
        Ok(())
    }

    fn any_primitives(
        &mut self,
        name: Name,
        values: &dyn ObjectPrimitives,
    ) -> Result<(), Infallible> {
        values
            .entries()
            .try_for_each(|value| self.any_primitive(name, value))
    }

    fn any_element(&mut self, _name: Name, value: ElementRef<'_>) -> Result<(), Infallible> {
        self.walk(value);
        Ok(())
    }

    fn any_elements(&mut self, _name: Name, values: &dyn ObjectElements) -> Result<(), Infallible> {
        for value in values.entries() {
            self.walk(value);
        }
        Ok(())
    }

    fn resources(&mut self, _name: Name, values: &[Resource]) -> Result<(), Infallible> {
        self.found |= values
            .iter()
            .any(|value| value.resource_type() == "ImagingStudy");
        Ok(())
    }
}

type Members = Vec<(SmolStr, Json)>;

/// What happens to one code: its value, its id and extensions, its path, the codes of its binding.
/// Returns whether something did.
type Change = fn(&mut Fitter, &mut Json, &mut Json, &str, &'static CodeSet) -> bool;

struct Fitter {
    source: &'static Version,
    target: &'static Version,
    /// The version of the study.
    own: &'static Version,
    change: Change,
    path: Vec<Segment>,
    changed: bool,
    stale: Vec<Loss>,
}

impl Fitter {
    fn element(&mut self, json: &mut Json, info: &'static TypeInfo) {
        match json {
            Json::Object(members) => self.members(members, info),
            Json::Array(entries) => {
                for (index, entry) in entries.iter_mut().enumerate() {
                    self.path.push(Segment::Index(index));
                    self.element(entry, info);
                    self.path.pop();
                }
            }
            _ => {}
        }
    }

    fn members(&mut self, members: &mut Members, info: &'static TypeInfo) {
        for (name, value) in members.iter_mut() {
            let stem = name.strip_prefix('_').unwrap_or(name);
            let Some((field, field_type)) = info.resolve(stem) else {
                continue;
            };
            self.path.push(Segment::Name(field.stem().into()));
            match (field_type, value) {
                (FieldType::Element(inner), value) => self.element(value, inner()),
                (FieldType::Resource, Json::Array(resources)) => {
                    for (index, resource) in resources.iter_mut().enumerate() {
                        let named = resource.get("resourceType").and_then(Json::as_str);
                        if named == Some("ImagingStudy") {
                            self.path.push(Segment::Index(index));
                            self.element(resource, (self.own.study)());
                            self.path.pop();
                        }
                    }
                }
                // The id and the extensions of a primitive, as a study has them.
                (FieldType::Scalar(..), value) if name.starts_with('_') => {
                    self.element(value, (self.own.study)());
                }
                _ => {}
            }
            self.path.pop();
        }
        if has_own_rules(info) {
            return;
        }
        for field in info.fields {
            if let [FieldType::Scalar(_, Some(codes))] = field.types {
                let path = format!("{}.{}", info.name, field.stem());
                self.path.push(Segment::Name(field.stem().into()));
                self.code(members, field.name, field.many, &path, codes);
                self.path.pop();
            }
        }
    }

    /// One element with a binding, in `x` and `_x`.
    fn code(
        &mut self,
        members: &mut Members,
        name: &str,
        many: bool,
        path: &str,
        codes: &'static CodeSet,
    ) {
        let under = format!("_{name}");
        let find = |members: &Members, name: &str| members.iter().position(|(own, _)| own == name);
        let (value_at, element_at) = (find(members, name), find(members, &under));
        if value_at.is_none() && element_at.is_none() {
            return;
        }
        let list = |at: Option<usize>| match at.map(|at| &members[at].1) {
            Some(Json::Array(entries)) if many => entries.clone(),
            Some(value) => vec![value.clone()],
            None => Vec::new(),
        };
        let (mut values, mut elements) = (list(value_at), list(element_at));
        let length = values.len().max(elements.len());
        values.resize(length, Json::Null);
        elements.resize(length, Json::Null);
        let mut changed = false;
        for (index, (value, element)) in values.iter_mut().zip(&mut elements).enumerate() {
            if many {
                self.path.push(Segment::Index(index));
            }
            changed |= (self.change)(self, value, element, path, codes);
            if many {
                self.path.pop();
            }
        }
        if !changed {
            return;
        }
        self.changed = true;
        // `_x` stands behind `x`, and both where the element stood.
        let at = value_at.into_iter().chain(element_at).min().unwrap_or(0);
        members.retain(|(own, _)| own != name && *own != under);
        for (name, mut list) in [(under, elements), (name.to_owned(), values)] {
            if list.iter().all(|entry| *entry == Json::Null) {
                continue;
            }
            let json = if many {
                Json::Array(list)
            } else {
                list.swap_remove(0)
            };
            members.insert(at.min(members.len()), (name.into(), json));
        }
    }

    /// Marks a code outside the binding of the source.
    fn mark(
        &mut self,
        value: &mut Json,
        element: &mut Json,
        path: &str,
        codes: &'static CodeSet,
    ) -> bool {
        let Some(code) = value.as_str().filter(|code| !codes.codes.contains(code)) else {
            let back = |version, code: &str| {
                carry::names(version, self.target.fhir_version) && Some(code) == value.as_str()
            };
            let is_back = carried(element, path).any(|(_, version, code)| back(version, code));
            if is_back {
                *value = Json::Null;
            }
            return is_back;
        };
        if carried(element, path).any(|(_, _, own)| own == code) {
            return false;
        }
        push_extension(element, &carry::url(self.source.fhir_version, path), code);
        true
    }

    /// Puts a code back that travels on its element, or lets the one travel that stands there.
    fn fit(
        &mut self,
        value: &mut Json,
        element: &mut Json,
        path: &str,
        codes: &'static CodeSet,
    ) -> bool {
        let native = value.as_str().map(str::to_owned);
        let version_of_target = self.target.fhir_version;
        let written = |version, code: &str| {
            carry::names(version, version_of_target)
                || (codes.codes.contains(&code)
                    && !allows(self.source, path, code)
                    && allows(table(version), path, code))
        };
        let found = carried(element, path)
            .find(|(_, version, code)| written(*version, code))
            .map(|(position, _, code)| (position, code.to_owned()));
        let stale = found.is_some();
        if let Some((position, code)) = found {
            let extension = take_extension(element, position);
            if native.is_none() || native.as_ref() == Some(&code) {
                *value = Json::String(code.as_str().into());
                return true;
            }
            let mut place = self.path.clone();
            place.push(Segment::Name("extension".into()));
            self.stale.push(Loss {
                path: place.into_iter().collect(),
                kind: LossKind::StaleCarry,
                rule: Rule::Stale,
                value: extension,
            });
        }
        let Some(code) = native.filter(|code| !codes.codes.contains(&code.as_str())) else {
            return stale;
        };
        if carried(element, path).all(|(_, _, own)| own != code) {
            push_extension(element, &carry::url(self.source.fhir_version, path), &code);
        }
        *value = Json::Null;
        true
    }
}

/// The codes of an element that extensions on it carry: their places, their versions, and they.
fn carried<'j>(
    element: &'j Json,
    path: &'j str,
) -> impl Iterator<Item = (usize, FhirVersion, &'j str)> {
    let list = element.get("extension").and_then(Json::as_array);
    let entries = list.unwrap_or_default().iter().enumerate();
    entries.filter_map(move |(position, extension)| {
        let (version, own) = carry::parse(extension.get("url")?.as_str()?)?;
        let code = extension.get("valueCode")?.as_str()?;
        let plain = extension.as_object()?.len() == 2;
        (plain && own == path).then_some((position, version, code))
    })
}

/// Takes an extension off a primitive.
fn take_extension(element: &mut Json, position: usize) -> Json {
    let Json::Object(parts) = element else {
        return Json::Null;
    };
    let mut taken = Json::Null;
    if let Some((_, Json::Array(list))) = parts.iter_mut().find(|(name, _)| name == "extension") {
        taken = list.remove(position);
        if list.is_empty() {
            parts.retain(|(name, _)| name != "extension");
        }
    }
    if parts.is_empty() {
        *element = Json::Null;
    }
    taken
}

/// Puts an extension with a code on a primitive.
pub(crate) fn push_extension(element: &mut Json, url: &str, code: &str) {
    let text = |text: &str| Json::String(text.into());
    let extension = Json::Object(vec![
        ("url".into(), text(url)),
        ("valueCode".into(), text(code)),
    ]);
    if !matches!(element, Json::Object(_)) {
        *element = Json::Object(Vec::new());
    }
    if let Json::Object(parts) = element {
        match parts.iter_mut().find(|(name, _)| name == "extension") {
            Some((_, Json::Array(list))) => list.push(extension),
            _ => parts.push(("extension".into(), Json::Array(vec![extension]))),
        }
    }
}
