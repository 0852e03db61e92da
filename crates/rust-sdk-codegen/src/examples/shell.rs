//! Words of a command line that bash, zsh and dash read in the same way, also at a prompt.

use std::fmt::Write as _;

use rust_sdk_model::naming::Scope;

/// Variables that the examples use themselves.
const OWN: [&str; 5] = ["AUTHORIZATION", "CONTENT_TYPE", "FILE", "HOST", "URL"];

/// Variables that a shell, the dynamic linker or curl acts on.
#[rustfmt::skip]
const SPECIAL: [&str; 122] = [
    "ALL_PROXY", "ARGC", "ARGV0", "CDPATH", "COLUMNS", "COMPREPLY", "COPROC", "CPUTYPE", "CURL_HOME", "DIRSTACK", "DISPLAY",
    "EDITOR", "EGID", "EMACS", "ENV", "EPOCHREALTIME", "EPOCHSECONDS", "ERRNO", "EUID", "EXECIGNORE", "FCEDIT", "FIGNORE",
    "FPATH", "FUNCNAME", "FUNCNEST", "GID", "GLOBIGNORE", "GROUPS", "HISTCHARS", "HISTCMD", "HISTCONTROL", "HISTFILE",
    "HISTFILESIZE", "HISTIGNORE", "HISTSIZE", "HISTTIMEFORMAT", "HOME", "HOSTFILE", "HOSTNAME", "HOSTTYPE", "HTTPS_PROXY",
    "HTTP_PROXY", "IFS", "IGNOREEOF", "INPUTRC", "INSIDE_EMACS", "KEYBOARD_HACK", "KEYTIMEOUT", "LANG", "LANGUAGE", "LINENO",
    "LINES", "LISTMAX", "LOGCHECK", "LOGNAME", "MACHTYPE", "MAIL", "MAILCHECK", "MAILPATH", "MANPATH", "MAPFILE",
    "MODULE_PATH", "NO_PROXY", "NULLCMD", "OLDPWD", "OPTARG", "OPTERR", "OPTIND", "OSTYPE", "PATH", "PIPESTATUS",
    "POSIXLY_CORRECT", "PPID", "PROMPT", "PROMPT2", "PROMPT3", "PROMPT4", "PROMPT_COMMAND", "PROMPT_DIRTRIM", "PS1", "PS2",
    "PS3", "PS4", "PSVAR", "PWD", "RANDOM", "READLINE_LINE", "READLINE_POINT", "READNULLCMD", "REPLY", "REPORTTIME",
    "RPROMPT", "RPROMPT2", "RPS1", "RPS2", "SAVEHIST", "SECONDS", "SHELL", "SHELLOPTS", "SHLVL", "SPROMPT", "SRANDOM",
    "SSLKEYLOGFILE", "STTY", "TERM", "TERMINFO", "TIMEFMT", "TIMEFORMAT", "TMOUT", "TMPDIR", "TMPPREFIX", "TMPSUFFIX", "TTY",
    "TTYIDLE", "UID", "USER", "USERNAME", "VENDOR", "WATCH", "WATCHFMT", "WORDCHARS", "ZDOTDIR",
];

/// The beginnings of the names of more such variables.
const SPECIAL_BEGINNINGS: [&str; 7] = ["BASH", "COMP_", "DYLD_", "LC_", "LD_", "TRY_BLOCK_", "ZSH_"];

/// Names of variables for values that the reader fills in.
pub(crate) struct Variables(Scope);

impl Variables {
    pub(crate) fn new() -> Self {
        Self(Scope::new(OWN.into_iter().chain(SPECIAL)))
    }

    /// A variable for this identifier that means nothing to a shell.
    pub(crate) fn claim(&mut self, identifier: &str) -> String {
        let name = identifier.trim_start_matches("r#").to_uppercase();
        let is_special = SPECIAL_BEGINNINGS.iter().any(|beginning| name.starts_with(beginning));
        self.0.claim(&if is_special { format!("THE_{name}") } else { name })
    }
}

/// A text as one word.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A word of texts and variables.
pub(crate) struct Word {
    out: String,
    /// The variable that is not written yet.
    variable: Option<String>,
}

impl Word {
    pub(crate) fn new() -> Self {
        Self { out: "\"".to_owned(), variable: None }
    }

    pub(crate) fn variable(&mut self, name: &str) {
        self.push_variable(None);
        self.variable = Some(name.to_owned());
    }

    pub(crate) fn text(&mut self, text: &str) {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            self.push_variable(Some(first));
            let acts = |c: char| matches!(c, '"' | '$' | '\\' | '`' | '!');
            let (part, behind) = rest.split_at(rest.find(|c| acts(c) != acts(first)).unwrap_or(rest.len()));
            // In single quotes: within double quotes, a backslash would stay before `!`.
            let _ = if acts(first) { write!(self.out, "\"'{part}'\"") } else { write!(self.out, "{part}") };
            rest = behind;
        }
    }

    pub(crate) fn finish(mut self) -> String {
        self.push_variable(None);
        self.out.push('"');
        self.out
    }

    /// Writes the variable, in braces if the next character could be a part of it: zsh reads `:w` in `$ID:watch` as a modifier.
    fn push_variable(&mut self, next: Option<char>) {
        if let Some(name) = self.variable.take() {
            let is_plain = next.is_none_or(|next| matches!(next, '/' | '?'));
            let _ = if is_plain { write!(self.out, "${name}") } else { write!(self.out, "${{{name}}}") };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_they_are_meant() {
        let mut word = Word::new();
        word.variable("URL");
        word.text("/x/$(rm)/");
        word.variable("ID");
        word.text(":watch!");
        assert_eq!(word.finish(), r#""$URL/x/"'$'"(rm)/${ID}:watch"'!'"""#);
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }

    #[test]
    fn variables_are_nobodys() {
        let mut variables = Variables::new();
        let names =
            ["id", "r#type", "path", "url", "ld_preload", "path", "path_"].map(|name| variables.claim(name));
        assert_eq!(names, ["ID", "TYPE", "PATH_", "URL_", "THE_LD_PRELOAD", "PATH__", "PATH___"]);
    }
}
