//! The workflow in the examples: what it may do, and what its review says of pull requests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/downstream")
}

fn workflow() -> String {
    fs::read_to_string(example().join(".github/workflows/api.yml")).unwrap()
}

/// Text from a pull request is never a part of a script, nothing moves under a tag, and no job may do more than it needs.
#[test]
fn the_workflow_of_the_examples_is_safe() {
    let workflow = workflow();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let (mut scripts, mut actions, mut script) = (0, 0, None);
    for line in workflow.lines().filter(|line| !line.trim().is_empty()) {
        if script.is_some_and(|depth| indent(line) <= depth) {
            script = None;
        }
        let key = line.trim_start().trim_start_matches("- ");
        if key.starts_with("run:") {
            (scripts, script) = (scripts + 1, Some(indent(line)));
        }
        assert!(script.is_none() || !line.contains("${{"), "{line}");
        if let Some(action) = key.strip_prefix("uses: ") {
            actions += 1;
            let commit = action.split(['@', ' ']).nth(1).unwrap();
            assert!(commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()), "{line}");
        }
    }
    assert_eq!((scripts, actions), (5, 5));
    assert!(workflow.contains("\npermissions: {}\n") && !workflow.contains("pull_request_target"));
    assert_eq!(workflow.matches(": write").count(), 1);
    let checkouts = workflow.matches("uses: actions/checkout@").count();
    assert_eq!(workflow.matches("persist-credentials: false").count(), checkouts);
    // What pull requests can write is not where the program that reviews them comes from.
    let review = workflow.split("\n  review:\n").nth(1).unwrap().split("\n  comment:\n").next().unwrap();
    assert!(!review.contains("actions/cache@") && workflow.matches("VERSION: 0.1.0").count() == 1);
}

/// The script of the step that reviews.
fn script() -> String {
    let workflow = workflow();
    let step = workflow.split("- id: review\n").nth(1).unwrap();
    let script = step.split("run: |\n").nth(1).unwrap();
    let lines = script.lines().take_while(|line| line.starts_with("          ") || line.is_empty());
    lines.map(|line| line.strip_prefix("          ").unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}

/// A checkout of the base and one of the pull request.
struct Checkouts(TempDir);

impl Checkouts {
    fn new() -> Self {
        let this = Self(TempDir::new().unwrap());
        for version in ["old", "new"] {
            for part in ["proto", "third_party"] {
                copy(&example().join(part), &this.path(version).join(part));
            }
            fs::copy(example().join("rust-sdk.options"), this.path(version).join("rust-sdk.options"))
                .unwrap();
        }
        this
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Replaces the first occurrence of a text.
    fn edit(self, file: &str, from: &str, to: &str) -> Self {
        let path = self.path(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from}");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
        self
    }

    fn remove(self, name: &str) -> Self {
        let path = self.path(name);
        if path.is_dir() {
            fs::remove_dir_all(path).unwrap();
        } else {
            fs::remove_file(path).unwrap();
        }
        self
    }

    /// The step's exit code, and the comment.
    fn run(&self) -> (Option<i32>, String) {
        let binary = Path::new(env!("CARGO_BIN_EXE_protoc-gen-rust-sdk")).parent().unwrap();
        let path = std::env::var_os("PATH").unwrap();
        let path = std::env::join_paths([binary.to_owned()].into_iter().chain(std::env::split_paths(&path)))
            .unwrap();
        let mut bash = Command::new("bash");
        bash.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", &script()]).current_dir(self.0.path());
        bash.env("PATH", path)
            .env("GITHUB_STEP_SUMMARY", self.path("summary"))
            .env("GITHUB_OUTPUT", self.path("output"));
        let output = bash.output().unwrap();
        let comment = fs::read_to_string(self.path("review.md")).unwrap_or_default();
        let stored = fs::read_to_string(self.path("output")).unwrap();
        assert!(stored.starts_with("markdown<<") && stored.contains(&comment), "{stored}");
        (output.status.code(), comment)
    }
}

const BOOKS: &str = "new/proto/acme/books/v1/books.proto";

/// Whether the last step would post a comment.
fn is_posted(comment: &str) -> bool {
    !comment.lines().nth(3).unwrap().starts_with("No change in ")
}

#[test]
fn the_workflow_says_what_a_pull_request_does() {
    let (lend, open) = ("option (scopes) = \"books.lend\";", "option (open) = true;");
    let (code, comment) = Checkouts::new().run();
    assert_eq!(code, Some(0), "{comment}");
    assert!(
        comment.contains("No change in access, routes, calls or the SDK.") && !is_posted(&comment),
        "{comment}"
    );
    for (checkouts, expected, part) in [
        // Access under names of the API's own.
        (Checkouts::new().edit(BOOKS, lend, open), 1, "**1 opened to the public"),
        // What the generator rejects.
        (Checkouts::new().edit(BOOKS, lend, ""), 1, "1 problem in the new version"),
        // The same words with another meaning.
        (
            Checkouts::new().edit("new/rust-sdk.options", "open:true=public", "open:true=authenticated"),
            1,
            "1 narrowed",
        ),
        // A break of the SDK, and the version that approves it.
        (
            Checkouts::new().edit(BOOKS, "  string title = 2;\n  // Whether", "  // Whether"),
            1,
            "1 breaking change of the SDK",
        ),
        (
            Checkouts::new().edit(BOOKS, "  string title = 2;\n  // Whether", "  // Whether").edit(
                "new/rust-sdk.options",
                "crate_version=0.1.0",
                "crate_version=0.2.0",
            ),
            0,
            "the new version is `0.2.0`",
        ),
        // A base without the options, without the file that names them, and without an API.
        (Checkouts::new().remove("old/rust-sdk.options"), 0, "No change in access"),
        (Checkouts::new().remove("old"), 1, "The old version has no files"),
        // Options that nobody names any more.
        (
            Checkouts::new().edit(
                "new/rust-sdk.options",
                "permissions_option=acme.books.v1.scopes\nmode_option=acme.books.v1.open:true=public\n",
                "",
            ),
            2,
            "access NOT compared",
        ),
        // What cannot be read.
        (Checkouts::new().edit(BOOKS, "message Book {", "mesage Book {"), 2, "NOT reviewed"),
    ] {
        let (code, comment) = checkouts.run();
        assert_eq!(code, Some(expected), "{part}\n{comment}");
        assert!(comment.contains(part), "{part} in\n{comment}");
        assert!(comment.starts_with("<!-- protoc-gen-rust-sdk review -->\n"), "{comment}");
        assert_eq!(is_posted(&comment), !comment.contains("No change in"), "{comment}");
    }
}
