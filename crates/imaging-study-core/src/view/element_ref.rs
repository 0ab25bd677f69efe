//! An element of any type.

use std::borrow::Cow;
use std::fmt;
use std::ops::ControlFlow;

use super::{FieldRef, ObjectElement, ValuePath, ValueRef};
use crate::{Element, ElementPath, FhirString, FhirVersion, Scalar, Segment, TypeInfo};

/// A complex element of any type and version: a resource, a data type or a backbone element.
///
/// It is two words, and everything that it gives is borrowed from the element: nothing is allocated.
///
/// ```
/// use imaging_study_core::{ElementRef, ValueRef};
/// use imaging_study_r5::{ImagingStudy, ImagingStudyStatus};
///
/// let study = ImagingStudy {
///     status: ImagingStudyStatus::Available.into(),
///     ..Default::default()
/// };
/// let element = ElementRef::new(&study);
/// assert_eq!(element.info().name, "ImagingStudy");
/// assert_eq!(element.text("status").as_deref(), Some("available"));
/// let names: Vec<_> = element.fields().map(|field| field.name().to_string()).collect();
/// assert_eq!(names, ["status"]);
/// ```
#[derive(Clone, Copy)]
pub struct ElementRef<'a>(&'a dyn ObjectElement);

impl<'a> ElementRef<'a> {
    /// A view of an element.
    pub fn new<T: Element>(element: &'a T) -> Self {
        Self(element)
    }

    /// A view of an element whose type is not known.
    #[must_use]
    pub fn of(element: &'a dyn ObjectElement) -> Self {
        Self(element)
    }

