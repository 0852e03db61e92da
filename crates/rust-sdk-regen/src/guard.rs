//! A panic becomes a diagnostic.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rust_sdk_model::{Code, Diagnostics};

/// Turns a panic into a diagnostic that names the step.
pub(crate) fn guard<T, E: From<Diagnostics>>(
    doing: &str,
    work: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| {
        let hint = "this is a bug of the generator: please report it with the files";
        let message = format!("internal error while {doing}: {}", panic_text(&*payload));
        Err(Diagnostics::global(Code::Generator, message, hint).into())
    })
}

fn panic_text(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("no further information")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_diagnostic() {
        let number = 7;
        for (result, text) in [
            (
                guard::<(), Diagnostics>("counting", || panic!("lost {number}")),
                "internal error while counting: lost 7",
            ),
            (guard::<(), Diagnostics>("counting", || panic!("lost")), "internal error while counting: lost"),
        ] {
            let problems = result.unwrap_err();
            assert!(problems.has_errors());
            assert!(problems.to_string().contains(text), "{problems}");
        }
    }
}
