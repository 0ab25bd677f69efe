//! A resource of any type.

use smol_str::SmolStr;

use crate::Json;

/// A resource of any type, such as one in `contained`, kept exactly as it was read.
///
/// ```
/// use imaging_study_core::Resource;
///
/// let patient: Resource = serde_json::from_str(r#"{"resourceType":"Patient","id":"p"}"#)?;
/// assert_eq!(patient.resource_type(), "Patient");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Resource(Vec<(SmolStr, Json)>);

/// A JSON value is no resource: it is no object, or has no `resourceType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a resource, an object with a resourceType, found {found}")]
pub struct NotAResource {
    /// What the value is.
    pub found: &'static str,
}

impl Resource {
    /// The type of the resource, e.g. `Patient`.
    #[must_use]
    pub fn resource_type(&self) -> &str {
        self.get("resourceType")
            .and_then(Json::as_str)
            .unwrap_or_default()
    }

    /// The id of the resource.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.get("id").and_then(Json::as_str)
    }

    /// The member with a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.0
            .iter()
            .find_map(|(member, value)| (member == name).then_some(value))
    }

    /// The members in the order they were read, `resourceType` among them.
    #[must_use]
    pub fn members(&self) -> &[(SmolStr, Json)] {
        &self.0
    }
}

impl TryFrom<Json> for Resource {
    type Error = NotAResource;

    fn try_from(value: Json) -> Result<Self, NotAResource> {
        let resource_type = value.get("resourceType").and_then(Json::as_str);
        let named = resource_type.is_some_and(|name| !name.is_empty());
        match value {
            Json::Object(members) if named => Ok(Self(members)),
            Json::Object(_) => Err(NotAResource {
                found: "an object without one",
            }),
            other => Err(NotAResource {
                found: other.kind(),
            }),
        }
    }
}

impl From<Resource> for Json {
    fn from(resource: Resource) -> Self {
        Self::Object(resource.0)
    }
}
