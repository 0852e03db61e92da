//! Splits a response body into items, in every framing that servers use.

use bytes::{Buf as _, Bytes, BytesMut};

use super::scan::{Scanner, is_space, starts_value};

/// How the items of a body are separated.
pub(super) enum Framing {
    /// The body is one item; `true` after the item was returned.
    Whole(bool),
    /// Raw bytes, which are items as they arrive, at most this long.
    Raw(usize),
    /// JSON values.
    Values(Values),
    /// `data:` lines (server-sent events).
    Events(Events),
}

/// The body does not have the form of its framing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum FramingError {
    #[error("the response ended within a message")]
    Truncated,
    #[error("the response contains data that is not a message")]
    Garbage,
}

impl Framing {
    /// The next item of the buffer, once it is complete. `ended` says that no data follows the buffer.
    pub(super) fn next(&mut self, buffer: &mut BytesMut, ended: bool) -> Result<Option<Bytes>, FramingError> {
        match self {
            Self::Whole(given) => {
                let whole = ended && !std::mem::replace(given, ended);
                Ok(whole.then(|| buffer.split().freeze()))
            }
            Self::Raw(longest) => {
                let length = buffer.len().min(*longest);
                Ok((length > 0).then(|| buffer.split_to(length).freeze()))
            }
            Self::Values(values) => values.next(buffer, ended),
            Self::Events(events) => events.next(buffer, ended),
        }
    }

    /// The number of bytes of an incomplete item that have already left the buffer.
    pub(super) fn held(&self) -> usize {
        if let Self::Events(events) = self { events.data.len() } else { 0 }
    }

    /// Whether items may be `{"error": …}` in place of a message.
    pub(super) fn has_errors(&self) -> bool {
        matches!(self, Self::Values(_) | Self::Events(_))
    }

    /// Whether items may be `{"result": …}` around a message: grpc-gateway's form, which never occurs in an array.
    pub(super) fn has_wrappers(&self) -> bool {
        match self {
            Self::Values(values) => values.place == Place::Line,
            Self::Events(_) => true,
            Self::Whole(_) | Self::Raw(_) => false,
        }
    }
}

/// JSON values: the elements of one array (Envoy, Google), or one after the other, commonly a line each (grpc-gateway).
pub(super) struct Values {
    place: Place,
    scanner: Scanner,
    /// Whether a `[` at the start can only belong to a value.
    lines: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    /// Before a value outside an array, or at the end.
    Line,
    /// Before the first element of the array, or its end.
    First,
    /// Before a further element of the array.
    Element,
    /// After an element of the array.
    After,
    /// After the array.
    End,
}

impl Values {
    /// With `lines`, there is no array around the values. Otherwise a `[` at the start opens that array.
    pub(super) fn new(lines: bool) -> Self {
        Self { place: Place::Start, scanner: Scanner::default(), lines }
    }

    fn next(&mut self, buffer: &mut BytesMut, ended: bool) -> Result<Option<Bytes>, FramingError> {
        loop {
            if self.scanner.is_fresh() {
                let spaces = buffer.iter().take_while(|byte| is_space(**byte)).count();
                buffer.advance(spaces);
            }
            let Some(&first) = buffer.first() else {
                let complete = matches!(self.place, Place::Start | Place::Line | Place::End);
                return if ended && !complete { Err(FramingError::Truncated) } else { Ok(None) };
            };
            self.place = match (self.place, first) {
                (Place::Start, b'[') if !self.lines => Place::First,
                (Place::First | Place::After, b']') => Place::End,
                (Place::After, b',') => Place::Element,
                (Place::After | Place::End, _) => return Err(FramingError::Garbage),
                _ if starts_value(first) => return self.value(buffer, ended),
                _ => return Err(FramingError::Garbage),
            };
            buffer.advance(1);
        }
    }

    /// The value that the buffer starts with.
    fn value(&mut self, buffer: &mut BytesMut, ended: bool) -> Result<Option<Bytes>, FramingError> {
        let in_array = matches!(self.place, Place::First | Place::Element);
        match self.scanner.value_end(buffer, ended && !in_array) {
            Some(end) => {
                self.scanner = Scanner::default();
                self.place = if in_array { Place::After } else { Place::Line };
                Ok(Some(buffer.split_to(end).freeze()))
            }
            None if ended => Err(FramingError::Truncated),
            None => Ok(None),
        }
    }
}

