//! Choosing the service for a part of a study.

use imaging_study_dicom::{
    Address, Applicable, ConnectionType, ConnectionTypes, EndpointError, EndpointLevel,
    EndpointOptions, EndpointRef, EndpointReference, Uid, UidError, WadoUrl,
};

use super::Endpoints;
use super::record::Contained;
use super::retrieval::{RetrievalError, RetrievalLint, StudyPlace, endpoint_path};
use super::retrieval_options::RetrievalOptions;
use crate::{AnyImagingStudy, ReferenceRef};

/// The endpoints at one level of a study. Of DSTU2, a URL that is one of WADO-RS or WADO-URI stands
/// for an endpoint with its base as the address.
#[derive(Debug, Default)]
pub(super) struct Level<'a> {
    references: Vec<EndpointReference<'a>>,
    url: Option<Result<Link<'a>, UidError>>,
}

/// A URL of DSTU2.
#[derive(Debug)]
struct Link<'a> {
    base: &'a str,
    uids: [Option<Uid>; 3],
    connection_type: ConnectionType,
}

/// What was chosen: an address that keeps to the rules.
#[derive(Clone, Debug)]
pub(super) struct Service<'a> {
    pub(super) address: &'a str,
    pub(super) lints: Vec<RetrievalLint>,
}

/// What was chosen, with the path of the element that says so.
pub(super) type Choice<'a> = (Option<String>, Result<Service<'a>, RetrievalError>);

impl<'a> Link<'a> {
    fn parse(url: &'a str) -> Result<Self, UidError> {
        let parsed = WadoUrl::parse(url)?;
        let is_query = url[parsed.base.len()..].starts_with('?');
        Ok(Self {
            base: parsed.base,
            uids: [Some(parsed.study), parsed.series, parsed.instance],
            connection_type: if is_query {
                ConnectionType::WadoUri
            } else {
                ConnectionType::WadoRs
            },
        })
    }

    fn reference(&self) -> EndpointReference<'a> {
        EndpointReference::Resolved(EndpointRef {
            connection_types: [self.connection_type].into_iter().collect(),
            status: Some("active"),
            address: Some(self.base),
            ..EndpointRef::default()
        })
    }

    /// Whether every UID in the URL is that of the study, series or instance.
    fn is_of(&self, uids: &[Option<Uid>; 3]) -> bool {
        let mut pairs = self.uids.iter().zip(uids);
        pairs.all(|(own, other)| match (own, other) {
            (Some(own), Some(other)) => own == other,
            _ => true,
        })
    }
}

impl<'a> Level<'a> {
    fn new(
        references: impl Iterator<Item = ReferenceRef<'a>>,
        url: Option<&'a str>,
        contained: &Contained<'a>,
        endpoints: &'a Endpoints,
    ) -> Self {
        let url = url.map(Link::parse);
        let resolved = references.map(|reference| {
            let text = reference.reference();
            let found = text.and_then(|text| endpoints.resolve_with(text, contained));
            found.map_or(EndpointReference::Unresolved, EndpointReference::Resolved)
        });
        let link = url.as_ref().map(|url| match url {
            Ok(link) => link.reference(),
            Err(_) => EndpointReference::Unresolved,
        });
        Self {
            references: resolved.chain(link).collect(),
            url,
        }
    }

    /// What stands in `endpoint` of the study, or in `url`.
    pub(super) fn of_study(
        study: &'a AnyImagingStudy,
        contained: &Contained<'a>,
        endpoints: &'a Endpoints,
    ) -> Self {
        let study = study.view();
        Self::new(study.endpoints(), study.url(), contained, endpoints)
    }

    /// What stands in `endpoint` of a series, or in `url`.
    pub(super) fn of_series(
        study: &'a AnyImagingStudy,
        series: usize,
        contained: &Contained<'a>,
        endpoints: &'a Endpoints,
    ) -> Self {
        let series = study.series_at(series);
        let references = series.into_iter().flat_map(|series| series.endpoints());
        let url = series.and_then(|series| series.url());
        Self::new(references, url, contained, endpoints)
    }

