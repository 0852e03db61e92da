//! Bounds for the compiler's recursion, so that no file makes it overflow the stack.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;

use protox::file::{File, FileResolver};

use crate::lenience;
use crate::sources::Sources;

/// More than the deepest file that compiles: 32 nested messages, and an option value of 100 levels, each in a list.
const MAX_DEPTH: usize = 256;
/// The longest chain of imports.
const MAX_IMPORTS: usize = 1_000;

/// Rejects files that are nested too deeply.
pub(crate) struct Bounded {
    files: Sources,
    /// The length of the import chain to each file. The compiler follows imports depth first.
    imports: RefCell<HashMap<String, usize>>,
    rejected: Rejected,
}

/// Why a file was rejected. The compiler's errors do not contain the reason, so it is kept here.
pub(crate) type Rejected = Rc<RefCell<Option<String>>>;

impl Bounded {
    pub(crate) fn new(files: Sources) -> Self {
        Self { files, imports: RefCell::default(), rejected: Rejected::default() }
    }

    pub(crate) fn rejected(&self) -> Rejected {
        Rc::clone(&self.rejected)
    }

    fn check(&self, name: &str, file: &File) -> Result<(), String> {
        if let Some((line, column)) = file.source().and_then(|text| too_deep(text.as_bytes())) {
            return Err(format!(
                "{name}:{line}:{column}: error: brackets or the parts of a name are nested more than {MAX_DEPTH} deep"
            ));
        }
        let mut imports = self.imports.borrow_mut();
        let before = imports.get(name).copied().unwrap_or_default();
        if before > MAX_IMPORTS {
            return Err(format!("{name}: error: the chain of imports has more than {MAX_IMPORTS} files"));
        }
        let targets = file.file_descriptor_proto().dependency.iter();
        imports.extend(targets.map(|target| (target.clone(), before + 1)));
        Ok(())
    }
}

impl FileResolver for Bounded {
    fn resolve_path(&self, path: &Path) -> Option<String> {
        self.files.resolve_path(path)
    }

    fn open_file(&self, name: &str) -> Result<File, protox::Error> {
        let file = self.files.open_file(name)?;
        self.check(name, &file).map_err(|problem| {
            *self.rejected.borrow_mut() = Some(problem.clone());
            protox::Error::new(problem)
        })?;
        Ok(lenience::before(file))
    }
}

/// The line and column of the first bracket, or part of a name, that is nested too deeply.
fn too_deep(text: &[u8]) -> Option<(usize, usize)> {
    let (mut depth, mut parts) = (0_usize, 0_usize);
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b'{' | b'[' | b'<' => depth += 1,
            b'}' | b']' | b'>' => depth = depth.saturating_sub(1),
            // Each part of an option's name leads into a message.
            b'.' => parts += 1,
            // Characters that may stand between the parts of a name, also in comments.
            byte if byte.is_ascii_alphanumeric()
                || byte.is_ascii_whitespace()
                || b"_()/#".contains(&byte) => {}
            _ => parts = 0,
        }
        if depth.max(parts) > MAX_DEPTH {
            let lines: Vec<&[u8]> = text[..at].split(|byte| *byte == b'\n').collect();
            let column = lines.last().map_or(0, |line| line.len()) + 1;
            return Some((lines.len(), column));
        }
        at += token_length(&text[at..]);
    }
    None
}

/// The length of a string, of a comment, or of one character.
fn token_length(text: &[u8]) -> usize {
    let until = |end: &[u8], from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        rest.windows(end.len()).position(|bytes| bytes == end).map_or(text.len(), |at| from + at + end.len())
    };
    match text {
        [b'/', b'/', ..] | [b'#', ..] => until(b"\n", 0),
        [b'/', b'*', ..] => until(b"*/", 2),
        [quote @ (b'"' | b'\''), rest @ ..] => {
            let mut is_escaped = false;
            // A string ends with its line at the latest; the compiler rejects an unterminated one.
            let end = rest.iter().position(|byte| {
                let ends = *byte == b'\n' || (*byte == *quote && !is_escaped);
                is_escaped = *byte == b'\\' && !is_escaped;
                ends
            });
            end.map_or(text.len(), |end| end + 2)
        }
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_are_counted_where_they_are_brackets() {
        let deep = |prefix: &str, bracket: &str, behind: &str| {
            too_deep(format!("{prefix}{}{behind}", bracket.repeat(MAX_DEPTH + 1)).as_bytes())
        };
        assert_eq!(deep("\n a ", "{", ""), Some((2, 4 + MAX_DEPTH)));
        assert_eq!(deep("", "[<{ r", ""), Some((1, (MAX_DEPTH / 3) * 5 + 2)));
        for (prefix, behind) in
            [("// ", "\n{"), ("/* \n", "*/{"), ("\"", "\"{"), ("'\\'", "'{"), ("# ", "\n{")]
        {
            assert_eq!(deep(prefix, "{", behind), None, "{prefix}");
        }
        // None of these opens a string or a comment.
        for prefix in ["\"a\\\\\"", "/**/", "'\"'", "/ /", "\"\n"] {
            assert!(deep(prefix, "{", "").is_some(), "{prefix}");
        }
        assert_eq!(deep("option (r)", " . /* a */ r", ";"), Some((1, MAX_DEPTH * 12 + 12)));
        assert_eq!(deep("", "(a.b) = 1.5;", ""), None);
        assert_eq!(deep("", "{}", ""), None);
        assert_eq!(deep("", "map<a, b> ", "}}}"), None);
        assert_eq!(
            (too_deep(b"/"), too_deep(b"'"), too_deep(b"\"\\"), too_deep(b"/*/")),
            (None, None, None, None)
        );
    }
}
