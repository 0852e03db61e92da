//! A serde [`Deserializer`] for well-formed JSON text.
//!
//! It does less than `serde_json`'s: it does not track lines and columns, and reports errors without a cause. So its callers read the text
//! again with `serde_json` to learn the cause.

use std::cell::Cell;
use std::fmt;

use serde::de::value::{BorrowedStrDeserializer, StringDeserializer};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::text::first_special;
use crate::message::schema::key::JsonKey;

/// The most objects and arrays that may be open at once. Text that nests deeper is not read here.
const MAX_OPEN: u32 = 120;

/// The text is malformed or unusual, or its reader rejected it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unread;

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text was not read")
    }
}

impl std::error::Error for Unread {}

impl serde::de::Error for Unread {
    #[cold]
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

/// A cursor over JSON text.
#[derive(Debug)]
pub(crate) struct Json<'de, 'l> {
    text: &'de str,
    at: usize,
    open: u32,
    /// The key that is likely to come next. It is compared before anything is scanned.
    likely: &'l Cell<Option<&'static JsonKey>>,
}

impl<'de, 'l> Json<'de, 'l> {
    pub(crate) const fn new(text: &'de str, likely: &'l Cell<Option<&'static JsonKey>>) -> Self {
        Self { text, at: 0, open: 0, likely }
    }

    /// Whether only blanks are left.
    pub(crate) fn is_at_end(&mut self) -> bool {
        self.peek().is_err()
    }

    /// The next byte that is not blank.
    #[inline]
    fn peek(&mut self) -> Result<u8, Unread> {
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                Some(byte) => return Ok(*byte),
                None => return Err(Unread),
            }
        }
    }

    /// Reads the key if it is the likely one, which then is no longer expected. Otherwise nothing is read.
    #[inline]
    fn likely_key(&mut self) -> Option<&'de str> {
        let key = self.likely.get()?.quoted()?;
        let start = self.at;
        if !self.text.as_bytes().get(start..)?.starts_with(key) {
            return None;
        }
        self.at += key.len();
        self.likely.set(None);
        self.text.get(start + 1..self.at - 1)
    }

    /// Reads a string without escapes; the next byte must be its opening quote. If the string has escapes, nothing is read.
    #[inline]
    fn plain(&mut self) -> Option<&'de str> {
        let bytes = self.text.as_bytes();
        let start = self.at + 1;
        let end = start + first_special(bytes.get(start..)?)?;
        if bytes[end] != b'"' {
            return None;
        }
        self.at = end + 1;
        self.text.get(start..end)
    }

    /// Reads any other string; fails if the string is malformed.
    #[cold]
    fn escaped(&mut self) -> Result<String, Unread> {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        loop {
            // The byte after a backslash cannot end the string. `serde_json` checks whether the escape is valid.
            let next = at + if bytes[at] == b'\\' { 2 } else { 1 };
            at = next + first_special(bytes.get(next..).ok_or(Unread)?).ok_or(Unread)?;
            if bytes[at] == b'"' {
                break;
            }
        }
        let token = self.text.get(self.at..=at).ok_or(Unread)?;
        self.at = at + 1;
        serde_json::from_str(token).map_err(|_| Unread)
    }

    fn word(&mut self, word: &str) -> Result<(), Unread> {
        let rest = self.text.as_bytes().get(self.at..).ok_or(Unread)?;
        self.at += word.len();
        if rest.starts_with(word.as_bytes()) { Ok(()) } else { Err(Unread) }
    }

    fn number<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Unread> {
        let rest = self.text.as_bytes().get(self.at..).ok_or(Unread)?;
        let in_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E');
        let len = rest.iter().position(|byte| !in_number(byte)).unwrap_or(rest.len());
        let token = self.text.get(self.at..self.at + len).ok_or(Unread)?;
        self.at += len;
        match token.as_bytes() {
            [b'0'] => visitor.visit_u64(0),
            digits @ [b'1'..=b'9', ..] if len < 19 && digits.iter().all(u8::is_ascii_digit) => {
                visitor.visit_u64(digits.iter().fold(0, |value, digit| value * 10 + u64::from(digit - b'0')))
            }
            _ => {
                let mut json = serde_json::Deserializer::from_str(token);
                let value = json.deserialize_any(visitor).map_err(|_| Unread)?;
                json.end().map(|()| value).map_err(|_| Unread)
            }
        }
    }

    fn enter(&mut self) -> Result<(), Unread> {
        self.at += 1;
        self.open += 1;
        if self.open > MAX_OPEN { Err(Unread) } else { Ok(()) }
    }
}

