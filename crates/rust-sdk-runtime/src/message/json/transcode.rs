//! Passes text that [`Encoder`](super::encode::Encoder) wrote to any serializer. The text is known to be valid and to have no blanks.

use std::borrow::Cow;
use std::cell::Cell;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

/// The rest of the text.
pub(crate) struct Text<'a>(Cell<&'a str>);

impl<'a> Text<'a> {
    pub(crate) const fn new(text: &'a str) -> Self {
        Self(Cell::new(text))
    }

    /// The next `len` bytes.
    fn take(&self, len: usize) -> &'a str {
        let (taken, rest) = self.0.get().split_at_checked(len).unwrap_or_default();
        self.0.set(rest);
        taken
    }

    fn peek(&self) -> u8 {
        self.0.get().bytes().next().unwrap_or_default()
    }

    /// Whether another element comes before the closing bracket. Takes the comma or the bracket.
    fn more(&self, close: u8) -> bool {
        match self.peek() {
            b',' => self.take(1) == ",",
            0 => false,
            byte if byte == close => self.take(1).is_empty(),
            _ => true,
        }
    }

    fn string(&self) -> Cow<'a, str> {
        let mut escaped = false;
        let end = self.0.get().bytes().skip(1).position(|byte| {
            let ends = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends
        });
        let token = self.take(end.map_or(0, |end| end + 2));
        if token.contains('\\') {
            return serde_json::from_str(token).unwrap_or_default();
        }
        Cow::Borrowed(token.get(1..token.len() - 1).unwrap_or_default())
    }

    fn number<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rest = self.0.get();
        let token = self.take(rest.find([',', ']', '}']).unwrap_or(rest.len()));
        if let Ok(n) = token.parse() {
            return serializer.serialize_u64(n);
        }
        match token.parse() {
            Ok(n) => serializer.serialize_i64(n),
            Err(_) => serializer.serialize_f64(token.parse().unwrap_or_default()),
        }
    }
}

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.peek() {
            b'{' => {
                self.take(1);
                let mut map = serializer.serialize_map(None)?;
                while self.more(b'}') {
                    let key = self.string();
                    self.take(1);
                    map.serialize_entry(&key, self)?;
                }
                map.end()
            }
            b'[' => {
                self.take(1);
                let mut seq = serializer.serialize_seq(None)?;
                while self.more(b']') {
                    seq.serialize_element(self)?;
                }
                seq.end()
            }
            b'"' => serializer.serialize_str(&self.string()),
            b't' => serializer.serialize_bool(self.take(4) == "true"),
            b'f' => serializer.serialize_bool(self.take(5) != "false"),
            b'n' => {
                self.take(4);
                serializer.serialize_unit()
            }
            _ => self.number(serializer),
        }
    }
}
