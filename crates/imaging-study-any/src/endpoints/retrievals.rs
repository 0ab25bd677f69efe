//! The requests for a study.

use imaging_study_dicom::{
    Applicable, ConnectionType, ConnectionTypes, EndpointError, EndpointLint, EndpointOptions,
    InvokeImageDisplay, QidoRs, Query, Request, Resource, ResourceLevel, Slot, StudyUidError, Uid,
    UrlError, WadoRs, WadoUri, study_status_lint,
};

use super::Endpoints;
use super::record::Contained;
use super::retrieval::{Retrieval, RetrievalError, RetrievalLint, StudyPlace};
use super::retrieval_options::{RetrievalOptions, Retrieve, rendered_by_uri};
use super::service::{Choice, Level, applicable, choose, of_content};
use crate::{AnyImagingStudy, InstanceRef, spelling};

/// The requests for a study: for each connection type, in the order of
/// [`ConnectionType::ALL`], each part of the study in its order. [`AnyImagingStudy::retrievals`]
/// makes it.
#[derive(Debug)]
pub struct Retrievals<'a> {
    study: &'a AnyImagingStudy,
    options: RetrievalOptions<'a>,
    uid: Result<Uid, StudyUidError>,
    lints: Vec<RetrievalLint>,
    of_study: Level<'a>,
    of_series: Vec<Level<'a>>,
    /// The types that are left; the first is at work.
    types: Vec<ConnectionType>,
    next: Option<StudyPlace>,
    /// The choice for the study, and the last one for a series, with its index.
    for_study: Option<Choice<'a>>,
    for_series: Option<(usize, Choice<'a>)>,
}

impl AnyImagingStudy {
    /// The requests that retrieve the images of the study, from the endpoints that serve them. In
    /// DSTU2, `url`, `series.url` and `content.url` stand for endpoints. Nothing is sent.
    ///
    /// [`Endpoints`] has an example.
    #[must_use]
    pub fn retrievals<'a>(
        &'a self,
        endpoints: &'a Endpoints,
        options: &RetrievalOptions<'a>,
    ) -> Retrievals<'a> {
        let contained = Contained::new(self.contained());
        let of_study = Level::of_study(self, &contained, endpoints);
        let series = 0..self.series_count();
        let of_series: Vec<_> = series
            .map(|series| Level::of_series(self, series, &contained, endpoints))
            .collect();
        let mut types_of_series = of_series.iter().map(Level::types);
        let display = types_of_series.any(|types| types.contains(ConnectionType::IheIid));
        let display = display.then_some(EndpointLint::DisplayOfSeries);
        let study_uid = self.study_uid();
        let of_uid = study_uid.found.one().into_iter();
        let of_uid = of_uid.flat_map(|found| found.lints.iter().map(RetrievalLint::Uid));
        let of_status = self.status().and_then(study_status_lint);
        let mut retrievals = Retrievals {
            study: self,
            options: *options,
            uid: study_uid.require(),
            lints: of_uid
                .chain(
                    of_status
                        .into_iter()
                        .chain(display)
                        .map(RetrievalLint::Endpoint),
                )
                .collect(),
            types: Vec::new(),
            next: None,
            for_study: None,
            for_series: None,
            of_study,
            of_series,
        };
        retrievals.types = retrievals.choose_types();
        retrievals.start();
        retrievals
    }

    /// The endpoints of a connection type that serve a series, by its index from 0, or the study:
    /// all of them, in the order of the document, and why some cannot be used.
    #[must_use]
    pub fn applicable_endpoints<'a>(
        &'a self,
        endpoints: &'a Endpoints,
        connection_type: ConnectionType,
        series: Option<usize>,
        options: &EndpointOptions,
    ) -> Applicable<'a> {
        let contained = Contained::new(self.contained());
        let of_study = Level::of_study(self, &contained, endpoints);
        let of_series = series.map(|index| Level::of_series(self, index, &contained, endpoints));
        applicable(connection_type, &of_study, of_series.as_ref(), options)
    }
}

