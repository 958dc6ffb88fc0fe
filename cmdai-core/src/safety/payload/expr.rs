//! Expressions: read and evaluated in one go, by precedence.

use super::acts::Given;
use super::lex::Tok;
use super::statement::parameter_names;
use super::val::{Sort, Val};
use super::{Cursor, NESTING, Script, pure, tables};
use crate::safety::value::Origin;
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
    fn in_language(&self, languages: &[Language]) -> bool {
        languages.contains(&self.what.language)
    }

    /// An expression of operators that bind at least as tight as `least`.
    pub(super) fn expression(&mut self, c: &mut Cursor, least: u8) -> Val {
        if self.nesting >= NESTING {
            self.machine.cut = true;
            c.at = c.end;
            return Val::None;
        }
        if !self.step() {
            c.at = c.end;
            return Val::None;
        }
        self.nesting += 1;
        let start = c.at;
        let mut value = self.operand(c);
        // `x << y` of Ruby changes x.
        let alone = match c.tokens.get(start).map(|token| &token.kind) {
            Some(Tok::Name(name) | Tok::Var(_, name)) if c.at == start + 1 => Some(name.clone()),
            _ => None,
        };
        while let Some((op, binds)) = self.operator(c) {
            if binds < least {
                break;
            }
            c.at += 1;
            c.skip_lines();
            value = self.binary(c, value, op, binds);
            if let (Some(name), "<<", Language::Ruby) = (&alone, op, self.what.language) {
                self.set(name, value.clone());
            }
            if self.machine.fuel == 0 {
                c.at = c.end;
                break;
            }
        }
        self.nesting -= 1;
        value
    }

    /// The operator at the cursor, and how tight it binds.
    fn operator(&self, c: &Cursor) -> Option<(&'static str, u8)> {
        use Language::{Groovy, JavaScript, Julia, Lua, Perl, Php, Python, R, Ruby};
        Some(match c.peek()? {
            Tok::Op(op) => match *op {
                "=" | ":=" | "<-" | "+=" | ".=" | "*=" | "-=" | "/=" | "%=" | "||=" | "??=" | "//="
                | "|=" | "&&=" => (op, 1),
                "?" if !self.in_language(&[R, Lua, Julia]) => (op, 2),
                "?" if self.in_language(&[Julia]) => (op, 2),
                "||" | "??" => (op, 3),
                "//" if self.in_language(&[Perl]) => (op, 3),
                "|>" => (op, 3),
                "|" if !self.in_language(&[Ruby]) => (op, 3),
                "&&" => (op, 4),
                "==" | "!=" | "===" | "!==" | "<" | ">" | "<=" | ">=" | "<=>" | "=~" | "!~" => (op, 5),
                ".." if self.in_language(&[Lua]) => (op, 7),
                ".." | "..." if !self.in_language(&[JavaScript, Python, Php]) => (op, 6),
                ":" if self.in_language(&[R]) => (op, 6),
                "." if self.in_language(&[Perl, Php]) => (op, 7),
                "+" | "-" => (op, 7),
                "<<" | ">>" => (op, 6),
                "*" | "/" | "%" | "//" | "&" => (op, 8),
                "^" | "**" => (op, 9),
                _ => return None,
            },
            Tok::Name(name) => match name.as_str() {
                "if" if self.in_language(&[Python]) => ("if", 2),
                "or" => ("||", 2),
                "and" => ("&&", 2),
                "x" if self.in_language(&[Perl]) => ("*", 8),
                "eq" | "ne" | "lt" | "gt" | "le" | "ge" | "cmp" if self.in_language(&[Perl]) => ("==", 5),
                "in" | "is" | "not" if self.in_language(&[Python]) => ("==", 5),
                "in" | "instanceof" if self.in_language(&[JavaScript, Php, Groovy]) => ("==", 5),
                _ => return None,
            },
            // `"a" =~ s/…/…/`, `%in%` of R and the like are no operators of ours.
            _ => return None,
        })
    }

    fn binary(&mut self, c: &mut Cursor, left: Val, op: &'static str, binds: u8) -> Val {
        match op {
            // `a if x else b`: the first is as good as the second.
            "if" => {
                self.expression(c, 3);
                if c.take_name("else") {
                    let other = self.expression(c, 2);
                    return if left == Val::None { other } else { left };
                }
                left
            }
            "?" => {
                if c.take(":") {
                    let other = self.expression(c, 2);
                    return if left == Val::None { other } else { left };
                }
                let first = self.expression(c, 2);
                c.skip_lines();
                if c.take(":") {
                    c.skip_lines();
                    let other = self.expression(c, 2);
                    return if first == Val::None { other } else { first };
                }
                first
            }
            "||" | "??" | "&&" => {
                let right = self.expression(c, binds + 1);
                match op {
                    "&&" => right,
                    _ if left == Val::None || left == Val::text("") => right,
                    // Whether the first is there cannot be told: the second is what the text says.
                    _ if left.is_unknown() && right != Val::None => right,
                    _ => left,
                }
            }
            "=~" | "!~" => {
                let changed = match c.peek() {
                    Some(Tok::Change { .. }) => {
                        let place = c.at.checked_sub(2);
                        let variable = match place.and_then(|at| c.tokens.get(at)).map(|token| &token.kind) {
                            Some(Tok::Var(_, name)) => Some(name.clone()),
                            Some(Tok::Op(")")) => place.and_then(|at| at.checked_sub(3)).and_then(|at| {
                                c.part(at, at + 3).tokens.get(at..at + 3)?.iter().find_map(|token| {
                                    match &token.kind {
                                        Tok::Var(_, name) => Some(name.clone()),
                                        _ => None,
                                    }
                                })
                            }),
                            _ => None,
                        };
                        let value = self.change(c, &left);
                        if let Some(name) = variable {
                            self.set(&name, value.clone());
                        }
                        value
                    }
                    _ => {
                        self.expression(c, binds + 1);
                        Val::None
                    }
                };
                changed
            }
            "|>" => {
                let callee = self.expression(c, binds + 1);
                self.call(&callee, Given::of(vec![left]))
            }
            _ => {
                let right = self.expression(c, if binds == 1 { 1 } else { binds + 1 });
                self.arithmetic(&left, op, &right)
            }
        }
    }

    /// What an operator without effects makes of two values.
    pub(super) fn arithmetic(&mut self, left: &Val, op: &str, right: &Val) -> Val {
        use Language::{Groovy, JavaScript, Julia, Lua, Perl, Php, Python, Ruby};
        match (op, left, right) {
            ("=" | ":=" | "<-", _, _) => right.clone(),
            ("/", Val::Thing(Sort::Path, base), _) => {
                let part = self.text_of(right);
                Val::Thing(Sort::Path, pure::join_path(&[base.clone(), part]))
            }
            ("+", Val::Number(a), Val::Number(b)) => Val::Number(a.saturating_add(*b)),
            ("-", Val::Number(a), Val::Number(b)) => Val::Number(a.saturating_sub(*b)),
            ("^", Val::Number(a), Val::Number(b)) => Val::Number(a ^ b),
            ("*", Val::Number(a), Val::Number(b)) => Val::Number(a.saturating_mul(*b)),
            ("/", Val::Number(a), Val::Number(b)) => a.checked_div(*b).map_or(Val::None, Val::Number),
            ("%", Val::Number(a), Val::Number(b)) => a.checked_rem(*b).map_or(Val::None, Val::Number),
            ("+", Val::List(a), Val::List(b)) => Val::List(a.iter().chain(b).take(512).cloned().collect()),
            ("<<" | "+", Val::List(a), b) => {
                let mut list = a.clone();
                list.push(b.clone());
                Val::List(list)
            }
            ("%", Val::Text(format), _) if self.in_language(&[Python, Ruby]) => {
                let mut values = Vec::new();
                right.flatten(&mut values);
                if let Val::Map(_) = right {
                    values = vec![right.clone()];
                }
                let format = format.clone();
                Val::Text(self.percent_format(&format, &values))
            }
            ("*", Val::Text(text), times) | ("*", times, Val::Text(text))
                if self.in_language(&[Python, Ruby, Perl, Groovy]) =>
            {
                match times.as_number() {
                    Some(count) => self.repeated(text, count),
                    None => Val::None,
                }
            }
            ("^", Val::Text(text), Val::Number(count)) if self.in_language(&[Julia]) => {
                self.repeated(text, *count)
            }
            ("*", Val::List(list), Val::Number(_)) => Val::List(list.clone()),
            ("+", a, b)
                if self.in_language(&[Python, JavaScript, Ruby, Groovy])
                    && (matches!(a, Val::Text(_)) || matches!(b, Val::Text(_))) =>
            {
                let text = self.text_of(a) + &self.text_of(b);
                self.bounded(text)
            }
            (".", a, b) if self.in_language(&[Perl, Php]) => {
                let text = self.text_of(a) + &self.text_of(b);
                self.bounded(text)
            }
            ("..", a, b) if self.in_language(&[Lua]) => {
                let text = self.text_of(a) + &self.text_of(b);
                self.bounded(text)
            }
            ("*", a, b) if self.in_language(&[Julia]) => {
                let text = self.text_of(a) + &self.text_of(b);
                self.bounded(text)
            }
            ("<<", Val::Text(a), b) if self.in_language(&[Ruby]) => {
                let text = a.clone() + &self.text_of(b);
                self.bounded(text)
            }
            (".." | "..." | ":", Val::Number(a), Val::Number(b)) => {
                Val::List((*a..=*b).take(256).map(Val::Number).collect())
            }
            _ => Val::None,
        }
    }

    fn repeated(&mut self, text: &str, count: i64) -> Val {
        let count = usize::try_from(count).unwrap_or(0);
        if text.len().saturating_mul(count) > 16 * 1024 {
            return Val::Text(self.hole("…", Origin::Program));
        }
        Val::Text(text.repeat(count))
    }

    pub(super) fn bounded(&mut self, text: String) -> Val {
        if text.len() > crate::safety::machine::VALUE_BYTES {
            self.machine.cut = true;
            return Val::Text(self.hole("…", Origin::Program));
        }
        Val::Text(text)
    }

    /// An operand with what stands before and after it.
    fn operand(&mut self, c: &mut Cursor) -> Val {
        use Language::{Groovy, JavaScript, Julia, Lua, Perl, Php, Python, R, Ruby};
        let Some(tok) = c.peek() else { return Val::None };
        let tok = tok.clone();
        match tok {
            Tok::Text(pieces) => {
                c.at += 1;
                let mut text = self.pieces(&pieces);
                // Literals side by side are one.
                while self.in_language(&[Python, Ruby]) {
                    let Some(Tok::Text(more)) = c.peek() else { break };
                    let more = more.clone();
                    c.at += 1;
                    let more = self.pieces(&more);
                    text.push_str(&more);
                }
                self.after(c, Val::Text(text), None)
            }
            Tok::Number(number) => {
                c.at += 1;
                self.after(c, Val::Number(number), None)
            }
            Tok::Hole(letter) => {
                c.at += 1;
                let text = letter.to_string();
                if !self.idle {
                    self.machine.report_unknown_code(&text, self.what.span);
                }
                self.after(c, Val::Text(text), None)
            }
            Tok::Command(pieces) => {
                c.at += 1;
                let code = self.pieces(&pieces);
                if self.in_language(&[Julia]) {
                    return self.after(c, Val::Text(code), None);
                }
                let printed = self.run_code(&code);
                self.after(c, Val::Text(printed), None)
            }
            Tok::Words(words) => {
                c.at += 1;
                self.after(c, Val::List(words.into_iter().map(Val::Text).collect()), None)
            }
            Tok::Angle(pieces) => {
                c.at += 1;
                let text = self.pieces(&pieces);
                let is_handle = text.is_empty()
                    || matches!(text.as_str(), "STDIN" | "ARGV")
                    || text.chars().all(|c| c.is_ascii_uppercase());
                let value = if is_handle { self.standard_input() } else { self.glob(&text) };
                self.after(c, value, None)
            }
            Tok::Pattern(text) => {
                c.at += 1;
                self.after(c, Val::Text(text), None)
            }
            Tok::Change { .. } => {
                let left = self.get("_").unwrap_or(Val::None);
                let value = self.change(c, &left);
                self.set("_", value.clone());
                value
            }
            Tok::Var(sigil, name) => {
                c.at += 1;
                self.variable(c, sigil, &name)
            }
            Tok::Name(name) => self.name(c, &name),
            Tok::Op(op) => match op {
                "(" => {
                    let close = c.closing(c.at);
                    if matches!(c.tokens.get(close + 1).map(|token| &token.kind), Some(Tok::Op("=>" | "->")))
                        && self.in_language(&[JavaScript, Julia, Groovy])
                        && close < c.end
                    {
                        let parameters = self.parameters(c);
                        c.at += 1;
                        return self.arrow(c, parameters);
                    }
                    let mut inner = c.part(c.at + 1, close);
                    c.at = (close + 1).min(c.end);
                    let list = self.list(&mut inner);
                    let value = match list {
                        Val::List(mut values) if values.len() == 1 && !self.in_language(&[Perl]) => {
                            values.remove(0)
                        }
                        Val::List(mut values) if values.len() == 1 => values.remove(0),
                        other => other,
                    };
                    self.after(c, value, None)
                }
                "[" => {
                    let close = c.closing(c.at);
                    let mut inner = c.part(c.at + 1, close);
                    c.at = (close + 1).min(c.end);
                    let list = self.list(&mut inner);
                    self.after(c, list, None)
                }
                "{" => {
                    let value = self.braces(c);
                    self.after(c, value, None)
                }
                "..." | "*" | "**" | "&" | "\\" | "+" | "!" | "~" | "@" | "$" | "%" | "++" | "--" | "::" => {
                    c.at += 1;
                    if op == "$" && self.in_language(&[Php]) && c.is("{") {
                        let value = self.braces(c);
                        let name = self.text_of(&value);
                        return self.get(&name).unwrap_or(Val::None);
                    }
                    // `&$f(…)`, `@{…}`, `@$x`: what is behind it.
                    if matches!(op, "@" | "$" | "%" | "&") && c.is("{") {
                        let close = c.closing(c.at);
                        let mut inner = c.part(c.at + 1, close);
                        c.at = (close + 1).min(c.end);
                        let value = self.block(&mut inner);
                        return self.after(c, value, None);
                    }
                    let value = self.expression(c, 10);
                    if matches!(op, "!" | "~") { Val::None } else { value }
                }
                "-" => {
                    c.at += 1;
                    match self.expression(c, 10) {
                        Val::Number(number) => Val::Number(number.saturating_neg()),
                        _ => Val::None,
                    }
                }
                "->" if self.in_language(&[Ruby]) => {
                    c.at += 1;
                    let parameters = self.parameters(c);
                    let body = self.body(c);
                    let index = self.add_function(c, parameters, body);
                    self.after(c, Val::Function(index), None)
                }
                "=>" | "," | ";" | ")" | "]" | "}" => Val::None,
                _ => {
                    let _ = (Lua, Perl, Php, R);
                    c.at += 1;
                    Val::None
                }
            },
            Tok::Line(_) => Val::None,
        }
    }

    /// The body of an arrow function.
    fn arrow(&mut self, c: &mut Cursor, parameters: Vec<String>) -> Val {
        c.skip_lines();
        let body = if c.is("{") {
            let close = c.closing(c.at);
            let start = c.at + 1;
            c.at = (close + 1).min(c.end);
            (start, close)
        } else {
            let start = c.at;
            c.at = expression_end(c, start);
            (start, c.at)
        };
        let index = self.add_function(c, parameters, body);
        self.after(c, Val::Function(index), None)
    }

    /// `{ … }` as a value: a map, a block, or a closure.
    fn braces(&mut self, c: &mut Cursor) -> Val {
        let close = c.closing(c.at);
        let mut inner = c.part(c.at + 1, close);
        c.at = (close + 1).min(c.end);
        if self.in_language(&[Language::Groovy, Language::Ruby]) {
            let (parameters, start) = block_parameters(&inner);
            if start > inner.at || !looks_like_map(&inner) {
                let index = self.add_function(&inner, parameters, (start, close));
                return Val::Function(index);
            }
        }
        if !looks_like_map(&inner) {
            return self.list(&mut inner);
        }
        let mut entries = Vec::new();
        while inner.at < inner.end && entries.len() < 64 {
            inner.skip_lines();
            let key = match (inner.peek(), inner.look(1)) {
                (Some(Tok::Name(name)), Some(Tok::Op(":" | "=>" | "=" | "," | "}"))) => {
                    let name = name.clone();
                    inner.at += 1;
                    name
                }
                (Some(Tok::Name(name)), None) => {
                    let name = name.clone();
                    inner.at += 1;
                    name
                }
                _ => {
                    let value = self.expression(&mut inner, 2);
                    value.as_text().unwrap_or_default()
                }
            };
            let value = if inner.take(":") || inner.take("=>") || inner.take("=") {
                inner.skip_lines();
                self.expression(&mut inner, 1)
            } else if inner.is("(") {
                // A method of an object literal.
                let parameters = self.parameters(&mut inner);
                let body = self.body(&mut inner);
                Val::Function(self.add_function(&inner, parameters, body))
            } else {
                self.get(&key).unwrap_or(Val::None)
            };
            entries.push((key, value));
            inner.skip_lines();
            if !inner.take(",") {
                inner.at += usize::from(inner.at < inner.end && !inner.is("}"));
            }
        }
        Val::Map(entries)
    }

    /// Values between commas up to the end of the cursor, with comprehensions.
    pub(super) fn list(&mut self, c: &mut Cursor) -> Val {
        if self.in_language(&[Language::Python, Language::Julia])
            && let Some(at) = word_at_depth(c, "for")
        {
            return self.comprehension(c, at);
        }
        let given = self.given(c);
        if given.list.is_empty() && !given.named.is_empty() {
            return Val::Map(given.named);
        }
        let mut list = given.list;
        list.extend(given.named.into_iter().map(|(_, value)| value));
        Val::List(list)
    }

    /// `x for x in list if y`.
    fn comprehension(&mut self, c: &mut Cursor, at: usize) -> Val {
        let element = c.part(c.at, at);
        let mut head = c.part(at + 1, c.end);
        c.at = c.end;
        let mut names = Vec::new();
        while let Some(tok) = head.peek() {
            match tok {
                Tok::Name(word) if word == "in" => {
                    head.at += 1;
                    break;
                }
                Tok::Name(name) => names.push(name.clone()),
                Tok::Op("=") => {
                    head.at += 1;
                    break;
                }
                _ => {}
            }
            head.at += 1;
        }
        let list = self.expression(&mut head, 3);
        let values: Vec<Val> = match list {
            Val::List(values) => values,
            Val::Text(text) if !crate::safety::value::has_hole(&text) => {
                text.chars().map(|c| Val::text(c.to_string())).collect()
            }
            other => vec![other],
        };
        let mut out = Vec::new();
        for value in values.into_iter().take(128) {
            match (&value, &names[..]) {
                (_, [name]) => self.set(name, value),
                (Val::List(parts), names) => {
                    for (name, part) in names.iter().zip(parts) {
                        self.set(name, part.clone());
                    }
                }
                _ => {}
            }
            if head.at < head.end {
                // A condition, or another loop inside.
                let mut rest = head.clone();
                if rest.take_name("for") {
                    let mut nested = element.clone();
                    nested.end = element.end;
                    let again = Cursor { tokens: head.tokens.clone(), at: head.at, end: head.end };
                    let mut whole = again;
                    whole.at = head.at;
                    let inner = self.inner_comprehension(&element, &mut whole);
                    inner.flatten(&mut out);
                    continue;
                }
                rest.at += 1;
                self.expression(&mut rest, 2);
            }
            out.push(self.expression(&mut element.clone(), 1));
            if self.machine.fuel == 0 {
                break;
            }
        }
        Val::List(out)
    }

    fn inner_comprehension(&mut self, element: &Cursor, head: &mut Cursor) -> Val {
        if self.nesting >= NESTING {
            return Val::None;
        }
        self.nesting += 1;
        head.take_name("for");
        let mut names = Vec::new();
        while let Some(tok) = head.peek() {
            match tok {
                Tok::Name(word) if word == "in" => {
                    head.at += 1;
                    break;
                }
                Tok::Name(name) => names.push(name.clone()),
                _ => {}
            }
            head.at += 1;
        }
        let list = self.expression(head, 3);
        let mut values = Vec::new();
        list.flatten(&mut values);
        let mut out = Vec::new();
        for value in values.into_iter().take(32) {
            if let [name] = &names[..] {
                self.set(name, value);
            }
            out.push(self.expression(&mut element.clone(), 1));
        }
        self.nesting -= 1;
        Val::List(out)
    }

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

    fn argument(&mut self, c: &mut Cursor, given: &mut Given) {
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
            other => given.list.push(other),
        }
    }

    /// A variable of Perl, PHP or Ruby.
    fn variable(&mut self, c: &mut Cursor, sigil: char, name: &str) -> Val {
        use Language::{Perl, Php, Ruby};
        if self.assigns(c) {
            return self.assign(c, name);
        }
        let value = match (name, self.what.language) {
            ("ENV" | "_ENV" | "_SERVER", _) => Val::Name("ENV".to_owned()),
            ("ARGV" | "argv", Perl | Php) => self.arguments(),
            ("0" | "PROGRAM_NAME", _) => Val::text("script"),
            ("PATH_SEPARATOR", _) => Val::text("/"),
            ("stdin", Ruby) => Val::Name("STDIN".to_owned()),
            ("stdout", Ruby) => Val::Name("STDOUT".to_owned()),
            ("_GET" | "_POST" | "_REQUEST", Php) => Val::Text(self.hole(&format!("${name}"), Origin::Socket)),
            _ => match self.get(name) {
                Some(value) => value,
                None if sigil == '$' => Val::Text(self.hole(&format!("${name}"), Origin::Variable)),
                None => Val::None,
            },
        };
        self.after(c, value, Some(name.to_owned()))
    }

    /// True where `=` or its like follows.
    fn assigns(&self, c: &Cursor) -> bool {
        matches!(
            c.peek(),
            Some(Tok::Op("=" | ":=" | "<-" | "+=" | ".=" | "*=" | "||=" | "??=" | "//=" | "<<=" | "|="))
        )
    }

    /// The rest of `name = …`.
    fn assign(&mut self, c: &mut Cursor, name: &str) -> Val {
        let Some(Tok::Op(op)) = c.peek() else { return Val::None };
        let op = *op;
        c.at += 1;
        c.skip_lines();
        let right = self.expression(c, 1);
        let value = match op {
            "+=" | ".=" | "*=" | "<<=" => {
                let left = self.get(name).unwrap_or_else(|| {
                    if op == ".=" || matches!(right, Val::Text(_)) { Val::text("") } else { Val::None }
                });
                self.arithmetic(&left, &op[..op.len() - 1], &right)
            }
            "||=" | "??=" | "//=" | "|=" => self.get(name).unwrap_or(right),
            _ => right,
        };
        self.set(name, value.clone());
        value
    }

    /// A name: a word of the language, a variable, a function, a library.
    fn name(&mut self, c: &mut Cursor, name: &str) -> Val {
        use Language::{Groovy, JavaScript, Julia, Lua, Perl, Php, Python, R, Ruby};
        c.at += 1;
        match name {
            "True" | "true" | "TRUE" => return self.after(c, Val::Number(1), None),
            "False" | "false" | "FALSE" | "None" | "null" | "nil" | "undefined" | "undef" | "nothing"
            | "NULL" => {
                return self.after(c, Val::None, None);
            }
            "lambda" if self.in_language(&[Python]) => {
                let colon = (c.at..c.end)
                    .find(|&at| matches!(c.tokens.get(at).map(|token| &token.kind), Some(Tok::Op(":"))))
                    .unwrap_or(c.end);
                let parameters = parameter_names(c, c.at, colon);
                let start = (colon + 1).min(c.end);
                c.at = expression_end(c, start);
                let index = self.add_function(c, parameters, (start, c.at));
                return Val::Function(index);
            }
            "function" | "fn" | "sub" | "func" if matches!(c.peek(), Some(Tok::Op("(" | "{"))) => {
                let mut parameters = self.parameters(c);
                if c.take_name("use") {
                    self.parameters(c);
                }
                if c.take("=>") {
                    return self.arrow(c, parameters);
                }
                if parameters.is_empty() {
                    parameters.push("_".to_owned());
                }
                let body = self.body(c);
                let index = self.add_function(c, parameters, body);
                return self.after(c, Val::Function(index), None);
            }
            "function" if self.in_language(&[JavaScript]) => {
                // A name of its own.
                c.at += 1;
                let parameters = self.parameters(c);
                let body = self.body(c);
                let index = self.add_function(c, parameters, body);
                return self.after(c, Val::Function(index), None);
            }
            "async" | "await" | "new" | "typeof" | "void" | "not" | "delete" | "yield" | "local" | "my"
            | "our" | "return" | "throw" | "die" | "do" | "else" | "begin" | "then" | "static" | "const"
            | "let" | "var" | "defined" | "scalar" | "elif" | "if" | "unless" | "while"
                if !c.is(".") && !(c.is("(") && matches!(name, "delete")) =>
            {
                if matches!(name, "do" | "begin" | "else" | "then") && c.is("{") {
                    let close = c.closing(c.at);
                    let mut inner = c.part(c.at + 1, close);
                    c.at = (close + 1).min(c.end);
                    return self.block(&mut inner);
                }
                if matches!(name, "my" | "our" | "local") && c.is("(") {
                    let close = c.closing(c.at);
                    c.at = (close + 1).min(c.end);
                    return Val::None;
                }
                if matches!(name, "not" | "typeof" | "defined" | "void") {
                    self.expression(c, 3);
                    return Val::None;
                }
                if c.peek().is_none_or(|tok| matches!(tok, Tok::Line(_))) {
                    return Val::None;
                }
                return self.expression(c, if name == "new" { 10 } else { 1 });
            }
            "qw" | "__FILE__" | "__filename" | "__dir__" => {
                return self.after(c, Val::text("./script"), None);
            }
            "__DIR__" | "__dirname" => return self.after(c, Val::text("."), None),
            _ => {}
        }
        // `a => …` of JavaScript; `x -> …` of Julia and Groovy.
        if (c.is("=>") && self.in_language(&[JavaScript])) || (c.is("->") && self.in_language(&[Julia])) {
            c.at += 1;
            return self.arrow(c, vec![name.to_owned()]);
        }
        if c.is("=>") && self.in_language(&[Perl, Ruby, Php]) {
            return Val::text(name);
        }
        if self.assigns(c) && !self.in_language(&[Perl, Php]) {
            return self.assign(c, name);
        }
        if let Some(value) = self.get(name) {
            return self.after(c, value, Some(name.to_owned()));
        }
        let special = match (name, self.what.language) {
            ("ARGV", Ruby) | ("arg", Lua) | ("ARGS", Julia) | ("args", Groovy) => Some(self.arguments()),
            ("STDIN" | "ARGF" | "stdin", _) => Some(Val::Name("STDIN".to_owned())),
            ("PHP_EOL", Php) => Some(Val::text("\n")),
            ("DIRECTORY_SEPARATOR", Php) => Some(Val::text("/")),
            _ => None,
        };
        if let Some(value) = special {
            return self.after(c, value, None);
        }
        let _ = R;
        self.after(c, Val::Name(name.to_owned()), None)
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
                    let mut given = self.given(&mut inner);
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
    fn bare(&mut self, value: Val) -> Val {
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
    fn may_call(&self, c: &Cursor, value: &Val) -> bool {
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
        if !open || (!c.spaced() && !matches!(c.peek(), Some(Tok::Text(_) | Tok::Var(..) | Tok::Angle(_)))) {
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
            Some(Tok::Name(word)) => BETWEEN.binary_search(&word.as_str()).is_err(),
            Some(Tok::Op("[" | "::" | "\\")) => true,
            Some(Tok::Op("@" | "$" | "%")) => true,
            Some(Tok::Op("-" | "*" | "&" | ":" | "->")) => tight,
            Some(Tok::Op("<<")) => false,
            _ => false,
        }
    }

    /// A call whose arguments go on to the end of the statement.
    fn open_call(&mut self, c: &mut Cursor, value: Val) -> Val {
        let mut given = self.open_arguments(c);
        self.block_argument(c, &mut given);
        self.call(&value, given)
    }

    fn open_arguments(&mut self, c: &mut Cursor) -> Given {
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
    fn block_argument(&mut self, c: &mut Cursor, given: &mut Given) -> bool {
        use Language::{Groovy, Perl, Ruby};
        if !self.in_language(&[Ruby, Perl, Groovy]) {
            return false;
        }
        if c.is("{") {
            let close = c.closing(c.at);
            let inner = c.part(c.at + 1, close);
            let (mut parameters, start) = block_parameters(&inner);
            if parameters.is_empty() {
                parameters.push(if self.in_language(&[Groovy]) { "it" } else { "_" }.to_owned());
            }
            c.at = (close + 1).min(c.end);
            let index = self.add_function(c, parameters, (start, close));
            given.list.push(Val::Function(index));
            return true;
        }
        if self.in_language(&[Ruby]) && c.is_name("do") {
            let inner = c.part(c.at + 1, c.end);
            let (parameters, start) = block_parameters(&inner);
            let end = super::statement::block_end(c, start, Ruby);
            c.at = (end + 1).min(c.end);
            let index = self.add_function(c, parameters, (start, end));
            given.list.push(Val::Function(index));
            return true;
        }
        false
    }

    /// `value.member`, with a call where one follows.
    fn member(&mut self, c: &mut Cursor, value: Val, member: &str, variable: &mut Option<String>) -> Val {
        use Language::{Groovy, Ruby};
        let path = variable.as_ref().map(|name| format!("{name}.{member}"));
        if let Some(path) = &path {
            if self.assigns(c) {
                let path = path.clone();
                *variable = None;
                return self.assign(c, &path);
            }
            if let Some(known) = self.get(path)
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
    fn index(&mut self, c: &mut Cursor, value: Val, mut inner: Cursor, variable: &mut Option<String>) -> Val {
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

    fn slice(&mut self, value: &Val, inner: &Cursor, start: usize, colon: usize) -> Val {
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
fn block_parameters(inner: &Cursor) -> (Vec<String>, usize) {
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

/// True where braces hold `key: value` or `key => value`.
fn looks_like_map(inner: &Cursor) -> bool {
    let mut c = inner.clone();
    c.skip_lines();
    match c.peek() {
        None => true,
        Some(Tok::Name(_)) => matches!(c.look(1), Some(Tok::Op(":" | "=>" | "," | "=" | "(")) | None),
        Some(Tok::Text(_) | Tok::Number(_)) => matches!(c.look(1), Some(Tok::Op(":" | "=>" | ","))),
        Some(Tok::Op("..." | "**" | "[")) => true,
        _ => false,
    }
}

/// The place of a word outside of inner brackets.
fn word_at_depth(c: &Cursor, word: &str) -> Option<usize> {
    let mut depth = 0usize;
    for at in c.at..c.end {
        match c.tokens.get(at).map(|token| &token.kind) {
            Some(Tok::Op("(" | "[" | "{")) => depth += 1,
            Some(Tok::Op(")" | "]" | "}")) => depth = depth.saturating_sub(1),
            Some(Tok::Name(name)) if depth == 0 && name == word && at > c.at => return Some(at),
            _ => {}
        }
    }
    None
}

fn colon_at_depth(c: &Cursor) -> Option<usize> {
    let mut depth = 0usize;
    for at in c.at..c.end {
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

/// Where an expression without a block ends: at a comma, a closing bracket, `;` or a line end.
fn expression_end(c: &Cursor, from: usize) -> usize {
    let mut depth = 0usize;
    for at in from..c.end {
        match c.tokens.get(at).map(|token| &token.kind) {
            Some(Tok::Op("(" | "[" | "{")) => depth += 1,
            Some(Tok::Op(")" | "]" | "}")) => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return at,
            },
            Some(Tok::Op("," | ";") | Tok::Line(_)) if depth == 0 => return at,
            _ => {}
        }
    }
    c.end
}
