//! Links from the page of a study to its images.

use imaging_study_any::{AnyImagingStudy, Endpoints, RetrievalOptions, Retrieve};
use imaging_study_dicom::{ConnectionType, Rendering, ResourceLevel};

use crate::server::host_name;

/// Where images of studies can be seen. Only hosts that are named are linked to: what a study says of its
/// endpoints comes from whoever stored it.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Links {
    /// The URL of a viewer, in which `{studyUid}` stands for the Study Instance UID.
    pub viewer: Option<String>,
    /// Endpoint resources to which references of studies may lead, besides those inside a study.
    pub endpoints: Endpoints,
    /// The hosts that may be linked to, without ports.
    pub hosts: Vec<String>,
}

impl Links {
    /// The link to the viewer.
    pub(crate) fn viewer(&self, study: &AnyImagingStudy) -> Option<String> {
        let uid = study.study_uid().require().ok()?.to_string();
        let url = self.viewer.as_ref()?.replace("{studyUid}", &uid);
        self.allows(&url).then_some(url)
    }

    /// Links to rendered images, each with the index of its series.
    pub(crate) fn rendered(&self, study: &AnyImagingStudy) -> Vec<(usize, String)> {
        let options = RetrievalOptions {
            level: ResourceLevel::Series,
            retrieve: Retrieve::Rendered(Rendering::default()),
            ..RetrievalOptions::default()
        };
        if self.hosts.is_empty() {
            return Vec::new();
        }
        let retrievals = study.retrievals(&self.endpoints, &options);
        let links = retrievals.filter_map(|retrieval| {
            let url = retrieval.request.ok()?.url;
            let is_wado_rs = retrieval.connection_type == ConnectionType::WadoRs;
            let series = retrieval.place.series()?;
            (is_wado_rs && self.allows(&url)).then_some((series, url))
        });
        links.collect()
    }

    fn allows(&self, url: &str) -> bool {
        let rest = url
            .strip_prefix("https://")
            .or_else(|| url.strip_prefix("http://"));
        let Some(rest) = rest else { return false };
        let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
        // Before an at sign stands no host, whatever it looks like.
        let name = host_name(authority);
        let mut hosts = self.hosts.iter();
        !authority.contains('@') && hosts.any(|host| host.eq_ignore_ascii_case(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hosts_that_are_named() {
        let links = Links {
            hosts: vec!["pacs.example".to_owned()],
            ..Links::default()
        };
        for (url, allowed) in [
            ("https://pacs.example/studies/1", true),
            ("http://PACS.example:8042?x", true),
            ("https://evil.example/pacs.example", false),
            ("https://pacs.example@evil.example/", false),
            ("https://evil.example\\@pacs.example/", false),
            ("https://pacs.example.evil.example/", false),
            ("javascript:alert(1)//pacs.example", false),
            ("//pacs.example/", false),
        ] {
            assert_eq!(links.allows(url), allowed, "{url}");
        }
    }
}