    /// The connection types of the endpoints.
    pub(super) fn types(&self) -> ConnectionTypes {
        let mut types = ConnectionTypes::default();
        for reference in &self.references {
            if let EndpointReference::Resolved(endpoint) = reference {
                types = types.union(endpoint.connection_types);
            }
        }
        types
    }
}

/// The endpoints of a type that serve a series, or the study.
pub(super) fn applicable<'a>(
    connection_type: ConnectionType,
    of_study: &Level<'a>,
    of_series: Option<&Level<'a>>,
    options: &EndpointOptions,
) -> Applicable<'a> {
    let of_series = of_series.map(|level| level.references.as_slice());
    Applicable::find(connection_type, &of_study.references, of_series, options)
}

/// Chooses the service of a type among the endpoints at one level. [`Applicable`] is asked about one
/// level at a time, so that those of a study are not gone through again for each series.
pub(super) fn choose<'a>(
    connection_type: ConnectionType,
    series: Option<usize>,
    level: &Level<'a>,
    uids: &[Option<Uid>; 3],
    options: &RetrievalOptions<'_>,
) -> Choice<'a> {
    let found = applicable(connection_type, level, None, &options.endpoint);
    let path = |index| match (&level.url, series) {
        (None, _) => endpoint_path(series, index),
        (_, Some(series)) => format!("{}.url", StudyPlace::Series(series)),
        (_, None) => format!("{}.url", StudyPlace::Study),
    };
    let usable = match found.first_usable() {
        Ok(usable) => usable,
        Err(EndpointError::Unusable { index, why, .. }) => {
            let error = match &level.url {
                Some(Err(error)) => RetrievalError::WadoUrl(*error),
                _ => RetrievalError::Endpoint(EndpointError::Unusable {
                    level: match series {
                        Some(_) => EndpointLevel::Series,
                        None => EndpointLevel::Study,
                    },
                    index,
                    why,
                }),
            };
            return (Some(path(index)), Err(error));
        }
        Err(error) => return (None, Err(RetrievalError::Endpoint(error))),
    };
    let path = Some(path(usable.index));
    if let Some(Ok(link)) = &level.url
        && !link.is_of(uids)
    {
        return (path, Err(RetrievalError::OtherUids));
    }
    let lints = usable.lints.iter().copied();
    let lints = lints.map(RetrievalLint::Endpoint).collect();
    let service = checked(usable.text(), connection_type, lints, options);
    (path, service)
}

/// The service that the URL of an instance in DSTU2 names, if one does.
pub(super) fn of_content<'a>(
    urls: Vec<&'a str>,
    connection_type: ConnectionType,
    place: StudyPlace,
    uids: &[Option<Uid>; 3],
    options: &RetrievalOptions<'_>,
) -> Option<Choice<'a>> {
    let mut links = urls.into_iter().enumerate().filter_map(|(index, url)| {
        let link = Link::parse(url).ok()?;
        (link.connection_type == connection_type).then_some((index, link))
    });
    let (index, link) = links.next()?;
    let path = Some(format!("{place}.content[{index}].url"));
    let service = match link.is_of(uids) {
        true => checked(link.base, connection_type, Vec::new(), options),
        false => Err(RetrievalError::OtherUids),
    };
    Some((path, service))
}

fn checked<'a>(
    text: &'a str,
    connection_type: ConnectionType,
    mut lints: Vec<RetrievalLint>,
    options: &RetrievalOptions<'_>,
) -> Result<Service<'a>, RetrievalError> {
    let address = if options.repair {
        let repaired = Address::repair(text, connection_type).map_err(RetrievalError::Address)?;
        lints.extend(repaired.repairs.into_iter().map(RetrievalLint::Repair));
        repaired.address
    } else {
        Address::parse(text, connection_type).map_err(RetrievalError::Address)?
    };
    lints.extend(address.lints().map(RetrievalLint::Address));
    Ok(Service {
        address: address.as_str(),
        lints,
    })
}
