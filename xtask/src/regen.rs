//! `cargo xtask regen`.

use rust_sdk_regen::Error;

use crate::Result;
use crate::golden::GOLDENS;

/// Generates all golden crates, or checks all of them; one that fails does not hide another.
pub(crate) fn run(check: bool) -> Result<()> {
    let mut failed = 0;
    for golden in GOLDENS {
        let regen = golden.regen();
        match if check { regen.check() } else { regen.write() } {
            // The test APIs have warnings on purpose.
            Ok(report) => {
                println!("{}: {report}, {} warnings", golden.folder, report.warnings.iter().count());
            }
            Err(error @ Error::Drift(_)) => {
                println!("{}:\n{error}", golden.folder);
                failed += 1;
            }
            Err(error) => return Err(format!("{}: {error}", golden.folder).into()),
        }
    }
    if failed == 0 {
        Ok(())
    } else {
        Err(format!("{failed} of {} golden crates are out of date", GOLDENS.len()).into())
    }
}
