//! The expressions of `awk`: operators, fields, variables, functions.

use super::super::print;
use super::token::{Token, Val};
use super::{Awk, DEPTH};
use crate::safety::machine::VALUE_BYTES;
use crate::safety::{regex, value};

impl Awk {
    pub(super) fn variable(&self, name: &str, default: &str) -> String {
        self.variables.get(name).map_or_else(|| default.to_owned(), Val::text)
    }

    pub(super) fn parenthesised(&mut self) -> Option<Val> {
        if !self.take("(") {
            return None;
        }
        let value = self.expression()?;
        self.take(")").then_some(value)
    }

    pub(super) fn expression(&mut self) -> Option<Val> {
        self.ternary(false)
    }

    /// `in_print`: a `>` is a redirection there.
    pub(super) fn ternary(&mut self, in_print: bool) -> Option<Val> {
        self.pay()?;
        if self.depth >= DEPTH {
            return None;
        }
        self.depth += 1;
        let value = self.level(0, in_print);
        let value = match value {
            Some(condition) if self.take("?") => {
                let yes = self.ternary(in_print);
                if !self.take(":") {
                    return None;
                }
                let no = self.ternary(in_print);
                if condition.holds() { yes } else { no }
            }
            value => value,
        };
        self.depth -= 1;
        value
    }

    pub(super) fn level(&mut self, level: u8, in_print: bool) -> Option<Val> {
        const LEVELS: &[&[&str]] = &[
            &["||"],
            &["&&"],
            &["~", "!~"],
            &["<", "<=", "==", "!=", ">", ">="],
            &["concat"],
            &["+", "-"],
            &["*", "/", "%"],
        ];
        let Some(operators) = LEVELS.get(usize::from(level)) else { return self.unary() };
        let mut left = self.level(level + 1, in_print)?;
        if operators[0] == "concat" {
            while self.begins_operand() {
                self.pay()?;
                let right = self.level(level + 1, in_print)?;
                left = Val::Text(left.text() + &right.text());
            }
            return Some(left);
        }
        while let Some(Token::Op(operator)) = self.tokens.get(self.at) {
            let operator = *operator;
            if !operators.contains(&operator) || (in_print && matches!(operator, ">")) {
                break;
            }
            self.at += 1;
            self.pay()?;
            if matches!(operator, "~" | "!~") {
                let pattern = match self.tokens.get(self.at)? {
                    Token::Regex(pattern) => {
                        let pattern = pattern.clone();
                        self.at += 1;
                        pattern
                    }
                    _ => self.level(level + 1, in_print)?.text(),
                };
                let found = regex::groups(&pattern, &left.text(), &mut self.matching)?.is_some();
                left = Val::Number(f64::from(u8::from(found == (operator == "~"))));
                continue;
            }
            let right = self.level(level + 1, in_print)?;
            left = apply(operator, &left, &right)?;
        }
        Some(left)
    }

    pub(super) fn begins_operand(&self) -> bool {
        match self.tokens.get(self.at) {
            Some(Token::Number(_) | Token::Text(_) | Token::Op("$" | "(" | "!")) => true,
            Some(Token::Name(name)) => !matches!(name.as_str(), "in" | "else" | "getline"),
            _ => false,
        }
    }

    pub(super) fn unary(&mut self) -> Option<Val> {
        self.pay()?;
        if self.depth >= DEPTH {
            return None;
        }
        self.depth += 1;
        let value = if self.take("!") {
            self.unary().map(|value| Val::Number(f64::from(u8::from(!value.holds()))))
        } else if self.take("-") {
            self.unary().map(|value| Val::Number(-value.number()))
        } else if self.take("+") {
            self.unary().map(|value| Val::Number(value.number()))
        } else {
            self.primary()
        };
        self.depth -= 1;
        value
    }

    pub(super) fn primary(&mut self) -> Option<Val> {
        let token = self.tokens.get(self.at)?.clone();
        self.at += 1;
        match token {
            Token::Number(number) => Some(Val::Number(number)),
            Token::Text(text) => Some(Val::Text(text)),
            Token::Regex(pattern) => {
                let found = regex::groups(&pattern, &self.line, &mut self.matching)?.is_some();
                Some(Val::Number(f64::from(u8::from(found))))
            }
            Token::Op("(") => {
                let value = self.expression()?;
                self.take(")").then_some(value)
            }
            Token::Op("$") => {
                let index = match self.tokens.get(self.at)? {
                    Token::Op("++" | "--") => return None,
                    _ => self.primary()?.number(),
                };
                if self.is("=") || self.is("+=") {
                    self.at += 1;
                    let value = self.expression()?;
                    return self.set_field(index as usize, value);
                }
                Some(Val::Text(match index as usize {
                    0 => self.line.clone(),
                    at => self.fields.get(at - 1).cloned().unwrap_or_default(),
                }))
            }
            Token::Op(sign @ ("++" | "--")) => {
                let Token::Name(name) = self.tokens.get(self.at)?.clone() else { return None };
                self.at += 1;
                let value = self.value_of(&name).number() + if sign == "++" { 1.0 } else { -1.0 };
                self.variables.insert(name, Val::Number(value));
                Some(Val::Number(value))
            }
            Token::Name(name) => self.named(name),
            _ => None,
        }
    }

