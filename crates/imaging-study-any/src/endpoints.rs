//! The Endpoint resources that the references of a study lead to.

use std::collections::HashMap;

#[cfg(feature = "xml")]
use imaging_study_core::FhirVersion;
#[cfg(any(feature = "json", feature = "xml"))]
use imaging_study_core::Json;
#[cfg(any(feature = "json", feature = "xml"))]
use imaging_study_core::ReadError;
use imaging_study_core::Resource;
use imaging_study_dicom::EndpointRef;

use self::record::{Contained, Record};
pub use self::retrieval::{Retrieval, RetrievalError, RetrievalLint, StudyPlace};
pub use self::retrieval_options::{RetrievalOptions, Retrieve};
pub use self::retrievals::Retrievals;

mod record;
mod retrieval;
mod retrieval_options;
mod retrievals;
mod service;

/// Endpoint resources of any version, which the caller has fetched.
///
/// A reference leads to an Endpoint by the full URL of its Bundle entry, by its type and id, or into
/// `contained`. An absolute reference also leads to an Endpoint of that id for which no full URL is
/// known. Where several that differ have the same name, a reference leads to none.
///
/// ```
/// use imaging_study_any::{AnyImagingStudy, Endpoints, RetrievalOptions, r5};
/// use imaging_study_json as json;
///
/// let endpoints = Endpoints::from_json(
///     br#"{"resourceType": "Endpoint", "id": "pacs", "status": "active",
///         "connectionType": [{"coding": [{
///             "system": "http://terminology.hl7.org/CodeSystem/endpoint-connection-type",
///             "code": "dicom-wado-rs"}]}],
///         "address": "https://pacs.example.org/wado-rs"}"#,
/// )?;
/// let study: r5::ImagingStudy = json::from_str(
///     r#"{"resourceType": "ImagingStudy", "endpoint": [{"reference": "Endpoint/pacs"}],
///         "identifier": [{"system": "urn:dicom:uid", "value": "urn:oid:1.2.3"}],
///         "series": [{"uid": "1.2.4"}]}"#,
/// )?;
/// for retrieval in AnyImagingStudy::from(study).retrievals(&endpoints, &RetrievalOptions::default()) {
///     let request = retrieval.request?;
///     assert_eq!(retrieval.place.to_string(), "ImagingStudy.series[0]");
///     assert_eq!(request.url, "https://pacs.example.org/wado-rs/studies/1.2.3/series/1.2.4");
///     assert_eq!(request.accept, "multipart/related; type=\"application/dicom\"");
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Endpoints {
    records: Vec<Record>,
    by_url: Index,
    by_id: Index,
    /// Those whose full URL is not known.
    without_url: Index,
}

/// Where a resource with a name is; none where several differ.
type Index = HashMap<String, Option<usize>>;

impl Endpoints {
    /// Reads Endpoint resources from FHIR JSON: one, a Bundle of them, or NDJSON. Resources of other
    /// types are passed over.
    ///
    /// # Errors
    ///
    /// The bytes are no JSON, or exceed the default limits.
    #[cfg(feature = "json")]
    pub fn from_json(bytes: &[u8]) -> Result<Self, ReadError> {
        let mut endpoints = Self::default();
        endpoints.add_json(bytes)?;
        Ok(endpoints)
    }

    /// Reads Endpoint resources from FHIR XML: one, or a Bundle of them.
    ///
    /// # Errors
    ///
    /// The bytes are no resource of the version in FHIR XML, or exceed the default limits.
    #[cfg(feature = "xml")]
    pub fn from_xml(bytes: &[u8], version: FhirVersion) -> Result<Self, ReadError> {
        let mut endpoints = Self::default();
        endpoints.add_xml(bytes, version)?;
        Ok(endpoints)
    }

    /// Adds what [`from_json`](Self::from_json) reads, and says how many Endpoints that were.
    ///
    /// # Errors
    ///
    /// Those of [`from_json`](Self::from_json); nothing is added.
    #[cfg(feature = "json")]
    pub fn add_json(&mut self, bytes: &[u8]) -> Result<usize, ReadError> {
        use imaging_study_json::{Decoder, NdjsonReader};

        let documents = match Decoder::default().decode_json(bytes) {
            Ok(document) => vec![document],
            Err(error) => {
                let mut reader = NdjsonReader::new(bytes);
                let mut documents = Vec::new();
                while let Some(line) = reader.read_json() {
                    match line {
                        Ok(document) => documents.push(document),
                        // Where the first line is no document, neither are the others.
                        Err(_) if documents.is_empty() => return Err(error),
                        Err(error) => return Err(error),
                    }
                }
                documents
            }
        };
        Ok(documents
            .into_iter()
            .map(|one| self.add_document(one))
            .sum())
    }

