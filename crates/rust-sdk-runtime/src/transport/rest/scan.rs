//! Finds the end of a JSON value without parsing it. The parser decides whether the value is valid.

/// Finds the end of one value in bytes that arrive in pieces.
#[derive(Default)]
pub(super) struct Scanner {
    /// The position up to which the bytes were scanned.
    at: usize,
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Scanner {
    /// The length of the value at the start of `bytes`; `None` while the value is incomplete. Each call must pass the same bytes, with more
    /// behind them. `ended` says that no more bytes follow, which ends a number or a literal.
    pub(super) fn value_end(&mut self, bytes: &[u8], ended: bool) -> Option<usize> {
        while let Some(&byte) = bytes.get(self.at) {
            if self.in_string {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' if self.depth == 0 => return Some(self.at + 1),
                    b'"' => self.in_string = false,
                    _ => {}
                }
            } else {
                match byte {
                    b'"' => self.in_string = true,
                    b'{' | b'[' => self.depth += 1,
                    b'}' | b']' if self.depth > 1 => self.depth -= 1,
                    b'}' | b']' if self.depth == 1 => return Some(self.at + 1),
                    b'}' | b']' | b',' if self.depth == 0 => return Some(self.at),
                    _ if self.depth == 0 && is_space(byte) => return Some(self.at),
                    _ => {}
                }
            }
            self.at += 1;
        }
        (ended && self.depth == 0 && !self.in_string && self.at > 0).then_some(self.at)
    }

    /// Whether nothing was scanned yet.
    pub(super) fn is_fresh(&self) -> bool {
        self.at == 0
    }
}

/// JSON's white space.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Whether a value can start with this byte.
pub(super) fn starts_value(byte: u8) -> bool {
    matches!(byte, b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n')
}

/// The value of an object's member, if the object has no other.
pub(super) fn sole_member<'a>(json: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let rest = after(after(json, b"{")?, b"\"")?;
    let rest = after(rest.strip_prefix(name.as_bytes())?.strip_prefix(b"\"")?, b":")?;
    let start = rest.iter().position(|byte| !is_space(*byte))?;
    let rest = &rest[start..];
    let (value, tail) = rest.split_at(Scanner::default().value_end(rest, true)?);
    after(tail, b"}").is_some_and(|tail| tail.iter().all(|byte| is_space(*byte))).then_some(value)
}

/// The text after the token, which white space may precede.
fn after<'a>(json: &'a [u8], token: &[u8]) -> Option<&'a [u8]> {
    let start = json.iter().position(|byte| !is_space(*byte))?;
    json[start..].strip_prefix(token)
}

#[cfg(test)]
mod tests {
    use super::{Scanner, sole_member};

    #[test]
    fn the_end_of_a_value() {
        for (json, length, ended) in [
            ("{} x", 2, false),
            (r#"{"a":"}\"]\\"}]"#, 14, false),
            (r#""a\"b"{"#, 6, false),
            ("[[1],{}],", 8, false),
            ("12,", 2, false),
            ("true]", 4, false),
            ("null\n", 4, false),
            ("-1.5e3", 6, true),
        ] {
            assert_eq!(Scanner::default().value_end(json.as_bytes(), ended), Some(length), "{json}");
        }
        for (json, ended) in [("", true), ("{", true), ("12", false), (r#""a\""#, true), ("[{]", true)] {
            assert_eq!(Scanner::default().value_end(json.as_bytes(), ended), None, "{json}");
        }
    }

    #[test]
    fn the_only_member_of_an_object() {
        let member = |json: &'static str| sole_member(json.as_bytes(), "result");
        assert_eq!(member(r#"{"result":{"a":[1]}}"#), Some(&br#"{"a":[1]}"#[..]));
        assert_eq!(member(" { \"result\" : 1 } "), Some(&b"1"[..]));
        for other in
            [r#"{"result":1,"a":2}"#, r#"{"a":1}"#, r#"{"result":}"#, r#"{"result"}"#, "{}", "[]", "", "1"]
        {
            assert_ne!(member(other).map(<[u8]>::is_empty), Some(false), "{other}");
        }
    }
}
