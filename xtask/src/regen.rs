//! `cargo xtask regen`.

use rust_sdk_model::text::error_chain;
use rust_sdk_regen::RegenError;

use crate::Result;
use crate::golden::GOLDENS;

/// Generates or checks all golden crates. Reports all that are out of date.
pub(crate) fn run(check: bool) -> Result<()> {
    let mut failed = 0;
    for golden in GOLDENS {
        let regen = golden.regen();
        match if check { regen.check() } else { regen.write() } {
            // The test APIs have warnings on purpose.
            Ok(report) => {
                println!("{}: {report}, {} warnings", golden.folder, report.warnings.iter().count());
            }
            Err(error @ RegenError::Drift(_)) => {
                println!("{}:\n{error}", golden.folder);
                failed += 1;
            }
            Err(error) => return Err(format!("{}: {}", golden.folder, error_chain(&error)).into()),
        }
    }
    if failed == 0 {
        Ok(())
    } else {
        Err(format!("{failed} of {} golden crates are out of date", GOLDENS.len()).into())
    }
}