impl<'de> Deserializer<'de> for &mut Json<'de, '_> {
    type Error = Unread;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.peek()? {
            b'"' => match self.plain() {
                Some(text) => visitor.visit_borrowed_str(text),
                None => visitor.visit_string(self.escaped()?),
            },
            b'{' => {
                self.enter()?;
                let mut items = Items { json: self, close: b'}', state: State::Open };
                let value = visitor.visit_map(&mut items)?;
                if items.state == State::Closed { Ok(value) } else { Err(Unread) }
            }
            b'[' => {
                self.enter()?;
                let mut items = Items { json: self, close: b']', state: State::Open };
                let value = visitor.visit_seq(&mut items)?;
                if items.state == State::Closed { Ok(value) } else { Err(Unread) }
            }
            b't' => self.word("true").and_then(|()| visitor.visit_bool(true)),
            b'f' => self.word("false").and_then(|()| visitor.visit_bool(false)),
            b'n' => self.word("null").and_then(|()| visitor.visit_unit()),
            _ => self.number(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// The entries of an object, or the elements of an array.
#[derive(Debug)]
struct Items<'j, 'de, 'l> {
    json: &'j mut Json<'de, 'l>,
    close: u8,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nothing was read since the opening bracket.
    Open,
    Inside,
    /// The closing bracket was read.
    Closed,
}

impl Items<'_, '_, '_> {
    /// Goes to the next item, and returns whether there is one.
    #[inline]
    fn next(&mut self) -> Result<bool, Unread> {
        let byte = self.json.peek()?;
        match self.state {
            State::Inside if byte == b',' => {
                self.json.at += 1;
                Ok(true)
            }
            State::Open | State::Inside if byte == self.close => {
                self.json.at += 1;
                self.json.open -= 1;
                self.state = State::Closed;
                Ok(false)
            }
            State::Open => {
                self.state = State::Inside;
                Ok(true)
            }
            State::Inside | State::Closed => Err(Unread),
        }
    }
}

impl<'de> MapAccess<'de> for Items<'_, 'de, '_> {
    type Error = Unread;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unread> {
        if !self.next()? {
            return Ok(None);
        }
        if let Some(key) = self.json.likely_key() {
            return seed.deserialize(BorrowedStrDeserializer::new(key)).map(Some);
        }
        if self.json.peek()? != b'"' {
            return Err(Unread);
        }
        match self.json.plain() {
            Some(key) => seed.deserialize(BorrowedStrDeserializer::new(key)).map(Some),
            None => seed.deserialize(StringDeserializer::new(self.json.escaped()?)).map(Some),
        }
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unread> {
        if self.json.peek()? != b':' {
            return Err(Unread);
        }
        self.json.at += 1;
        seed.deserialize(&mut *self.json)
    }
}

impl<'de> SeqAccess<'de> for Items<'_, 'de, '_> {
    type Error = Unread;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unread> {
        if self.next()? { seed.deserialize(&mut *self.json).map(Some) } else { Ok(None) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;
    use serde_json::Value;

    use super::*;

    fn read(text: &str) -> Option<Value> {
        let likely = Cell::default();
        let mut json = Json::new(text, &likely);
        let value = Value::deserialize(&mut json).ok()?;
        json.is_at_end().then_some(value)
    }

    #[test]
    fn what_is_well_formed_is_read_as_serde_json_reads_it() {
        for text in [
            r#" { "a" : [ 1 , -2, 0, -0, 1.5e3, 18446744073709551615, 9223372036854775808, 1e400 ] , "b" : { } } "#,
            r#"{"a":1,"b":[true,false,null,[],"\u00e9\n\"x\\","é"]}"#,
            r#""plain""#,
            "[01]",
            "[1,]",
            "{\"a\":1,}",
            "[1 2]",
            "{\"a\" 1}",
            "{a:1}",
            "[,1]",
            "[1]]",
            "[1}",
            "tru",
            "[+1]",
            "[1.]",
            "\"\\x\"",
            "\"\\",
            "\"\\\"",
            "\"a\nb\"",
            "",
            "nullx",
            "-",
        ] {
            assert_eq!(read(text), serde_json::from_str(text).ok(), "{text}");
        }
        assert_eq!(read(&"[".repeat(5000)), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_as_serde_json_reads_it(text in r#"[\[\]{}:, "\\a\n0-9eE.tnuré-]{0,24}"#) {
            prop_assert_eq!(read(&text), serde_json::from_str(&text).ok());
        }
    }
}
