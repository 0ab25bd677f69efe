//! The command `urls`.

use std::collections::HashSet;
use std::io::{self, BufWriter, Read as _, Write};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use imaging_study::core::{Json, ReadError};
use imaging_study::dicom::{EndpointOptions, Rendering};
use imaging_study::json::{self, Decoder};
use imaging_study::{
    AnyImagingStudy, Endpoints, FhirVersion, Limits, RetrievalOptions, Retrieve, Undecided,
    detect_json, detect_xml, detect_xml_inside, xml,
};

use crate::arguments::SourceVersion;
use crate::bundle::{self, entry_path};
use crate::error::{MigrateError, RunError};
use crate::foreign;
use crate::format::{Format, Syntax, is_blank, recognise, without_mark};
use crate::input::{Input, is_stdin};
use crate::shown::shown;
use crate::urls_arguments::UrlsArguments;

/// Prints the URLs; tells whether there is none.
pub(crate) fn urls(arguments: &UrlsArguments) -> Result<bool, RunError> {
    let named = arguments.endpoints.iter().chain([&arguments.study]);
    if named.filter(|path| is_stdin(path)).count() > 1 {
        return Err(RunError::StdinTwice);
    }
    let name = arguments.study.display().to_string();
    let bytes = read(&arguments.study)?;
    let mut report = Report {
        output: BufWriter::new(io::stdout().lock()),
        problems: io::stderr(),
        told: HashSet::new(),
        options: options(arguments),
        found: false,
    };
    let studies = studies(&bytes, &name, arguments.from, &mut report)?;
    let version = studies.first().map(|study| study.study.version());
    let mut endpoints = Endpoints::default();
    for path in &arguments.endpoints {
        add_endpoints(path, version, &mut endpoints, &mut report)?;
    }
    // There may be some beside the study; what of it cannot be read was told before.
    let _ = add(&bytes, version, &mut endpoints);
    for study in &studies {
        report
            .study(study, &endpoints)
            .map_err(MigrateError::Output)?;
    }
    report.output.flush().map_err(MigrateError::Output)?;
    Ok(!report.found)
}

fn options(arguments: &UrlsArguments) -> RetrievalOptions<'static> {
    let rendering = Rendering {
        viewport: arguments.viewport,
        quality: arguments.quality,
        ..Rendering::default()
    };
    let types = arguments.connection_type.iter().copied();
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.ok().and_then(|now| i64::try_from(now.as_secs()).ok());
    let mut endpoint = EndpointOptions::default().with_fallback(arguments.fallback);
    endpoint.now = now;
    RetrievalOptions {
        connection_types: (types.len() > 0).then(|| types.map(Into::into).collect()),
        level: arguments.level.into(),
        retrieve: if arguments.metadata {
            Retrieve::Metadata
        } else if arguments.rendered {
            Retrieve::Rendered(rendering)
        } else if arguments.thumbnail {
            Retrieve::Thumbnail(rendering)
        } else {
            Retrieve::Instances
        },
        endpoint,
        repair: arguments.repair,
        ..RetrievalOptions::default()
    }
}

/// A study, and what stands before its paths.
struct Placed {
    study: AnyImagingStudy,
    line: String,
    /// The indexes of the entries of Bundles in which it stands, outermost first.
    entries: Vec<usize>,
}

impl Placed {
    /// The path of an element from the root of the document.
    fn path(&self, element: &str) -> String {
        let line = &self.line;
        match self.entries.is_empty() {
            false => {
                let rest = element.strip_prefix("ImagingStudy").unwrap_or(element);
                format!("{line}{}{rest}", entry_path(&self.entries))
            }
            true => format!("{line}{element}"),
        }
    }
}

struct Report<W, P> {
    output: W,
    problems: P,
    /// What was told already: one bad endpoint is so for every series that it serves.
    told: HashSet<String>,
    options: RetrievalOptions<'static>,
    found: bool,
}

impl<W: Write, P: Write> Report<W, P> {
    fn study(&mut self, placed: &Placed, endpoints: &Endpoints) -> io::Result<()> {
        let options = self.options;
        let retrievals = placed.study.retrievals(endpoints, &options);
        for lint in retrievals.lints() {
            self.tell(&placed.path("ImagingStudy"), lint);
        }
        let mut empty = true;
        for retrieval in retrievals {
            empty = false;
            let element = placed.path(&retrieval.element());
            match &retrieval.request {
                Ok(request) => {
                    self.found = true;
                    let place = placed.path(&retrieval.place.to_string());
                    let connection_type = retrieval.connection_type;
                    let (url, accept) = (&request.url, &request.accept);
                    writeln!(self.output, "{place}\t{connection_type}\t{url}\t{accept}")?;
                }
                Err(error) => {
                    self.tell(&element, &format!("{}: {error}", retrieval.connection_type))
                }
            }
            for lint in &retrieval.lints {
                self.tell(&element, lint);
            }
        }
        if empty {
            let nothing = "nothing at this level that a URL could be for";
            self.tell(&placed.path("ImagingStudy"), nothing);
        }
        Ok(())
    }

