//! The command `stats`.

use std::io::Write as _;
use std::mem;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use imaging_study::FhirVersion;
use imaging_study::json::json_to_string;

use crate::archive::{Archive, Counting, grouped, size};
use crate::arguments::{SourceVersion, StatsArguments};
use crate::error::{MigrateError, RunError};
use crate::files::files;
use crate::format::Format;
use crate::outcome::push_escaped;
use crate::skipping::visit_each;
use crate::terminal;
use crate::tree_text::{Cell, Node, Role, align, draw};
use imaging_study_migrate::{Settings, Summary, Visit};

/// Counts what there is in the files; tells whether there is no study.
pub(crate) fn stats(arguments: &StatsArguments) -> Result<bool, RunError> {
    let files = files(&arguments.files)?;
    let counting = Counting {
        to: arguments.to,
        codes_only: arguments.no_values,
    };
    let mut settings = Settings::new(FhirVersion::R4);
    settings.from = match arguments.from {
        SourceVersion::Auto => None,
        SourceVersion::Is(version) => Some(version),
    };
    settings.output_format = Some(Format::Ndjson);
    let processors = || thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    settings.jobs = arguments.jobs.unwrap_or_else(processors);
    let (archive, summary) = count(&files, settings, counting)?;
    let mut text = Vec::new();
    if arguments.json {
        let mut json = archive.json(counting);
        if let imaging_study::core::Json::Object(members) = &mut json {
            let passed = crate::outcome::number(summary.passed);
            members.push(("otherResources".into(), passed));
        }
        push_escaped(&json_to_string(&json), &mut text);
        text.push(b'\n');
    } else {
        print(&archive, &summary, &mut text);
    }
    let mut stdout = terminal::stdout();
    let written = stdout.write_all(&text).and_then(|()| stdout.flush());
    written.map_err(MigrateError::Output)?;
    Ok(archive.studies == 0)
}

/// Counts what there is in files.
fn count(
    files: &[PathBuf],
    mut settings: Settings,
    counting: Counting,
) -> Result<(Archive, Summary), RunError> {
    let counted = Arc::new(Mutex::new(Archive::default()));
    let sum = Arc::clone(&counted);
    settings.visit = Some(Visit::new(move |visited, _| {
        let one = Archive::of(visited, counting);
        sum.lock().unwrap_or_else(PoisonError::into_inner).add(&one);
    }));
    let (summary, skipped) = visit_each(files, &settings)?;
    let mut archive = mem::take(&mut *counted.lock().unwrap_or_else(PoisonError::into_inner));
    archive.rejects.add("file", skipped);
    Ok((archive, summary))
}

/// How many rows of a table are printed.
const ROWS: usize = 20;

/// How long the longest bar is, in columns.
const BAR: u64 = 30;

fn print(archive: &Archive, summary: &Summary, out: &mut Vec<u8>) {
    let width = terminal::width();
    let sizes = archive.sizes;
    let mean = sizes.sum.checked_div(archive.studies).unwrap_or_default();
    let range = format!(
        "{}; a study has {} to {}, {} on average",
        size(sizes.sum),
        size(sizes.least.unwrap_or_default()),
        size(sizes.greatest),
        size(mean)
    );
    let mut facts = vec![
        Node::fact("studies", Role::Title, &grouped(archive.studies)),
        Node::fact("series", Role::Title, &grouped(archive.series)),
        Node::fact("instances", Role::Title, &grouped(archive.instances)),
        Node::fact("size", Role::Value, &range),
    ];
    if archive.rejects.sum() > 0 {
        let rejects = grouped(archive.rejects.sum());
        facts.push(Node::fact("not readable", Role::Title, &rejects));
    }
    if summary.passed > 0 {
        let passed = grouped(summary.passed);
        facts.push(Node::fact("other resources", Role::Value, &passed));
    }
    align(&mut facts);
    for node in &facts {
        draw(node, width, out);
    }
    for (name, rows) in archive.tables() {
        let greatest = rows.iter().map(|(_, count)| *count).max();
        let Some(greatest) = greatest else {
            continue;
        };
        out.push(b'\n');
        let mut root = Node::new(vec![Cell::new(Role::Title, name)]);
        let skipped = rows.len().saturating_sub(ROWS);
        // Of years the last ones matter most.
        let start = if name == "years" { skipped } else { 0 };
        let shown = rows.iter().skip(start).take(ROWS);
        let digits = grouped(greatest).len();
        root.below = shown
            .map(|(name, count)| {
                let number = format!("{:>digits$}", grouped(*count));
                let length = (u128::from(*count) * u128::from(BAR)).div_ceil(greatest.into());
                let bar = "█".repeat(usize::try_from(length).unwrap_or_default());
                Node::new(vec![
                    Cell::new(Role::Label, name),
                    Cell::new(Role::Value, &number),
                    Cell::new(Role::Code, &bar),
                ])
            })
            .collect();
        align(&mut root.below);
        if skipped > 0 {
            let rest = format!("and {skipped} more");
            root.below
                .push(Node::new(vec![Cell::new(Role::Place, &rest)]));
        }
        draw(&root, width, out);
    }
}
