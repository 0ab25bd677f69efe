//! Converting the entries of lists.

use crate::context::Context;
use crate::hub;
use crate::mirror::Mirror;

/// Lists from this length on are given back while they are converted.
const LONG: usize = 4_096;

/// Converts the entries of a list.
///
/// Where an entry and what it becomes have the same size, `collect` keeps the allocation. Otherwise a
/// long list gives its memory back on the way, so that it and the new one are never whole at once.
pub(crate) fn each<A, B>(mut list: Vec<A>, mut convert: impl FnMut(A) -> B) -> Vec<B> {
    if list.len() < LONG || size_of::<A>() == size_of::<B>() {
        return list.into_iter().map(convert).collect();
    }
    list.reverse();
    let mut converted = Vec::with_capacity(list.len());
    while let Some(entry) = list.pop() {
        converted.push(convert(entry));
        // By parts of what is left, so that also where shrinking copies, the time is linear.
        if list.len() < list.capacity() / 8 * 7 {
            list.shrink_to_fit();
        }
    }
    converted
}

/// Converts the entries of a list with the index of each before the paths of its losses.
pub(crate) fn each_entry<A, B>(
    list: Vec<A>,
    context: &mut Context<'_>,
    mut convert: impl FnMut(A, &mut Context<'_>) -> B,
) -> Vec<B> {
    let mut index = 0;
    each(list, |entry| {
        let converted = context.entry(index, |context| convert(entry, context));
        index += 1;
        converted
    })
}

/// Lifts and lowers instances, one after the other.
pub(crate) fn convert_instances<A, B>(instances: Vec<A>, context: &mut Context<'_>) -> Vec<B>
where
    A: Mirror<Hub = hub::Instance>,
    B: Mirror<Hub = hub::Instance>,
{
    let mut index = 0;
    // The list keeps its allocation, as the instances of all versions have the same size.
    instances
        .into_iter()
        .map(|instance| {
            let before = context.losses.len();
            let lowered = B::lower(instance.lift(), context);
            if context.losses.len() > before {
                context.place_index(before, index);
            }
            index += 1;
            lowered
        })
        .collect()
}
