//! Merging data sets into a study that exists, and removing from it.

use std::collections::{HashMap, HashSet};

use imaging_study_core::UnsignedInt;
use smol_str::SmolStr;

use crate::form::{InstanceForm, Merger, SeriesForm};
use crate::plan::Plan;
use crate::text::bare;
use crate::{Changes, Counts, MergeError, Options, Place, Study, StudyBuilder};

impl StudyBuilder {
    /// Merges what is known into a study that exists.
    ///
    /// Series and instances that the study does not have are added, elements that it lacks are
    /// filled in, lists get the entries that are missing, and the counts are made right. Everything
    /// else stays as it is: ids, extensions, notes, endpoints, and values that the data sets
    /// contradict, which are [`conflicts`](Changes::conflicts). Nothing is removed because the data
    /// sets do not mention it.
    ///
    /// ```
    /// use imaging_study_from_dicom::{Options, Studies};
    /// use imaging_study_r5::ImagingStudy;
    ///
    /// let instance = |number| format!(
    ///     r#"{{"StudyInstanceUID": "1.2", "SeriesInstanceUID": "1.2.3", "SOPInstanceUID": "1.2.3.{number}"}}"#
    /// );
    /// let mut first = Studies::default();
    /// first.add_json(instance(1).as_bytes())?;
    /// let options = Options::default();
    /// let mut study = first.get("1.2").expect("a study").build::<ImagingStudy>(&options).study;
    ///
    /// let mut more = Studies::default();
    /// more.add_json(instance(2).as_bytes())?;
    /// let more = more.get("1.2").expect("a study");
    /// assert_eq!(more.merge_into(&mut study, &options)?.instances_added, 1);
    /// assert_eq!(study.number_of_instances.value.map(u32::from), Some(2));
    /// assert!(more.merge_into(&mut study, &options)?.is_unchanged());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The study is another one by its Study Instance UID.
    pub fn merge_into<S: Study>(
        &self,
        study: &mut S,
        options: &Options,
    ) -> Result<Changes, MergeError> {
        let uids = study.uids();
        if !uids.iter().any(|uid| bare(uid) == self.uid()) {
            if !uids.is_empty() {
                return Err(MergeError::OtherStudy);
            }
            if !self.shares_uid(study.series()) {
                return Err(MergeError::NoUid);
            }
        }
        let mut plan = Plan::new(self, S::VERSION, options);
        let mut delta = S::from_plan(&plan, options);
        let mut merger = Merger::new();
        let known_series = std::mem::take(delta.series());
        let archive = (
            self.number_of_series.unwrap_or_default(),
            self.number_of_instances.unwrap_or_default(),
        );
        let before = merge_series(study.series(), known_series, options.counts, &mut merger);
        merger.place = Place::Study;
        study.merge_uid(&mut delta, &mut merger);
        study.merge(delta, &mut merger);
        if study.add_modalities() {
            merger.changed("modality");
        }
        count(study, options.counts, archive, (0, 0), &mut merger);
        let mut changes = merger.changes;
        changes.notes = std::mem::take(&mut plan.notes);
        relocate(&mut changes, &before, &plan, study.series());
        Ok(changes)
    }
}

impl StudyBuilder {
    /// Whether a series or an instance of a study is one of these by its UID.
    fn shares_uid<S: SeriesForm>(&self, series: &[S]) -> bool {
        series.iter().any(|one| {
            let known = one.uid().is_some_and(|uid| self.has_series(bare(uid)));
            let mut instances = one.listed().iter().filter_map(InstanceForm::uid);
            known || instances.any(|uid| self.instances.contains_key(bare(uid)))
        })
    }
}

/// Where everything of a study stands, by UID.
struct Places {
    series: HashMap<SmolStr, usize>,
    /// The series and the index in it of each instance.
    instances: HashMap<SmolStr, (usize, usize)>,
}

impl Places {
    fn of<S: SeriesForm>(list: &[S]) -> Self {
        let mut places = Self {
            series: HashMap::new(),
            instances: HashMap::new(),
        };
        for (index, series) in list.iter().enumerate() {
            if let Some(uid) = series.uid() {
                places.series.entry(bare(uid).into()).or_insert(index);
            }
            for (place, instance) in series.listed().iter().enumerate() {
                if let Some(uid) = instance.uid() {
                    let entry = places.instances.entry(bare(uid).into());
                    entry.or_insert((index, place));
                }
            }
        }
        places
    }

    /// The place of the series of a UID.
    fn series(&self, uid: Option<&str>) -> Option<Place> {
        let series = *self.series.get(bare(uid?))?;
        Some(Place::Series { series })
    }

    /// The place of the instance of a UID.
    fn instance(&self, uid: Option<&str>) -> Option<Place> {
        let &(series, instance) = self.instances.get(bare(uid?))?;
        Some(Place::Instance { series, instance })
    }
}

