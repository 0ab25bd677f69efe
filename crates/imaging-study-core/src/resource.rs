//! A resource of any type.

use std::hash::{Hash, Hasher};

use smol_str::SmolStr;

use crate::Json;

/// A resource of any type, such as one in `contained`, kept exactly as it was read: a JSON object,
/// which XML is read into by the definitions of its version, or else the XML element itself.
///
/// ```
/// use imaging_study_core::Resource;
///
/// let patient: Resource = serde_json::from_str(r#"{"resourceType":"Patient","id":"p"}"#)?;
/// assert_eq!(patient.resource_type(), "Patient");
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Two are equal if they say the same: the order of members says nothing, in the resource as in the
/// objects inside it.
///
/// ```
/// use imaging_study_core::Resource;
///
/// let one: Resource = serde_json::from_str(r#"{"resourceType":"Patient","id":"p"}"#)?;
/// let other: Resource = serde_json::from_str(r#"{"id":"p","resourceType":"Patient"}"#)?;
/// assert_eq!(one, other);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Resource(Form);

#[derive(Clone, Debug)]
enum Form {
    /// The members of the object, `resourceType` among them.
    Members(Vec<(SmolStr, Json)>),
    /// The element of a resource that no definition was there for.
    Xml {
        resource_type: SmolStr,
        id: Option<SmolStr>,
        element: String,
    },
}

/// A JSON value is no resource: it is no object, or has no `resourceType` that is a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a resource, an object with a resourceType, found {found}")]
pub struct NotAResource {
    /// What the value is.
    pub found: &'static str,
}

impl Resource {
    /// A resource read from XML that the version has no definition for: only XML can write it
    /// again. The element stands for itself as [`Unread::Xml`](crate::Unread::Xml) does.
    #[must_use]
    pub fn from_xml(resource_type: &str, id: Option<&str>, element: String) -> Self {
        Self(Form::Xml {
            resource_type: resource_type.into(),
            id: id.map(SmolStr::from),
            element,
        })
    }

    /// The type of the resource, e.g. `Patient`.
    #[must_use]
    pub fn resource_type(&self) -> &str {
        match &self.0 {
            Form::Members(_) => self
                .get("resourceType")
                .and_then(Json::as_str)
                .unwrap_or_default(),
            Form::Xml { resource_type, .. } => resource_type,
        }
    }

    /// The id of the resource.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match &self.0 {
            Form::Members(_) => self.get("id").and_then(Json::as_str),
            Form::Xml { id, .. } => id.as_deref(),
        }
    }

    /// The member with a name; none where the resource is kept as XML.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.members()
            .iter()
            .find_map(|(member, value)| (member == name).then_some(value))
    }

    /// The members in the order they were read, `resourceType` among them; none where the resource
    /// is kept as XML.
    #[must_use]
    pub fn members(&self) -> &[(SmolStr, Json)] {
        match &self.0 {
            Form::Members(members) => members,
            Form::Xml { .. } => &[],
        }
    }

    /// The XML element, where the resource is kept as one.
    #[must_use]
    pub fn xml(&self) -> Option<&str> {
        match &self.0 {
            Form::Members(_) => None,
            Form::Xml { element, .. } => Some(element),
        }
    }

    /// The JSON object; `None` where the resource is kept as XML.
    #[must_use]
    pub fn into_json(self) -> Option<Json> {
        match self.0 {
            Form::Members(members) => Some(Json::Object(members)),
            Form::Xml { .. } => None,
        }
    }
}

impl PartialEq for Resource {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Form::Members(one), Form::Members(other)) => same_members(one, other),
            (Form::Xml { element: one, .. }, Form::Xml { element: other, .. }) => one == other,
            (Form::Members(_), Form::Xml { .. }) | (Form::Xml { .. }, Form::Members(_)) => false,
        }
    }
}

impl Eq for Resource {}

impl Hash for Resource {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.0 {
            Form::Members(members) => hash_members(members, state),
            Form::Xml { element, .. } => element.hash(state),
        }
    }
}

type Members = [(SmolStr, Json)];

/// The members of an object in an order that does not depend on that of the input.
fn by_name(members: &Members) -> Vec<&(SmolStr, Json)> {
    let mut sorted: Vec<_> = members.iter().collect();
    sorted.sort_by(|(one, _), (other, _)| one.cmp(other));
    sorted
}

fn same_members(one: &Members, other: &Members) -> bool {
    let same = |(one, other): (&(SmolStr, Json), &(SmolStr, Json))| {
        one.0 == other.0 && same(&one.1, &other.1)
    };
    let in_one_order = || one.iter().zip(other).all(|(one, other)| one.0 == other.0);
    if one.len() != other.len() {
        return false;
    }
    // Decided by the names alone, so that no value is compared twice.
    if in_one_order() {
        return one.iter().zip(other).all(same);
    }
    by_name(one).into_iter().zip(by_name(other)).all(same)
}

/// Whether two values say the same.
fn same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Object(one), Json::Object(other)) => same_members(one, other),
        (Json::Array(one), Json::Array(other)) => {
            let mut entries = one.iter().zip(other);
            one.len() == other.len() && entries.all(|(one, other)| same(one, other))
        }
        (one, other) => one == other,
    }
}

fn hash_members<H: Hasher>(members: &Members, state: &mut H) {
    members.len().hash(state);
    for (name, value) in by_name(members) {
        name.hash(state);
        hash_value(value, state);
    }
}

fn hash_value<H: Hasher>(value: &Json, state: &mut H) {
    match value {
        Json::Object(members) => hash_members(members, state),
        Json::Array(entries) => {
            entries.len().hash(state);
            for entry in entries {
                hash_value(entry, state);
            }
        }
        other => other.hash(state),
    }
}

impl TryFrom<Json> for Resource {
    type Error = NotAResource;

    fn try_from(value: Json) -> Result<Self, NotAResource> {
        let resource_type = value.get("resourceType").and_then(Json::as_str);
        let unnamed = !matches!(value.get("resourceType"), None | Some(Json::String(_)));
        let named = resource_type.is_some_and(|name| !name.is_empty());
        match value {
            Json::Object(members) if named => Ok(Self(Form::Members(members))),
            Json::Object(_) => Err(NotAResource {
                found: match unnamed {
                    true => "an object in which it is no text",
                    false => "an object without one",
                },
            }),
            other => Err(NotAResource {
                found: other.kind(),
            }),
        }
    }
}