    fn undecided(&mut self, place: &str, undecided: &Undecided) {
        self.tell(place, &format!("{undecided}; --from tells the version"));
    }

    fn tell(&mut self, element: &str, what: &(impl ToString + ?Sized)) {
        let line = format!("{}: {}", shown(element), shown(&what.to_string()));
        if !self.told.contains(&line) {
            // Who has closed stderr does not want to read it.
            let _ = writeln!(self.problems, "{line}");
            self.told.insert(line);
        }
    }
}

/// All of a file, within the limit.
fn read(path: &Path) -> Result<Vec<u8>, RunError> {
    let input = Input::from_argument(path);
    let name = input.name().to_owned();
    let limit = Limits::default().bytes;
    let mut bytes = Vec::new();
    let most = (limit as u64).saturating_add(1);
    let read = input
        .open()
        .and_then(|opened| opened.reader.take(most).read_to_end(&mut bytes));
    if let Err(error) = read {
        return Err(MigrateError::Input { name, error }.into());
    }
    if let Some(problem) = foreign::problem(&bytes) {
        let error = io::Error::new(io::ErrorKind::Unsupported, problem);
        return Err(MigrateError::Input { name, error }.into());
    }
    if bytes.len() > limit {
        return Err(RunError::TooLarge { name, limit });
    }
    Ok(bytes)
}

fn unreadable(name: &str) -> impl Fn(ReadError) -> RunError {
    move |error| RunError::Document {
        name: name.to_owned(),
        error: error.message(),
        position: error.position(),
    }
}

fn add_endpoints<W: Write, P: Write>(
    path: &Path,
    version: Option<FhirVersion>,
    endpoints: &mut Endpoints,
    report: &mut Report<W, P>,
) -> Result<(), RunError> {
    let name = path.display().to_string();
    let bytes = read(path)?;
    let added = add(&bytes, version, endpoints).map_err(unreadable(&name))?;
    if added == 0 {
        report.tell(&name, "no Endpoint");
    }
    Ok(())
}

fn add(
    bytes: &[u8],
    version: Option<FhirVersion>,
    endpoints: &mut Endpoints,
) -> Result<usize, ReadError> {
    match recognise(bytes, true).syntax() {
        Syntax::Json => endpoints.add_json(bytes),
        Syntax::Xml => endpoints.add_xml(bytes, version.unwrap_or(FhirVersion::R4)),
    }
}

/// The studies in a document, a Bundle or lines.
fn studies<W: Write, P: Write>(
    bytes: &[u8],
    name: &str,
    from: SourceVersion,
    report: &mut Report<W, P>,
) -> Result<Vec<Placed>, RunError> {
    let mut studies = Vec::new();
    match recognise(bytes, true) {
        Format::Xml => in_xml(bytes, from, &mut studies, report).map_err(unreadable(name))?,
        Format::Json => {
            let text = without_mark(bytes);
            in_json(text, String::new(), from, &mut studies, report).map_err(unreadable(name))?;
        }
        Format::Ndjson => {
            let lines = without_mark(bytes).split(|byte| *byte == b'\n');
            let lines: Vec<_> = (1..)
                .zip(lines)
                .filter(|(_, line)| !is_blank(line))
                .collect();
            let several = lines.len() > 1;
            for (number, line) in lines {
                let place = match several {
                    true => format!("{number}:"),
                    false => String::new(),
                };
                let read = in_json(line, place.clone(), from, &mut studies, report);
                match read {
                    Err(error) if several => {
                        let (message, column) = (error.message(), error.position().column);
                        report.tell(
                            name,
                            &format!("{message} at line {number}, column {column}"),
                        );
                    }
                    read => read.map_err(unreadable(name))?,
                }
            }
        }
    }
    if studies.is_empty() && report.told.is_empty() {
        report.tell(name, "no ImagingStudy that can be read");
    }
    Ok(studies)
}

