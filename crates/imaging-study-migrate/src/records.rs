//! A summary as JSON, there and back.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::str::FromStr;

use imaging_study::FhirVersion;
use imaging_study::convert::{LossKind, Rule};
use imaging_study::core::Json;
use imaging_study::validate::Severity;

use crate::outcome::{member, number, string};
use crate::summary::Summary;

const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Information];

/// A number of a record.
pub(crate) fn whole(json: &Json, name: &str) -> Option<u64> {
    of_number(json.get(name)?)
}

/// A number as a type of Rust, if it fits.
pub(crate) fn of_number<T: FromStr>(json: &Json) -> Option<T> {
    match json {
        Json::Number(number) => number.to_string().parse().ok(),
        _ => None,
    }
}

/// A number of seconds, in thousandths.
pub(crate) fn seconds(seconds: f64) -> Json {
    let text = format!("{seconds:.3}");
    text.parse().map_or(Json::Null, Json::Number)
}

fn counts<K>(counts: &BTreeMap<K, u64>, name: impl Fn(&K) -> String) -> Json {
    let members = counts.iter();
    Json::Object(
        members
            .map(|(key, count)| (name(key).into(), number(*count)))
            .collect(),
    )
}

fn read_counts<K: Ord>(
    json: &Json,
    name: &str,
    key: impl Fn(&str) -> Option<K>,
) -> Option<BTreeMap<K, u64>> {
    let members = json.get(name)?.as_object()?.iter();
    members
        .map(|(name, count)| Some((key(name)?, of_number(count)?)))
        .collect()
}

impl Summary {
    /// The counts as a JSON object: `read`, `converted`, `passed`, `quarantined`, `bundles`,
    /// `versions` and `types` of what was read, `losses` and `notes` by rule, `rejections` by what was
    /// wrong, and the `seconds` that the run took.
    #[must_use]
    pub fn to_json(&self, took: f64) -> Json {
        let by_rule = |loss| {
            let mut rules = BTreeMap::new();
            for (rule, count) in self.of(loss) {
                *rules.entry(rule).or_insert(0) += count;
            }
            counts(&rules, |rule| rule.id().to_owned())
        };
        Json::Object(vec![
            member("read", number(self.read)),
            member("converted", number(self.converted)),
            member("passed", number(self.passed)),
            member("quarantined", number(self.quarantined)),
            member("bundles", number(self.bundles)),
            member(
                "versions",
                counts(&self.versions, |version| version.name().to_owned()),
            ),
            member("types", counts(&self.types, ToString::to_string)),
            member("losses", by_rule(true)),
            member("notes", by_rule(false)),
            member("rejections", counts(&self.rejections, Clone::clone)),
            member("seconds", seconds(took)),
        ])
    }

    /// All of it, so that a run that was cut off can go on.
    pub(crate) fn record(&self) -> Json {
        let left_at = self.left_at.iter().map(|place| string(place));
        Json::Object(vec![
            member("read", number(self.read)),
            member("documents", number(self.documents)),
            member("converted", number(self.converted)),
            member("passed", number(self.passed)),
            member("quarantined", number(self.quarantined)),
            member("bundles", number(self.bundles)),
            member("left", number(self.left)),
            member("leftAt", Json::Array(left_at.collect())),
            member(
                "versions",
                counts(&self.versions, |version| version.name().to_owned()),
            ),
            member("types", counts(&self.types, ToString::to_string)),
            member("rejections", counts(&self.rejections, Clone::clone)),
            member(
                "losses",
                counts(&self.losses, |(rule, kind)| {
                    format!("{} {}", rule.id(), kind.name())
                }),
            ),
            member(
                "issues",
                counts(&self.issues, |(severity, rule)| {
                    format!("{} {rule}", severity.name())
                }),
            ),
        ])
    }

    /// What was recorded, if all of it is known.
    pub(crate) fn of_record(json: &Json) -> Option<Self> {
        let losses = read_counts(json, "losses", |name| {
            let (rule, kind) = name.split_once(' ')?;
            let rule = *Rule::ALL.iter().find(|known| known.id() == rule)?;
            let kind = *LossKind::ALL.iter().find(|known| known.name() == kind)?;
            Some((rule, kind))
        });
        let issues = read_counts(json, "issues", |name| {
            let (severity, rule) = name.split_once(' ')?;
            let mut severities = SEVERITIES.into_iter();
            let severity = severities.find(|known| known.name() == severity)?;
            Some((severity, Cow::Owned(rule.to_owned())))
        });
        let left_at = json.get("leftAt")?.as_array()?.iter();
        Some(Self {
            read: whole(json, "read")?,
            documents: whole(json, "documents")?,
            converted: whole(json, "converted")?,
            passed: whole(json, "passed")?,
            quarantined: whole(json, "quarantined")?,
            bundles: whole(json, "bundles")?,
            left: whole(json, "left")?,
            left_at: left_at
                .map(|place| place.as_str().map(str::to_owned))
                .collect::<Option<_>>()?,
            versions: read_counts(json, "versions", |name| FhirVersion::from_str(name).ok())?,
            types: read_counts(json, "types", |name| Some(name.into()))?,
            rejections: read_counts(json, "rejections", |text| Some(text.to_owned()))?,
            losses: losses?,
            issues: issues?,
            ..Self::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_gives_the_summary_back() {
        let mut summary = Summary {
            read: 9,
            converted: 4,
            passed: 3,
            quarantined: 2,
            bundles: 1,
            left: 1,
            left_at: vec!["a:1 X".to_owned()],
            ..Summary::default()
        };
        for &rule in Rule::ALL {
            for &kind in LossKind::ALL {
                summary.losses.insert((rule, kind), 7);
            }
        }
        for version in FhirVersion::ALL {
            summary.versions.insert(version, 2);
        }
        for severity in SEVERITIES {
            summary.issues.insert((severity, "some-rule".into()), 5);
        }
        summary.types.insert("Patient".into(), 3);
        summary.rejections.insert("x: \"y\"".to_owned(), 2);
        assert_eq!(Summary::of_record(&summary.record()), Some(summary));
        assert_eq!(Summary::of_record(&Json::Null), None);
    }
}
