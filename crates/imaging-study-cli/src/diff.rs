//! The command `diff`.

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use imaging_study::core::Json;
use imaging_study::json::{Decoder, json_to_string};
use imaging_study::{AnyImagingStudy, FhirVersion};

use crate::arguments::{DiffArguments, SourceVersion};
use crate::difference::{Comparison, DifferenceKind, compare};
use crate::error::{MigrateError, RunError};
use crate::format::Format;
use crate::input::{Input, is_stdin};
use crate::outcome::{push_escaped, string};
use crate::shown::shown;
use crate::study_json::Members;
use crate::terminal;
use crate::tree_text::{Cell, Node, Role, align, draw};
use imaging_study_migrate::{Outputs, Settings, migrate};
use imaging_study_migrate::{Visit, Visited};

/// Compares two files; tells whether something differs.
pub(crate) fn diff(arguments: &DiffArguments) -> Result<bool, RunError> {
    let both = [&arguments.before, &arguments.after];
    if both.iter().all(|path| is_stdin(path)) {
        return Err(RunError::StdinTwice);
    }
    let shelf = Arc::new(Mutex::new(Shelf::default()));
    let run = Arc::new(Mutex::new(Run::default()));
    let (keep, told) = (Arc::clone(&shelf), Arc::clone(&run));
    let first = move |visited: &Visited<'_>, _: &mut Vec<u8>| match visited.found {
        Ok(study) => lock(&keep).put(visited, study),
        Err(_) => lock(&told).not_read(visited),
    };
    each_study(&arguments.before, arguments.from, first)?;
    if lock(&shelf).studies == 0 && !lock(&run).failed {
        return Err(RunError::NoStudy(arguments.before.clone()));
    }
    // The second file is read before its only study can be paired with the first one's.
    let view = View {
        json: arguments.json,
        values: !arguments.no_values,
        width: terminal::width(),
    };
    let (taken, told) = (Arc::clone(&shelf), Arc::clone(&run));
    let waiting: Arc<Mutex<Option<Kept>>> = Arc::default();
    let held = Arc::clone(&waiting);
    let second = move |visited: &Visited<'_>, out: &mut Vec<u8>| match visited.found {
        Ok(study) => {
            let mut run = lock(&told);
            run.second += 1;
            let mut held = lock(&held);
            if run.second == 1 {
                *held = Some(Kept::new(visited, study));
                return;
            }
            let mut shelf = lock(&taken);
            if let Some(kept) = held.take() {
                run.pair(&view, &mut shelf, &kept, false, out);
            }
            run.pair(&view, &mut shelf, &Kept::new(visited, study), false, out);
        }
        Err(_) => lock(&told).not_read(visited),
    };
    each_study(&arguments.after, arguments.to, second)?;
    let (mut run, mut shelf) = (lock(&run), lock(&shelf));
    if run.second == 0 && !run.failed {
        return Err(RunError::NoStudy(arguments.after.clone()));
    }
    let mut out = Vec::new();
    if let Some(kept) = lock(&waiting).take() {
        let only = shelf.studies == 1;
        run.pair(&view, &mut shelf, &kept, only, &mut out);
    }
    while let Some(kept) = shelf.next() {
        run.alone(&view, &kept, DifferenceKind::Lost, &mut out);
    }
    if !view.json && run.pairs + run.alone > 1 {
        run.sum(&mut out);
    }
    let mut stdout = terminal::stdout();
    let written = stdout.write_all(&out).and_then(|()| stdout.flush());
    written.map_err(MigrateError::Output)?;
    Ok(run.differ > 0 || run.alone > 0 || run.failed)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Shows each study of a file to a function, whose text goes to stdout.
