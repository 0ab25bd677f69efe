//! What stands on an instance and belongs to its UID or its SOP class.

use crate::context::Context;
use crate::hub::Instance;
use crate::{carry, sop_class, uid};

/// Brings the carries of the UID and of the SOP class to them.
#[cold]
pub(crate) fn gather(instance: &mut Instance, context: &Context<'_>) {
    let (extension, modifier) = (&mut instance.extension, &mut instance.modifier_extension);
    let lent = carry::lend(modifier, extension, context);
    uid::gather(&mut instance.uid, uid::INSTANCE, extension, context);
    sop_class::gather(&mut instance.sop_class, extension, context);
    carry::give_back(lent, extension, modifier);
}