impl<'a> Retrievals<'a> {
    /// What is odd about the UID of the study, and what its status says against loading images.
    #[must_use]
    pub fn lints(&self) -> &[RetrievalLint] {
        &self.lints
    }

    fn instance_count(&self, series: usize) -> usize {
        let series = self.study.series_at(series);
        series.map_or(0, |series| series.instance_count())
    }

    fn instance(&self, series: usize, instance: usize) -> Option<InstanceRef<'a>> {
        self.study.series_at(series)?.instance_at(instance)
    }

    /// `content.url` of an instance of DSTU2.
    fn content_urls(&self, series: usize, instance: usize) -> Vec<&'a str> {
        let instance = self.instance(series, instance).into_iter();
        let content = instance.flat_map(|instance| instance.element().elements("content"));
        content.filter_map(|content| content.str("url")).collect()
    }

    /// The types to make requests for, the last one first.
    fn choose_types(&self) -> Vec<ConnectionType> {
        let mut types: Vec<_> = match self.options.connection_types {
            Some(types) => types.iter().collect(),
            None => {
                let levels = self.of_series.iter().map(Level::types);
                let types = levels.fold(self.of_study.types(), ConnectionTypes::union);
                let types = types.union(self.types_of_content());
                let offers = |one: &ConnectionType| self.options.retrieve.check(*one).is_ok();
                types.iter().filter(offers).collect()
            }
        };
        types.retain(|connection_type| *connection_type != ConnectionType::StowRs);
        if types.is_empty() && self.options.connection_types.is_none() {
            types.push(ConnectionType::WadoRs);
        }
        types.reverse();
        types
    }

    /// The types of the URLs of instances in DSTU2.
    fn types_of_content(&self) -> ConnectionTypes {
        let mut types = ConnectionTypes::default();
        let series = 0..self.study.series_count();
        for place in series.flat_map(|series| {
            let instances = 0..self.instance_count(series);
            instances.map(move |instance| (series, instance))
        }) {
            let urls = self.content_urls(place.0, place.1);
            for one in [ConnectionType::WadoRs, ConnectionType::WadoUri] {
                let place = StudyPlace::Study;
                let found = of_content(urls.clone(), one, place, &[None; 3], &self.options);
                if found.is_some() {
                    types = types.union([one].into_iter().collect());
                }
            }
        }
        types
    }

    /// Goes to the first place for the next type.
    fn start(&mut self) {
        self.for_study = None;
        self.for_series = None;
        self.next = None;
        while let Some(connection_type) = self.types.last() {
            self.next = match self.options.level_of(*connection_type) {
                ResourceLevel::Study => Some(StudyPlace::Study),
                ResourceLevel::Series if self.of_series.is_empty() => None,
                ResourceLevel::Series => Some(StudyPlace::Series(0)),
                ResourceLevel::Instance => self.first_instance(0),
            };
            if self.next.is_some() {
                return;
            }
            self.types.pop();
        }
    }

    /// The first instance in a series or in one of those behind it.
    fn first_instance(&self, from: usize) -> Option<StudyPlace> {
        let mut series = from..self.of_series.len();
        let series = series.find(|series| self.instance_count(*series) > 0)?;
        Some(StudyPlace::Instance {
            series,
            instance: 0,
        })
    }

    fn after(&self, place: StudyPlace) -> Option<StudyPlace> {
        match place {
            StudyPlace::Study => None,
            StudyPlace::Series(series) => {
                (series + 1 < self.of_series.len()).then_some(StudyPlace::Series(series + 1))
            }
            StudyPlace::Instance { series, instance } => {
                if instance + 1 < self.instance_count(series) {
                    let instance = instance + 1;
                    return Some(StudyPlace::Instance { series, instance });
                }
                self.first_instance(series + 1)
            }
        }
    }

    /// The UID of a series or instance.
    fn uid_of(
        &self,
        place: StudyPlace,
        lints: &mut Vec<RetrievalLint>,
    ) -> Result<Uid, RetrievalError> {
        let (text, slot) = match place {
            StudyPlace::Study => return self.uid.map_err(RetrievalError::StudyUid),
            StudyPlace::Series(series) => {
                let series = self.study.series_at(series);
                let text = series.and_then(|series| series.element().str("uid"));
                (text, Slot::Series)
            }
            StudyPlace::Instance { series, instance } => {
                let instance = self.instance(series, instance);
                let text = instance.and_then(|instance| instance.element().str("uid"));
                (text, Slot::Instance)
            }
        };
        let text = text.ok_or(RetrievalError::NoUid { place })?;
        let parsed = spelling(self.study.version(), slot).read(None, text);
        let parsed = parsed.map_err(|error| RetrievalError::Uid { place, error })?;
        lints.extend(parsed.lints.iter().map(RetrievalLint::Uid));
        Ok(parsed.uid)
    }

    /// The UIDs that a request for a place needs.
    fn resource(
        &self,
        place: StudyPlace,
        lints: &mut Vec<RetrievalLint>,
    ) -> Result<Resource<'static>, RetrievalError> {
        let study = self.uid_of(StudyPlace::Study, lints)?;
        Ok(match place {
            StudyPlace::Study => Resource::Study { study },
            StudyPlace::Series(_) => Resource::Series {
                study,
                series: self.uid_of(place, lints)?,
            },
            StudyPlace::Instance { series, .. } => Resource::Instance {
                study,
                // What is odd about the series is said of the series.
                series: self.uid_of(StudyPlace::Series(series), &mut Vec::new())?,
                instance: self.uid_of(place, lints)?,
            },
        })
    }

    fn make(&mut self, connection_type: ConnectionType, place: StudyPlace) -> Retrieval {
        let mut retrieval = Retrieval {
            place,
            connection_type,
            endpoint: None,
            request: Err(RetrievalError::NoUid { place }),
            lints: Vec::new(),
        };
        let resource = match self.resource(place, &mut retrieval.lints) {
            Ok(resource) => resource,
            Err(error) => {
                retrieval.request = Err(error);
                return retrieval;
            }
        };
        let (endpoint, service) = self.choice(connection_type, place, &resource);
        retrieval.endpoint = endpoint;
        retrieval.request = service.and_then(|service| {
            retrieval.lints.extend(service.lints);
            request(connection_type, service.address, &resource, &self.options)
        });
        retrieval
    }

    fn choice(
        &mut self,
        connection_type: ConnectionType,
        place: StudyPlace,
        resource: &Resource<'_>,
    ) -> Choice<'a> {
        let uids = match *resource {
            Resource::Study { study } => [Some(study), None, None],
            Resource::Series { study, series } => [Some(study), Some(series), None],
            Resource::Instance {
                study,
                series,
                instance,
            }
            | Resource::Frames {
                study,
                series,
                instance,
                ..
            } => [Some(study), Some(series), Some(instance)],
        };
        if let StudyPlace::Instance { series, instance } = place {
            let urls = self.content_urls(series, instance);
            let of_content = of_content(urls, connection_type, place, &uids, &self.options);
            if let Some(choice) = of_content {
                return choice;
            }
        }
        let Some(series) = place.series() else {
            return self.choice_for_study(connection_type, uids[0]);
        };
        match &self.for_series {
            Some((of, choice)) if *of == series => choice.clone(),
            _ => {
                let choice = self.choice_for_series(connection_type, series, uids);
                self.for_series = Some((series, choice.clone()));
                choice
            }
        }
    }

    /// The choice for a series: one of its own endpoints; where it has none of the type, or the
    /// options allow it and none can be used, one of the study.
    fn choice_for_series(
        &mut self,
        connection_type: ConnectionType,
        series: usize,
        uids: [Option<Uid>; 3],
    ) -> Choice<'a> {
        let no_endpoint = RetrievalError::Endpoint(EndpointError::NoEndpoint);
        let own_uids = [uids[0], uids[1], None];
        let own = self.of_series.get(series).map(|level| {
            choose(
                connection_type,
                Some(series),
                level,
                &own_uids,
                &self.options,
            )
        });
        match own {
            Some((_, Err(error))) if error == no_endpoint => {
                self.choice_for_study(connection_type, uids[0])
            }
            Some((path, Err(error @ RetrievalError::Endpoint(_))))
                if self.options.endpoint.fallback =>
            {
                match self.choice_for_study(connection_type, uids[0]) {
                    (of_study, Ok(mut service)) => {
                        let lint = RetrievalLint::Endpoint(EndpointLint::Fallback);
                        service.lints.insert(0, lint);
                        (of_study, Ok(service))
                    }
                    _ => (path, Err(error)),
                }
            }
            Some(choice) => choice,
            None => self.choice_for_study(connection_type, uids[0]),
        }
    }

    fn choice_for_study(
        &mut self,
        connection_type: ConnectionType,
        uid: Option<Uid>,
    ) -> Choice<'a> {
        let (of_study, options) = (&self.of_study, &self.options);
        let choice = || choose(connection_type, None, of_study, &[uid, None, None], options);
        self.for_study.get_or_insert_with(choice).clone()
    }
}

