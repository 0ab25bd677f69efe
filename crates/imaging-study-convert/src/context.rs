//! What a conversion knows while it runs.

use imaging_study_core::{ElementPath, FhirVersion, Json, Resource};

use crate::hub::{Extension, Reference};
use crate::reference::Targets;
use crate::version::{Version, VersionTargets};
use crate::{Loss, LossKind, Options, Rule};

/// The state of one conversion.
pub(crate) struct Context<'a> {
    pub(crate) source: &'static Version,
    pub(crate) target: &'static Version,
    pub(crate) options: &'a Options,
    pub(crate) losses: Vec<Loss>,
    /// The type of each contained resource that has an id.
    contained: Vec<(String, String)>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        source: &'static Version,
        target: &'static Version,
        options: &'a Options,
        contained: &[Resource],
    ) -> Self {
        let contained = contained
            .iter()
            .filter_map(|resource| {
                Some((
                    resource.id()?.to_owned(),
                    resource.resource_type().to_owned(),
                ))
            })
            .collect();
        Self {
            source,
            target,
            options,
            losses: Vec::new(),
            contained,
        }
    }

    pub(crate) fn from(&self) -> FhirVersion {
        self.source.fhir_version
    }

    pub(crate) fn to(&self) -> FhirVersion {
        self.target.fhir_version
    }

    /// What a reference may point at in the two versions.
    pub(crate) fn targets(
        &self,
        of: impl Fn(&'static VersionTargets) -> &'static [&'static str],
    ) -> Targets {
        Targets {
            from: of((self.source.targets)()),
            to: of((self.target.targets)()),
        }
    }

    /// Runs `convert` for an element and puts its name before the paths of the losses in it.
    #[inline]
    pub(crate) fn at<R>(&mut self, name: &'static str, convert: impl FnOnce(&mut Self) -> R) -> R {
        let before = self.losses.len();
        let result = convert(self);
        if self.losses.len() > before {
            self.place(before, |path| path.prepend_name(name));
        }
        result
    }

    /// Runs `convert` for an entry of a list and puts its index before the paths of the losses.
    #[inline]
    pub(crate) fn entry<R>(&mut self, index: usize, convert: impl FnOnce(&mut Self) -> R) -> R {
        let before = self.losses.len();
        let result = convert(self);
        if self.losses.len() > before {
            self.place(before, |path| path.prepend_index(index));
        }
        result
    }

    #[cold]
    fn place(&mut self, before: usize, prepend: impl Fn(&mut ElementPath)) {
        for loss in &mut self.losses[before..] {
            prepend(&mut loss.path);
        }
    }

    /// Reports a value.
    #[cold]
    pub(crate) fn report(&mut self, kind: LossKind, rule: Rule, value: Json) {
        self.losses.push(Loss {
            path: ElementPath::default(),
            kind,
            rule,
            value,
        });
    }

    /// Drops carried values that no longer agree with the native one beside them, and reports them.
    #[cold]
    pub(crate) fn drop_stale(&mut self, stale: Vec<Extension>) {
        for extension in stale {
            let value = self.write_source(extension);
            self.at("extension", |context| {
                context.report(LossKind::StaleCarry, Rule::Stale, value);
            });
        }
    }

    /// Writes an extension of the source as it is.
    pub(crate) fn write_source(&self, extension: Extension) -> Json {
        let mut same = Context::new(self.source, self.source, self.options, &[]);
        (self.source.lower_extension)(extension, &mut same)
    }

    /// The type of the resource that a reference points at, if it can be told.
    pub(crate) fn type_of<'r>(&'r self, reference: &'r Reference) -> Option<&'r str> {
        let text = reference.reference.value.as_ref().map(|text| text.as_str());
        if let Some(id) = text.and_then(|text| text.strip_prefix('#')) {
            let contained = self.contained.iter().find(|(own, _)| own == id);
            if let Some((_, resource_type)) = contained {
                return Some(resource_type);
            }
        } else if let Some(named) = text.and_then(type_in_url) {
            return Some(named);
        }
        let stated = reference.type_.value.as_ref()?.as_str();
        stated.rsplit('/').next()
    }
}

/// The type in `Type/id`, in an absolute URL that ends so, and before `/_history/version`.
fn type_in_url(url: &str) -> Option<&str> {
    let current = match url.find("/_history/") {
        Some(at) => &url[..at],
        None => url,
    };
    let (before, _) = current.rsplit_once('/')?;
    let name = before.rsplit('/').next()?;
    let resource = name.bytes().next()?.is_ascii_uppercase()
        && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    resource.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_in_urls() {
        assert_eq!(type_in_url("Patient/1"), Some("Patient"));
        assert_eq!(type_in_url("https://h.example/fhir/Media/m"), Some("Media"));
        assert_eq!(type_in_url("Media/m/_history/2"), Some("Media"));
        assert_eq!(type_in_url("urn:uuid:c757873d"), None);
        assert_eq!(type_in_url("http://h.example/x"), None);
        assert_eq!(type_in_url("Patient"), None);
    }
}
