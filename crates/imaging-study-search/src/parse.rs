//! Reading a query.

use imaging_study_core::FhirVersion;

use crate::criterion::{Criterion, Modifier};
use crate::error::{Hint, HintKind, Ignored, IgnoredReason, QueryError, QueryErrorKind};
use crate::extract::is_type;
use crate::names::{known_elsewhere, name_in};
use crate::options::Options;
use crate::parameter::{Parameter, ParameterKind};
use crate::plan::{Leaf, Plan};
use crate::query::{HandedOver, Query};
use crate::result::{Include, SortBy, SummaryMode, Total, element_named};
use crate::text::{decode, split};
use crate::value::ValueReader;

/// The greatest size of a value, in bytes.
const VALUE: usize = 8 << 10;
/// The greatest number of values in a query, and of its parts.
const VALUES: usize = 1_000;
/// The greatest number of steps of a chain.
const CHAIN: usize = 8;

/// Modifiers of FHIR that are not answered here: they need terminology or are for other types.
const NOT_SUPPORTED: [&str; 9] = [
    "above",
    "below",
    "code-text",
    "contains",
    "exact",
    "in",
    "iterate",
    "not-in",
    "text-advanced",
];

pub(crate) struct Parser<'o> {
    query: Query,
    options: &'o Options,
    values: usize,
    /// The result parameters that stand once.
    given: Vec<&'static str>,
    /// The first `_include` or `_revinclude`, and where it stands.
    include: Option<(String, usize)>,
}

/// A part of a query.
struct Part<'p> {
    /// As it was given.
    text: &'p str,
    name: String,
    value: String,
    position: usize,
    /// Where the value stands.
    value_position: usize,
}

impl Part<'_> {
    fn error(&self, kind: QueryErrorKind) -> QueryError {
        QueryError {
            parameter: self.name.clone(),
            position: self.position,
            kind,
        }
    }

    fn value_error(&self, kind: QueryErrorKind) -> QueryError {
        QueryError {
            position: self.value_position,
            ..self.error(kind)
        }
    }
}

impl<'o> Parser<'o> {
    pub(crate) fn new(version: FhirVersion, options: &'o Options) -> Self {
        Self {
            query: Query::empty(version, options),
            options,
            values: 0,
            given: Vec::new(),
            include: None,
        }
    }

    pub(crate) fn parse(mut self, text: &str) -> Result<Query, QueryError> {
        let mut position = 0;
        let mut parts = 0;
        for part in text.split('&') {
            if !part.is_empty() {
                parts += 1;
                self.part(part, position, parts)?;
            }
            position += part.len() + 1;
        }
        self.check_includes()?;
        Ok(self.query)
    }

    fn part(&mut self, text: &str, position: usize, number: usize) -> Result<(), QueryError> {
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        let mut part = Part {
            text,
            name: name.to_owned(),
            value: String::new(),
            position,
            value_position: position + (name.len() + 1).min(text.len()),
        };
        if value.len() > VALUE || name.len() > VALUE {
            return Err(part.error(QueryErrorKind::TooLong { limit: VALUE }));
        }
        if number > VALUES {
            return Err(part.error(QueryErrorKind::TooLong { limit: VALUES }));
        }
        part.name = decode(name).map_err(|kind| part.error(kind))?;
        part.value = decode(value).map_err(|kind| part.value_error(kind))?;
        if part.name.is_empty() {
            return Err(part.error(QueryErrorKind::Name));
        }
        let used = match part.name.as_str() {
            "_query" | "_filter" => return Err(part.error(QueryErrorKind::Unsupported)),
            _ if part.value.is_empty() => self.ignore(&part, IgnoredReason::Empty),
            name if name.starts_with("_has:") => self.has(&part)?,
            name => match self.result_parameter(name, &part)? {
                Some(used) => used,
                None if name.contains('.') => self.chain(&part)?,
                None => self.criterion(&part)?,
            },
        };
        if used {
            self.query.report.used.push(part.text.to_owned());
        }
        Ok(())
    }

    /// Takes note of what is ignored, and says that the part was not used.
    fn ignore(&mut self, part: &Part<'_>, reason: IgnoredReason) -> bool {
        self.query.report.ignored.push(Ignored {
            parameter: part.name.clone(),
            position: part.position,
            reason,
        });
        false
    }

    /// What is not known or not answered: an error in strict mode.
    fn refuse(&mut self, part: &Part<'_>, reason: IgnoredReason) -> Result<bool, QueryError> {
        match reason {
            IgnoredReason::Unknown { instead } if self.options.strict => {
                Err(part.error(QueryErrorKind::UnknownParameter { instead }))
            }
            IgnoredReason::Unsupported if self.options.strict => {
                Err(part.error(QueryErrorKind::Unsupported))
            }
            reason => Ok(self.ignore(part, reason)),
        }
    }

