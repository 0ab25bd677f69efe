//! What a migration did.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use imaging_study::FhirVersion;
use imaging_study::convert::{Loss, LossKind, Rule};
use imaging_study::validate::{RepairKind, Severity};
use smol_str::SmolStr;

/// The counts of a migration: `read` is the sum of `converted`, `passed` and `quarantined`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// Resources that were read: lines, documents, and the entries of Bundles in their place. A Bundle
    /// that cannot be rewritten is one resource.
    pub read: u64,
    /// How many inputs were one document, in JSON or XML.
    pub documents: u64,
    /// Studies that were converted.
    pub converted: u64,
    /// Resources of other types, which passed: untouched, or in the other format.
    pub passed: u64,
    /// Resources that could not be read or converted.
    pub quarantined: u64,
    /// Bundles whose entries were looked at; a Bundle inside another is not counted.
    pub bundles: u64,
    /// Studies inside resources of other types, which were left in a foreign version.
    pub left: u64,
    /// Where the first of them stand, 10 at most: the source, the line and the path.
    pub left_at: Vec<String>,
    /// How many studies of each version were converted.
    pub versions: BTreeMap<FhirVersion, u64>,
    /// How many resources of each type were converted or passed.
    pub types: BTreeMap<SmolStr, u64>,
    /// How many resources went to the quarantine, by what was wrong with them; of many kinds, the
    /// first 100 and `others`.
    pub rejections: BTreeMap<String, u64>,
    /// How many values each rule lost or noted, by what happened to them.
    pub losses: BTreeMap<(Rule, LossKind), u64>,
    /// How many issues of each rule were found, where studies are checked.
    pub issues: BTreeMap<(Severity, Cow<'static, str>), u64>,
    /// How many changes of each kind were made, where studies are repaired.
    pub repairs: BTreeMap<RepairKind, u64>,
    /// How many studies of each version were asked, where studies are searched.
    pub asked: BTreeMap<FhirVersion, u64>,
    /// How many of them matched.
    pub matched: u64,
}

/// How many kinds of rejections are told apart.
const REJECTIONS: usize = 100;

/// How many of the studies that were left are named.
pub(crate) const LEFT_AT: usize = 10;

impl Summary {
    /// How many values were lost; notes are none.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.of(true).map(|(_, count)| count).sum()
    }

    pub(crate) fn of(&self, loss: bool) -> impl Iterator<Item = (Rule, u64)> {
        let wanted = self
            .losses
            .iter()
            .filter(move |((_, kind), _)| kind.is_loss() == loss);
        wanted.map(|((rule, _), count)| (*rule, *count))
    }

    /// How many issues of a severity were found.
    #[must_use]
    pub fn issues_of(&self, severity: Severity) -> u64 {
        let issues = self.issues.iter();
        let counts = issues.filter(|((found, _), _)| *found == severity);
        counts.map(|(_, count)| count).sum()
    }

    pub(crate) fn count_type(&mut self, resource_type: &str) {
        *self.types.entry(resource_type.into()).or_default() += 1;
    }

    /// Counts what was wrong with a resource.
    pub(crate) fn reject(&mut self, kind: String) {
        self.add_rejections(kind, 1);
    }

    fn add_rejections(&mut self, kind: String, count: u64) {
        let full = self.rejections.len() >= REJECTIONS && !self.rejections.contains_key(&kind);
        let kind = if full { "others".to_owned() } else { kind };
        *self.rejections.entry(kind).or_default() += count;
    }

    pub(crate) fn count(&mut self, loss: &Loss) {
        *self.losses.entry((loss.rule, loss.kind)).or_default() += 1;
    }

    /// Adds the counts of another run.
    pub fn add(&mut self, other: &Self) {
        self.read += other.read;
        self.documents += other.documents;
        self.converted += other.converted;
        self.passed += other.passed;
        self.quarantined += other.quarantined;
        self.bundles += other.bundles;
        self.left += other.left;
        let room = LEFT_AT.saturating_sub(self.left_at.len());
        self.left_at
            .extend(other.left_at.iter().take(room).cloned());
        for (version, count) in &other.versions {
            *self.versions.entry(*version).or_default() += count;
        }
        for (resource_type, count) in &other.types {
            *self.types.entry(resource_type.clone()).or_default() += count;
        }
        for (kind, count) in &other.rejections {
            self.add_rejections(kind.clone(), *count);
        }
        for (key, count) in &other.losses {
            *self.losses.entry(*key).or_default() += count;
        }
        for (kind, count) in &other.repairs {
            *self.repairs.entry(*kind).or_default() += count;
        }
        for (version, count) in &other.asked {
            *self.asked.entry(*version).or_default() += count;
        }
        self.matched += other.matched;
        for (key, count) in &other.issues {
            *self.issues.entry(key.clone()).or_default() += count;
        }
    }
}

/// How many issues of a severity were found, and of which rules.
#[derive(Clone, Copy, Debug)]
pub struct Found<'s> {
    /// What a migration did.
    pub summary: &'s Summary,
    /// The severity.
    pub severity: Severity,
}

impl fmt::Display for Found<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.summary.issues_of(self.severity))?;
        let rules = self.summary.issues.iter();
        let rules = rules.filter(|((found, _), _)| *found == self.severity);
        for (index, ((_, rule), count)) in rules.enumerate() {
            let separator = if index == 0 { ": " } else { ", " };
            write!(formatter, "{separator}{rule} {count}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "read {}, converted {}, passed {}, quarantined {}",
            self.read, self.converted, self.passed, self.quarantined
        )?;
        if self.bundles > 0 {
            write!(formatter, "; bundles {}", self.bundles)?;
        }
        if self.left > 0 {
            let (count, places) = (self.left, self.left_at.join(", "));
            write!(
                formatter,
                "\nstudies left as they are inside other resources {count}: {places}"
            )?;
            match self.left.saturating_sub(self.left_at.len() as u64) {
                0 => {}
                more => write!(formatter, " and {more} more")?,
            }
        }
        for (name, loss) in [("losses", true), ("notes", false)] {
            let mut by_rule = BTreeMap::new();
            for (rule, count) in self.of(loss) {
                *by_rule.entry(rule).or_insert(0) += count;
            }
            let sum: u64 = by_rule.values().sum();
            write!(formatter, "\n{name} {sum}")?;
            write_rules(formatter, &by_rule)?;
        }
        Ok(())
    }
}

fn write_rules(out: &mut impl fmt::Write, by_rule: &BTreeMap<Rule, u64>) -> fmt::Result {
    for (index, (rule, count)) in by_rule.iter().enumerate() {
        let separator = if index == 0 { ": " } else { ", " };
        write!(out, "{separator}{} {count}", rule.id())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_stand_by_rule() {
        let mut summary = Summary {
            read: 3,
            converted: 2,
            quarantined: 1,
            ..Summary::default()
        };
        summary
            .losses
            .insert((Rule::Stale, LossKind::StaleCarry), 2);
        summary
            .losses
            .insert((Rule::Contained, LossKind::ContainedNotConverted), 1);
        summary
            .losses
            .insert((Rule::Contained, LossKind::ContainedUnreadable), 3);
        assert_eq!(summary.lost(), 2);
        let mut twice = summary.clone();
        twice.add(&summary);
        assert_eq!(
            twice.to_string(),
            "read 6, converted 4, passed 0, quarantined 2\nlosses 4: stale 4\nnotes 8: contained 8"
        );
    }
}
