//! The table of the rules, and the plan that it gives for two versions.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use imaging_study_core::{FhirVersion, FieldType, TypeInfo};

use super::carried;
use super::instances::Moves;
use super::part::Part;
use super::plain::{self, HL7, Pair, Place, Shape};
use super::wrap::Wrap;
use crate::context::Context;
use crate::hub::Extension;
use crate::rules::{
    availability, concept, encounter, identity, interpreter, performer, procedure, reason,
    sop_class, uid,
};
use crate::{carry, versions};

/// The table, for readers too.
const TEXT: &str = include_str!("table.txt");

/// Moves an element.
pub(crate) type Move = fn(&mut Part<'_>, &Step, &mut Context<'_>);

/// How an element moves: a line of the table.
pub(crate) struct Row {
    /// The path of the element that it is in, e.g. `ImagingStudy.series`.
    pub(crate) level: &'static str,
    /// The names that it has, a list for each version.
    names: Vec<Vec<&'static str>>,
    /// The word for how.
    how: &'static str,
    /// The path by which the element travels from each version, where it has one.
    paths: Vec<Option<String>>,
}

impl Row {
    /// The names of the element in a version; none where it has no such element.
    pub(crate) fn names(&self, version: FhirVersion) -> &[&'static str] {
        self.names
            .get(versions::index(version))
            .map_or(&[], Vec::as_slice)
    }

    /// The first of its names in a version.
    pub(crate) fn name(&self, version: FhirVersion) -> Option<&'static str> {
        self.names(version).first().copied()
    }

    /// The word for how it moves.
    pub(crate) fn how(&self) -> &'static str {
        self.how
    }

    /// The path by which the element travels from a version.
    pub(crate) fn path(&self, version: FhirVersion) -> Option<&str> {
        self.paths[versions::index(version)].as_deref()
    }

    /// Whether the rule has something to do where the source has no such element: what must be in
    /// the target is marked, or has a value for that.
    fn fills(&self) -> bool {
        matches!(self.how, "availability" | "identity" | "sopClass" | "uid")
    }

    fn run(&self) -> Move {
        match self.how {
            "carried" => carried::carried,
            "availability" if self.level == "ImagingStudy" => availability::convert,
            "availability" => availability::convert_series,
            "concept" => concept::convert,
            "encounter" => encounter::convert,
            "identity" => identity::convert,
            "interpreter" => interpreter::convert,
            "performer" => performer::convert,
            "procedure" => procedure::convert,
            "reason" => reason::convert,
            "sopClass" => sop_class::convert,
            "uid" => uid::convert,
            _ => carried::renamed,
        }
    }
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let mut level = "";
    let mut rows = Vec::new();
    for line in TEXT.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_ascii_whitespace();
        let (Some(first), how) = (words.next(), words.next_back()) else {
            continue;
        };
        let Some(how) = how else {
            level = first;
            continue;
        };
        let names = words.map(|names| match names {
            "-" => Vec::new(),
            names => names.split('+').collect(),
        });
        let names: Vec<Vec<_>> = names.collect();
        let path = |names: &Vec<&str>| Some(format!("{level}.{}", names.first()?));
        rows.push(Row {
            level,
            how,
            paths: names.iter().map(path).collect(),
            names,
        });
    }
    rows
});

/// Every line of the table.
pub(crate) fn rows() -> &'static [Row] {
    &ROWS
}

/// A rule of a plan.
pub(crate) struct Step {
    pub(crate) row: &'static Row,
    pub(crate) run: Move,
    /// The fields of the element in the source, a bit each, if there is nothing to do where it has
    /// none.
    pub(crate) needs: Option<u64>,
    /// What may be put into something else, or taken out of it, under its names in the two versions.
    pub(crate) wraps: Vec<(&'static str, &'static str, Wrap)>,
    /// The places of the element in the source, for what travels.
    pub(super) travels: Vec<(usize, Place)>,
    /// Where the element is the same in both versions, its places in each.
    pub(crate) same: Vec<(usize, Place)>,
}

/// What is done to the elements of a type on the way from one version to another.
pub(crate) struct Plan {
    /// The rules, in their order.
    pub(crate) rows: Vec<Step>,
    /// The elements that no rule names: their places in the source and in the target.
    pub(crate) same: Vec<(usize, Place)>,
    /// Of a plain element, what is moved as it is: a bit each field of the source.
    pub(crate) moved: u64,
    /// Of a plain element, the rules that still have something to do.
    pub(crate) left: Vec<usize>,
    /// Of a plain element, what else no rule names.
    pub(crate) others: Vec<(usize, Place)>,
    /// Whether only one of the versions requires one of them, in a type that is no resource.
    pub(crate) marks: bool,
    /// Where all fields stand.
    pub(crate) shape: &'static Shape,
    /// How plain instances are moved.
    pub(crate) moves: Moves,
    /// The path of the type.
    pub(crate) level: &'static str,
    /// The rules of each name that an element has in some version, a bit each.
    names: HashMap<&'static str, u64>,
    /// The places of the extensions in the source.
    pub(crate) extension: Option<usize>,
    /// The places of the modifier extensions in the source.
    pub(crate) modifier_extension: Option<usize>,
    /// The place of the id in the source, where XML writes it as an attribute.
    pub(crate) id: Option<usize>,
}

