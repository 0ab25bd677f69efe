//! Sharing the memory of elements that repeat.

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::Arc;

use crate::{Element, Shared};

/// The longest text of an element that is kept, in bytes.
const LONGEST: usize = 512;

/// The elements read last, with the text that each was read from: one for each type. Where the same text
/// comes again, the element need not be read again, and takes no memory of its own.
#[derive(Clone, Default)]
pub struct SharedCache {
    entries: Vec<Entry>,
}

#[derive(Clone)]
struct Entry {
    of: TypeId,
    text: Vec<u8>,
    /// How deeply elements were allowed to nest where the text stood.
    room: usize,
    element: Arc<dyn Any + Send + Sync>,
}

impl SharedCache {
    /// The element whose text `rest` begins with, and the length of that text. The text of an element
    /// must tell by itself where it ends. `room` is how deeply elements may nest here: a text that was
    /// read where they might nest more deeply is read again.
    #[inline]
    #[must_use]
    pub fn get<T: Element>(&self, rest: &[u8], room: usize) -> Option<(Shared<T>, usize)> {
        let of = TypeId::of::<T>();
        let entry = self.entries.iter().find(|entry| entry.of == of)?;
        if !rest.starts_with(&entry.text) || room < entry.room {
            return None;
        }
        let element = Arc::clone(&entry.element).downcast::<T>().ok()?;
        Some((element.into(), entry.text.len()))
    }

    /// Keeps the element that a text was read into.
    pub fn put<T: Element>(&mut self, text: &[u8], room: usize, element: &Shared<T>) {
        if text.len() > LONGEST {
            return;
        }
        let of = TypeId::of::<T>();
        let element: Arc<T> = element.clone().into();
        match self.entries.iter_mut().find(|entry| entry.of == of) {
            Some(entry) => {
                entry.text.clear();
                entry.text.extend_from_slice(text);
                entry.room = room;
                entry.element = element;
            }
            None => self.entries.push(Entry {
                of,
                text: text.to_vec(),
                room,
                element,
            }),
        }
    }
}

impl fmt::Debug for SharedCache {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts = self.entries.iter().map(|entry| entry.text.len());
        formatter.debug_list().entries(texts).finish()
    }
}
