//! rustc, rustdoc and clippy on a crate whose documentation is comments.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rust_sdk_model::docs::clean;

use crate::{corpus, links, random};

/// A folder for this test alone.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A crate with an item for each of these.
fn write_crate(folder: &Path, docs: impl IntoIterator<Item = Vec<String>>) -> PathBuf {
    let mut text = format!("//! Comments.\n{}", links::ITEMS);
    for (index, lines) in docs.into_iter().enumerate() {
        for line in lines {
            text.push_str(if line.is_empty() { "///" } else { "/// " });
            text.push_str(&line);
            text.push('\n');
        }
        let _ = writeln!(text, "pub struct S{index};");
    }
    let path = folder.join("lib.rs");
    fs::write(&path, text).unwrap();
    path
}

fn run(tool: &str, folder: &Path, arguments: &[&str]) -> Option<Output> {
    let program = std::env::var_os(tool.to_uppercase()).unwrap_or_else(|| tool.into());
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .args(["lib.rs", "--edition", "2024", "--crate-name", "comments"])
        .args(arguments);
    command.output().ok()
}

fn assert_clean(output: &Output) {
    let text = String::from_utf8_lossy(&output.stderr);
    let (out, end) = (
        String::from_utf8_lossy(&output.stdout),
        text.char_indices().nth(5_000).map_or(text.len(), |(at, _)| at),
    );
    assert!(output.status.success(), "{out}\n{}", &text[..end]);
}

#[test]
fn comments_compile_make_no_warning_and_run_nothing() {
    let folder = folder("comments");
    let ran = folder.join("ran");
    let code = format!("std::fs::write({ran:?}, \"\").unwrap();");
    let comments = corpus::comments(&code).into_iter().chain(random::comments(2, 5_000));
    write_crate(
        &folder,
        comments.flat_map(|comment| {
            let [linked, plain] = links::lines(&comment);
            [clean(&comment), linked, plain]
        }),
    );

    let warnings = ["-D", "warnings", "-D", "rustdoc::all", "--crate-type", "lib", "-o", "doc"];
    assert_clean(&run("rustdoc", &folder, &warnings).expect("rustdoc comes with cargo"));
    let tests = run("rustdoc", &folder, &["--test"]).unwrap();
    assert_clean(&tests);
    let said = String::from_utf8_lossy(&tests.stdout);
    assert!(said.contains("running 0 tests"), "{said}");
    assert!(!ran.exists(), "a comment ran");

    // Generated crates allow these two.
    let lints = [
        "-D",
        "warnings",
        "-D",
        "clippy::pedantic",
        "-A",
        "clippy::doc_markdown",
        "-A",
        "clippy::doc_link_with_quotes",
    ];
    let crate_type = ["--crate-type", "lib", "--emit", "metadata"];
    match run("clippy-driver", &folder, &[&lints[..], &crate_type].concat()) {
        Some(output) => assert_clean(&output),
        None => eprintln!("skipped: clippy is not there"),
    }
}

/// The sentinel of the test above is noticed if it runs.
#[test]
fn a_comment_as_it_is_would_run() {
    let folder = folder("comment");
    let ran = folder.join("ran");
    let code = format!("std::fs::write({ran:?}, \"\").unwrap();");
    write_crate(&folder, [vec!["~~~".to_owned(), code, "~~~".to_owned()]]);
    assert_clean(&run("rustdoc", &folder, &["--test"]).expect("rustdoc comes with cargo"));
    assert!(ran.exists());
}