/// Server-sent events (<https://html.spec.whatwg.org/multipage/server-sent-events.html>): the data of each is an item.
#[derive(Default)]
pub(super) struct Events {
    /// The event's data so far, a newline after each line.
    data: BytesMut,
    /// The position up to which the line was searched for its end.
    at: usize,
    /// Whether the last line ended with a carriage return, which a line feed may follow.
    after_return: bool,
}

impl Events {
    fn next(&mut self, buffer: &mut BytesMut, ended: bool) -> Result<Option<Bytes>, FramingError> {
        loop {
            if self.after_return && !buffer.is_empty() {
                self.after_return = false;
                if buffer[0] == b'\n' {
                    buffer.advance(1);
                }
            }
            let end = buffer[self.at..].iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let Some(end) = end.map(|end| self.at + end) else {
                self.at = buffer.len();
                let complete = buffer.is_empty() && self.data.is_empty();
                return if ended && !complete { Err(FramingError::Truncated) } else { Ok(None) };
            };
            self.at = 0;
            self.after_return = buffer[end] == b'\r';
            let line = buffer.split_to(end);
            buffer.advance(1);
            if line.is_empty() {
                let mut data = std::mem::take(&mut self.data);
                data.truncate(data.len().saturating_sub(1));
                // An event without data only shows that the connection is alive.
                if !data.is_empty() {
                    return Ok(Some(data.freeze()));
                }
            } else {
                self.line(&line)?;
            }
        }
    }