    pub(super) fn set_field(&mut self, at: usize, value: Val) -> Option<Val> {
        let text = value.text();
        if at == 0 {
            self.set_line(&text)?;
        } else if at <= 256 {
            if self.fields.len() < at {
                self.fields.resize(at, String::new());
            }
            self.fields[at - 1] = text;
            self.line = self.fields.join(&self.variable("OFS", " "));
        }
        Some(value)
    }

    pub(super) fn value_of(&self, name: &str) -> Val {
        match name {
            "NF" => Val::Number(self.fields.len() as f64),
            _ => self.variables.get(name).cloned().unwrap_or_else(|| Val::Text(String::new())),
        }
    }

    pub(super) fn named(&mut self, name: String) -> Option<Val> {
        if self.take("(") {
            return self.call(&name);
        }
        if self.take("[") {
            let key = self.expression()?.text();
            if !self.take("]") {
                return None;
            }
            if self.take("=") {
                let value = self.expression()?;
                let list = self.arrays.entry(name).or_default();
                match list.iter().position(|(known, _)| *known == key) {
                    Some(at) => list[at].1 = value.clone(),
                    None if list.len() < 256 => list.push((key, value.clone())),
                    None => return None,
                }
                return Some(value);
            }
            let list = self.arrays.get(&name);
            let value = list.and_then(|list| list.iter().find(|(known, _)| *known == key));
            return Some(value.map_or_else(|| Val::Text(String::new()), |(_, value)| value.clone()));
        }
        match self.tokens.get(self.at)? {
            Token::Op("=") => {
                self.at += 1;
                let value = self.expression()?;
                if value.text().len() > VALUE_BYTES {
                    return None;
                }
                self.variables.insert(name, value.clone());
                Some(value)
            }
            Token::Op(sign @ ("+=" | "-=" | "*=" | "/=" | "%=")) => {
                let sign = *sign;
                self.at += 1;
                let right = self.expression()?;
                let value = apply(&sign[..1], &self.value_of(&name), &right)?;
                self.variables.insert(name, value.clone());
                Some(value)
            }
            Token::Op(sign @ ("++" | "--")) => {
                let step = if *sign == "++" { 1.0 } else { -1.0 };
                self.at += 1;
                let old = self.value_of(&name).number();
                self.variables.insert(name, Val::Number(old + step));
                Some(Val::Number(old))
            }
            _ => match name.as_str() {
                "length" => Some(Val::Number(self.line.chars().count() as f64)),
                "getline" | "ENVIRON" | "FILENAME" => None,
                _ => Some(self.value_of(&name)),
            },
        }
    }