    /// Adds what [`from_xml`](Self::from_xml) reads, and says how many Endpoints that were.
    ///
    /// # Errors
    ///
    /// Those of [`from_xml`](Self::from_xml); nothing is added.
    #[cfg(feature = "xml")]
    pub fn add_xml(&mut self, bytes: &[u8], version: FhirVersion) -> Result<usize, ReadError> {
        let Some(definitions) = crate::AnyImagingStudy::definitions(version) else {
            return Ok(0);
        };
        let mut decoder = imaging_study_xml::Decoder::default();
        let resource = decoder.decode_resource(bytes, definitions)?.value;
        Ok(resource
            .into_json()
            .map_or(0, |document| self.add_document(document)))
    }

    /// Adds a resource, if it is an Endpoint, with its full URL, if that is known.
    pub fn add(&mut self, resource: &Resource, full_url: Option<&str>) {
        if resource.resource_type() != ENDPOINT {
            return;
        }
        let full_url = full_url.map(normal);
        let of_url = full_url.as_deref().and_then(relative_id);
        let id = resource.id().or(of_url).map(str::to_owned);
        let index = self.records.len();
        self.records.push(record::endpoint_ref(resource).into());
        let records = &self.records;
        if let Some(id) = id {
            if full_url.is_none() {
                insert(&mut self.without_url, id.clone(), index, records);
            }
            insert(&mut self.by_id, id, index, records);
        }
        if let Some(full_url) = full_url {
            insert(&mut self.by_url, full_url, index, records);
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The Endpoint that a reference in a resource with these contained ones leads to.
    #[must_use]
    pub fn resolve<'a>(
        &'a self,
        reference: &str,
        contained: &'a [Resource],
    ) -> Option<EndpointRef<'a>> {
        self.resolve_with(reference, &Contained::new(contained))
    }

    fn resolve_with<'a>(
        &'a self,
        reference: &str,
        contained: &Contained<'a>,
    ) -> Option<EndpointRef<'a>> {
        match reference.strip_prefix('#') {
            Some(id) => contained.get(id),
            None => Some(self.records.get(self.find(reference)?)?.as_ref()),
        }
    }

    fn find(&self, reference: &str) -> Option<usize> {
        let reference = normal(reference);
        let is_absolute = reference.starts_with("urn:") || reference.contains("://");
        if !is_absolute {
            let id = reference.strip_prefix("Endpoint/")?;
            return self.by_id.get(id).copied().flatten();
        }
        match self.by_url.get(&reference) {
            Some(found) => *found,
            None => {
                let found = self.without_url.get(relative_id(&reference)?);
                found.copied().flatten()
            }
        }
    }

    #[cfg(any(feature = "json", feature = "xml"))]
    fn add_document(&mut self, document: Json) -> usize {
        let before = self.records.len();
        if document.get("resourceType").and_then(Json::as_str) == Some("Bundle") {
            let entries = document.get("entry").and_then(Json::as_array);
            for entry in entries.unwrap_or_default() {
                let full_url = entry.get("fullUrl").and_then(Json::as_str);
                let resource = entry.get("resource").cloned();
                if let Some(Ok(resource)) = resource.map(Resource::try_from) {
                    self.add(&resource, full_url);
                }
            }
        } else if let Ok(resource) = Resource::try_from(document) {
            self.add(&resource, None);
        }
        self.records.len() - before
    }
}

const ENDPOINT: &str = "Endpoint";

/// A reference without the version of the resource; URNs of UUIDs may be in any case.
fn normal(reference: &str) -> String {
    if reference
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("urn:"))
    {
        return reference.to_ascii_lowercase();
    }
    let end = reference.find("/_history/").unwrap_or(reference.len());
    reference[..end].to_owned()
}

/// The id at the end of an absolute URL of an Endpoint.
fn relative_id(url: &str) -> Option<&str> {
    let (base, id) = url.rsplit_once('/')?;
    base.ends_with("/Endpoint").then_some(id)
}

fn insert(index: &mut Index, key: String, place: usize, records: &[Record]) {
    index
        .entry(key)
        .and_modify(|found| {
            if found.is_none_or(|first| records[first] != records[place]) {
                *found = None;
            }
        })
        .or_insert(Some(place));
}