    fn line(&mut self, line: &[u8]) -> Result<(), FramingError> {
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let (name, value) = line.split_at(colon);
        match name {
            b"data" => {
                let value = value.strip_prefix(b":").unwrap_or(value);
                self.data.extend_from_slice(value.strip_prefix(b" ").unwrap_or(value));
                self.data.extend_from_slice(b"\n");
                Ok(())
            }
            // A comment has no name.
            b"" | b"event" | b"id" | b"retry" => Ok(()),
            // The specification ignores other names. Then a body of any other kind would look like an empty stream.
            _ => Err(FramingError::Garbage),
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::BytesMut;
    use proptest::prelude::*;

    use super::{Events, Framing, FramingError, Values};

    fn array() -> Framing {
        Framing::Values(Values::new(false))
    }

    fn lines() -> Framing {
        Framing::Values(Values::new(true))
    }

    fn events() -> Framing {
        Framing::Events(Events::default())
    }

    /// The items of a body that arrives in chunks of this size, and how it ends.
    fn read(mut framing: Framing, body: &[u8], chunk: usize) -> (Vec<String>, Result<(), FramingError>) {
        let mut buffer = BytesMut::new();
        let mut items = Vec::new();
        for (data, ended) in body.chunks(chunk).map(|data| (data, false)).chain([(&[][..], true)]) {
            buffer.extend_from_slice(data);
            loop {
                match framing.next(&mut buffer, ended) {
                    Ok(Some(item)) => items.push(String::from_utf8_lossy(&item).into_owned()),
                    Ok(None) => break,
                    Err(error) => return (items, Err(error)),
                }
            }
        }
        (items, Ok(()))
    }

    fn complete(framing: Framing, body: &str, items: &[&str]) {
        assert_eq!(
            read(framing, body.as_bytes(), 3),
            (items.iter().map(ToString::to_string).collect(), Ok(())),
            "{body}"
        );
    }

    fn broken(framing: Framing, body: &str, items: usize, error: FramingError) {
        let (read, result) = read(framing, body.as_bytes(), 3);
        assert_eq!((read.len(), result), (items, Err(error)), "{body}");
    }

    #[test]
    fn every_framing() {
        complete(array(), r#" [ {"a":"]"} , 1,"x",[2] ] "#, &[r#"{"a":"]"}"#, "1", r#""x""#, "[2]"]);
        complete(array(), "[]", &[]);
        complete(array(), "", &[]);
        complete(array(), "{}\n{\"a\":{}}\n", &["{}", "{\"a\":{}}"]);
        complete(array(), "{}{}\r\n 1 2", &["{}", "{}", "1", "2"]);
        complete(lines(), "[1]\n[2]\n", &["[1]", "[2]"]);
        complete(
            events(),
            ": hello\nid: 1\ndata: {}\n\ndata:{\r\ndata: }\r\n\r\ndata\n\n\n",
            &["{}", "{\n}"],
        );
        complete(events(), "event: x\rdata: 1\r\rdata: 2\r\r", &["1", "2"]);
        complete(events(), "", &[]);
        complete(Framing::Whole(false), "any", &["any"]);
        complete(Framing::Whole(false), "", &[""]);
        complete(Framing::Raw(2), "any", &["an", "y"]);
    }

    #[test]
    fn what_is_cut_off_or_no_message_is_an_error() {
        use FramingError::{Garbage, Truncated};
        for (body, items) in
            [("[", 0), ("[{}", 1), ("[{},", 1), ("[{},{", 1), ("[12", 0), ("[\"a", 0), ("[1 ", 1)]
        {
            broken(array(), body, items, Truncated);
        }
        for (body, items) in
            [("[,", 0), ("[{},]", 1), ("[{} {}]", 1), ("[{}]{}", 1), ("[{}]]", 1), ("[x]", 0), ("<", 0)]
        {
            broken(array(), body, items, Garbage);
        }
        broken(lines(), "{}\n{", 1, Truncated);
        broken(lines(), "{}\n,{}", 1, Garbage);
        broken(lines(), "oops\n", 0, Garbage);
        for body in ["data: {}", "data: {}\n", "da", "data: {}\n\nid: 2"] {
            broken(events(), body, body.matches("\n\n").count(), Truncated);
        }
        broken(events(), "<html>\n\n", 0, Garbage);
    }

    /// JSON with all that could be mistaken for the end of it.
    fn json() -> impl Strategy<Value = String> {
        let text = r#"(\\"|\\\\|[\[\]{},: a-z]){0,8}"#.prop_map(|text| format!("\"{text}\""));
        let leaf =
            prop_oneof![text.clone(), (-99..99).prop_map(|n: i32| n.to_string()), Just("null".to_owned())];
        leaf.prop_recursive(3, 12, 3, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3)
                    .prop_map(|items| format!("[{}]", items.join(", "))),
                prop::collection::vec((text.clone(), inner), 0..3).prop_map(|members| {
                    let members: Vec<_> =
                        members.iter().map(|(key, value)| format!("{key}:{value}")).collect();
                    format!("{{{}}}", members.join(","))
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn items_are_the_same_however_they_are_cut(
            items in prop::collection::vec(json(), 1..6),
            chunk in 1..32_usize,
            end in "\n|\r\n| ",
        ) {
            let whole = (items.clone(), Ok(()));
            let text = format!("[{}]", items.join(&format!(",{end}")));
            prop_assert_eq!(read(array(), text.as_bytes(), chunk), whole.clone());
            for length in 1..text.len() {
                prop_assert_eq!(read(array(), &text.as_bytes()[..length], chunk).1, Err(FramingError::Truncated));
            }
            let text = items.iter().map(|item| format!("{item}{end}")).collect::<Vec<_>>().concat();
            prop_assert_eq!(read(lines(), text.as_bytes(), chunk), whole.clone());
            let end = end.replace(' ', "\r");
            let text = items.iter().map(|item| format!("data: {item}{end}{end}")).collect::<Vec<_>>().concat();
            prop_assert_eq!(read(events(), text.as_bytes(), chunk), whole);
            let cut = &text.as_bytes()[..text.len() - 2 * end.len() - 1];
            prop_assert_eq!(read(events(), cut, chunk).1, Err(FramingError::Truncated));
        }

        #[test]
        fn any_bytes_give_the_same_however_they_are_cut(
            body in prop_oneof![
                "[\\[\\]{}\",:\\\\ \n\r1ae]{0,40}".prop_map(String::into_bytes),
                "((data|id|x|): ?[{}1]{0,3}[\n\r]{1,3}){0,6}".prop_map(String::into_bytes),
                prop::collection::vec(any::<u8>(), 0..40),
            ],
            chunk in 1..16_usize,
        ) {
            for framing in [array, lines, events] {
                prop_assert_eq!(read(framing(), &body, chunk), read(framing(), &body, body.len().max(1)));
            }
        }
    }
}
