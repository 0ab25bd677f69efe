//! How elements show themselves to programmers.

use std::fmt;

use crate::{Element, ElementRef};

/// Shows an element under the name of its Rust type, by the names of the standard: what it holds, and
/// nothing of what is absent. `#[derive(Element)]` implements `Debug` with it.
///
/// # Errors
///
/// The formatter fails.
pub fn debug<T: Element>(
    element: &T,
    name: &str,
    formatter: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let mut shown = formatter.debug_struct(name);
    if !element.comments().is_empty() {
        shown.field("fhir_comments", &element.comments());
    }
    for field in ElementRef::new(element).fields() {
        shown.field(&field.name().to_text(), &field);
    }
    shown.finish()
}
