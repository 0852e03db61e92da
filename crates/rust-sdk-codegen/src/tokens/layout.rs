//! Expressions as text, broken into lines where rustfmt breaks them. So `cargo fmt` leaves generated code as it is.

use std::fmt::Write as _;

/// rustfmt's default widths: of a line, and of arguments, lists, chains and structs that stay on one line.
pub(crate) const LINE: usize = 100;
const ARGUMENTS: usize = 60;
const ITEMS: usize = 60;
const CHAIN: usize = 60;
const STRUCT: usize = 18;
/// Items of at most this width share lines.
const SHORT: usize = 10;
const STEP: usize = 4;

/// An expression, or a piece of one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    /// A text that is never broken: a path, a literal.
    Text(String),
    /// A function or macro by its name, with arguments.
    Call(String, Vec<Expr>),
    /// `&[…]`
    List(Vec<Expr>),
    /// `&[…]` with a comment before the items, which keeps each item on lines of its own.
    Table(&'static str, Vec<Expr>),
    /// A struct by its path, with fields and the base of the other fields.
    Struct(String, Vec<(String, Expr)>, Option<String>),
    /// An expression and the calls of its methods, or its fields.
    Chain(Box<Expr>, Vec<Expr>),
}

/// Where an expression is printed.
#[derive(Clone, Copy)]
pub(crate) struct Spot {
    /// The indentation of its line.
    pub(crate) indent: usize,
    /// The column in which it begins.
    pub(crate) column: usize,
    /// The width of the text that follows it on its last line.
    pub(crate) tail: usize,
}

impl Spot {
    /// At the beginning of a line.
    pub(crate) fn line(indent: usize, tail: usize) -> Self {
        Self { indent, column: indent, tail }
    }

    /// At the beginning of a line that is one step deeper.
    fn inner(self, tail: usize) -> Self {
        let indent = self.indent + STEP;
        Self::line(indent, tail)
    }
}

impl Expr {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A text as a literal.
    pub(crate) fn literal(text: &str) -> Self {
        Self::Text(format!("{text:?}"))
    }

    pub(crate) fn call(name: impl Into<String>, arguments: impl IntoIterator<Item = Self>) -> Self {
        Self::Call(name.into(), arguments.into_iter().collect())
    }

    /// Texts as a list of literals.
    pub(crate) fn literals(texts: &[String]) -> Self {
        Self::List(texts.iter().map(|text| Self::literal(text)).collect())
    }

    /// Calls methods of the expression, if there are any.
    pub(crate) fn then(self, calls: Vec<Self>) -> Self {
        match (self, calls.is_empty()) {
            (expression, true) => expression,
            (Self::Chain(head, mut before), false) => {
                before.extend(calls);
                Self::Chain(head, before)
            }
            (expression, false) => Self::Chain(Box::new(expression), calls),
        }
    }

    /// The expression at this spot.
    pub(crate) fn print(&self, spot: Spot) -> String {
        if self.stays_flat() {
            let flat = self.flat();
            if spot.column + flat.chars().count() + spot.tail <= LINE {
                return flat;
            }
        }
        self.broken(spot)
    }

