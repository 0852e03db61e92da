//! The JSON name of a field, in the form of a written key.

/// The size of a key: a name of at most 44 bytes, in quotes and with a colon.
const CAPACITY: usize = 47;

/// The text `"name":`. It is copied with its full capacity, since a copy of a fixed size takes few instructions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct JsonKey {
    text: [u8; CAPACITY],
    /// 0 if there is no key: the name is too long, or must be escaped.
    len: u8,
}

impl JsonKey {
    const NONE: Self = Self { text: [b'"'; CAPACITY], len: 0 };

    /// The key of the JSON name that protobuf derives from a field's name: `_x` becomes `X`.
    pub(super) const fn derived(name: &str) -> Self {
        let name = name.as_bytes();
        let mut key = Self { len: 1, ..Self::NONE };
        let (mut i, mut is_upper) = (0, false);
        while i < name.len() {
            if name[i] == b'_' {
                is_upper = true;
            } else {
                if key.len as usize > CAPACITY - 3 {
                    return Self::NONE;
                }
                key.text[key.len as usize] = if is_upper { name[i].to_ascii_uppercase() } else { name[i] };
                key.len += 1;
                is_upper = false;
            }
            i += 1;
        }
        key.closed()
    }

    /// The key of a JSON name that the API states.
    pub(super) const fn stated(name: &str) -> Self {
        let name = name.as_bytes();
        if name.len() > CAPACITY - 3 {
            return Self::NONE;
        }
        let mut key = Self { len: 1, ..Self::NONE };
        while (key.len as usize) <= name.len() {
            let byte = name[key.len as usize - 1];
            if byte < b' ' || byte == b'"' || byte == b'\\' {
                return Self::NONE;
            }
            key.text[key.len as usize] = byte;
            key.len += 1;
        }
        key.closed()
    }

    const fn closed(mut self) -> Self {
        self.text[self.len as usize + 1] = b':';
        self.len += 2;
        self
    }

    #[cfg(feature = "json")]
    pub(super) const fn is_none(&self) -> bool {
        self.len == 0
    }

    /// The name in quotes, if there is a key.
    #[cfg(feature = "json")]
    #[inline]
    pub(crate) fn quoted(&self) -> Option<&[u8]> {
        self.text.get(..usize::from(self.len).checked_sub(1)?)
    }

    /// The name, if there is a key.
    #[cfg(feature = "json")]
    pub(super) fn name(&self) -> Option<&str> {
        let end = usize::from(self.len).checked_sub(2)?;
        std::str::from_utf8(self.text.get(1..end)?).ok()
    }

    /// Whether this is the name; `false` if there is no key.
    #[inline]
    pub(super) fn is(&self, name: &str) -> bool {
        self.text.get(1..=name.len()).is_some_and(|text| text == name.as_bytes())
            && usize::from(self.len) == name.len() + 3
    }

    /// Appends the key, and returns whether there is one.
    #[cfg(feature = "json")]
    #[inline]
    pub(crate) fn push(&self, out: &mut Vec<u8>) -> bool {
        let start = out.len();
        out.extend_from_slice(&self.text);
        out.truncate(start + usize::from(self.len));
        self.len != 0
    }
}

#[cfg(test)]
mod tests {
    use super::JsonKey;

    #[test]
    fn names_are_derived_as_protobuf_does() {
        for (name, json) in [
            ("name", "name"),
            ("created_at", "createdAt"),
            ("_x", "X"),
            ("a__b_", "aB"),
            ("field_2", "field2"),
            ("FooBar", "FooBar"),
            ("foo_Bar", "fooBar"),
        ] {
            let key = JsonKey::derived(name);
            assert_eq!(key.name(), Some(json));
            assert_eq!(key.quoted(), Some(format!("\"{json}\"").as_bytes()));
            assert!(key.is(json) && !key.is("other") && !key.is(&json[1..]));
            let mut out = b"{".to_vec();
            assert!(key.push(&mut out));
            assert_eq!(out, format!("{{\"{json}\":").as_bytes());
        }
    }

    #[test]
    fn a_key_ends_at_its_capacity() {
        for len in 40..50 {
            let name = "x".repeat(len);
            let is_key = len <= 44;
            assert_eq!(JsonKey::derived(&name).is(&name), is_key, "{len}");
            assert_eq!(JsonKey::stated(&name).is(&name), is_key, "{len}");
            assert_eq!(JsonKey::derived(&name).is_none(), !is_key, "{len}");
        }
        assert!(JsonKey::stated("a\"b").is_none());
    }
}