    fn hint(&mut self, part: &Part<'_>, kind: HintKind) {
        let hint = Hint {
            parameter: part.name.clone(),
            position: part.position,
            kind,
        };
        let hints = &mut self.query.report.hints;
        if !hints.contains(&hint) {
            hints.push(hint);
        }
    }

    /// The parameter of a name, or the reason why there is none.
    fn plan(&mut self, part: &Part<'_>, name: &str) -> Result<&'static Plan, IgnoredReason> {
        let version = self.query.version;
        if let Some(plan) = Plan::named(version, name) {
            return Ok(plan);
        }
        let unsupported = [
            "_text",
            "_content",
            "_list",
            "_in",
            "_type",
            "_has",
            "_include",
            "_revinclude",
        ];
        if unsupported.contains(&name) {
            return Err(IgnoredReason::Unsupported);
        }
        let folded = || {
            let plain = |name: &str| name.replace('-', "").to_ascii_lowercase();
            let mut all = Parameter::of(version);
            all.find(|parameter| plain(parameter.name) == plain(name))
        };
        let instead = known_elsewhere(name)
            .find_map(|from| name_in(from, name, version))
            .or_else(|| folded().map(|parameter| parameter.name));
        let other = instead.filter(|_| self.options.other_names);
        match other.and_then(|name| Plan::named(version, name)) {
            Some(plan) => {
                self.hint(part, HintKind::OtherName);
                Ok(plan)
            }
            None => Err(IgnoredReason::Unknown { instead }),
        }
    }

    fn criterion(&mut self, part: &Part<'_>) -> Result<bool, QueryError> {
        let (name, word) = match part.name.split_once(':') {
            Some((name, word)) => (name, Some(word)),
            None => (part.name.as_str(), None),
        };
        let plan = match self.plan(part, name) {
            Ok(plan) => plan,
            Err(reason) => return self.refuse(part, reason),
        };
        if word.is_some_and(|word| word.is_empty() || word.contains(':')) {
            return Err(part.error(QueryErrorKind::Name));
        }
        let (modifier, resource_type) = self.modifier(part, plan, word)?;
        let mut hints = Vec::new();
        let mut values = Vec::new();
        if !matches!(modifier, Modifier::Missing(_)) {
            let mut reader = ValueReader {
                plan,
                modifier,
                resource_type,
                options: self.options,
                hint: &mut |kind| hints.push(kind),
            };
            let mut empty = false;
            for value in split(&part.value, ',') {
                if value.is_empty() {
                    empty = true;
                    continue;
                }
                let value = reader.read(value);
                values.push(value.map_err(|kind| part.value_error(kind))?);
            }
            if values.is_empty() {
                return Ok(self.ignore(part, IgnoredReason::Empty));
            }
            if empty {
                hints.push(HintKind::EmptyValue);
            }
            if modifier == Modifier::Text {
                hints.push(HintKind::TextBegins);
            }
        }
        self.values += values.len();
        if self.values > VALUES {
            return Err(part.value_error(QueryErrorKind::TooLong { limit: VALUES }));
        }
        if plan.parameter.name == "uid" {
            hints.push(HintKind::UidOfInstance);
        }
        if self.options.lenient_uids && plan.has_uids() {
            hints.push(HintKind::LenientUids);
        }
        for kind in hints {
            self.hint(part, kind);
        }
        self.query.criteria.push(Criterion {
            plan,
            modifier,
            values,
            position: part.position,
            raw: part.value.clone(),
        });
        Ok(true)
    }

    /// What a modifier means for a parameter: how values are asked for, and of which type they are.
    fn modifier<'w>(
        &self,
        part: &Part<'_>,
        plan: &Plan,
        word: Option<&'w str>,
    ) -> Result<(Modifier, Option<&'w str>), QueryError> {
        let Some(word) = word else {
            return Ok((Modifier::None, None));
        };
        let supported = supported(plan, self.query.version);
        if plan.parameter.targets.contains(&word) {
            return Ok((Modifier::None, Some(word)));
        }
        if !supported.contains(&word) {
            let is_known = NOT_SUPPORTED.contains(&word)
                || ["missing", "not", "of-type", "identifier", "text"].contains(&word);
            return Err(part.error(match (is_known, plan.parameter.kind) {
                (true, _) => QueryErrorKind::UnsupportedModifier { supported },
                // A type of resource, which the parameter does not lead to.
                (_, ParameterKind::Reference) if is_type(word) => QueryErrorKind::NotATarget {
                    targets: plan.parameter.targets,
                },
                _ => QueryErrorKind::UnknownModifier { supported },
            }));
        }
        Ok(match word {
            "missing" => match part.value.as_str() {
                "true" => (Modifier::Missing(true), None),
                "false" => (Modifier::Missing(false), None),
                _ => {
                    let expected = "true or false";
                    return Err(part.value_error(QueryErrorKind::Value { expected }));
                }
            },
            "not" => (Modifier::Not, None),
            "of-type" => (Modifier::OfType, None),
            "identifier" => (Modifier::Identifier, None),
            _ => (Modifier::Text, None),
        })
    }

