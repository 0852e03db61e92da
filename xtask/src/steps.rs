//! Runs steps one after the other, counts them and prints how long each took. A failed step does not stop the next.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::time::Instant;

use rust_sdk_model::text::error_chain;

use crate::Result;
use crate::workspace::run;

/// The results so far.
#[derive(Default)]
pub(crate) struct Steps {
    passed: usize,
    failed: usize,
    skipped: usize,
    failures: Vec<String>,
}

impl Steps {
    /// A step that passes when the command succeeds.
    pub(crate) fn command(&mut self, name: &str, command: &mut Command) {
        self.step(name, || run(command));
    }

    /// A step in this process.
    pub(crate) fn step(&mut self, name: &str, work: impl FnOnce() -> Result<()>) {
        self.timed(name, |steps| {
            let result = work();
            steps.passed += usize::from(result.is_ok());
            steps.failed += usize::from(result.is_err());
            result
        });
    }

    /// A `cargo test`. Each test counts.
    pub(crate) fn tests(&mut self, name: &str, command: &mut Command) {
        self.timed(name, |steps| {
            let mut child = command.stdout(Stdio::piped()).spawn()?;
            let (mut passed, mut failed) = (0, 0);
            if let Some(stdout) = child.stdout.take() {
                for line in BufReader::new(stdout).lines() {
                    let line = line?;
                    writeln!(std::io::stdout(), "{line}")?;
                    let counts = test_counts(&line);
                    passed += counts.0;
                    failed += counts.1;
                }
            }
            let status = child.wait()?;
            // A crash or a compile error has no counts.
            let lost = usize::from(!status.success() && failed == 0);
            steps.passed += passed;
            steps.failed += failed + lost;
            if status.success() { Ok(()) } else { Err(format!("{command:?}: {status}").into()) }
        });
    }

    /// Reports what is not tested, and why.
    pub(crate) fn skip(&mut self, what: &str, why: &str) {
        println!("skipped: {what} ({why})");
        self.skipped += 1;
    }

    fn timed(&mut self, name: &str, work: impl FnOnce(&mut Self) -> Result<()>) {
        println!("\n== {name}");
        let start = Instant::now();
        let cpu_start = cpu_seconds();
        let result = work(self);
        let mut time = format!("{:.1} s", start.elapsed().as_secs_f32());
        if let (Some(start), Some(end)) = (cpu_start, cpu_seconds()) {
            let _ = write!(time, ", CPU {:.1} s", end - start);
        }
        match result {
            Ok(()) => println!("== {name}: ok, {time}"),
            Err(error) => {
                println!("{}\n== {name}: FAILED, {time}", error_chain(&*error));
                self.failures.push(name.to_owned());
            }
        }
    }

    /// The summary; an error if a step failed.
    pub(crate) fn finish(self) -> Result<()> {
        println!();
        for name in &self.failures {
            println!("FAILED: {name}");
        }
        println!("{} skipped", self.skipped);
        println!("{} passed, {} failed", self.passed, self.failed);
        if self.failures.is_empty() { Ok(()) } else { Err("the test suite failed".into()) }
    }
}

/// The CPU time of this process and of its finished children, in seconds; `None` except on Linux.
fn cpu_seconds() -> Option<f64> {
    /// `USER_HZ`, which is 100 on every common platform.
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The program's name, the second field, may contain spaces. The fields 14 to 17 are utime, stime, cutime and cstime.
    let (_, fields) = stat.rsplit_once(')')?;
    let ticks = fields.split_whitespace().skip(11).take(4).map(|field| field.parse::<u32>().ok());
    Some(f64::from(ticks.sum::<Option<u32>>()?) / TICKS_PER_SECOND)
}

/// The numbers in `test result: ok. 3 passed; 0 failed; …`.
fn test_counts(line: &str) -> (usize, usize) {
    let Some(rest) = line.strip_prefix("test result: ") else { return (0, 0) };
    let before = |what: &str| {
        let words: Vec<&str> = rest.split([' ', ';']).collect();
        let at = words.iter().position(|word| *word == what)?;
        words.get(at.checked_sub(1)?)?.parse().ok()
    };
    (before("passed").unwrap_or(0), before("failed").unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_test_is_counted() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.24s";
        assert_eq!(test_counts(line), (12, 3));
        assert_eq!(test_counts("test passed ... ok"), (0, 0));
    }

    #[test]
    fn failures_are_kept_and_the_rest_still_runs() {
        let mut steps = Steps::default();
        steps.step("bad", || Err("no".into()));
        steps.step("good", || Ok(()));
        assert_eq!((steps.passed, steps.failed), (1, 1));
        assert!(steps.finish().is_err());
    }
}
