//! An archive of studies, counted.

use std::collections::HashMap;

use imaging_study::convert::{Converted, Loss, Options, convert_any};
use imaging_study::core::Json;
use imaging_study::{AnyImagingStudy, FhirVersion};
use smol_str::SmolStr;

use crate::outcome::number;
use crate::study_json::Members;
use crate::study_tree::versions;
use imaging_study_migrate::Visited;

/// How many names a count tells apart; what comes then is counted together, so that the memory does
/// not grow with the input.
const NAMES: usize = 1_000;

/// The name of what is counted together.
const OTHERS: &str = "(others)";

/// How many there are of each name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts(HashMap<SmolStr, u64>);

impl Counts {
    pub(crate) fn add(&mut self, name: &str, count: u64) {
        if count == 0 {
            return;
        }
        if let Some(known) = self.0.get_mut(name) {
            *known += count;
            return;
        }
        let name = if self.0.len() < NAMES { name } else { OTHERS };
        *self.0.entry(name.into()).or_default() += count;
    }

    fn add_all(&mut self, other: &Self) {
        for (name, count) in &other.0 {
            self.add(name, *count);
        }
    }

    /// The most frequent first.
    pub(crate) fn by_count(&self) -> Vec<(&str, u64)> {
        let mut rows = self.by_name();
        rows.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        rows
    }

    pub(crate) fn by_name(&self) -> Vec<(&str, u64)> {
        let rows = self.0.iter().map(|(name, count)| (name.as_str(), *count));
        let mut rows: Vec<_> = rows.collect();
        rows.sort_unstable();
        rows
    }

    pub(crate) fn sum(&self) -> u64 {
        self.0.values().sum()
    }
}

/// What is counted.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counting {
    /// The version that studies are converted to, to see what would be lost.
    pub(crate) to: Option<FhirVersion>,
    /// Whether only codes are names.
    pub(crate) codes_only: bool,
}

/// What there is in an archive.
#[derive(Clone, Debug, Default)]
pub(crate) struct Archive {
    pub(crate) studies: u64,
    pub(crate) series: u64,
    pub(crate) instances: u64,
    /// The sizes of the studies as they stand in the input, in bytes.
    pub(crate) sizes: Sizes,
    pub(crate) versions: Counts,
    pub(crate) modalities: Counts,
    pub(crate) body_sites: Counts,
    pub(crate) years: Counts,
    /// What could not be read, by rule.
    pub(crate) rejects: Counts,
    /// What would be lost, by kind and rule.
    pub(crate) losses: Counts,
    /// What would be noted, by kind and rule.
    pub(crate) notes: Counts,
}

/// Sizes in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sizes {
    pub(crate) sum: u64,
    pub(crate) least: Option<u64>,
    pub(crate) greatest: u64,
}

impl Archive {
    /// Counts a study, or what could not be read.
    pub(crate) fn of(visited: &Visited<'_>, counting: Counting) -> Self {
        let mut archive = Self::default();
        match visited.found {
            Ok(study) => archive.study(visited, study, counting),
            Err(not_read) => archive.rejects.add(&not_read.rule, 1),
        }
        archive
    }

    fn study(&mut self, visited: &Visited<'_>, study: &AnyImagingStudy, counting: Counting) {
        self.studies = 1;
        let size = visited.bytes.len() as u64;
        self.sizes = Sizes {
            sum: size,
            least: Some(size),
            greatest: size,
        };
        match visited.ambiguous.is_empty() {
            true => self.versions.add(study.version().name(), 1),
            false => self.versions.add(&versions(&visited.ambiguous), 1),
        }
        if let Some(year) = study
            .started()
            .and_then(|started| started.as_str().get(..4))
        {
            self.years.add(year, 1);
        }
        for series in study.series() {
            self.series += 1;
            let listed = series.instance_count() as u64;
            let stated = series.number_of_instances().map_or(0, u64::from);
            self.instances += if listed > 0 { listed } else { stated };
            if let Some(code) = series.modality().and_then(|modality| modality.code()) {
                self.modalities.add(code, 1);
            }
            let site = series.body_sites().find_map(|site| {
                let text = || site.text().filter(|_| !counting.codes_only);
                text().or_else(|| site.code())
            });
            if let Some(site) = site {
                self.body_sites.add(site, 1);
            }
        }
        if self.series == 0 {
            self.series = study.number_of_series().map_or(0, u64::from);
            self.instances = study.number_of_instances().map_or(0, u64::from);
        }
        if let Some(version) = counting.to {
            let converted = convert_any(study.clone(), version, &Options::default());
            let losses = match converted {
                Ok(Converted { losses, .. }) => losses,
                Err(refused) => refused.losses,
            };
            for loss in &losses {
                self.count(loss);
            }
        }
    }

