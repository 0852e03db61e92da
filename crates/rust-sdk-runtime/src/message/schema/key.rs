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

    /// The key of a JSON name.
    pub(super) fn new(name: &str) -> Self {
        let name = name.as_bytes();
        let must_escape = |byte: &u8| *byte < b' ' || matches!(byte, b'"' | b'\\');
        let mut key = Self::NONE;
        if let Some(text) = key.text[..CAPACITY - 2].get_mut(1..=name.len())
            && !name.iter().any(must_escape)
        {
            text.copy_from_slice(name);
            key.text[name.len() + 2] = b':';
            key.len = u8::try_from(name.len() + 3).unwrap_or_default();
        }
        key
    }

    pub(super) const fn is_none(&self) -> bool {
        self.len == 0
    }

    /// The name in quotes, if there is a key.
    #[inline]
    pub(crate) fn quoted(&self) -> Option<&[u8]> {
        self.text.get(..usize::from(self.len).checked_sub(1)?)
    }

    /// The name, if there is a key.
    #[inline]
    pub(crate) fn name(&self) -> Option<&str> {
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
    fn a_key_is_the_name_in_quotes_with_a_colon() {
        let key = JsonKey::new("createdAt");
        assert_eq!(key.quoted(), Some(&b"\"createdAt\""[..]));
        assert!(key.is("createdAt") && !key.is("other") && !key.is("reatedAt"));
        let mut out = b"{".to_vec();
        assert!(key.push(&mut out));
        assert_eq!(out, b"{\"createdAt\":");
    }

    #[test]
    fn a_key_ends_at_its_capacity() {
        for len in 40..50 {
            let name = "x".repeat(len);
            let is_key = len <= 44;
            assert_eq!(JsonKey::new(&name).is(&name), is_key, "{len}");
            assert_eq!(JsonKey::new(&name).is_none(), !is_key, "{len}");
        }
        assert!(JsonKey::new("a\"b").is_none());
    }
}