    /// `param.rest` or `param:Type.rest`.
    fn chain(&mut self, part: &Part<'_>) -> Result<bool, QueryError> {
        let (first, rest) = part.name.split_once('.').unwrap_or((&part.name, ""));
        let (name, resource_type) = match first.split_once(':') {
            Some((name, resource_type)) => (name, Some(resource_type)),
            None => (first, None),
        };
        let plan = match self.plan(part, name) {
            Ok(plan) => plan,
            Err(reason) => return self.refuse(part, reason),
        };
        let steps = rest.split('.');
        if rest.split('.').any(str::is_empty) || !matches!(plan.leaf(), Leaf::Reference { .. }) {
            return Err(part.error(QueryErrorKind::Name));
        }
        if steps.count() > CHAIN {
            return Err(part.error(QueryErrorKind::TooLong { limit: CHAIN }));
        }
        let targets = plan.parameter.targets;
        if let Some(resource_type) = resource_type
            && !targets.contains(&resource_type)
        {
            return Err(part.error(match is_type(resource_type) {
                true => QueryErrorKind::NotATarget { targets },
                false => QueryErrorKind::Name,
            }));
        }
        self.query.handed_over.push(HandedOver::Chain {
            parameter: plan.parameter.name,
            resource_type: resource_type.map(str::to_owned),
            rest: rest.to_owned(),
            value: part.value.clone(),
            position: part.position,
        });
        Ok(true)
    }

    /// `_has:Type:reference:parameter`.
    fn has(&mut self, part: &Part<'_>) -> Result<bool, QueryError> {
        let mut steps = part.name.splitn(4, ':').skip(1).map(str::to_owned);
        let (Some(resource_type), Some(reference), Some(rest)) =
            (steps.next(), steps.next(), steps.next())
        else {
            return Err(part.error(QueryErrorKind::Name));
        };
        if !is_type(&resource_type) || reference.is_empty() || rest.is_empty() {
            return Err(part.error(QueryErrorKind::Name));
        }
        if rest.matches([':', '.']).count() >= 3 * CHAIN {
            return Err(part.error(QueryErrorKind::TooLong { limit: CHAIN }));
        }
        self.query.handed_over.push(HandedOver::Has {
            resource_type,
            reference,
            rest,
            value: part.value.clone(),
            position: part.position,
        });
        Ok(true)
    }