    pub(super) fn call(&mut self, name: &str) -> Option<Val> {
        // The names of arrays and expressions as they stand are arguments too.
        let mut arguments = Vec::new();
        let mut array = None;
        let mut pattern = None;
        while !self.is(")") {
            match self.tokens.get(self.at)? {
                Token::Name(word)
                    if name == "split"
                        && arguments.len() == 1
                        && matches!(self.tokens.get(self.at + 1), Some(Token::Op("," | ")"))) =>
                {
                    array = Some(word.clone());
                    self.at += 1;
                    arguments.push(Val::Text(String::new()));
                }
                Token::Regex(text) => {
                    pattern = Some(text.clone());
                    self.at += 1;
                    arguments.push(Val::Text(String::new()));
                }
                _ => arguments.push(self.expression()?),
            }
            if !self.take(",") {
                break;
            }
        }
        if !self.take(")") {
            return None;
        }
        let text = |at: usize| arguments.get(at).map_or_else(String::new, Val::text);
        let number = |at: usize| arguments.get(at).map(Val::number);
        Some(match name {
            "system" => {
                self.runs.push((text(0), String::new()));
                Val::Number(0.0)
            }
            "length" => Val::Number(text(0).chars().count() as f64),
            "substr" => {
                let from = number(1)?.max(1.0) as usize - 1;
                let count = number(2).map_or(usize::MAX, |count| count.max(0.0) as usize);
                Val::Text(text(0).chars().skip(from).take(count).collect())
            }
            "index" => Val::Number(match text(0).find(&text(1)) {
                Some(at) => text(0)[..at].chars().count() as f64 + 1.0,
                None => 0.0,
            }),
            "toupper" => Val::Text(text(0).to_uppercase()),
            "tolower" => Val::Text(text(0).to_lowercase()),
            "int" => Val::Number(number(0)?.trunc()),
            "strtonum" => Val::Number(print::number_of(&text(0))? as f64),
            "sprintf" => {
                let texts: Vec<String> = arguments.iter().map(Val::text).collect();
                Val::Text(format_values(&texts, &arguments)?)
            }
            "split" => {
                let whole = text(0);
                let separator = match arguments.get(2) {
                    Some(value) if pattern.is_none() => value.text(),
                    _ => self.separator.clone(),
                };
                let pieces: Vec<&str> = match separator.as_str() {
                    " " => whole.split_whitespace().collect(),
                    "" => whole.split("").filter(|piece| !piece.is_empty()).collect(),
                    separator => whole.split(separator).collect(),
                };
                if pieces.len() > 256 {
                    return None;
                }
                let list = pieces.iter().enumerate();
                let list: Vec<(String, Val)> =
                    list.map(|(at, piece)| ((at + 1).to_string(), Val::Text((*piece).to_owned()))).collect();
                let count = list.len();
                self.arrays.insert(array?, list);
                Val::Number(count as f64)
            }
            "sub" | "gsub" => {
                let pattern = pattern.unwrap_or_else(|| text(0));
                if arguments.len() > 2 {
                    return None;
                }
                let by = text(1).replace('$', "\\$").replace('&', "\\0");
                let new = regex::replace(&pattern, &by, &self.line, name == "gsub", &mut self.matching)?;
                self.set_line(&new)?;
                Val::Number(1.0)
            }
            "close" | "fflush" | "srand" => Val::Number(0.0),
            _ => return None,
        })
    }
}

pub(super) fn apply(operator: &str, left: &Val, right: &Val) -> Option<Val> {
    let (a, b) = (left.number(), right.number());
    let numeric = |value: &Val| matches!(value, Val::Number(_)) || value.text().trim().parse::<f64>().is_ok();
    let order = if numeric(left) && numeric(right) {
        a.partial_cmp(&b)
    } else {
        Some(left.text().cmp(&right.text()))
    };
    let truth = |holds: bool| Val::Number(f64::from(u8::from(holds)));
    Some(match operator {
        "||" => truth(left.holds() || right.holds()),
        "&&" => truth(left.holds() && right.holds()),
        "<" => truth(order?.is_lt()),
        "<=" => truth(order?.is_le()),
        "==" => truth(order?.is_eq()),
        "!=" => truth(order?.is_ne()),
        ">" => truth(order?.is_gt()),
        ">=" => truth(order?.is_ge()),
        "+" => Val::Number(a + b),
        "-" => Val::Number(a - b),
        "*" => Val::Number(a * b),
        "/" if b != 0.0 => Val::Number(a / b),
        "%" if b != 0.0 => Val::Number(a % b),
        _ => return None,
    })
}

/// `printf` of awk: `%c` of a number is that character.
pub(super) fn format_values(texts: &[String], values: &[Val]) -> Option<String> {
    let (format, rest) = texts.split_first()?;
    let mut kinds = format.split('%').skip(1).filter_map(|piece| piece.chars().find(|c| c.is_alphabetic()));
    let mut out: Vec<String> = Vec::with_capacity(rest.len());
    for (text, value) in rest.iter().zip(values.iter().skip(1)) {
        let numeric = matches!(value, Val::Number(_)) || text.trim().parse::<f64>().is_ok();
        match kinds.next() {
            Some('c') if numeric => {
                out.push(char::from_u32(value.number() as u32).map(String::from).unwrap_or_default());
            }
            Some('d' | 'i' | 'x' | 'o') => out.push((value.number() as i64).to_string()),
            _ => out.push(text.clone()),
        }
    }
    let mut arguments = vec![format.as_str()];
    arguments.extend(out.iter().map(String::as_str));
    if rest.is_empty() && format.contains('%') && !format.contains("%%") {
        return None;
    }
    print::printf(&arguments).map(|text| value::clean(&text).into_owned())
}
