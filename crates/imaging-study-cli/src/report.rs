//! The command `report`.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use imaging_study::convert::{Options, convert_any};
use imaging_study::dicom::{Rendering, ResourceLevel};
use imaging_study::{
    AnyImagingStudy, Endpoints, FhirVersion, Limits, RetrievalOptions, Retrieve, StudyPlace,
};

use crate::archive::{Archive, Counting};
use crate::arguments::{ReportArguments, SourceVersion};
use crate::error::{MigrateError, RunError};
use crate::files::files;
use crate::format::Format;
use crate::output::Output;
use crate::paths::check_replaces_none;
use crate::report_page::{Extras, ROWS, SECTIONS, TABLE_END, end, head, row, section};
use crate::skipping::visit_each;
use crate::study_facts::StudyFacts;
use imaging_study_migrate::{Settings, Visit, Visited};

/// Writes a page about the studies of the files; tells whether there is none.
pub(crate) fn report(arguments: &ReportArguments) -> Result<bool, RunError> {
    let files = files(&arguments.files)?;
    check_replaces_none("--output", Some(&arguments.output), &files)?;
    let endpoints = endpoints(arguments)?;
    let mut settings = Settings::new(FhirVersion::R4);
    settings.from = match arguments.from {
        SourceVersion::Auto => None,
        SourceVersion::Is(version) => Some(version),
    };
    settings.output_format = Some(Format::Ndjson);
    let pages = Pages {
        to: arguments.to,
        endpoints,
        now: now(),
        parts: Mutex::new(Parts::new().map_err(MigrateError::Output)?),
    };
    let pages = Arc::new(pages);
    let seen = Arc::clone(&pages);
    settings.visit = Some(Visit::new(move |visited, _| seen.see(visited)));
    let (_, skipped) = visit_each(&files, &settings)?;
    let mut parts = pages.parts.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(error) = parts.error.take() {
        return Err(MigrateError::Output(error).into());
    }
    parts.archive.rejects.add("file", skipped);
    let mut output = Output::create(&arguments.output)?;
    let to = arguments.to.map(FhirVersion::name);
    let written = parts.write(to, &mut output);
    written.map_err(|error| MigrateError::File {
        path: arguments.output.clone(),
        error,
    })?;
    output.commit()?;
    Ok(parts.archive.studies == 0)
}

fn now() -> Option<i64> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(now.as_secs()).ok()
}

fn endpoints(arguments: &ReportArguments) -> Result<Endpoints, RunError> {
    let mut endpoints = Endpoints::default();
    for path in &arguments.endpoints {
        let name = path.display().to_string();
        let failed = |error| MigrateError::Input {
            name: name.clone(),
            error,
        };
        let limit = Limits::default().bytes;
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(failed)?;
        let mut file = file.take(limit as u64 + 1);
        file.read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() > limit {
            return Err(RunError::TooLarge { name, limit });
        }
        let added = match imaging_study::is_xml(&bytes) {
            true => endpoints.add_xml(&bytes, FhirVersion::R4),
            false => endpoints.add_json(&bytes),
        };
        added.map_err(|error| RunError::Document {
            name: name.clone(),
            error: error.message(),
            position: error.position(),
        })?;
    }
    Ok(endpoints)
}

/// Makes the parts of the page.
struct Pages {
    to: Option<FhirVersion>,
    endpoints: Endpoints,
    now: Option<i64>,
    parts: Mutex<Parts>,
}

/// The parts of the page, which wait in files until the counts before them are known.
struct Parts {
    archive: Archive,
    rows: File,
    /// The first rows, with links to the sections.
    linked: File,
    sections: File,
    error: Option<io::Error>,
}

impl Parts {
    fn new() -> io::Result<Self> {
        Ok(Self {
            archive: Archive::default(),
            rows: tempfile::tempfile()?,
            linked: tempfile::tempfile()?,
            sections: tempfile::tempfile()?,
            error: None,
        })
    }

    /// Writes the page.
    fn write(&mut self, to: Option<&str>, output: &mut Output) -> io::Result<()> {
        output.write_all(head(&self.archive, to).as_bytes())?;
        let has_sections = self.archive.studies <= SECTIONS;
        let rows = match has_sections {
            true => &mut self.linked,
            false => &mut self.rows,
        };
        rows.seek(SeekFrom::Start(0))?;
        io::copy(rows, output)?;
        output.write_all(TABLE_END.as_bytes())?;
        if has_sections {
            self.sections.seek(SeekFrom::Start(0))?;
            io::copy(&mut self.sections, output)?;
        }
        output.write_all(end().as_bytes())
    }
}

impl Pages {
    fn see(&self, visited: &Visited<'_>) {
        let one = Archive::of(
            visited,
            Counting {
                to: None,
                codes_only: false,
            },
        );
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        parts.archive.add(&one);
        let Ok(study) = visited.found else {
            return;
        };
        let number = parts.archive.studies;
        let mut losses = None;
        if let Some(version) = self.to {
            losses = Some(self.convert(study, version, &mut parts.archive));
        }
        if number > ROWS {
            return;
        }
        let mut facts = StudyFacts::new(study, false);
        facts.versions = visited.fits();
        let entry = visited
            .entry
            .map_or(String::new(), |entry| format!(" {entry}"));
        let mut extras = Extras {
            place: format!("{}:{}{entry}", visited.source, visited.line),
            number,
            section: number <= SECTIONS,
            losses,
            ..Extras::default()
        };
        let parts = &mut *parts;
        let mut written = Ok(());
        if extras.section {
            self.thumbnails(study, facts.series.len(), &mut extras);
            let linked = row(&facts, &extras);
            written = parts.linked.write_all(linked.as_bytes());
            let text = section(&facts, &extras);
            written = written.and_then(|()| parts.sections.write_all(text.as_bytes()));
            extras.section = false;
        }
        let plain = row(&facts, &extras);
        written = written.and_then(|()| parts.rows.write_all(plain.as_bytes()));
        if let Err(error) = written {
            parts.error.get_or_insert(error);
        }
    }

    /// Converts a study; how much would be lost and noted.
    fn convert(
        &self,
        study: &AnyImagingStudy,
        version: FhirVersion,
        archive: &mut Archive,
    ) -> (u64, u64) {
        let losses = match convert_any(study.clone(), version, &Options::default()) {
            Ok(converted) => converted.losses,
            Err(refused) => refused.losses,
        };
        let lost = losses.iter().filter(|loss| loss.kind.is_loss()).count() as u64;
        for loss in &losses {
            archive.count(loss);
        }
        (lost, losses.len() as u64 - lost)
    }

    /// The addresses of thumbnails, for the study and each series.
    fn thumbnails(&self, study: &AnyImagingStudy, series: usize, extras: &mut Extras) {
        extras.series_thumbnails = vec![None; series];
        for level in [ResourceLevel::Study, ResourceLevel::Series] {
            let mut options = RetrievalOptions {
                level,
                retrieve: Retrieve::Thumbnail(Rendering::default()),
                ..RetrievalOptions::default()
            };
            options.endpoint.now = self.now;
            for retrieval in study.retrievals(&self.endpoints, &options) {
                let Ok(request) = &retrieval.request else {
                    continue;
                };
                let place = match retrieval.place {
                    StudyPlace::Study => Some(&mut extras.thumbnail),
                    StudyPlace::Series(index) => extras.series_thumbnails.get_mut(index),
                    StudyPlace::Instance { .. } => None,
                };
                if let Some(place) = place {
                    place.get_or_insert_with(|| request.url.to_string());
                }
            }
        }
    }
}
