//! The descriptor set, in a file of its own. The plugin protocol has only text files, so the bytes are an escaped
//! literal, which nobody needs to read.

use rust_sdk_model::Api;

use crate::tokens::Code;

/// From this width on, a line of the literal ends before the name of a message, field or file.
const SOFT: usize = 60;
/// The width at which a line ends in any case.
const HARD: usize = 200;
/// The tag of names in descriptors.
const NAME: u8 = b'\n';

/// The file.
pub(crate) fn generate(api: &Api) -> String {
    let mut code =
        Code::file("The descriptors of the API as bytes. To read them, look at the `.proto` files.");
    code.blank();
    code.docs(&[
        "The encoded `google.protobuf.FileDescriptorSet` of the API and its imports, for gRPC reflection."
            .to_owned(),
    ]);
    code.text("pub static FILE_DESCRIPTOR_SET: &[u8] = b\"\\\n");
    code.text(&literal(&api.descriptor_set));
    code.text("\";\n");
    code.finish()
}

/// The bytes, escaped. Lines end before names instead of at a fixed width, so that a change to the API changes few lines.
fn literal(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    let mut width = 0;
    for &byte in bytes {
        if width >= HARD || width >= SOFT && byte == NAME {
            out.push_str("\\\n");
            width = 0;
        }
        let escaped = match byte {
            // The compiler skips spaces at the beginning of a line.
            b' ' if width == 0 => "\\x20".to_owned(),
            byte => byte.escape_ascii().to_string(),
        };
        width += escaped.len();
        out.push_str(&escaped);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_literal_is_the_bytes() {
        let mut bytes: Vec<u8> = (0..=255).cycle().take(2000).collect();
        // Spaces, quotes and backslashes where lines end.
        for (index, byte) in bytes.iter_mut().enumerate().skip(1000) {
            *byte = b"\n  \"\\n \x00"[index * 7 % 8];
        }
        let text = format!("b\"\\\n{}\"", literal(&bytes));
        assert_eq!(syn::parse_str::<syn::LitByteStr>(&text).unwrap().value(), bytes);
        assert!(text.lines().all(|line| line.len() < HARD + 8));
    }
}