impl Plan {
    /// The rules whose elements some extensions may carry, a bit each.
    pub(super) fn carried(&self, extensions: &[Extension]) -> u64 {
        let mut rules = 0;
        for extension in extensions {
            let url = extension.url.as_ref().map_or("", |url| url.as_str());
            rules |= match carry::parse(url) {
                Some((_, path)) => {
                    let below = path.strip_prefix(self.level);
                    let name = below.and_then(|below| below.strip_prefix('.'));
                    let name = name.and_then(|name| name.split('.').next());
                    name.and_then(|name| self.names.get(name).copied())
                        .unwrap_or_default()
                }
                None if url.starts_with(HL7) => u64::MAX,
                None => 0,
            };
        }
        rules
    }
}

/// The types whose elements have lines in the table.
const LEVELS: [&str; 3] = [
    "ImagingStudy",
    "ImagingStudy.series",
    "ImagingStudy.series.instance",
];

/// Whether the elements of a type have lines in the table.
pub(super) fn has_rules(info: &TypeInfo) -> bool {
    LEVELS.contains(&info.name)
}

/// The plan for a type of two versions.
pub(crate) fn plan(
    from: &'static TypeInfo,
    source: FhirVersion,
    to: &'static TypeInfo,
    target: FhirVersion,
) -> &'static Plan {
    const VERSIONS: usize = FhirVersion::ALL.len();
    static PLANS: [OnceLock<Plan>; LEVELS.len() * VERSIONS * VERSIONS] =
        [const { OnceLock::new() }; LEVELS.len() * VERSIONS * VERSIONS];
    let level = LEVELS.iter().position(|level| *level == from.name);
    let (level, source_at, target_at) = (
        level.unwrap_or_default(),
        versions::index(source),
        versions::index(target),
    );
    PLANS[(level * VERSIONS + source_at) * VERSIONS + target_at]
        .get_or_init(|| Plan::new(LEVELS[level], from, source, to, target))
}

impl Plan {
    fn new(
        level: &'static str,
        from: &'static TypeInfo,
        source: FhirVersion,
        to: &'static TypeInfo,
        target: FhirVersion,
    ) -> Self {
        let pair = Pair::of(source, target);
        let rows: Vec<_> = ROWS
            .iter()
            .filter(|row| row.level == level)
            .map(|row| Step {
                row,
                run: row.run(),
                needs: (!row.fills()).then(|| {
                    let at = |name: &&str| from.fields.iter().position(|own| own.name == *name);
                    let places = row.names(source).iter().filter_map(at);
                    places.fold(0, |bits, at| bits | 1 << at)
                }),
                wraps: wraps(row, from, source, to, target),
                travels: {
                    let at = |name: &&str| from.fields.iter().position(|own| own.name == *name);
                    let places = row.names(source).iter().filter_map(at);
                    let place = |at: usize| (at, Place::new(&from.fields[at], None, pair));
                    places.map(place).collect()
                },
                same: same_places(row, from, source, to, target),
            })
            .collect();
        let ruled = |name: &str| {
            rows.iter()
                .any(|step| step.row.names(source).contains(&name))
                || matches!(name, "extension" | "modifierExtension")
        };
        let unruled = || {
            from.fields.iter().enumerate().filter_map(|(at, field)| {
                let there = to.fields.iter().position(|other| other.name == field.name);
                let own_id = field.name == "id" && field.attribute;
                there
                    .filter(|_| !ruled(field.name) && !own_id)
                    .map(|there| {
                        (
                            at,
                            Place::new(field, Some((&to.fields[there], there)), pair),
                        )
                    })
            })
        };
        let place = |name: &str, attribute: bool| {
            let mut fields = from.fields.iter();
            fields.position(|field| field.name == name && field.attribute == attribute)
        };
        // Elements that have rules of their own, and resources, are asked one by one.
        let is_whole = |at: usize| {
            from.fields[at].types.iter().all(|own| match own {
                FieldType::Element(info) => !has_rules(info()),
                FieldType::Scalar(..) => true,
                FieldType::Resource => false,
            })
        };
        let shape = pair.shape(from, Some(to));
        let stays = |at: &usize| {
            let has_place = shape.place(*at).is_some_and(|place| place.at.is_some());
            let name = from.fields[*at].name;
            let mut steps = rows.iter();
            let step = steps.find(|step| step.row.names(source).contains(&name));
            has_place && is_whole(*at) && step.is_none_or(|step| !step.same.is_empty())
        };
        let places = (0..from.fields.len()).filter(stays);
        let moved = places.fold(0, |bits: u64, at| bits | 1 << at);
        let same: Vec<(usize, Place)> = unruled().collect();
        let differs = |(at, place): &(usize, Place)| {
            let there = place.named.map(|there| to.fields[there].min);
            there.is_some_and(|min| from.fields[*at].min != min)
        };
        let mut names = HashMap::new();
        for (at, step) in rows.iter().enumerate() {
            for name in step.row.names.iter().flatten() {
                *names.entry(*name).or_default() |= 1 << at;
            }
        }
        let is_left = |at: &usize| {
            let places = &rows[*at].same;
            places.is_empty() || places.iter().any(|(at, _)| moved >> at & 1 == 0)
        };
        Self {
            left: (0..rows.len()).filter(is_left).collect(),
            marks: !from.resource && same.iter().any(differs),
            others: unruled().filter(|(at, _)| moved >> at & 1 == 0).collect(),
            moved,
            same,
            shape,
            moves: Moves::new(from, to, &rows, source, target),
            rows,
            level,
            names,
            extension: place("extension", false),
            modifier_extension: place("modifierExtension", false),
            id: place("id", true),
        }
    }
}

