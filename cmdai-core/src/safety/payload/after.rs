//! What stands behind an operand: calls with their arguments, members, indexes.

use super::acts::Given;
use super::blocks::parameter_names;
use super::clients;
use super::lex::Tok;
use super::operand::expression_end;
use super::val::Val;
use super::{Cursor, Script, pure, tables};
use crate::specs::Language;

/// Words that stand between or after operands.
const BETWEEN: &[&str] = &[
    "and",
    "as",
    "cmp",
    "do",
    "else",
    "end",
    "eq",
    "for",
    "foreach",
    "ge",
    "gt",
    "if",
    "in",
    "instanceof",
    "is",
    "isa",
    "le",
    "lt",
    "ne",
    "of",
    "or",
    "rescue",
    "then",
    "unless",
    "until",
    "when",
    "while",
    "x",
    "xor",
];

impl Script<'_, '_, '_> {
    /// Arguments up to the end of the cursor.
    pub(super) fn given(&mut self, c: &mut Cursor) -> Given {
        let mut given = Given::default();
        if self.in_language(&[Language::Python, Language::Julia])
            && let Some(at) = word_at_depth(c, "for")
        {
            given.list.push(self.comprehension(c, at));
            return given;
        }
        while c.at < c.end {
            let before = c.at;
            c.skip_lines();
            self.argument(c, &mut given);
            c.skip_lines();
            c.take(",");
            c.take("=>");
            if c.at == before {
                c.at += 1;
            }
            if given.list.len() > 512 || self.machine.fuel == 0 {
                c.at = c.end;
            }
        }
        given
    }

    pub(super) fn argument(&mut self, c: &mut Cursor, given: &mut Given) {
        use Language::{Groovy, Julia, Lua, Perl, Php, Python, R, Ruby};
        let spread = matches!(c.peek(), Some(Tok::Op("*" | "..." | "**" | "&")));
        if let Some(Tok::Name(name)) = c.peek() {
            let labels: &[&str] = match self.what.language {
                Python | R | Julia | Lua => &["="],
                Ruby | Php | Groovy => &[":", "=>"],
                Perl => &["=>"],
                _ => &[],
            };
            if matches!(c.look(1), Some(Tok::Op(op)) if labels.contains(op)) {
                let name = name.clone();
                c.at += 2;
                c.skip_lines();
                let value = self.expression(c, 1);
                given.named.push((name, value));
                return;
            }
            // `print STDERR "…"`: where it is printed to.
            let handle = self.in_language(&[Perl])
                && name.chars().all(|c| c.is_ascii_uppercase() || c == '_' || c.is_ascii_digit())
                && matches!(c.look(1), Some(Tok::Text(_) | Tok::Var(..) | Tok::Name(_)))
                && !name.starts_with("__");
            if handle {
                given.named.push(("handle".to_owned(), Val::text(name.clone())));
                c.at += 1;
                return;
            }
        }
        // `print $fh "…"`, `print {$fh} "…"`
        if self.in_language(&[Perl]) && given.list.is_empty() {
            let held = usize::from(c.is("{"));
            let named = matches!(c.look(held), Some(Tok::Var('$', _)))
                && (held == 0 || matches!(c.look(2), Some(Tok::Op("}"))))
                && matches!(c.look(1 + 2 * held), Some(Tok::Text(_) | Tok::Var('$', _)));
            if named {
                given.named.push(("handle".to_owned(), Val::text("$")));
                c.at += 1 + 2 * held;
                return;
            }
        }
        if let (Some(Tok::Text(pieces)), Some(Tok::Op("=>" | ":"))) = (c.peek(), c.look(1))
            && self.in_language(&[Ruby, Php, Perl])
        {
            let pieces = pieces.clone();
            c.at += 2;
            let key = self.pieces(&pieces);
            let value = self.expression(c, 1);
            given.named.push((key, value));
            return;
        }
        let value = self.expression(c, 1);
        match value {
            Val::List(list) if spread || self.in_language(&[Perl]) => given.list.extend(list),
            Val::Map(entries) if spread => given.named.extend(entries),
            Val::Text(text)
                if spread
                    && text.len() <= 512
                    && self.in_language(&[Language::JavaScript, Language::Python]) =>
            {
                given.list.extend(text.chars().map(Val::text));
            }
            other => given.list.push(other),
        }
    }

    /// What stands behind an operand: calls, attributes, indexes. `variable` is the name of a variable where the
    /// operand is one, so that `x.y = …` and `x[y] = …` are remembered.
    pub(super) fn after(&mut self, c: &mut Cursor, value: Val, variable: Option<String>) -> Val {
        use Language::{Groovy, JavaScript, Julia, Lua, Perl, Php, Python, R, Ruby};
        let mut value = value;
        let mut variable = variable;
        let mut rounds = 0;
        loop {
            rounds += 1;
            if rounds > 256 || !self.step() {
                c.at = c.end;
                return value;
            }
            // A chain may go on on the next line.
            if matches!(c.peek(), Some(Tok::Line(_)))
                && matches!(c.look(1), Some(Tok::Op("." | "?." | "->")))
                && self.in_language(&[JavaScript, Ruby, Groovy, Php])
            {
                c.at += 1;
            }
            match c.peek() {
                Some(Tok::Op("("))
                    if !(c.spaced() && self.in_language(&[Ruby]) && !matches!(value, Val::Name(_))) =>
                {
                    if !matches!(value, Val::Name(_) | Val::Function(_) | Val::Text(_) | Val::None) {
                        return value;
                    }
                    if matches!(value, Val::Text(_)) && !self.in_language(&[Php, Perl]) && variable.is_none()
                    {
                        return value;
                    }
                    if c.spaced() && matches!(value, Val::Text(_)) {
                        return value;
                    }
                    let close = c.closing(c.at);
                    let mut inner = c.part(c.at + 1, close);
                    c.at = (close + 1).min(c.end);
                    let by = self.by_expression(&mut inner, &value);
                    let mut given = self.given(&mut inner);
                    given.list.splice(0..0, by);
                    self.block_argument(c, &mut given);
                    value = self.call(&value, given);
                    variable = None;
                }
                Some(Tok::Text(pieces))
                    if self.in_language(&[Lua, JavaScript])
                        && matches!(value, Val::Name(_) | Val::Function(_)) =>
                {
                    if self.in_language(&[JavaScript]) && c.spaced() {
                        return value;
                    }
                    let pieces = pieces.clone();
                    c.at += 1;
                    let text = self.pieces(&pieces);
                    value = self.call(&value, Given::of(vec![Val::Text(text)]));
                }
                Some(Tok::Op(op @ ("." | "->" | "?." | "::" | ":" | "$"))) => {
                    let op = *op;
                    let fits = match op {
                        "." => !self.in_language(&[Perl, Php]),
                        "->" => self.in_language(&[Perl, Php]),
                        ":" => self.in_language(&[Lua]),
                        "$" => self.in_language(&[R]),
                        "::" => true,
                        _ => self.in_language(&[JavaScript, Groovy]),
                    };
                    if !fits {
                        return value;
                    }
                    match c.look(1) {
                        Some(Tok::Name(member)) => {
                            let member = member.clone();
                            c.at += 2;
                            value = self.member(c, value, &member, &mut variable);
                        }
                        Some(Tok::Op("(")) if op != ":" => {
                            // `f.()` of Ruby, `$f->()` of Perl, `f?.()` of JavaScript.
                            c.at += 1;
                            if matches!(value, Val::Text(_)) && !self.in_language(&[Perl]) {
                                value = Val::None;
                            }
                        }
                        // `"cmd".!` of Scala.
                        Some(Tok::Op("!")) if self.in_language(&[Groovy]) => {
                            c.at += 2;
                            c.take("!");
                            let printed = self.act(tables::Act::Shell, "!", Given::of(vec![value.clone()]));
                            value = printed;
                        }
                        Some(Tok::Op("[" | "{")) => c.at += 1,
                        Some(Tok::Var(_, name)) => {
                            // `$object->$method(…)`: called by its name.
                            let name = name.clone();
                            c.at += 2;
                            let member =
                                self.get(&name).and_then(|value| value.as_text()).unwrap_or_default();
                            value = self.member(c, value, &member, &mut variable);
                        }
                        Some(Tok::Line(_)) => {
                            c.at += 1;
                            let name = match c.look(1) {
                                Some(Tok::Name(name)) => name.clone(),
                                _ => return value,
                            };
                            c.at += 2;
                            value = self.member(c, value, &name, &mut variable);
                        }
                        _ => return value,
                    }
                }
                Some(Tok::Op("[")) => {
                    if c.spaced() && self.in_language(&[Ruby]) && matches!(value, Val::Name(_)) {
                        if self.may_call(c, &value) {
                            value = self.open_call(c, value);
                            continue;
                        }
                        return value;
                    }
                    let close = c.closing(c.at);
                    let inner = c.part(c.at + 1, close);
                    c.at = (close + 1).min(c.end);
                    value = self.index(c, value, inner, &mut variable);
                }
                Some(Tok::Op("{"))
                    if self.in_language(&[Perl]) && !c.spaced() && !matches!(value, Val::Name(_)) =>
                {
                    let close = c.closing(c.at);
                    let inner = c.part(c.at + 1, close);
                    c.at = (close + 1).min(c.end);
                    value = self.index(c, value, inner, &mut variable);
                }
                Some(Tok::Op("{"))
                    if self.in_language(&[Perl])
                        && matches!(&value, Val::Name(name) if matches!(name.as_str(), "ENV")) =>
                {
                    let close = c.closing(c.at);
                    let inner = c.part(c.at + 1, close);
                    c.at = (close + 1).min(c.end);
                    value = self.index(c, value, inner, &mut variable);
                }
                Some(Tok::Op("++" | "--")) => c.at += 1,
                _ => {
                    if self.may_call(c, &value) {
                        value = self.open_call(c, value);
                        variable = None;
                        continue;
                    }
                    if let Val::Name(_) = value
                        && self.in_language(&[Ruby, Perl, Groovy])
                        && (c.is("{") || c.is_name("do"))
                    {
                        let mut given = Given::default();
                        if self.block_argument(c, &mut given) {
                            if self.in_language(&[Perl]) {
                                // `map { … } list`, `eval { … }`.
                                c.take(",");
                                let rest = self.open_arguments(c);
                                given.list.extend(rest.list);
                            }
                            value = self.call(&value, given);
                            continue;
                        }
                    }
                    let _ = (Julia, Php, Python);
                    return self.bare(value);
                }
            }
        }
    }

    /// A name that nothing follows: some are called all the same.
    pub(super) fn bare(&mut self, value: Val) -> Val {
        if let Val::Name(name) = &value {
            let language = self.what.language;
            if language == Language::Perl && matches!(name.as_str(), "shift" | "pop") {
                return match self.get("_") {
                    Some(Val::List(list)) => list.first().cloned().unwrap_or(Val::None),
                    Some(value) => value,
                    None => match self.arguments() {
                        Val::List(list) if !list.is_empty() => list.first().cloned().unwrap_or(Val::None),
                        _ => Val::None,
                    },
                };
            }
            let called = match language {
                Language::Ruby | Language::Perl => {
                    (language == Language::Perl && tables::find(language, name).is_some())
                        || matches!(name.as_str(), "fork" | "gets" | "eval" | "exec" | "system")
                        || name.ends_with(".read")
                        || name.ends_with(".home")
                        || name.ends_with(".pwd")
                        || name.ends_with(".new")
                        || name.ends_with(".tmpdir")
                        || name.ends_with(".delete_all")
                        || name.ends_with(".destroy_all")
                        || name.ends_with(".flushall")
                        || name.ends_with(".flushdb")
                        || clients::acts_bare(name)
                }
                Language::Groovy => name.ends_with(".text") || name.ends_with(".execute"),
                _ => false,
            };
            if called {
                let given = match (language, self.get("_")) {
                    (Language::Perl, Some(line)) if name != "fork" => Given::of(vec![line]),
                    _ => Given::default(),
                };
                return self.call(&value, given);
            }
        }
        value
    }

    /// True where the name at hand is called without brackets.
    pub(super) fn may_call(&self, c: &Cursor, value: &Val) -> bool {
        use Language::{Groovy, Perl, Php, Ruby};
        let Val::Name(name) = value else { return false };
        let open = match self.what.language {
            Ruby | Groovy => true,
            Perl => tables::find(Perl, name).is_some() || name.contains('.'),
            Php => matches!(
                name.to_ascii_lowercase().as_str(),
                "echo" | "print" | "include" | "require" | "include_once" | "require_once"
            ),
            _ => false,
        };
        if !open
            || (!c.spaced()
                && !matches!(c.peek(), Some(Tok::Text(_) | Tok::Var(..) | Tok::Angle(_) | Tok::Pattern(_))))
        {
            return false;
        }
        let tight = !c.tokens.get(c.at + 1).is_some_and(|token| token.spaced);
        match c.peek() {
            Some(
                Tok::Text(_)
                | Tok::Number(_)
                | Tok::Var(..)
                | Tok::Words(_)
                | Tok::Angle(_)
                | Tok::Pattern(_)
                | Tok::Command(_)
                | Tok::Hole(_),
            ) => true,
            Some(Tok::Name(word)) => {
                BETWEEN.binary_search(&word.as_str()).is_err() || (word == "x" && self.what.language != Perl)
            }
            Some(Tok::Op("[" | "::" | "\\")) => true,
            Some(Tok::Op("@" | "$" | "%")) => true,
            Some(Tok::Op("-" | "*" | "&" | ":" | "->")) => tight,
            Some(Tok::Op("<<")) => false,
            _ => false,
        }
    }

    /// A call whose arguments go on to the end of the statement.
    pub(super) fn open_call(&mut self, c: &mut Cursor, value: Val) -> Val {
        let by = self.by_expression(c, &value);
        let mut given = self.open_arguments(c);
        given.list.splice(0..0, by);
        self.block_argument(c, &mut given);
        self.call(&value, given)
    }

    /// `map chr, 114, 109` of Perl: what is done to each value, written without braces.
    fn by_expression(&mut self, c: &mut Cursor, callee: &Val) -> Option<Val> {
        if !self.in_language(&[Language::Perl])
            || c.is("{")
            || !matches!(callee, Val::Name(name) if matches!(name.as_str(), "grep" | "map"))
            || matches!(c.peek(), Some(Tok::Name(name)) if name == "sub")
        {
            return None;
        }
        let start = c.at;
        let end = expression_end(c, start);
        if !matches!(c.tokens.get(end).map(|token| &token.kind), Some(Tok::Op(","))) || end >= c.end {
            return None;
        }
        let index = self.add_function(c, vec!["_".to_owned()], (start, end));
        c.at = end + 1;
        Some(Val::Function(index))
    }

    pub(super) fn open_arguments(&mut self, c: &mut Cursor) -> Given {
        let mut given = Given::default();
        loop {
            let (before, values) = (c.at, given.list.len());
            self.argument(c, &mut given);
            if given.list.len() == values && given.named.last().is_some_and(|(name, _)| name == "handle") {
                continue;
            }
            if !(c.take(",") || c.take("=>")) || c.at == before || given.list.len() > 256 {
                return given;
            }
            c.skip_lines();
        }
    }

    /// A block behind a call is one more argument: `{ |x| … }`, `do |x| … end`.
    pub(super) fn block_argument(&mut self, c: &mut Cursor, given: &mut Given) -> bool {
        use Language::{Groovy, Perl, Ruby};
        if !self.in_language(&[Ruby, Perl, Groovy]) {
            return false;
        }
        if c.is("{") {
            let close = c.closing(c.at);
            let inner = c.part(c.at + 1, close);
            let (mut parameters, start) = block_parameters(&inner);
            if parameters.is_empty() {
                let own = match self.what.language {
                    Groovy => "it",
                    Ruby => "_1",
                    _ => "_",
                };
                parameters.push(own.to_owned());
            }
            c.at = (close + 1).min(c.end);
            let index = self.add_function(c, parameters, (start, close));
            given.list.push(Val::Function(index));
            return true;
        }
        if self.in_language(&[Ruby]) && c.is_name("do") {
            let inner = c.part(c.at + 1, c.end);
            let (parameters, start) = block_parameters(&inner);
            let end = super::blocks::block_end(c, start, Ruby);
            c.at = (end + 1).min(c.end);
            let index = self.add_function(c, parameters, (start, end));
            given.list.push(Val::Function(index));
            return true;
        }
        false
    }

    /// `value.member`, with a call where one follows.
    pub(super) fn member(
        &mut self,
        c: &mut Cursor,
        value: Val,
        member: &str,
        variable: &mut Option<String>,
    ) -> Val {
        use Language::{Groovy, Ruby};
        let path = variable.as_ref().map(|name| format!("{name}.{member}"));
        if let Some(path) = &path {
            if self.assigns(c) {
                let path = path.clone();
                *variable = None;
                return self.assign(c, &path);
            }
            // What a class sets for all its objects stands without the object in front of it.
            let of_class =
                matches!(&value, Val::Name(name) if matches!(name.as_str(), "cls" | "self" | "this"));
            let known = self.get(path).or_else(|| self.get(member).filter(|_| of_class));
            if let Some(known) = known
                && !c.is("(")
            {
                *variable = Some(path.clone());
                return known;
            }
            if let Some(Val::Function(index)) = self.get(path) {
                *variable = None;
                return Val::Function(index);
            }
        }
        if c.is("(") && !(c.spaced() && self.in_language(&[Ruby])) {
            let close = c.closing(c.at);
            let mut inner = c.part(c.at + 1, close);
            c.at = (close + 1).min(c.end);
            let mut given = self.given(&mut inner);
            self.block_argument(c, &mut given);
            let name = variable.take();
            return self.method(&value, member, given, name.as_deref());
        }
        let mut given = Given::default();
        if self.in_language(&[Ruby, Groovy])
            && (c.is("{") || c.is_name("do"))
            && self.block_argument(c, &mut given)
        {
            let name = variable.take();
            return self.method(&value, member, given, name.as_deref());
        }
        if let Val::Name(base) = &value {
            *variable = None;
            let full = Val::Name(format!("{base}.{member}"));
            if let Val::Name(base) = &value
                && let Some(known) = self.known_attribute(base, member)
            {
                return known;
            }
            return full;
        }
        if self.in_language(&[Ruby, Groovy]) {
            // A method of Ruby needs no brackets.
            if c.spaced() && self.may_call(c, &Val::Name(member.to_owned())) {
                let mut given = self.open_arguments(c);
                self.block_argument(c, &mut given);
                let name = variable.take();
                return self.method(&value, member, given, name.as_deref());
            }
            let name = variable.take();
            return self.method(&value, member, Given::default(), name.as_deref());
        }
        *variable = path;
        self.attribute(&value, member)
    }

    /// `value[index]`, slices, and what is assigned to such a place.
    pub(super) fn index(
        &mut self,
        c: &mut Cursor,
        value: Val,
        mut inner: Cursor,
        variable: &mut Option<String>,
    ) -> Val {
        let start = inner.at;
        let slice = colon_at_depth(&inner);
        if let Some(colon) = slice {
            return self.slice(&value, &inner, start, colon);
        }
        let key = match (inner.peek(), inner.look(1)) {
            (Some(Tok::Name(name)), None) if self.get(name).is_none() => Val::text(name.clone()),
            _ => {
                let key = self.expression(&mut inner, 1);
                if inner.take(",") {
                    let length = self.expression(&mut inner, 1);
                    return pure::slice(&value, key.as_number(), length.as_number(), true);
                }
                key
            }
        };
        let shown = key.as_text();
        if let (Some(name), Some(shown)) = (variable.as_ref(), &shown) {
            let path = format!("{name}.{shown}");
            if self.assigns(c) {
                *variable = None;
                return self.assign(c, &path);
            }
            if let Some(known) = self.get(&path) {
                *variable = Some(path);
                return known;
            }
        }
        // `list[#list + 1] = value`: one more, wherever.
        if let (Some(name), None) = (variable.clone(), &shown)
            && self.in_language(&[Language::Lua])
            && c.take("=")
        {
            *variable = None;
            let added = self.expression(c, 1);
            let mut list = match self.get(&name) {
                Some(Val::List(list)) => list,
                _ => Vec::new(),
            };
            list.push(added);
            list.truncate(512);
            self.set(&name, Val::List(list));
            return Val::None;
        }
        if let (Val::Function(index), Language::Ruby) = (&value, self.what.language) {
            *variable = None;
            return self.call_function(*index, &[key]);
        }
        if let Val::Name(base) = &value {
            let base = base.clone();
            *variable = None;
            return match shown {
                Some(key) => self.named_index(&base, &key),
                None if base == "db" => Val::Name("db.all".to_owned()),
                None => Val::None,
            };
        }
        *variable = match (variable.take(), shown) {
            (Some(name), Some(key)) => Some(format!("{name}.{key}")),
            _ => None,
        };
        self.element(&value, &key)
    }

    pub(super) fn slice(&mut self, value: &Val, inner: &Cursor, start: usize, colon: usize) -> Val {
        let part = |script: &mut Self, from: usize, to: usize| {
            let mut part = inner.part(from, to);
            if part.at >= part.end { None } else { script.expression(&mut part, 1).as_number() }
        };
        let second = colon_at_depth(&inner.part(colon + 1, inner.end));
        let from = part(self, start, colon);
        let to = part(self, colon + 1, second.unwrap_or(inner.end));
        let step = second.and_then(|second| part(self, second + 1, inner.end)).unwrap_or(1);
        if self.in_language(&[Language::Julia]) {
            return pure::slice(value, from.map(|n| n - 1), to, false);
        }
        pure::stepped(value, from, to, step)
    }
}