fn each_study(
    path: &Path,
    version: SourceVersion,
    visit: impl Fn(&Visited<'_>, &mut Vec<u8>) + Send + Sync + 'static,
) -> Result<(), RunError> {
    let mut settings = Settings::new(FhirVersion::R4);
    settings.from = match version {
        SourceVersion::Auto => None,
        SourceVersion::Is(version) => Some(version),
    };
    settings.output_format = Some(Format::Ndjson);
    settings.visit = Some(Visit::new(visit));
    let mut output = terminal::stdout();
    migrate(
        [Input::from_argument(path)],
        &settings,
        &mut Outputs::new(&mut output, &mut io::sink()),
    )?;
    output.flush().map_err(MigrateError::Output)?;
    Ok(())
}

/// A study and where it stands.
#[derive(Clone, Debug)]
struct Kept {
    place: String,
    study: AnyImagingStudy,
    /// The versions between which nothing decides, if there are several.
    fits: Vec<FhirVersion>,
}

impl Kept {
    fn new(visited: &Visited<'_>, study: &AnyImagingStudy) -> Self {
        Self {
            place: place(visited),
            study: study.clone(),
            fits: visited.ambiguous.clone(),
        }
    }

    /// The study read in each version that it fits; first as it was read.
    fn readings(&self) -> Vec<Self> {
        let own = self.study.version();
        let others = self.fits.iter().filter(|version| **version != own);
        let others = others.filter_map(|version| {
            let text = self.study.to_json().ok()?;
            let read =
                AnyImagingStudy::from_json(text.as_bytes(), *version, &mut Decoder::default());
            let study = read.ok()?.value;
            Some(Self {
                study,
                ..self.clone()
            })
        });
        std::iter::once(self.clone()).chain(others).collect()
    }

    fn name(&self) -> String {
        let id = self
            .study
            .id()
            .map_or(String::new(), |id| format!(" ImagingStudy/{id}"));
        format!("{}{id} ({})", self.place, self.study.version())
    }
}

/// The versions that two studies may be of in which nothing differs, where they are not decided.
fn without_differences(before: &Kept, after: &Kept) -> Option<(Kept, Kept, Comparison)> {
    if before.fits.is_empty() && after.fits.is_empty() {
        return None;
    }
    for before in before.readings() {
        for after in after.readings() {
            let comparison = compare(&before.study, &after.study).ok()?;
            if comparison.is_same() {
                return Some((before, after, comparison));
            }
        }
    }
    None
}

fn place(visited: &Visited<'_>) -> String {
    let entry = visited
        .entry
        .map_or(String::new(), |entry| format!(" {entry}"));
    format!("{}:{}{entry}", visited.source, visited.line)
}

/// What pairs studies: the UID, or the id of one that has none.
fn key(study: &AnyImagingStudy) -> String {
    match study.study_uid().found.one() {
        Some(found) => found.uid.to_string(),
        None => format!("id {}", study.id().unwrap_or_default()),
    }
}

/// The studies of the first file. One is kept as it is; more wait in a temporary file, so that the
/// memory needed is that of their keys.
#[derive(Debug, Default)]
struct Shelf {
    studies: u64,
    first: Option<Kept>,
    file: Option<File>,
    end: u64,
    slots: Vec<Option<Slot>>,
    by_key: HashMap<String, VecDeque<usize>>,
    /// The slots before it are empty.
    next: usize,
}

#[derive(Debug)]
struct Slot {
    place: String,
    fits: Vec<FhirVersion>,
    /// Of a study in the file.
    text: Option<(FhirVersion, u64, usize)>,
}

impl Shelf {
    fn put(&mut self, visited: &Visited<'_>, study: &AnyImagingStudy) {
        self.studies += 1;
        let index = self.slots.len();
        self.by_key.entry(key(study)).or_default().push_back(index);
        let mut text = None;
        if index == 0 {
            self.first = Some(Kept::new(visited, study));
        } else {
            text = self.store(study);
        }
        let place = place(visited);
        let fits = visited.ambiguous.clone();
        self.slots.push(Some(Slot { place, fits, text }));
    }

    fn store(&mut self, study: &AnyImagingStudy) -> Option<(FhirVersion, u64, usize)> {
        let text = study.to_json().ok()?;
        if self.file.is_none() {
            self.file = tempfile::tempfile().ok();
        }
        self.file.as_mut()?.write_all(text.as_bytes()).ok()?;
        let start = self.end;
        self.end += text.len() as u64;
        Some((study.version(), start, text.len()))
    }

    fn load(&mut self, index: usize) -> Option<Kept> {
        let slot = self.slots.get_mut(index)?.take()?;
        if index == 0 {
            return self.first.take();
        }
        let (version, start, length) = slot.text?;
        let file = self.file.as_mut()?;
        let mut text = vec![0; length];
        file.seek(SeekFrom::Start(start)).ok()?;
        file.read_exact(&mut text).ok()?;
        let read = AnyImagingStudy::from_json(&text, version, &mut Decoder::default());
        Some(Kept {
            place: slot.place,
            study: read.ok()?.value,
            fits: slot.fits,
        })
    }

    /// The partner of a study.
    fn take(&mut self, study: &AnyImagingStudy) -> Option<Kept> {
        let index = self.by_key.get_mut(&key(study))?.pop_front()?;
        self.load(index)
    }

    /// The first study that has no partner.
    fn next(&mut self) -> Option<Kept> {
        while self.next < self.slots.len() {
            let index = self.next;
            self.next += 1;
            if let Some(kept) = self.load(index) {
                return Some(kept);
            }
        }
        None
    }
}

/// How what was found is printed.
#[derive(Clone, Copy, Debug)]
struct View {
    json: bool,
    values: bool,
    width: Option<usize>,
}

/// What was found so far.
#[derive(Debug, Default)]
struct Run {
    second: u64,
    pairs: u64,
    differ: u64,
    alone: u64,
    failed: bool,
    begun: bool,
}

impl Run {
    fn not_read(&mut self, visited: &Visited<'_>) {
        self.failed = true;
        let message = visited
            .found
            .err()
            .map_or("", |not_read| not_read.message.as_str());
        // Who has closed stderr does not want to read it.
        let _ = writeln!(
            io::stderr(),
            "{}: {}",
            shown(&place(visited)),
            shown(message)
        );
    }

    fn pair(
        &mut self,
        view: &View,
        shelf: &mut Shelf,
        after: &Kept,
        only: bool,
        out: &mut Vec<u8>,
    ) {
        let before = match only {
            true => shelf.next(),
            false => shelf.take(&after.study),
        };
        let Some(before) = before else {
            return self.alone(view, after, DifferenceKind::Added, out);
        };
        self.pairs += 1;
        match compare(&before.study, &after.study) {
            Ok(comparison) if comparison.is_same() => {
                self.told(view, &before, after, &comparison, out);
            }
            Ok(comparison) => match without_differences(&before, after) {
                Some((before, after, same)) => self.told(view, &before, &after, &same, out),
                None => {
                    self.differ += 1;
                    self.told(view, &before, after, &comparison, out);
                }
            },
            Err(error) => {
                self.failed = true;
                let message = format!("{}: {error}", after.name());
                // Who has closed stderr does not want to read it.
                let _ = writeln!(io::stderr(), "{}", shown(&message));
            }
        }
    }

    fn told(
        &mut self,
        view: &View,
        before: &Kept,
        after: &Kept,
        comparison: &Comparison,
        out: &mut Vec<u8>,
    ) {
        match view.json {
            true => view.json(before, after, comparison, out),
            false => self.text(view, before, after, comparison, out),
        }
    }

    fn alone(&mut self, view: &View, kept: &Kept, kind: DifferenceKind, out: &mut Vec<u8>) {
        self.alone += 1;
        if view.json {
            let mut members = Members::default();
            let side = if kind == DifferenceKind::Lost {
                "before"
            } else {
                "after"
            };
            members.add(side, Some(named(kept, view.values)));
            members.add("same", Some(Json::Boolean(false)));
            members.text("study", Some(kind.name()));
            push_escaped(&json_to_string(&members.object()), out);
            out.push(b'\n');
            return;
        }
        self.gap(out);
        let file = match kind {
            DifferenceKind::Lost => "only in the first file",
            _ => "only in the second file",
        };
        let cells = vec![
            Cell::new(Role::Title, &kept.place),
            Cell::new(Role::Problem, kind.name()),
            Cell::new(Role::Value, file),
        ];
        draw(&Node::new(cells), view.width, out);
    }

    fn gap(&mut self, out: &mut Vec<u8>) {
        if self.begun {
            out.push(b'\n');
        }
        self.begun = true;
    }

    fn text(
        &mut self,
        view: &View,
        before: &Kept,
        after: &Kept,
        comparison: &Comparison,
        out: &mut Vec<u8>,
    ) {
        self.gap(out);
        let header = |kept: &Kept| match view.values {
            true => kept.name(),
            false => format!("{} ({})", kept.place, kept.study.version()),
        };
        let mut root = Node::new(vec![
            Cell::new(Role::Title, &header(before)),
            Cell::new(Role::Label, "→"),
            Cell::new(Role::Title, &header(after)),
        ]);
        let mut rows = Vec::new();
        for moved in &comparison.moves {
            let mut path = moved.from.join(" + ");
            if !moved.to.is_empty() && moved.to != moved.from {
                let arrow = if path.is_empty() { "" } else { " → " };
                path = format!("{path}{arrow}{}", moved.to.join(" + "));
            }
            rows.push(row(Role::Label, moved.kind, &path, Some(moved.rule), ""));
        }
        for loss in &comparison.losses {
            let (role, word) = match loss.kind.is_loss() {
                true => (Role::Problem, "lost"),
                false => (Role::Label, "noted"),
            };
            let rule = format!("{}, {}", loss.rule.id(), loss.kind.name());
            let value = view.value(Some(&loss.value));
            rows.push(row(role, word, &loss.path.to_string(), Some(&rule), &value));
        }
        for difference in &comparison.differences {
            let mut path = difference.path.clone();
            if let Some(element) = &difference.carries {
                path = format!("{path} ({element})");
            }
            let value = match difference.kind {
                DifferenceKind::Changed if view.values => format!(
                    "{} → {}",
                    view.value(difference.before.as_ref()),
                    view.value(difference.after.as_ref())
                ),
                DifferenceKind::Reordered => String::new(),
                _ => view.value(difference.before.as_ref().or(difference.after.as_ref())),
            };
            let kind = difference.kind.name();
            rows.push(row(Role::Problem, kind, &path, difference.rule, &value));
        }
        align(&mut rows);
        let lost = comparison.losses.iter().filter(|loss| loss.kind.is_loss());
        let verdict = match comparison.differences.len() + lost.count() {
            0 => Cell::new(Role::Code, "nothing lost"),
            1 => Cell::new(Role::Problem, "1 difference"),
            count => Cell::new(Role::Problem, &format!("{count} differences")),
        };
        root.below = rows;
        root.below.push(Node::new(vec![verdict]));
        draw(&root, view.width, out);
    }

    fn sum(&self, out: &mut Vec<u8>) {
        let same = self.pairs - self.differ;
        let text = format!(
            "\n{} pairs: {same} the same, {} differ; {} without a partner\n",
            self.pairs, self.differ, self.alone
        );
        out.extend_from_slice(text.as_bytes());
    }
}

fn row(role: Role, word: &str, path: &str, rule: Option<&str>, value: &str) -> Node {
    Node::new(vec![
        Cell::new(role, word),
        Cell::new(Role::Value, path),
        Cell::new(Role::Place, rule.unwrap_or_default()),
        Cell::new(Role::Value, value),
    ])
}

/// A study by its place and version, and its id if that may be told.
fn named(kept: &Kept, values: bool) -> Json {
    let mut members = Members::default();
    members.text("place", Some(&kept.place));
    members.text("version", Some(kept.study.version().name()));
    members.text("id", kept.study.id().filter(|_| values));
    members.object()
}

impl View {
    /// A value in a line.
    fn value(&self, value: Option<&Json>) -> String {
        match value {
            _ if !self.values => String::new(),
            None => String::new(),
            Some(Json::String(text)) => text.to_string(),
            Some(value) => json_to_string(value),
        }
    }

    fn json(&self, before: &Kept, after: &Kept, comparison: &Comparison, out: &mut Vec<u8>) {
        let texts = |texts: &[String]| Json::Array(texts.iter().map(|text| string(text)).collect());
        let mut members = Members::default();
        members.add("before", Some(named(before, self.values)));
        members.add("after", Some(named(after, self.values)));
        members.add("same", Some(Json::Boolean(comparison.is_same())));
        let moves = comparison.moves.iter().map(|moved| {
            let mut members = Members::default();
            members.text("kind", Some(moved.kind));
            members.add("from", Some(texts(&moved.from)));
            members.add("to", Some(texts(&moved.to)));
            members.text("rule", Some(moved.rule));
            members.object()
        });
        members.add("moves", Some(Json::Array(moves.collect())));
        let losses = comparison.losses.iter().map(|loss| {
            let mut members = Members::default();
            members.text("path", Some(&loss.path.to_string()));
            members.text("kind", Some(loss.kind.name()));
            members.text("rule", Some(loss.rule.id()));
            members.add("lost", Some(Json::Boolean(loss.kind.is_loss())));
            members.add("value", Some(loss.value.clone()).filter(|_| self.values));
            members.object()
        });
        members.add("losses", Some(Json::Array(losses.collect())));
        let differences = comparison.differences.iter().map(|difference| {
            let mut members = Members::default();
            members.text("kind", Some(difference.kind.name()));
            members.text("path", Some(&difference.path));
            members.text("carries", difference.carries.as_deref());
            members.text("rule", difference.rule);
            members.add("before", difference.before.clone().filter(|_| self.values));
            members.add("after", difference.after.clone().filter(|_| self.values));
            members.object()
        });
        members.add("differences", Some(Json::Array(differences.collect())));
        push_escaped(&json_to_string(&members.object()), out);
        out.push(b'\n');
    }
}