impl Iterator for Retrievals<'_> {
    type Item = Retrieval;

    fn next(&mut self) -> Option<Retrieval> {
        let place = self.next?;
        let connection_type = *self.types.last()?;
        let retrieval = self.make(connection_type, place);
        self.next = self.after(place);
        if self.next.is_none() {
            self.types.pop();
            self.start();
        }
        Some(retrieval)
    }
}

fn request(
    connection_type: ConnectionType,
    address: &str,
    resource: &Resource<'_>,
    options: &RetrievalOptions<'_>,
) -> Result<Request, RetrievalError> {
    let (bad_address, bad_url) = (RetrievalError::Address, RetrievalError::Url);
    let retrieve = options.retrieve;
    retrieve.check(connection_type).map_err(bad_url)?;
    match connection_type {
        ConnectionType::WadoRs => {
            let wado = WadoRs::new(address).map_err(bad_address)?;
            match &retrieve {
                Retrieve::Instances => wado.retrieve(resource),
                Retrieve::Metadata => wado.metadata(resource),
                Retrieve::Rendered(rendering) => wado.rendered(resource, rendering),
                Retrieve::Thumbnail(rendering) => wado.thumbnail(resource, rendering),
            }
        }
        ConnectionType::WadoUri => {
            let wado = WadoUri::new(address).map_err(bad_address)?;
            match &retrieve {
                Retrieve::Rendered(rendering) => rendered_by_uri(rendering)
                    .and_then(|parameters| wado.retrieve(resource, &parameters)),
                _ => wado.retrieve(resource, &options.wado_uri),
            }
        }
        ConnectionType::QidoRs => search(QidoRs::new(address).map_err(bad_address)?, resource),
        ConnectionType::IheIid => {
            let viewer = InvokeImageDisplay::new(address).map_err(bad_address)?;
            match resource {
                Resource::Study { study } => viewer.studies(&[*study], &options.display),
                _ => Err(UrlError::NotAllowed {
                    parameter: "series",
                }),
            }
        }
        _ => Err(UrlError::NotAllowed {
            parameter: "connectionType",
        }),
    }
    .map_err(bad_url)
}

/// The search that finds a study, series or instance.
fn search(qido: QidoRs<'_>, resource: &Resource<'_>) -> Result<Request, UrlError> {
    let by = |matches: &[(&str, &str)], level| {
        let query = Query {
            matches,
            ..Query::default()
        };
        match level {
            Resource::Study { .. } => qido.studies(&query),
            Resource::Series { study, .. } => qido.series(Some(&study), &query),
            Resource::Instance { study, series, .. } | Resource::Frames { study, series, .. } => {
                qido.instances(&study, Some(&series), &query)
            }
        }
    };
    match resource {
        Resource::Study { study } => by(&[("StudyInstanceUID", study.as_str())], *resource),
        Resource::Series { series, .. } => by(&[("SeriesInstanceUID", series.as_str())], *resource),
        Resource::Instance { instance, .. } | Resource::Frames { instance, .. } => {
            by(&[("SOPInstanceUID", instance.as_str())], *resource)
        }
    }
}