    /// Counts a loss or note by rule and kind.
    pub(crate) fn count(&mut self, loss: &Loss) {
        let name = format!("{} ({})", loss.rule.id(), loss.kind.name());
        let counts = match loss.kind.is_loss() {
            true => &mut self.losses,
            false => &mut self.notes,
        };
        counts.add(&name, 1);
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.studies += other.studies;
        self.series = self.series.saturating_add(other.series);
        self.instances = self.instances.saturating_add(other.instances);
        self.sizes.sum += other.sizes.sum;
        self.sizes.greatest = self.sizes.greatest.max(other.sizes.greatest);
        self.sizes.least = match (self.sizes.least, other.sizes.least) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        self.versions.add_all(&other.versions);
        self.modalities.add_all(&other.modalities);
        self.body_sites.add_all(&other.body_sites);
        self.years.add_all(&other.years);
        self.rejects.add_all(&other.rejects);
        self.losses.add_all(&other.losses);
        self.notes.add_all(&other.notes);
    }

    /// The tables of counts, with their names.
    pub(crate) fn tables(&self) -> [(&'static str, Vec<(&str, u64)>); 7] {
        [
            ("versions", self.versions.by_count()),
            ("modalities", self.modalities.by_count()),
            ("body sites", self.body_sites.by_count()),
            ("years", self.years.by_name()),
            ("not readable", self.rejects.by_count()),
            ("losses", self.losses.by_count()),
            ("notes", self.notes.by_count()),
        ]
    }

    /// All of it as one object.
    pub(crate) fn json(&self, counting: Counting) -> Json {
        let mut members = Members::default();
        members.number("studies", Some(self.studies));
        members.number("series", Some(self.series));
        members.number("instances", Some(self.instances));
        let mut sizes = Members::default();
        sizes.number("sum", Some(self.sizes.sum));
        sizes.number("least", self.sizes.least);
        sizes.number("greatest", Some(self.sizes.greatest));
        members.add("bytes", Some(sizes.object()));
        let object = |rows: Vec<(&str, u64)>| {
            let rows = rows.into_iter();
            Json::Object(
                rows.map(|(name, count)| (name.into(), number(count)))
                    .collect(),
            )
        };
        members.add("versions", Some(object(self.versions.by_count())));
        members.add("modalities", Some(object(self.modalities.by_count())));
        members.add("bodySites", Some(object(self.body_sites.by_count())));
        members.add("years", Some(object(self.years.by_name())));
        members.number("notReadable", Some(self.rejects.sum()));
        members.add("rejects", Some(object(self.rejects.by_count())));
        if counting.to.is_some() {
            members.add("losses", Some(object(self.losses.by_count())));
            members.add("notes", Some(object(self.notes.by_count())));
        }
        members.object()
    }
}

/// A number with commas between thousands.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number of bytes for people.
pub(crate) fn size(bytes: u64) -> String {
    let units = [("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000)];
    let unit = units.iter().find(|(_, size)| bytes >= *size);
    match unit {
        Some((name, size)) => {
            let tenths = bytes / (size / 10);
            format!("{}.{} {name}", grouped(tenths / 10), tenths % 10)
        }
        None => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_do_not_grow_without_end() {
        let mut counts = Counts::default();
        for number in 0..2 * NAMES as u64 {
            counts.add(&number.to_string(), 1);
            counts.add("7", 1);
        }
        assert!(counts.by_name().len() <= NAMES + 1);
        assert_eq!(counts.sum(), 4 * NAMES as u64);
        assert_eq!(counts.by_count()[0].0, "7");
    }

    #[test]
    fn numbers_are_read_easily() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(size(999), "999 bytes");
        assert_eq!(size(5_450), "5.4 KB");
        assert_eq!(size(43_100_000), "43.1 MB");
        assert_eq!(size(1_234_567_890_123), "1,234.5 GB");
    }
}
