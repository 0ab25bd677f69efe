//! The entries of lists, one after the other.

use crate::context::Context;

/// Lists from this length on are given back while they are converted.
const LONG: usize = 4_096;

/// Hands out the entries of a list. A long one gives its memory back on the way, so that it and what
/// becomes of it are never whole at once.
pub(crate) fn consume<A>(mut list: Vec<A>, mut take: impl FnMut(A)) {
    if list.len() < LONG {
        list.into_iter().for_each(take);
        return;
    }
    list.reverse();
    while let Some(entry) = list.pop() {
        take(entry);
        // By parts of what is left, so that also where shrinking copies, the time is linear.
        if list.len() < list.capacity() / 8 * 7 {
            list.shrink_to_fit();
        }
    }
}

/// Converts the entries of a list, with the index of each before the paths of its losses.
pub(crate) fn each<A, B>(
    list: Vec<A>,
    context: &mut Context<'_>,
    mut convert: impl FnMut(A, &mut Context<'_>) -> B,
) -> Vec<B> {
    let mut converted = Vec::with_capacity(list.len());
    consume(list, |entry| {
        let index = converted.len();
        converted.push(context.entry(index, |context| convert(entry, context)));
    });
    converted
}