    /// What is asked of the answer: whether it was used, or nothing if it is no such parameter.
    fn result_parameter(
        &mut self,
        name: &str,
        part: &Part<'_>,
    ) -> Result<Option<bool>, QueryError> {
        let one_of = |expected| part.value_error(QueryErrorKind::Value { expected });
        let value = part.value.as_str();
        match name {
            "_summary" => {
                self.once("_summary", part)?;
                let mode = SummaryMode::from_code(value);
                let mode = mode.ok_or_else(|| one_of("true, text, data, count or false"))?;
                self.query.result.summary = Some(mode);
            }
            "_count" => {
                self.once("_count", part)?;
                let digits = value.bytes().all(|byte| byte.is_ascii_digit());
                let count = value.parse().ok().filter(|_| digits);
                let count = count.ok_or_else(|| one_of("a number of studies"))?;
                self.query.result.count = Some(count);
            }
            "_total" => {
                self.once("_total", part)?;
                self.query.result.total = Some(match value {
                    "none" => Total::None,
                    "estimate" => Total::Estimate,
                    "accurate" => Total::Accurate,
                    _ => return Err(one_of("none, estimate or accurate")),
                });
            }
            "_pretty" => {
                self.once("_pretty", part)?;
                let pretty = value.parse().map_err(|_| one_of("true or false"))?;
                self.query.result.pretty = Some(pretty);
            }
            "_contained" => {
                self.once("_contained", part)?;
                if !["true", "false", "both"].contains(&value) {
                    return Err(one_of("true, false or both"));
                }
                self.query.result.contained = Some(value.to_owned());
            }
            "_containedType" => {
                self.once("_containedType", part)?;
                if !["container", "contained"].contains(&value) {
                    return Err(one_of("container or contained"));
                }
                self.query.result.contained_type = Some(value.to_owned());
            }
            "_format" => {
                self.once("_format", part)?;
                self.query.result.format = Some(value.to_owned());
            }
            "_elements" => return self.elements(part).map(Some),
            "_sort" | "_sort:asc" | "_sort:desc" => return self.sort(part).map(Some),
            "_since" | "_at" => return Ok(Some(self.ignore(part, IgnoredReason::History))),
            name => {
                let (first, modifier) = match name.split_once(':') {
                    Some((first, modifier)) => (first, Some(modifier)),
                    None => (name, None),
                };
                let reverse = match first {
                    "_include" => false,
                    "_revinclude" => true,
                    _ => return Ok(None),
                };
                let iterate = match modifier {
                    None => false,
                    Some("iterate" | "recurse") => true,
                    Some(_) => {
                        let supported = vec!["iterate"];
                        return Err(part.error(QueryErrorKind::UnknownModifier { supported }));
                    }
                };
                let include = Include::parse(value, reverse, iterate);
                let include = include.ok_or_else(|| one_of("Source:parameter[:Target] or *"))?;
                let first = || (part.name.clone(), part.position);
                self.include.get_or_insert_with(first);
                self.query.result.include.push(include);
            }
        }
        Ok(Some(true))
    }

    fn once(&mut self, name: &'static str, part: &Part<'_>) -> Result<(), QueryError> {
        if self.given.contains(&name) {
            return Err(part.error(QueryErrorKind::Repeated));
        }
        self.given.push(name);
        Ok(())
    }

    fn elements(&mut self, part: &Part<'_>) -> Result<bool, QueryError> {
        let mut any = false;
        for name in part.value.split(',').map(str::trim) {
            match element_named(self.query.version, name) {
                Some(name) => {
                    any = true;
                    if !self.query.result.elements.contains(&name) {
                        self.query.result.elements.push(name);
                    }
                }
                None if self.options.strict => {
                    let expected = "names of elements of ImagingStudy";
                    return Err(part.value_error(QueryErrorKind::Value { expected }));
                }
                None => self.hint(part, HintKind::UnknownElement),
            }
        }
        if !any {
            // Of elements that nobody knows, what is always there remains.
            self.query.result.elements.push("id");
        }
        Ok(true)
    }

    fn sort(&mut self, part: &Part<'_>) -> Result<bool, QueryError> {
        let word = part.name.split_once(':').map(|(_, word)| word);
        let mut any = false;
        for key in part.value.split(',').filter(|key| !key.is_empty()) {
            let (name, descending) = match key.strip_prefix('-') {
                Some(name) => (name, true),
                None => (key, word == Some("desc")),
            };
            match self.plan(part, name) {
                Ok(plan) => {
                    any = true;
                    // A key that stands there already decides nothing more.
                    let mut keys = self.query.result.sort.iter();
                    if keys.all(|key| key.parameter != plan.parameter) {
                        self.query.result.sort.push(SortBy {
                            parameter: plan.parameter,
                            descending,
                        });
                    }
                }
                Err(reason) => {
                    self.refuse(part, reason)?;
                }
            }
        }
        Ok(any)
    }

    /// Included resources do not go with a summary of nothing but text.
    fn check_includes(&self) -> Result<(), QueryError> {
        match &self.include {
            Some((name, position)) if self.query.result.summary == Some(SummaryMode::Text) => {
                Err(QueryError {
                    parameter: name.clone(),
                    position: *position,
                    kind: QueryErrorKind::IncludeInText,
                })
            }
            _ => Ok(()),
        }
    }
}

/// The modifiers that a parameter of a version can have, besides types of resources.
pub(crate) fn supported(plan: &Plan, version: FhirVersion) -> Vec<&'static str> {
    let mut words = vec!["missing"];
    if plan.parameter.kind == ParameterKind::Token {
        words.push("not");
    }
    let since_r4 = version >= FhirVersion::R4;
    match plan.leaf() {
        Leaf::Identifier(_) if since_r4 => words.extend(["of-type", "text"]),
        Leaf::Coding(_) | Leaf::Concept(_) | Leaf::Identifier(_) => words.push("text"),
        Leaf::Reference { .. } if since_r4 => words.push("identifier"),
        _ => {}
    }
    words
}