fn in_json<W: Write, P: Write>(
    text: &[u8],
    line: String,
    from: SourceVersion,
    studies: &mut Vec<Placed>,
    report: &mut Report<W, P>,
) -> Result<(), ReadError> {
    let mut decoder = Decoder::default();
    let tree = decoder.decode_json(text)?;
    let resource_type = tree.get("resourceType").and_then(Json::as_str);
    let found: Vec<_> = match resource_type {
        Some("ImagingStudy") => vec![(Vec::new(), text)],
        Some("Bundle") => bundle::resources(text, &tree)
            .into_iter()
            .filter(|found| found.is_study())
            .map(|found| (found.entries, &text[found.span]))
            .collect(),
        _ => Vec::new(),
    };
    for (entries, text) in found {
        let place = match entries.is_empty() {
            false => line.clone() + &entry_path(&entries),
            true => format!("{line}ImagingStudy"),
        };
        match study(text, from, &mut decoder) {
            Ok(Ok(study)) => studies.push(Placed {
                study,
                line: line.clone(),
                entries,
            }),
            Ok(Err(undecided)) => report.undecided(&place, &undecided),
            // Its position would be that in the entry.
            Err(error) if !entries.is_empty() => report.tell(&place, &error.message()),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Reads a study; its elements tell the version if nobody else does.
fn study(
    text: &[u8],
    from: SourceVersion,
    decoder: &mut Decoder,
) -> Result<Result<AnyImagingStudy, Undecided>, ReadError> {
    let version = match from {
        SourceVersion::Is(version) => version,
        SourceVersion::Auto => match detect_json(text)?.version() {
            Ok(version) => version,
            Err(undecided) => return Ok(Err(undecided)),
        },
    };
    AnyImagingStudy::from_json(text, version, decoder).map(|decoded| Ok(decoded.value))
}

fn in_xml<W: Write, P: Write>(
    bytes: &[u8],
    from: SourceVersion,
    studies: &mut Vec<Placed>,
    report: &mut Report<W, P>,
) -> Result<(), ReadError> {
    let in_bundle: Vec<_> = detect_xml_inside(bytes)?
        .into_iter()
        .filter_map(|study| Some((study.entries?, study.detection)))
        .collect();
    let detections = match in_bundle.is_empty() {
        true => vec![(Vec::new(), detect_xml(bytes)?)],
        false => in_bundle,
    };
    // The Bundle as the last version reads it.
    let mut bundle: Option<(FhirVersion, Option<Json>)> = None;
    for (entries, detection) in detections {
        let place = match entries.is_empty() {
            false => entry_path(&entries),
            true => "ImagingStudy".to_owned(),
        };
        let version = match from {
            SourceVersion::Is(version) => Ok(version),
            SourceVersion::Auto => detection.version(),
        };
        let version = match version {
            Ok(version) => version,
            Err(undecided) => {
                report.undecided(&place, &undecided);
                continue;
            }
        };
        let line = String::new();
        if entries.is_empty() {
            let mut decoder = xml::Decoder::default();
            let study = AnyImagingStudy::from_xml(bytes, version, &mut decoder)?.value;
            studies.push(Placed {
                study,
                line,
                entries,
            });
            continue;
        }
        let tree = match bundle.take() {
            Some((of, tree)) if of == version => tree,
            _ => xml_tree(bytes, version)?,
        };
        match study_of_bundle(tree.as_ref(), version, &entries) {
            Some(Ok(study)) => studies.push(Placed {
                study,
                line,
                entries,
            }),
            Some(Err(error)) => report.tell(&place, &error.message()),
            None => {}
        }
        bundle = Some((version, tree));
    }
    Ok(())
}

/// A resource in XML as JSON, by the definitions of the version.
fn xml_tree(bytes: &[u8], version: FhirVersion) -> Result<Option<Json>, ReadError> {
    let Some(definitions) = AnyImagingStudy::definitions(version) else {
        return Ok(None);
    };
    let decoded = xml::Decoder::default().decode_resource(bytes, definitions)?;
    Ok(decoded.value.into_json())
}

fn study_of_bundle(
    bundle: Option<&Json>,
    version: FhirVersion,
    entries: &[usize],
) -> Option<Result<AnyImagingStudy, ReadError>> {
    let mut resource = bundle?;
    for &entry in entries {
        let entry = resource.get("entry")?.as_array()?.get(entry)?;
        resource = entry.get("resource")?;
    }
    let text = json::json_to_string(resource);
    let mut decoder = Decoder::default();
    let read = AnyImagingStudy::from_json(text.as_bytes(), version, &mut decoder);
    Some(read.map(|decoded| decoded.value))
}
