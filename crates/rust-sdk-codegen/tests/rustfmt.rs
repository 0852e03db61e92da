//! Generated code is as rustfmt prints it, so that `cargo fmt` in a workspace leaves it alone.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

#[test]
fn the_golden_crates_are_formatted() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/golden");
    let mut files = Vec::new();
    collect(&golden, &mut files);
    assert!(files.len() > 100, "{files:?}");
    let differing: Vec<&PathBuf> = files.iter().filter(|file| !is_formatted(file)).collect();
    assert!(differing.is_empty(), "{differing:#?}");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") && is_ours(&path) {
            files.push(path);
        }
    }
}

fn is_ours(file: &Path) -> bool {
    std::fs::read_to_string(file).unwrap().starts_with("// @generated")
}

/// From standard input, since rustfmt would go on to the modules of a file. This repository has another style.
fn is_formatted(file: &Path) -> bool {
    let text = std::fs::read_to_string(file).unwrap();
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024", "--config", "max_width=100,use_small_heuristics=Default"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("rustfmt is a component of the toolchain");
    rustfmt.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = rustfmt.wait_with_output().unwrap();
    output.status.success() && output.stdout == text.as_bytes()
}