    /// The expression over several lines.
    fn broken(&self, spot: Spot) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Call(name, arguments) => call(name, arguments, spot),
            Self::List(items) if items.iter().all(Self::is_short) => filled("&[", items, (",", "]"), spot),
            Self::List(items) => match overflowing(items, spot.column + "&[".len(), spot) {
                Some(inner) => format!("&[{inner}]"),
                None => block("&[", items.iter().map(|item| item.print(spot.inner(1))), ",", "]", spot),
            },
            Self::Table(comment, items) => {
                let items = items.iter().map(|item| item.print(spot.inner(1)));
                let open = format!("&[\n{}// {comment}", " ".repeat(spot.indent + STEP));
                block(&open, items, ",", "]", spot)
            }
            Self::Struct(path, fields, rest) => structure(path, fields, rest.as_deref(), spot),
            Self::Chain(head, calls) => chain(head, calls, spot),
        }
    }

    /// The expression over several lines, also if each of its arguments would fit on the line.
    fn split(&self, spot: Spot) -> String {
        let broken = self.broken(spot);
        match self {
            Self::Call(name, arguments) if !broken.contains('\n') => match arguments.as_slice() {
                [only] => {
                    let column = spot.column + name.chars().count() + 1;
                    format!("{name}({})", only.split(Spot { column, tail: spot.tail + 1, ..spot }))
                }
                _ => broken,
            },
            _ => broken,
        }
    }

    /// The expression on one line.
    fn flat(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Call(name, arguments) => format!("{name}({})", flat(arguments)),
            Self::List(items) | Self::Table(_, items) => format!("&[{}]", flat(items)),
            Self::Struct(path, fields, rest) => {
                let fields = fields.iter().map(|(name, value)| format!("{name}: {}", value.flat()));
                let rest = rest.iter().map(|rest| format!("..{rest}"));
                format!("{path} {{ {} }}", fields.chain(rest).collect::<Vec<_>>().join(", "))
            }
            Self::Chain(head, calls) => {
                calls.iter().fold(head.flat(), |text, call| format!("{text}.{}", call.flat()))
            }
        }
    }

    /// Whether only the line's width can break it.
    fn stays_flat(&self) -> bool {
        let all = |parts: &[Self]| parts.iter().all(Self::stays_flat);
        let width = |parts: &[Self]| flat(parts).chars().count();
        match self {
            Self::Text(_) => true,
            // A single text or chain would only move to the next line, which gains nothing.
            Self::Call(_, arguments) => {
                let moves = matches!(arguments.as_slice(), [Self::Text(_) | Self::Chain(..)]);
                (moves || width(arguments) <= ARGUMENTS) && all(arguments)
            }
            Self::List(items) => width(items) <= ITEMS && all(items),
            Self::Table(..) => false,
            Self::Struct(path, fields, _) => {
                let width = self.flat().chars().count() - path.chars().count() - "{  }".len() - 1;
                width <= STRUCT && fields.iter().all(|(_, value)| value.stays_flat())
            }
            Self::Chain(head, calls) => {
                let narrow = calls.len() == 1 || self.flat().chars().count() <= CHAIN;
                narrow && head.stays_flat() && all(calls)
            }
        }
    }

    /// Whether it is so short that several such items share a line of a list.
    fn is_short(&self) -> bool {
        matches!(self, Self::Text(text) if text.len() <= SHORT && !text.contains("::"))
    }
}

fn flat(parts: &[Expr]) -> String {
    parts.iter().map(Expr::flat).collect::<Vec<_>>().join(", ")
}

fn call(name: &str, arguments: &[Expr], spot: Spot) -> String {
    if arguments.is_empty() {
        return format!("{name}()");
    }
    if let Some(inner) = overflowing(arguments, spot.column + name.chars().count() + 1, spot) {
        return format!("{name}({inner})");
    }
    let end = if name.ends_with('!') { "" } else { "," };
    if arguments.len() > 1 && arguments.iter().all(Expr::is_short) {
        return filled(&format!("{name}("), arguments, (end, ")"), spot);
    }
    let count = arguments.len();
    let arguments = arguments.iter().enumerate().map(|(index, argument)| {
        let tail = if index + 1 == count { end.len() } else { 1 };
        argument.print(spot.inner(tail))
    });
    block(&format!("{name}("), arguments, end, ")", spot)
}

/// The only part of a call or list, if it can begin on the line of the brackets around it.
fn overflowing(parts: &[Expr], column: usize, spot: Spot) -> Option<String> {
    let [only @ (Expr::Call(..) | Expr::List(_) | Expr::Struct(..))] = parts else { return None };
    let spot = Spot { column, tail: spot.tail + 1, ..spot };
    let is_wide = matches!(only, Expr::Call(..)) && only.flat().chars().count() > ARGUMENTS;
    let inner = if is_wide { only.split(spot) } else { only.print(spot) };
    inner.lines().next().is_some_and(|first| column + first.chars().count() <= LINE).then_some(inner)
}

/// Parts between brackets, each on lines of its own.
fn block(open: &str, parts: impl Iterator<Item = String>, end: &str, close: &str, spot: Spot) -> String {
    let inner = " ".repeat(spot.indent + STEP);
    let parts: Vec<String> = parts.map(|part| format!("{inner}{part}")).collect();
    format!("{open}\n{}{end}\n{}{close}", parts.join(",\n"), " ".repeat(spot.indent))
}

/// Short parts, which share lines, between brackets.
fn filled(open: &str, parts: &[Expr], (end, close): (&str, &str), spot: Spot) -> String {
    let inner = " ".repeat(spot.indent + STEP);
    let mut out = open.to_owned();
    let mut width = LINE;
    for (index, part) in parts.iter().enumerate() {
        let comma = if index + 1 == parts.len() { end } else { "," };
        let part = part.flat() + comma;
        let part_width = part.chars().count();
        if width + 1 + part_width > LINE {
            let _ = write!(out, "\n{inner}{part}");
            width = inner.len() + part_width;
        } else {
            let _ = write!(out, " {part}");
            width += 1 + part_width;
        }
    }
    format!("{out}\n{}{close}", " ".repeat(spot.indent))
}