/// Makes the places of changes and notes those of the merged study: series and instances were added and
/// sorted since, and the notes count those of the data sets alone.
fn relocate<S: SeriesForm>(changes: &mut Changes, before: &Places, plan: &Plan<'_>, after: &[S]) {
    let changed = changes.elements.iter_mut().chain(&mut changes.conflicts);
    let mut changed: Vec<_> = changed.map(|one| &mut one.place).collect();
    changed.retain(|place| **place != Place::Study);
    let mut noted: Vec<_> = changes.notes.iter_mut().map(|one| &mut one.place).collect();
    noted.retain(|place| **place != Place::Study);
    if changed.is_empty() && noted.is_empty() {
        return;
    }
    let after = Places::of(after);
    let series: HashMap<_, _> = before.series.iter().map(|(uid, at)| (*at, uid)).collect();
    let instances: HashMap<_, _> = before
        .instances
        .iter()
        .map(|(uid, at)| (*at, uid))
        .collect();
    for place in changed {
        *place = match *place {
            Place::Series { series: at } => after.series(series.get(&at).map(|uid| uid.as_str())),
            Place::Instance { series, instance } => {
                after.instance(instances.get(&(series, instance)).map(|uid| uid.as_str()))
            }
            _ => None,
        }
        .unwrap_or(*place);
    }
    for place in noted {
        *place = match *place {
            Place::Series { series } => after.series(plan.series.get(series).map(|one| &**one.uid)),
            Place::Instance { series, instance } => {
                let listed = plan.series.get(series).map(|one| &one.instance);
                let one = listed.and_then(|listed| listed.get(instance));
                after.instance(one.map(|one| &**one.uid))
            }
            _ => None,
        }
        .unwrap_or(*place);
    }
}

/// Merges the series and their instances, and tells where everything stood before.
fn merge_series<S: SeriesForm>(
    held: &mut Vec<S>,
    delta: Vec<S>,
    counts: Counts,
    merger: &mut Merger,
) -> Places {
    let places = Places::of(held);
    let sorted = held
        .is_sorted_by(|one, next| key(one.number(), one.uid()) <= key(next.number(), next.uid()));
    let before = held.len();
    for mut series in delta {
        let instances = std::mem::take(series.instances());
        let uid = series.uid().map(|uid| SmolStr::new(bare(uid)));
        let known = uid.and_then(|uid| places.series.get(&uid).copied());
        let mut added = Vec::new();
        let mut elsewhere = 0;
        for instance in instances {
            let uid = instance.uid().map(bare).unwrap_or_default();
            match places.instances.get(uid) {
                None => added.push(instance),
                Some(&(index, place)) => {
                    merger.place = Place::Instance {
                        series: index,
                        instance: place,
                    };
                    if Some(index) == known {
                        held[index].instances()[place].merge(instance, merger);
                    } else {
                        // It is in another series, and is not counted twice.
                        merger.conflict("uid");
                        elsewhere += 1;
                    }
                }
            }
        }
        merger.changes.instances_added += added.len();
        let number = series.number_of_instances();
        let stated = number.map(|number| less(number, elsewhere));
        let Some(index) = known else {
            let listed = added.len();
            *series.instances() = added;
            series.set_number_of_instances(counted(stated, listed, counts));
            held.push(series);
            merger.changes.series_added += 1;
            continue;
        };
        merger.place = Place::Series { series: index };
        let target = &mut held[index];
        target.merge(series, merger);
        let list = target.instances();
        let sorted = list.is_sorted_by(|one, next| {
            key(one.number(), one.uid()) <= key(next.number(), next.uid())
        });
        let grown = !added.is_empty();
        list.append(&mut added);
        if sorted && grown {
            list.sort_by_cached_key(|one| owned_key(one.number(), one.uid()));
        }
        let listed = list.len();
        let number = target.number_of_instances();
        let stated = stated.filter(|_| counts == Counts::Archive);
        let after = counted(number.max(stated), listed, counts);
        if number != after {
            target.set_number_of_instances(after);
            merger.changed("numberOfInstances");
        }
    }
    if sorted && held.len() > before {
        held.sort_by_cached_key(|one| owned_key(one.number(), one.uid()));
    }
    places
}

/// The order of series and of instances: by number, those without one last, then by UID as text.
fn key(number: Option<u32>, uid: Option<&str>) -> (bool, Option<u32>, &str) {
    (number.is_none(), number, uid.map(bare).unwrap_or_default())
}

fn owned_key(number: Option<u32>, uid: Option<&str>) -> (bool, Option<u32>, SmolStr) {
    let (absent, number, uid) = key(number, uid);
    (absent, number, uid.into())
}

/// The count for so many that are listed. A list that is left out or empty says nothing.
fn counted(held: Option<UnsignedInt>, listed: usize, counts: Counts) -> Option<UnsignedInt> {
    let known = u32::try_from(listed).ok();
    let known = known.and_then(|listed| UnsignedInt::try_from(listed).ok());
    match counts {
        _ if listed == 0 => held,
        Counts::Archive => held.max(known),
        Counts::Contained => known,
    }
}

