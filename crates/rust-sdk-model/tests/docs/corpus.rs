//! Comments that once ran, broke the build or caused a warning, and ordinary ones.

/// In fences of these languages, the sentinel must not run.
const OPENINGS: &[&str] = &[
    "```",
    "````",
    "```rust",
    "```Rust",
    "```rs",
    "``` rust",
    "```\trust",
    "```rust,no_run",
    "```rust no_run",
    "```{.rust}",
    "```{rust}",
    "```.rust",
    "```text,rust",
    "```text rust",
    "```json,rust",
    "```,",
    "```no_run",
    "```should_panic",
    "```ignore",
    "```ignore-windows",
    "```compile_fail",
    "```compile_fail,E0277",
    "```E0277",
    "```edition2021",
    "```test_harness",
    "```standalone_crate",
    "```custom,{class=a}",
    "```(comment)",
    "```\"rust\"",
    "```RUST2018",
    "```no-run",
    "```compile-fail",
    "~~~",
    "~~~~",
    "~~~rust",
    "~~~ `x`",
    "~~~ rust",
    "   ```",
    "   ~~~",
    "```\u{a0}rust",
    "```\u{202e}rust",
    "\t```",
];

/// Positions of a fence. `{}` is its opening, `RUN` its code.
const PLACES: &[&str] = &[
    "{}\nRUN\nCLOSE",
    "{}\nRUN",
    "Text.\n{}\nRUN\nCLOSE\nText.",
    "* {}\n  RUN\n  CLOSE",
    "* {}\nRUN\nCLOSE",
    "1. a\n\n   {}\n   RUN\n   CLOSE",
    "- a\n\n      {}\n      RUN\n      CLOSE\n\nText",
    "> {}\n> RUN\n> CLOSE",
    "> {}\nRUN\nCLOSE",
    "- > {}\n  > RUN",
    "- [ ] {}\n  RUN\n  CLOSE",
    "<div>\n{}\nRUN\nCLOSE\n</div>\n\n{}\nRUN\nCLOSE",
    "<!--\n{}\n-->\nRUN\n{}\nRUN",
    "| a |\n|---|\n{}\nRUN\nCLOSE",
    "[^1]: a\n\n    RUN\n\n{}\nRUN",
    "[a]: /b\n{}\nRUN\nCLOSE",
    "(-- {} --)\nRUN\n{}\nRUN\nCLOSE",
];

/// Code without fences.
const INDENTED: &[&str] = &[
    "    RUN",
    "Text:\n\n    RUN",
    "\tRUN",
    "- a\n\n      RUN",
    "-     RUN",
    ">     RUN",
    "[^1]:\n    RUN",
    "[^1]: a\n\n        RUN\n\nText[^1]",
    "# A\n    RUN",
    "---\n    RUN",
    "a\n===\n    RUN",
    "<pre>\n    RUN\n</pre>\n    RUN",
    "| a |\n|---|\n\n    RUN",
    "[a]: https://a.example\n    RUN",
    "- [ ]     RUN",
    "1.\n\n    RUN",
    "(-- a --)\n\n    RUN",
];

/// Comments that run nothing.
pub(crate) const OTHERS: &[&str] = &[
    "Plain text.",
    "See [Cloud Storage\ndocumentation](https://x.example/docs) and [the `y` page](https://y.example).",
    "See [`google.rpc.Status`](https://example.com/status.proto).\nPairs, as explicit [gRPC\nmetadata](https://grpc.example/docs/).",
    "A [Book][acme.v1.Book], [acme.v1.Book][], [Book][], [acme.v1.Book.name], [Book] [acme.v1.Book].",
    "[\"quoted\"](https://x.example) and ['quoted'](https://x.example)",
    "[a](b\nc) and [d](/e f\ng)",
    "https://en.example.org/wiki/Base64_(encoding), http://a.example/b_c_d*e*f, https://x.example/~a/~b",
    "<https://x.example> <b@c.example> <b@c> <mailto:b@c.example> <mailto:b> <std::x> <google.api.Http:x> <a:b#c#d>",
    "[x](mailto:a@b) [x](a@b) [x](#a#b) [x](Vec) [x](fn@x) [x](a.html) [Vec] [`Vec`] [u8](u16)",
    "<b>bold <i>both</b> <br> </p> <script>alert(1)</script> <a href='https://x.example'>y</a> <!-- z",
    "a ` b `` c ``` d",
    "`` ` `` and `a``b` and \\`no\\`",
    "\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}\u{200b}\u{feff}\0\u{1}\u{1b}[2J\u{7f}\u{85}\u{2028}",
    "a\rb\r\nc\td",
    "\u{feff}Text with a byte order mark.",
    "| a | b |\n|---|---|\n| `x|y` | z | more |\n| 1 |",
    "a | b\n--|--\n- c | d",
    "- a\n- b\n lazy\n  - c\nlazy\n1. d\n   2. e\n     3. f",
    "> a\nlazy\n> > b\nlazy",
    "- [ ] a\n  b\n\n  c\n  d\n- [x] e",
    "Title\n=====\n\n---\n***\n- - -\n# # #\n#\n## a ##\n### C\\#",
    "[^1] and [^note]: text\n\n    more",
    "[1]: https://x.example\n[2]: /rel\n[3][1] [4][2]",
    "(-- api-linter: core::0131::http-body=disabled\n    aip.dev/not-precedent: a [reason` <b> --)\nText.",
    "@gotags: `valid:\"ip\"`\nprotolint:disable A\n+optional",
    "*a **b* c** _d __e_ f__ ~~g~ h~~ ***i",
    "&lt;b&gt; &#91;x&#93; &nbsp; &unknown; &copy",
    "\\",
    "a\\\nb  \nc\\\\\nd",
    "1. [a]: https://x.example\n2.\n   ```\n   x\n   ```\n[a]",
    "Note: `a\n- b` and `c\n> d` and `e\n[^1]: f`",
    "\"a\" 'b' -- c --- d ... (c) $x^2$ $$y$$ \\(z\\) :emoji: @user #1 {{a}}",
    "!\\[x] \\[y](https://x.example) \\<z> \\\\[q](https://x.example)",
    "# Safety\n\n# Panics\n\n# Errors",
    "Deprecated: use\n[Other][acme.v1.Other].",
];

/// All comments, with this code for `RUN`.
pub(crate) fn comments(code: &str) -> Vec<String> {
    let fenced = OPENINGS.iter().flat_map(|opening| {
        let mark = opening.trim_start().chars().next().unwrap_or('`');
        let length = opening.trim_start().chars().take_while(|c| *c == mark).count();
        let close = mark.to_string().repeat(length);
        PLACES.iter().map(move |place| place.replace("CLOSE", &close).replace("{}", opening))
    });
    let indented = INDENTED.iter().map(|comment| (*comment).to_owned());
    let others = OTHERS.iter().map(|comment| (*comment).to_owned());
    fenced.chain(indented).map(|comment| comment.replace("RUN", code)).chain(others).collect()
}
