//! How often clients ask for the state of an operation, as service configurations state it (AIP-4221).

use prost_reflect::MethodDescriptor;

use crate::api::{LongRunning, Polling};
use crate::config::MethodSettings;
use crate::diagnostic::{Diagnostics, Severity};
use crate::resolve::service_config::Stated;

/// Sets the polling of a method's operation. The last statement counts.
pub(crate) fn set_polling(
    method: &MethodDescriptor,
    published: &[Stated<'_, MethodSettings>],
    mut operation: Option<&mut LongRunning>,
    problems: &mut Diagnostics,
) {
    for stated in published {
        let Some((mark, config)) = stated.value.polling else { continue };
        match &mut operation {
            Some(operation) => {
                operation.polling = Some(Polling {
                    first_delay: config.first_delay,
                    multiplier: config.multiplier,
                    longest_delay: config.longest_delay,
                    limit: config.limit,
                });
            }
            None => {
                let message = format!(
                    "`{}` starts no operation that clients follow, so `long_running` has no effect",
                    method.full_name()
                );
                problems.push(stated.problem(Severity::Warning, mark, &message, "remove it"));
            }
        }
    }
}
