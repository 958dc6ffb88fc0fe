//! Expressions: read and evaluated in one go, by precedence.

use super::acts::Given;
use super::lex::Tok;
use super::val::{Sort, Val};
use super::{Cursor, NESTING, Script, pure};
use crate::safety::value::Origin;
use crate::specs::Language;

impl Script<'_, '_, '_> {
    pub(super) fn in_language(&self, languages: &[Language]) -> bool {
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
            "=~" | "!~" => match c.peek() {
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
            },
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
            ("*", Val::List(list), Val::Text(between)) if self.in_language(&[Ruby]) => {
                let texts: Vec<String> = list.iter().take(512).map(|value| self.text_of(value)).collect();
                self.bounded(texts.join(between))
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
}