    /// The element itself, whose type is not known.
    #[must_use]
    pub fn as_object(self) -> &'a dyn ObjectElement {
        self.0
    }

    /// The version that its type belongs to.
    #[must_use]
    pub fn version(self) -> FhirVersion {
        self.0.version()
    }

    /// The description of its type.
    #[must_use]
    pub fn info(self) -> &'static TypeInfo {
        self.0.info()
    }

    /// The fields that have something in them, in the order of the definition.
    pub fn fields(self) -> impl Iterator<Item = FieldRef<'a>> + use<'a> {
        self.fields_of(self.0.present())
    }

    /// The fields of a set, a bit each, that have something in them.
    pub(crate) fn fields_of(self, mut set: u64) -> impl Iterator<Item = FieldRef<'a>> + use<'a> {
        std::iter::from_fn(move || {
            while set != 0 {
                let index = set.trailing_zeros() as usize;
                set &= set - 1;
                if let Some(field) = self.at(index) {
                    return Some(field);
                }
            }
            None
        })
    }

    /// The field with an index into [`TypeInfo::fields`], if there is something in it.
    #[must_use]
    pub fn at(self, index: usize) -> Option<FieldRef<'a>> {
        let info = self.info().fields.get(index)?;
        FieldRef::new(info, self.0.content(index))
    }

    /// The field of a name, if there is something in it. A choice has the name of its definition,
    /// with or without `[x]`, or that in JSON and XML, which asks for one of its types: `value[x]`,
    /// `value` and `valueString`.
    #[must_use]
    pub fn field(self, name: &str) -> Option<FieldRef<'a>> {
        let infos = self.info().fields.iter();
        let named = infos.enumerate().find(|(_, info)| {
            info.name == name
                || info.name.strip_suffix("[x]").is_some_and(|stem| {
                    name.strip_prefix(stem)
                        .is_some_and(|suffix| suffix.is_empty() || info.type_of(suffix).is_some())
                })
        });
        let (index, info) = named?;
        let field = FieldRef::new(info, self.0.content(index))?;
        let wanted = name == info.name || name == info.stem() || field.name() == *name;
        wanted.then_some(field)
    }

    /// The first complex element of a field.
    #[must_use]
    pub fn element(self, name: &str) -> Option<ElementRef<'a>> {
        self.field(name)?.first()?.element()
    }

    /// The complex elements of a field; none where there is no field of the name.
    pub fn elements(self, name: &str) -> impl Iterator<Item = ElementRef<'a>> + use<'a> {
        self.field(name)
            .into_iter()
            .flat_map(|field| field.elements())
    }

    /// The text of the first scalar of a field.
    #[must_use]
    pub fn text(self, name: &str) -> Option<Cow<'a, str>> {
        Some(self.field(name)?.scalar()?.text())
    }

    /// The text of the first scalar of a field, if it is held as one: of everything but integers.
    #[must_use]
    pub fn str(self, name: &str) -> Option<&'a str> {
        self.field(name)?.scalar()?.as_str()
    }

    /// The first scalar of a field, if it is of the type.
    #[must_use]
    pub fn scalar<T: Scalar>(self, name: &str) -> Option<&'a T> {
        self.field(name)?.scalar()?.downcast()
    }

    /// The comments of the element: only in DSTU2, see [`Element::comments`].
    #[must_use]
    pub fn comments(self) -> &'a [FhirString] {
        self.0.comments()
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.fields().next().is_none()
    }

    /// The element, if it is of the type.
    #[must_use]
    pub fn downcast<T: Element>(self) -> Option<&'a T> {
        self.0.as_any().downcast_ref()
    }

    /// Visits everything in the element, in the order of the definition, with its path: every entry
    /// of every field, and then what is in the entry. The id and the extensions of a primitive
    /// element come right behind it, under the path of the primitive. The path begins with the name
    /// of the element's type. What is inside a contained resource is not visited.
    ///
    /// It ends early when `visit` breaks.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    ///
    /// use imaging_study_core::{ElementRef, ValueRef};
    /// use imaging_study_r4::{Coding, ImagingStudy};
    ///
    /// let coding = Coding { code: "CT".parse()?, ..Default::default() };
    /// let study = ImagingStudy { modality: vec![coding], ..Default::default() };
    /// let mut seen = Vec::new();
    /// ElementRef::new(&study).walk(&mut |path, value| {
    ///     if let Some(scalar) = value.scalar() {
    ///         seen.push(format!("{path} = {scalar}"));
    ///     }
    ///     ControlFlow::Continue::<()>(())
    /// });
    /// assert_eq!(seen, ["ImagingStudy.modality[0].code = CT"]);
    /// # Ok::<(), imaging_study_core::ScalarError>(())
    /// ```
    pub fn walk<B>(
        self,
        visit: &mut impl FnMut(&ValuePath<'_>, ValueRef<'a>) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        self.walk_below(&ValuePath::root(self.info().name), visit)
    }

    fn walk_below<B>(
        self,
        path: &ValuePath<'_>,
        visit: &mut impl FnMut(&ValuePath<'_>, ValueRef<'a>) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        for field in self.fields() {
            let many = field.info().many;
            for (index, value) in field.values().enumerate() {
                let path = path.below(field.name(), many.then_some(index));
                visit(&path, value)?;
                let inner = match value {
                    ValueRef::Element(element) => Some(element),
                    ValueRef::Primitive(primitive) => primitive.element(),
                    ValueRef::Attribute(_) | ValueRef::Resource(_) => None,
                };
                if let Some(inner) = inner {
                    inner.walk_below(&path, visit)?;
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// What stands at a path that begins with the name of this element's type. The last step may
    /// lead to a list, of which the first entry is given.
    #[must_use]
    pub fn resolve(self, path: &ElementPath) -> Option<ValueRef<'a>> {
        let mut segments = path.segments().peekable();
        match segments.next()? {
            Segment::Name(name) if *name == self.info().name => {}
            _ => return None,
        }
        let mut value = ValueRef::Element(self);
        while let Some(segment) = segments.next() {
            let Segment::Name(name) = segment else {
                return None;
            };
            let element = match value {
                ValueRef::Element(element) => element,
                ValueRef::Primitive(primitive) => primitive.element()?,
                ValueRef::Attribute(_) | ValueRef::Resource(_) => return None,
            };
            let field = element.field(name)?;
            let index = match segments.peek() {
                Some(Segment::Index(index)) => {
                    segments.next();
                    *index
                }
                _ => 0,
            };
            value = field.get(index)?;
        }
        Some(value)
    }
}

impl PartialEq for ElementRef<'_> {
    /// Whether both have the same elements with the same values, whatever their versions.
    fn eq(&self, other: &Self) -> bool {
        self.fields().eq(other.fields())
    }
}

impl fmt::Debug for ElementRef<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut element = formatter.debug_map();
        for field in self.fields() {
            element.entry(&format_args!("{}", field.name()), &field);
        }
        element.finish()
    }
}
