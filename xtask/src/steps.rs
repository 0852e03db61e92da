//! Runs steps, some of them beside others, counts them and prints how long each took. A failed step does not stop the next.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead, BufReader, Read as _, Seek as _};
use std::process::{Child, Command, ExitStatus, Stdio};
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

/// A command that runs beside other steps.
#[must_use = "its result counts only at its end"]
pub(crate) struct Beside {
    name: String,
    command: String,
    running: Result<(Child, File)>,
}

impl Beside {
    /// The process, and the file that it writes to: it takes any amount of output before it is read.
    fn start(command: &mut Command) -> Result<(Child, File)> {
        let output = tempfile::tempfile()?;
        let child = command.stdout(output.try_clone()?).stderr(output.try_clone()?).spawn()?;
        Ok((child, output))
    }
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
        self.timed(name, |steps| steps.count_tests(command));
    }

    /// Two `cargo test`s at the same time, since each of them often leaves a core idle. The second one's output follows the first
    /// one's. Build both before: only one cargo at a time builds into a folder.
    pub(crate) fn tests_beside(&mut self, name: &str, first: &mut Command, second: &mut Command) {
        self.timed(name, |steps| {
            let child = second.stdout(Stdio::piped()).spawn()?;
            std::thread::scope(|scope| {
                let running = scope.spawn(|| child.wait_with_output());
                let result = steps.count_tests(first);
                let output = running.join().map_err(|_| "a thread panicked")??;
                let counts = print_and_count(&output.stdout[..])?;
                result.and(steps.add_tests(second, counts, output.status))
            })
        });
    }

    /// Starts a command that runs beside the following steps, until [`Self::end`]. It needs a target folder of its own: two cargos do
    /// not build into one folder at the same time.
    pub(crate) fn begin(name: &str, command: &mut Command) -> Beside {
        Beside { name: name.to_owned(), command: format!("{command:?}"), running: Beside::start(command) }
    }

    /// A step that waits for the end of the command and prints its output.
    pub(crate) fn end(&mut self, beside: Beside) {
        let Beside { name, command, running } = beside;
        self.step(&format!("{name} (beside the steps before)"), || {
            let (mut child, mut output) = running?;
            let status = child.wait()?;
            output.rewind()?;
            let mut printed = Vec::new();
            output.read_to_end(&mut printed)?;
            print!("{}", String::from_utf8_lossy(&printed));
            if status.success() { Ok(()) } else { Err(format!("{command}: {status}").into()) }
        });
    }

    fn count_tests(&mut self, command: &mut Command) -> Result<()> {
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let counts =
            child.stdout.take().map_or(Ok((0, 0)), |stdout| print_and_count(BufReader::new(stdout)))?;
        self.add_tests(command, counts, child.wait()?)
    }

    fn add_tests(
        &mut self,
        command: &Command,
        (passed, failed): (usize, usize),
        status: ExitStatus,
    ) -> Result<()> {
        // A crash or a compile error has no counts.
        let lost = usize::from(!status.success() && failed == 0);
        self.passed += passed;
        self.failed += failed + lost;
        if status.success() { Ok(()) } else { Err(format!("{command:?}: {status}").into()) }
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

/// Prints the output of a `cargo test`, and sums up its counts of passed and failed tests.
fn print_and_count(output: impl BufRead) -> Result<(usize, usize)> {
    let (mut passed, mut failed) = (0, 0);
    for line in output.lines() {
        let line = line?;
        println!("{line}");
        let counts = test_counts(&line);
        passed += counts.0;
        failed += counts.1;
    }
    Ok((passed, failed))
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

    #[test]
    fn a_step_beside_others_counts_at_its_end() {
        let mut steps = Steps::default();
        let good = Steps::begin("good", Command::new("sh").args(["-c", "echo printed"]));
        let bad = Steps::begin("bad", Command::new("sh").args(["-c", "exit 3"]));
        let missing = Steps::begin("missing", &mut Command::new("/no/such/program"));
        assert_eq!((steps.passed, steps.failed), (0, 0));
        steps.end(good);
        steps.end(bad);
        steps.end(missing);
        assert_eq!((steps.passed, steps.failed), (1, 2));
    }

    #[test]
    fn tests_beside_each_other_are_both_counted() {
        let shell = |script: &str| {
            let mut command = Command::new("sh");
            command.args(["-c", script]);
            command
        };
        let mut steps = Steps::default();
        let (mut first, mut second) = (
            shell("echo 'test result: ok. 2 passed; 0 failed; 0 ignored'"),
            shell("echo 'test result: FAILED. 3 passed; 1 failed; 0 ignored'; exit 1"),
        );
        steps.tests_beside("two", &mut first, &mut second);
        steps.tests_beside("a crash", &mut shell("exit 101"), &mut shell("exit 101"));
        assert_eq!((steps.passed, steps.failed), (5, 3));
        assert_eq!(steps.failures, ["two", "a crash"]);
    }
}