fn structure(path: &str, fields: &[(String, Expr)], rest: Option<&str>, spot: Spot) -> String {
    let indent = spot.indent + STEP;
    let mut out = format!("{path} {{\n");
    for (name, value) in fields {
        let value = value.print(Spot { indent, column: indent + name.chars().count() + 2, tail: 1 });
        let _ = writeln!(out, "{}{name}: {value},", " ".repeat(indent));
    }
    if let Some(rest) = rest {
        let _ = writeln!(out, "{}..{rest}", " ".repeat(indent));
    }
    format!("{out}{}}}", " ".repeat(spot.indent))
}

fn chain(head: &Expr, calls: &[Expr], spot: Spot) -> String {
    let Some((last, before)) = calls.split_last() else { return head.print(spot) };
    let vertical = vertical(head, calls, spot);
    // The last call may be broken if all calls before it fit on one line.
    let start = before.iter().fold(head.flat(), |text, call| format!("{text}.{}", call.flat())) + ".";
    let width = start.chars().count();
    if !head.stays_flat() || !before.iter().all(Expr::stays_flat) {
        return vertical;
    }
    let here = last.print(Spot { column: spot.column + width, ..spot });
    let first = here.lines().next().unwrap_or_default().chars().count();
    let budget = if calls.len() == 1 { LINE.saturating_sub(spot.column) } else { CHAIN };
    let below = last.print(Spot { column: spot.indent + STEP + 1, ..spot.inner(spot.tail) });
    let breaks_here = here.contains('\n') && width + first <= budget;
    if breaks_here && (here.lines().count() >= 5 || below.lines().count() >= here.lines().count()) {
        return format!("{start}{here}");
    }
    vertical
}

/// Every call on a line of its own.
fn vertical(head: &Expr, calls: &[Expr], spot: Spot) -> String {
    let mut out = head.print(spot);
    // A head of several lines needs no further indentation.
    let inner = if out.contains('\n') { spot.indent } else { spot.indent + STEP };
    let mut calls = calls.iter().peekable();
    // A head that is not wider than an indentation keeps the first call on its line.
    if out.chars().count() <= STEP
        && let Some(first) = calls.next()
    {
        let _ = write!(out, ".{}", first.flat());
    }
    while let Some(call) = calls.next() {
        let tail = if calls.peek().is_none() { spot.tail } else { 0 };
        let call = call.print(Spot { indent: inner, column: inner + 1, tail });
        let _ = write!(out, "\n{}.{call}", " ".repeat(inner));
    }
    out
}

/// `start`, ` = `, the value and `;`. The value begins on the same line, or on the next line if rustfmt moves it there.
pub(crate) fn assign(start: &str, value: &Expr, indent: usize) -> String {
    let column = start.lines().next_back().unwrap_or_default().chars().count() + 3;
    let column = if start.contains('\n') { column } else { column + indent };
    let here = value.print(Spot { column, ..Spot::line(indent, 1) });
    let below = value.print(Spot::line(indent + STEP, 1));
    let lines = |text: &str| text.matches('\n').count();
    let opens = |text: &str, bracket| text.lines().next().is_some_and(|first| first.ends_with(bracket));
    let fits_here = column + here.lines().next().unwrap_or_default().chars().count() <= LINE;
    let moves = !fits_here
        || here.contains('\n')
            && (!below.contains('\n')
                || lines(&here) > lines(&below) + 1
                || ['(', '[', '{']
                    .into_iter()
                    .any(|bracket| opens(&here, bracket) && !opens(&below, bracket)));
    if moves {
        format!("{start} =\n{}{below};", " ".repeat(indent + STEP))
    } else {
        format!("{start} = {here};")
    }
}

/// A type with its arguments, broken if it does not fit on the line.
pub(crate) fn generic(name: &str, arguments: &[String], spot: Spot) -> String {
    if arguments.is_empty() {
        return name.to_owned();
    }
    let flat = format!("{name}<{}>", arguments.join(", "));
    if spot.column + flat.chars().count() + spot.tail <= LINE {
        return flat;
    }
    block(&format!("{name}<"), arguments.iter().cloned(), ",", ">", spot)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_without_arguments_is_never_broken() {
        let path = format!("{}::default", "a::".repeat(60));
        assert_eq!(Expr::call(&path, []).print(Spot::line(0, 0)), format!("{path}()"));
        let chain = Expr::call(&path, []).then(vec![Expr::call("with_id", [Expr::text("id")])]);
        assert_eq!(chain.print(Spot::line(0, 0)), format!("{path}()\n    .with_id(id)"));
    }
}