/// `|a, b|` or `a, b ->` at the beginning of a block, and where the block begins behind it.
pub(super) fn block_parameters(inner: &Cursor) -> (Vec<String>, usize) {
    let mut start = inner.at;
    while matches!(inner.tokens.get(start).map(|token| &token.kind), Some(Tok::Line(_))) && start < inner.end
    {
        start += 1;
    }
    if matches!(inner.tokens.get(start).map(|token| &token.kind), Some(Tok::Op("|"))) {
        let end = (start + 1..inner.end)
            .find(|&at| matches!(inner.tokens.get(at).map(|token| &token.kind), Some(Tok::Op("|"))))
            .unwrap_or(inner.end);
        return (parameter_names(inner, start + 1, end), (end + 1).min(inner.end));
    }
    let arrow = (start..inner.end.min(start + 12))
        .take_while(|&at| {
            matches!(inner.tokens.get(at).map(|token| &token.kind), Some(Tok::Name(_) | Tok::Op("," | "->")))
        })
        .find(|&at| matches!(inner.tokens.get(at).map(|token| &token.kind), Some(Tok::Op("->"))));
    match arrow {
        Some(arrow) => (parameter_names(inner, start, arrow), arrow + 1),
        None => (Vec::new(), start),
    }
}

/// The place of a word outside of inner brackets.
pub(super) fn word_at_depth(c: &Cursor, word: &str) -> Option<usize> {
    let mut depth = 0usize;
    for at in c.at..c.end {
        if !c.scan() {
            break;
        }
        match c.tokens.get(at).map(|token| &token.kind) {
            Some(Tok::Op("(" | "[" | "{")) => depth += 1,
            Some(Tok::Op(")" | "]" | "}")) => depth = depth.saturating_sub(1),
            Some(Tok::Name(name)) if depth == 0 && name == word && at > c.at => return Some(at),
            _ => {}
        }
    }
    None
}

pub(super) fn colon_at_depth(c: &Cursor) -> Option<usize> {
    let mut depth = 0usize;
    for at in c.at..c.end {
        if !c.scan() {
            break;
        }
        match c.tokens.get(at).map(|token| &token.kind) {
            Some(Tok::Op("(" | "[" | "{")) => depth += 1,
            Some(Tok::Op(")" | "]" | "}")) => depth = depth.saturating_sub(1),
            Some(Tok::Op(":" | "::")) if depth == 0 => return Some(at),
            Some(Tok::Op("?") | Tok::Name(_))
                if depth == 0 && matches!(c.tokens.get(at).map(|t| &t.kind), Some(Tok::Op("?"))) =>
            {
                return None;
            }
            _ => {}
        }
    }
    None
}
