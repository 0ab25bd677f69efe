//! The command `definitions`.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use imaging_study::FhirVersion;
use imaging_study::convert::{ExtensionDefinition, extension_definitions, full_number};
use imaging_study::core::Json;
use imaging_study::json::json_to_string;

use crate::arguments::{DefinitionsArguments, DefinitionsFormat};
use crate::error::{MigrateError, RunError};
use crate::outcome::{member, number, string};
use crate::output::Output;
use crate::tar;

/// Writes the definitions.
pub(crate) fn definitions(arguments: &DefinitionsArguments) -> Result<(), RunError> {
    let mut output = match &arguments.output {
        Some(path) => Output::create(path)?,
        None => Output::Stdout,
    };
    let all = extension_definitions(arguments.version);
    let written = match arguments.format {
        DefinitionsFormat::Ndjson => write_lines(&all, &mut output),
        DefinitionsFormat::Package => write_package(&all, arguments.version, &mut output),
    };
    written
        .and_then(|()| output.flush())
        .map_err(MigrateError::Output)?;
    Ok(output.commit()?)
}

fn write_lines(all: &[ExtensionDefinition], output: &mut impl Write) -> io::Result<()> {
    let mut output = io::BufWriter::new(output);
    for definition in all {
        writeln!(
            output,
            "{}",
            json_to_string(&definition.structure_definition())
        )?;
    }
    output.flush()
}

/// Writes a FHIR package: <https://confluence.hl7.org/spaces/FHIR/pages/35718629/NPM+Package+Specification>.
fn write_package(
    all: &[ExtensionDefinition],
    version: FhirVersion,
    output: &mut impl Write,
) -> io::Result<()> {
    let mut archive = GzEncoder::new(output, Compression::default());
    let mut add = |name: &str, json: &Json| {
        let name = format!("package/{name}");
        tar::add(&mut archive, &name, json_to_string(json).as_bytes())
    };
    add("package.json", &package(version))?;
    let mut files = Vec::with_capacity(all.len());
    for definition in all {
        let json = definition.structure_definition();
        let name = format!("StructureDefinition-{}.json", definition.id());
        add(&name, &json)?;
        let mut entry = vec![member("filename", string(&name))];
        for name in ["resourceType", "id", "url", "version", "kind", "type"] {
            entry.extend(json.get(name).map(|value| member(name, value.clone())));
        }
        files.push(Json::Object(entry));
    }
    let index = Json::Object(vec![
        member("index-version", number(2)),
        member("files", Json::Array(files)),
    ]);
    add(".index.json", &index)?;
    tar::finish(&mut archive)?;
    archive.finish()?;
    Ok(())
}

/// The description of the package.
fn package(version: FhirVersion) -> Json {
    let name = version.name().to_lowercase().replace(' ', "-");
    let number = full_number(version);
    let core = match version {
        FhirVersion::Dstu2 => "r2",
        FhirVersion::Stu3 => "r3",
        FhirVersion::R6Draft | FhirVersion::R6 => "r6",
        _ => &name,
    };
    let description =
        format!("The extensions that imaging-study writes into an ImagingStudy of FHIR {version}");
    Json::Object(vec![
        member("name", string(&format!("imaging-study.extensions.{name}"))),
        member("version", string(env!("CARGO_PKG_VERSION"))),
        member("description", string(&description)),
        member("author", string("imaging-study")),
        member("license", string("MIT OR Apache-2.0")),
        member("fhirVersions", Json::Array(vec![string(number)])),
        member(
            "dependencies",
            Json::Object(vec![(
                format!("hl7.fhir.{core}.core").into(),
                string(number),
            )]),
        ),
    ])
}