/// Makes the counts of a study right. `archive` is what the archive states, `gone` how many series and
/// instances were removed.
fn count<S: Study>(
    study: &mut S,
    counts: Counts,
    archive: (u32, u32),
    gone: (usize, usize),
    merger: &mut Merger,
) {
    let series = study.series();
    let listed_series = series.len();
    let listed_instances = series
        .iter_mut()
        .map(|series| {
            let number = series.number_of_instances().map_or(0, u32::from) as usize;
            number.max(series.listed().len())
        })
        .fold(0, usize::saturating_add);
    let count = |held: Option<UnsignedInt>, listed, archive: u32, gone| {
        let stated = held.map(|held| less(held, gone)).max(match archive {
            0 => None,
            _ => UnsignedInt::try_from(archive).ok(),
        });
        counted(stated, listed, counts)
    };
    let held = study.number_of_series();
    let number = count(held, listed_series, archive.0, gone.0);
    if held != number {
        study.set_number_of_series(number);
        merger.changed("numberOfSeries");
    }
    let held = study.number_of_instances();
    let number = count(held, listed_instances, archive.1, gone.1);
    if held != number {
        study.set_number_of_instances(number);
        merger.changed("numberOfInstances");
    }
}

fn less(held: UnsignedInt, gone: usize) -> UnsignedInt {
    let gone = u32::try_from(gone).unwrap_or(u32::MAX);
    UnsignedInt::try_from(held.get().saturating_sub(gone)).unwrap_or(held)
}

/// Removes instances from a study, by their SOP Instance UIDs. A series of which nothing is left goes
/// too, with its modality; a study of which nothing is left has no images to fetch any more.
///
/// UIDs that the study does not have are no error; ask
/// [`is_unchanged`](Changes::is_unchanged).
pub fn remove_instances<S: Study>(study: &mut S, uids: &[&str], options: &Options) -> Changes {
    let gone: HashSet<&str> = uids.iter().map(|uid| bare(uid)).collect();
    remove(study, options, |_| false, |uid| gone.contains(uid))
}

/// Removes series from a study, by their Series Instance UIDs, with all of their instances; otherwise
/// as [`remove_instances`].
pub fn remove_series<S: Study>(study: &mut S, uids: &[&str], options: &Options) -> Changes {
    let gone: HashSet<&str> = uids.iter().map(|uid| bare(uid)).collect();
    remove(study, options, |uid| gone.contains(uid), |_| false)
}

fn remove<S: Study>(
    study: &mut S,
    options: &Options,
    is_series: impl Fn(&str) -> bool,
    is_instance: impl Fn(&str) -> bool,
) -> Changes {
    let counts = options.counts;
    let mut merger = Merger::new();
    let mut gone_modalities: HashSet<SmolStr> = HashSet::new();
    let (mut gone_series, mut gone_instances) = (0, 0);
    let mut index = 0;
    study.series().retain_mut(|series| {
        merger.place = Place::Series { series: index };
        let stated = series.number_of_instances().map_or(0, u32::from) as usize;
        let all = series.uid().is_some_and(|uid| is_series(bare(uid)));
        let before = series.listed().len();
        if !all {
            series
                .instances()
                .retain(|one| !one.uid().is_some_and(|uid| is_instance(bare(uid))));
        }
        let after = series.listed().len();
        let removed = before - after;
        if !all && removed == 0 {
            index += 1;
            return true;
        }
        let number = series.number_of_instances();
        let left = match counts {
            Counts::Archive => number.map(|number| less(number, removed)),
            Counts::Contained => None,
        };
        let left = counted(left, after, counts);
        if all || left.is_none_or(|left| left.get() == 0) {
            gone_series += 1;
            gone_instances += if all { stated.max(before) } else { removed };
            merger.changes.instances_removed += if all { before } else { removed };
            gone_modalities.extend(series.modality_codes().into_iter().map(SmolStr::new));
            return false;
        }
        gone_instances += removed;
        merger.changes.instances_removed += removed;
        if number != left {
            series.set_number_of_instances(left);
            merger.changed("numberOfInstances");
        }
        index += 1;
        true
    });
    merger.place = Place::Study;
    merger.changes.series_removed = gone_series;
    if gone_series == 0 && gone_instances == 0 {
        return merger.changes;
    }
    for series in study.series().iter() {
        for left in series.modality_codes() {
            gone_modalities.remove(left);
        }
    }
    let dropped = study.drop_modalities(&gone_modalities);
    if study.add_modalities() || dropped {
        merger.changed("modality");
    }
    let gone = (gone_series, gone_instances);
    count(study, counts, (0, 0), gone, &mut merger);
    if study.series().is_empty() && study.set_empty() {
        merger.changed("status");
    }
    merger.changes
}