/// What an element may be put into, or taken out of.
fn wraps(
    row: &Row,
    from: &'static TypeInfo,
    source: FhirVersion,
    to: &'static TypeInfo,
    target: FhirVersion,
) -> Vec<(&'static str, &'static str, Wrap)> {
    let pair = Pair::of(source, target);
    let names = row.names(source).iter();
    let pairs = names.flat_map(|name| row.names(target).iter().map(move |there| (*name, *there)));
    let wrap = |(name, there): (&'static str, &'static str)| {
        Some((name, there, Wrap::new(from, name, to, there, pair)?))
    };
    pairs.filter_map(wrap).collect()
}

/// The places of an element in the source and in the target, if it is the same in both.
fn same_places(
    row: &Row,
    from: &'static TypeInfo,
    source: FhirVersion,
    to: &'static TypeInfo,
    target: FhirVersion,
) -> Vec<(usize, Place)> {
    let (names, there) = (row.names(source), row.names(target));
    let pair = Pair::of(source, target);
    let places = names.iter().zip(there).map(|(name, other)| {
        let at = from.fields.iter().position(|field| field.name == *name)?;
        let there = to.fields.iter().position(|field| field.name == *other)?;
        let (field, other_field) = (&from.fields[at], &to.fields[there]);
        let named = name == other || row.how == "renamed";
        let same = named && plain::is_same(field, other_field);
        same.then(|| (at, Place::new(field, Some((other_field, there)), pair)))
    });
    let places: Option<Vec<_>> = places.collect();
    match places {
        Some(places) if names.len() == there.len() => places,
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(study: &'static TypeInfo, level: &str) -> Option<&'static TypeInfo> {
        let mut info = study;
        for name in level.split('.').skip(1) {
            let Some([FieldType::Element(inner)]) = info.field(name).map(|field| field.types)
            else {
                return None;
            };
            info = inner();
        }
        Some(info)
    }

    #[test]
    fn every_name_is_one_of_its_version() {
        assert!(ROWS.len() >= 25, "{} rows", ROWS.len());
        for row in ROWS.iter() {
            assert_eq!(row.names.len(), FhirVersion::ALL.len(), "{}", row.level);
            for version in versions::all() {
                let info = level((version.study)(), row.level).expect("a level of every version");
                for name in row.names(version.fhir_version) {
                    assert!(
                        info.field(name).is_some(),
                        "{:?} {name}",
                        version.fhir_version
                    );
                }
            }
        }
    }

    #[test]
    fn what_is_not_listed_stands_in_every_version() {
        for name in [
            "ImagingStudy",
            "ImagingStudy.series",
            "ImagingStudy.series.instance",
        ] {
            for version in versions::all() {
                let info = level((version.study)(), name).expect("a level of every version");
                let rows = || ROWS.iter().filter(|row| row.level == name);
                for field in info.fields {
                    let ruled =
                        rows().any(|row| row.names(version.fhir_version).contains(&field.name));
                    let everywhere = versions::all().iter().all(|other| {
                        level((other.study)(), name)
                            .is_some_and(|info| info.field(field.name).is_some())
                    });
                    assert!(
                        ruled || everywhere,
                        "{:?} {name}.{}",
                        version.fhir_version,
                        field.name
                    );
                }
            }
        }
    }

    #[test]
    fn every_word_is_known() {
        let known = [
            "renamed",
            "carried",
            "availability",
            "concept",
            "encounter",
            "identity",
            "interpreter",
            "performer",
            "procedure",
            "reason",
            "sopClass",
            "uid",
        ];
        for row in ROWS.iter() {
            assert!(known.contains(&row.how), "{}", row.how);
        }
    }
}
