//! What comments become.

use rust_sdk_model::docs::clean;

fn one(line: &str) -> String {
    clean(line).join("\n")
}

#[test]
fn urls_become_links_and_stay_ones() {
    assert_eq!(one("See https://example.com/a_b."), "See <https://example.com/a_b>.");
    assert_eq!(one("See <https://example.com>."), "See <https://example.com>.");
    assert_eq!(one("See [docs](https://example.com)!"), "See [docs](https://example.com)!");
    assert_eq!(one("`https://example.com`"), "`https://example.com`");
    assert_eq!(one("Write to <team@example.com>."), "Write to <team@example.com>.");
    assert_eq!(one("HTTP://EXAMPLE.COM/A, then"), "<HTTP://EXAMPLE.COM/A>, then");
}

#[test]
fn urls_end_where_readers_end_them() {
    assert_eq!(one("https://example.com/Base64_(encoding)"), "<https://example.com/Base64_(encoding)>");
    assert_eq!(one("(see https://example.com/a_(b).)"), "(see <https://example.com/a_(b)>.)");
    assert_eq!(one("**https://example.com/a*b**"), "**<https://example.com/a*b>**");
    assert_eq!(one(r#"is "https://example.com/a?b=c&d={e}"."#), r#"is "<https://example.com/a?b=c&d={e}>"."#);
    assert_eq!(one(r"https://example.com/a\_b"), "<https://example.com/a_b>");
    assert_eq!(one(r"\https://example.com"), r"\\<https://example.com>");
    assert_eq!(one("https:// and http://..."), "https:// and http://...");
}

#[test]
fn links_stay_in_every_form() {
    for link in [
        "See the [Cloud\ndocumentation](https://example.com/a).",
        "See [`google.rpc.Status`](https://example.com/status.proto).",
        "See [the *big* `one`](https://example.com/a_(b) \"Title\").",
        "> See [the\n> one](https://example.com).",
        "| [a](https://example.com) | <https://example.com> |\n|---|---|",
        "![plan](https://example.com/plan.png)",
    ] {
        assert_eq!(one(link), link);
    }
    assert_eq!(
        one(
            "See [the guide][1], [guide][] and [guide].\n\n[1]: https://a.example/(1) \"One\"\n[Guide]: <https://b.example>"
        ),
        "See [the guide](https://a.example/(1) \"One\"), [guide](https://b.example) and [guide](https://b.example)."
    );
    assert_eq!(one("[a](https://a.example\n'the\ntitle')"), "[a](https://a.example \"the title\")");
}

#[test]
fn relative_links_are_text() {
    assert_eq!(one("[Book](/docs/book)"), r"\[Book\]\(/docs/book)");
    assert_eq!(one("[x](javascript:alert(1))"), r"\[x\]\(javascript:alert(1))");
    assert_eq!(one("![x](a.png)"), r"!\[x\]\(a.png)");
    assert_eq!(one("<std::string>"), r"\<std::string\>");
    // A definition would be invisible.
    assert_eq!(one("[Note]: this"), r"\[Note\]: this");
    assert_eq!(one("[x]\n\n[x]: /rel"), "\\[x\\]\n\n\\[x\\]: /rel");
    assert_eq!(one("[unused]: https://example.com"), r"\[unused\]: <https://example.com>");
}

#[test]
fn brackets_and_tags_are_escaped_outside_of_code() {
    assert_eq!(one("a [b] <c> `Vec<[u8]>`"), "a \\[b\\] \\<c\\> `Vec<[u8]>`");
    assert_eq!(one("already \\[so\\]"), "already \\[so\\]");
    assert_eq!(one("odd ` tick"), "odd \\` tick");
    assert_eq!(one("[0, 1) and m[i][j], [^1] [ ] [x]"), r"\[0, 1) and m\[i\]\[j\], \[^1\] \[ \] \[x\]");
    assert_eq!(one("<p>This uses `a`.\n<!-- x -->"), "\\<p\\>This uses `a`.\n\\<!-- x --\\>");
    assert_eq!(one("<a href=\"https://example.com\">a</a>"), r#"\<a href="<https://example.com>"\>a\</a\>"#);
    assert_eq!(one(r"\\<b>"), r"\\\<b\>");
}

#[test]
fn references_to_unknown_elements_are_text() {
    assert_eq!(one("A [Book][acme.v1.Book] or a\n[`Shelf`][acme.v1.Shelf]."), "A Book or a\n`Shelf`.");
    assert_eq!(
        one("[acme.v1.Book][], [acme.v1.Book.name], [.acme.Book][]"),
        "`acme.v1.Book`, `acme.v1.Book.name`, `.acme.Book`"
    );
    assert_eq!(one("[Book][] and [`acme.v1.Book`][]"), "`Book` and `acme.v1.Book`");
    assert_eq!(
        one("matrix[i][a.b], string[][], [e.g.], [1.5]"),
        r"matrix\[i\]\[a.b\], string\[\]\[\], \[e.g.\], \[1.5\]"
    );
}

#[test]
fn indented_blocks_are_fenced() {
    assert_eq!(
        clean(" Like:\n\n     let x = 1;\n\n Done."),
        ["Like:", "", "```text", "let x = 1;", "```", "", "Done."]
    );
    assert_eq!(clean("\n\n     a\n\n       b\n"), ["```text", "a", "", "  b", "```"]);
}

#[test]
fn fences_have_one_language_that_nothing_runs() {
    let language = |fence: &str| {
        clean(&format!("{fence}\nx\n{}", fence.trim_start_matches(['`', '~']).len()))[0].clone()
    };
    for (fence, first) in [
        ("```", "```text"),
        ("```json", "```json"),
        ("~~~", "```text"),
        ("~~~~ yaml", "```yaml"),
        ("```rust", "```text"),
        ("```{.rust}", "```text"),
        ("```text,rust", "```text"),
        ("```proto title=\"a\"", "```proto"),
        ("`````no_run", "```text"),
        ("~~~ `x`", "```text"),
    ] {
        assert_eq!(language(fence), first, "{fence}");
    }
    assert_eq!(clean(" ```\n x"), ["```text", "x", "```"]);
    assert_eq!(clean("```sh\na\n```\nb"), ["```sh", "a", "```", "b"]);
    assert_eq!(clean("````\n```\n````"), ["````text", "```", "````"]);
    assert_eq!(clean("> ~~~\n> a\n\nb"), ["> ```text", "> a", "> ```", "", "b"]);
}

#[test]
fn fences_in_lists_keep_their_place() {
    let comment =
        " - One:\n\n       ```json\n       {\n         \"a\": 1\n       }\n       ```\n\n   More.\n - Two";
    assert_eq!(
        clean(comment),
        ["- One:", "", "  ```json", "  {", "    \"a\": 1", "  }", "  ```", "", "  More.", "- Two"]
    );
    assert_eq!(clean("- ```\n  a\n  ```\n- b"), ["- ```text", "  a", "  ```", "- b"]);
    // Fences that are indented so far are code in Markdown.
    assert_eq!(
        clean("- a\n\n        ~~~yaml\n        b: c\n        ~~~\n\nText"),
        ["- a", "", "  ```yaml", "  b: c", "  ```", "", "Text"]
    );
}

#[test]
fn list_continuations_stand_under_the_text() {
    assert_eq!(clean(" - one\n more\n - two\n\n after"), ["- one", "  more", "- two", "", "after"]);
    assert_eq!(clean(" - one\n   - inner\n     more"), ["- one", "  - inner", "    more"]);
    assert_eq!(clean(" +   one\n more\n +   two"), ["+ one", "  more", "+ two"]);
    assert_eq!(clean(" 10.  one\n more"), ["10. one", "    more"]);
}

#[test]
fn lists_in_lists_keep_their_levels() {
    assert_eq!(
        clean(" *   a\n     *   b\n     *   c\n         *   d\n     *   e\n *   f\n  * g"),
        ["* a", "  * b", "  * c", "    * d", "  * e", "* f", "* g"]
    );
    assert_eq!(clean(" - a\n   - b\n\n   of a\n\n none"), ["- a", "  - b", "", "  of a", "", "none"]);
    assert_eq!(clean("1. a\n\n2. b\n7) c"), ["1. a", "", "2. b", "", "7) c"]);
    assert_eq!(clean("- - a\n  - b"), ["- - a", "  - b"]);
}

#[test]
fn other_blocks_keep_their_form() {
    for text in [
        "# Title\nText with *emphasis*, **more**, ~~none~~, snake_case and a * b.",
        "> A quote\n> of two lines.\n>\n> More.",
        "| a     | b |\n|:------|--:|\n| `x\\|y` | 2 |",
        "- > in it\n  >\n  > more",
        "a\\\nb",
        "&lt;tag&gt; \\*no emphasis\\*",
    ] {
        assert_eq!(one(text), text);
    }
    assert_eq!(one("Title\nof two lines\n===\na\n---"), "# Title of two lines\n## a");
    assert_eq!(one("a\n\n---\n\nb  \nc"), "a\n\n___\n\nb\\\nc");
    assert_eq!(one("a | b\n--|--\n1 | 2"), "| a | b\n| --|--\n| 1 | 2");
    // No cell gets lost.
    assert_eq!(one("|a|b|\n|-|-|\n|1|`x|y`|"), "|a|b|\n|-|-|\n|1|`x\\|y`|");
    assert_eq!(one("> a\nlazy"), "> a\n> lazy");
}

#[test]
fn lines_that_would_begin_a_block_are_escaped() {
    assert_eq!(one("a\n      - b\n      # c\n      ```\n      d\n      ```"), "a\n\\- b\n\\# c\n`d`");
    assert_eq!(one("from 1990 to\n2000. Then"), "from 1990 to\n2000\\. Then");
}

#[test]
fn directives_and_internal_notes_go() {
    assert_eq!(clean(" Text.\n buf:lint:ignore X"), ["Text."]);
    assert_eq!(clean(" @gotags: `json:\"a\"`\n Text."), ["Text."]);
    assert_eq!(clean(" Text.\n @inject_tag: a"), ["Text."]);
    assert_eq!(
        clean(" protolint:disable:next A\n api-linter: core::0131=disabled\n clang-format off"),
        [""; 0]
    );
    assert_eq!(clean(" +optional\n +kubebuilder:validation:Pattern=`^a b$`\n Text."), ["Text."]);
    assert_eq!(
        clean("Text (-- internal --) goes on.\n(-- of\n\ntwo [lines --)\nMore."),
        ["Text  goes on.", "More."]
    );
    assert_eq!(clean("(-- all of it --)"), [""; 0]);
    // These are not directives.
    for text in
        ["+1 for it", "+ a", "a +optional b", "+12:00", "Use @gotags: here", "(-- open", "--) (--", "(--)"]
    {
        assert_eq!(one(text), text);
    }
}

#[test]
fn control_characters_are_escaped() {
    assert_eq!(
        one("a\u{202e}b\u{2066}c\0d\u{7f}e\u{feff}f"),
        "a\\u{202e}b\\u{2066}c\\u{0}d\\u{7f}e\\u{feff}f"
    );
    assert_eq!(clean("a\r\nb\rc"), ["a", "b", "c"]);
    assert_eq!(one("a\tb"), "a   b");
    assert_eq!(one("```\n\ta\tb\n```"), "```text\n    a   b\n```");
    // Emoji and some scripts need these.
    assert_eq!(one("👩\u{200d}🌾 می\u{200c}خواهم ❤\u{fe0f}"), "👩\u{200d}🌾 می\u{200c}خواهم ❤\u{fe0f}");
}

#[test]
fn the_margin_of_a_comment_is_no_text() {
    assert_eq!(clean(" a\n\n   b\n"), ["a", "", "b"]);
    assert_eq!(clean("- a\n  b\n    - c"), ["- a", "  b", "  - c"]);
    assert_eq!(clean("*\n a\n b\n"), ["a", "b"]);
    assert_eq!(clean("* a "), ["a"]);
    assert_eq!(clean("* a\n* b\n"), ["* a", "* b"]);
}

#[test]
fn nothing_nests_without_end() {
    assert_eq!(
        one(&format!("{}a", "> ".repeat(40))),
        format!("{}\\> \\> \\> \\> \\> \\> \\> \\> a", "> ".repeat(32))
    );
    assert_eq!(one(&"- ".repeat(40)), "___");
    assert_eq!(one("- - -\n\n- -\n- 0."), "___\n\n-\n- 0.");
}
