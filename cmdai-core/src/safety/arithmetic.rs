//! Shell arithmetic: `$((…))`, `((…))`, `let`, indices and offsets.
//!
//! `None` where some value in it is not known. Work and depth are bounded; numbers wrap as in the shell.

use super::machine::{Flow, Machine, Value};

/// Depth of parentheses, unary operators and of names that stand for names.
const DEPTH: usize = 16;
/// Tokens of one expression.
const TOKENS: usize = 512;

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Number(i64),
    Name(String),
    Operator(&'static str),
}

/// Longest first, so that the first that fits is the one.
const OPERATORS: &[&str] = &[
    "<<=", ">>=", "**", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "+=", "-=", "*=", "/=",
    "%=", "&=", "|=", "^=", "+", "-", "*", "/", "%", "<", ">", "=", "!", "~", "&", "|", "^", "?", ":", ",",
    "(", ")", "[", "]",
];

impl Machine<'_> {
    /// The value of an expression after its `$` expansions; variables in it are looked up and set.
    pub(super) fn calculate(&mut self, text: &str) -> Option<i64> {
        let text = text.trim();
        if text.is_empty() {
            return Some(0);
        }
        if let Ok(number) = text.parse::<i64>()
            && !text.starts_with(['0', '+'])
        {
            return Some(number);
        }
        self.calculate_at(text, 0)
    }

    /// What stands between brackets is expanded once more where a number or a name is asked for: a value
    /// of `a[$(code)]` runs the code.
    pub(super) fn subscripts(&mut self, text: &str) {
        let Some((_, inside)) = text.split_once('[') else { return };
        if !inside.contains("$(") && !inside.contains('`') {
            return;
        }
        let span = self.outer.unwrap_or_default();
        let code = format!(": \"{}\"", inside.trim_end_matches(']'));
        self.apart(|machine| machine.code_here(&code, span, Flow::default()));
    }

    fn calculate_at(&mut self, text: &str, depth: usize) -> Option<i64> {
        if depth > DEPTH || text.len() > 4096 || !self.spend(1 + text.len() / 32) {
            return None;
        }
        self.subscripts(text);
        if self.dialect == crate::Dialect::Zsh && has_leading_zero(text) {
            return None;
        }
        let tokens = tokens(text)?;
        let mut reader = Reader { tokens: &tokens, at: 0, depth, machine: self, quiet: false };
        let value = reader.list()?;
        (reader.at == tokens.len()).then_some(value)
    }
}

/// True for a number with a leading zero: octal in bash, in zsh only with an option.
fn has_leading_zero(text: &str) -> bool {
    let bytes = text.as_bytes();
    let continues = |at: usize| {
        bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'#' | b'.'))
    };
    (0..bytes.len()).any(|at| {
        bytes[at] == b'0'
            && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
            && !at.checked_sub(1).is_some_and(continues)
    })
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if out.len() >= TOKENS {
            return None;
        }
        if first.is_ascii_digit() {
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '#' | '_' | '@')));
            let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
            out.push(Token::Number(number(word)?));
            rest = after;
        } else if first.is_alphabetic() || first == '_' {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            out.push(Token::Name(rest[..end].to_owned()));
            rest = &rest[end..];
        } else if matches!(first, '"' | '\'') {
            rest = &rest[1..];
        } else {
            let operator = OPERATORS.iter().find(|operator| rest.starts_with(**operator))?;
            out.push(Token::Operator(operator));
            rest = &rest[operator.len()..];
        }
        rest = rest.trim_start();
    }
    Some(out)
}

/// `10`, `0x1f`, `017`, `16#ff`, `2#101`.
pub(super) fn number(text: &str) -> Option<i64> {
    if let Some((base, digits)) = text.split_once('#') {
        let base: u32 = base.parse().ok().filter(|base| (2..=64).contains(base))?;
        let mut value = 0i64;
        for letter in digits.chars() {
            let digit = match letter {
                '0'..='9' => letter as u32 - '0' as u32,
                'a'..='z' => letter as u32 - 'a' as u32 + 10,
                'A'..='Z' if base <= 36 => letter as u32 - 'A' as u32 + 10,
                'A'..='Z' => letter as u32 - 'A' as u32 + 36,
                '@' => 62,
                '_' => 63,
                _ => return None,
            };
            if digit >= base {
                return None;
            }
            value = value.wrapping_mul(i64::from(base)).wrapping_add(i64::from(digit));
        }
        return Some(value);
    }
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return i64::from_str_radix(digits, 16).ok();
    }
    if text.len() > 1 && text.starts_with('0') {
        return i64::from_str_radix(text, 8).ok();
    }
    text.parse().ok()
}

struct Reader<'a, 'm, 'c> {
    tokens: &'a [Token],
    at: usize,
    depth: usize,
    machine: &'m mut Machine<'c>,
    /// True in the operand that `&&`, `||` and `?:` leave out: nothing is set there.
    quiet: bool,
}

/// The place a name or an element of an array stands for.
#[derive(Clone)]
struct Place {
    name: String,
    index: Option<String>,
}

impl Reader<'_, '_, '_> {
    fn operator(&self) -> Option<&'static str> {
        match self.tokens.get(self.at) {
            Some(Token::Operator(operator)) => Some(operator),
            _ => None,
        }
    }

    fn take(&mut self, wanted: &str) -> bool {
        let found = self.operator() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn list(&mut self) -> Option<i64> {
        let mut value = self.choice()?;
        while self.take(",") {
            value = self.choice()?;
        }
        Some(value)
    }

    fn choice(&mut self) -> Option<i64> {
        let condition = self.binary(0)?;
        if !self.take("?") {
            return Some(condition);
        }
        self.deeper(|reader| {
            let quiet = reader.quiet;
            reader.quiet = quiet || condition == 0;
            let yes = reader.choice()?;
            if !reader.take(":") {
                return None;
            }
            reader.quiet = quiet || condition != 0;
            let no = reader.choice()?;
            reader.quiet = quiet;
            Some(if condition != 0 { yes } else { no })
        })
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth >= DEPTH {
            return None;
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn binary(&mut self, least: u8) -> Option<i64> {
        let mut left = self.unary()?;
        while let Some(operator) = self.operator() {
            let Some(level) = level(operator).filter(|level| *level >= least) else { break };
            self.at += 1;
            let quiet = self.quiet;
            self.quiet |= (operator == "&&" && left == 0) || (operator == "||" && left != 0);
            // `**` binds to the right.
            let next = if operator == "**" { level } else { level + 1 };
            let right = self.deeper(|reader| reader.binary(next))?;
            self.quiet = quiet;
            left = apply(operator, left, right)?;
        }
        Some(left)
    }

    fn unary(&mut self) -> Option<i64> {
        match self.operator() {
            Some("+") => {
                self.at += 1;
                self.deeper(Self::unary)
            }
            Some("-") => {
                self.at += 1;
                self.deeper(Self::unary).map(i64::wrapping_neg)
            }
            Some("!") => {
                self.at += 1;
                self.deeper(Self::unary).map(|value| i64::from(value == 0))
            }
            Some("~") => {
                self.at += 1;
                self.deeper(Self::unary).map(|value| !value)
            }
            Some(sign @ ("++" | "--")) => {
                self.at += 1;
                let place = self.place()?;
                let value = self.value(&place)?.wrapping_add(if sign == "++" { 1 } else { -1 });
                self.put(&place, value);
                Some(value)
            }
            Some("(") => {
                self.at += 1;
                let value = self.deeper(Self::list)?;
                self.take(")").then_some(value)
            }
            _ => self.operand(),
        }
    }

    fn operand(&mut self) -> Option<i64> {
        if let Some(Token::Number(value)) = self.tokens.get(self.at) {
            self.at += 1;
            return Some(*value);
        }
        let place = self.place()?;
        match self.operator() {
            Some("=") => {
                self.at += 1;
                let value = self.deeper(Self::choice)?;
                self.put(&place, value);
                Some(value)
            }
            Some(sign @ ("+=" | "-=" | "*=" | "/=" | "%=" | "&=" | "|=" | "^=" | "<<=" | ">>=")) => {
                self.at += 1;
                let right = self.deeper(Self::choice)?;
                let left = self.value(&place)?;
                let value = apply(&sign[..sign.len() - 1], left, right)?;
                self.put(&place, value);
                Some(value)
            }
            Some(sign @ ("++" | "--")) => {
                self.at += 1;
                let value = self.value(&place)?;
                self.put(&place, value.wrapping_add(if sign == "++" { 1 } else { -1 }));
                Some(value)
            }
            _ => self.value(&place),
        }
    }

    fn place(&mut self) -> Option<Place> {
        let Some(Token::Name(name)) = self.tokens.get(self.at) else { return None };
        self.at += 1;
        let mut place = Place { name: name.clone(), index: None };
        if self.take("[") {
            // The key of an associative array is a name that stands for itself.
            let key = match (self.tokens.get(self.at), self.tokens.get(self.at + 1)) {
                (Some(Token::Name(key)), Some(Token::Operator("]"))) => Some(key.clone()),
                _ => None,
            };
            let is_map = matches!(self.machine.get(name), Some(Value::Map(_)));
            place.index = match key.filter(|_| is_map) {
                Some(key) => {
                    self.at += 1;
                    Some(key)
                }
                None => Some(self.deeper(Self::list)?.to_string()),
            };
            if !self.take("]") {
                return None;
            }
        }
        Some(place)
    }

    fn value(&mut self, place: &Place) -> Option<i64> {
        let text = match (self.machine.get(&place.name), &place.index) {
            (Some(Value::One(text)), None) => text,
            (Some(Value::One(text)), Some(index)) if index == "0" => text,
            (Some(Value::Many(list)), index) => {
                let at: usize = index.as_deref().unwrap_or("0").parse().ok()?;
                list.get(at).cloned().unwrap_or_default()
            }
            (Some(Value::Map(map)), Some(index)) => {
                map.into_iter().find(|(key, _)| key == index).map(|(_, text)| text).unwrap_or_default()
            }
            _ => return None,
        };
        let text = text.trim();
        if text.is_empty() {
            return Some(0);
        }
        match number(text) {
            Some(value) => Some(value),
            None => self.machine.calculate_at(text, self.depth + 1),
        }
    }

    fn put(&mut self, place: &Place, value: i64) {
        if !self.quiet {
            self.machine.assign_text(&place.name, place.index.clone(), value.to_string(), false);
        }
    }
}

fn level(operator: &str) -> Option<u8> {
    Some(match operator {
        "||" => 0,
        "&&" => 1,
        "|" => 2,
        "^" => 3,
        "&" => 4,
        "==" | "!=" => 5,
        "<" | ">" | "<=" | ">=" => 6,
        "<<" | ">>" => 7,
        "+" | "-" => 8,
        "*" | "/" | "%" => 9,
        "**" => 10,
        _ => return None,
    })
}

fn apply(operator: &str, a: i64, b: i64) -> Option<i64> {
    Some(match operator {
        "||" => i64::from(a != 0 || b != 0),
        "&&" => i64::from(a != 0 && b != 0),
        "|" => a | b,
        "^" => a ^ b,
        "&" => a & b,
        "==" => i64::from(a == b),
        "!=" => i64::from(a != b),
        "<" => i64::from(a < b),
        ">" => i64::from(a > b),
        "<=" => i64::from(a <= b),
        ">=" => i64::from(a >= b),
        "<<" => a.wrapping_shl(u32::try_from(b & 63).unwrap_or(0)),
        ">>" => a.wrapping_shr(u32::try_from(b & 63).unwrap_or(0)),
        "+" => a.wrapping_add(b),
        "-" => a.wrapping_sub(b),
        "*" => a.wrapping_mul(b),
        "/" => a.checked_div(b)?,
        "%" => a.checked_rem(b)?,
        "**" => a.wrapping_pow(u32::try_from(b).ok()?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::Context;
    use crate::safety::machine::Machine;

    fn check(text: &str, expected: Option<i64>) {
        let ctx = Context::default();
        let mut machine = Machine::new(&ctx);
        machine.assign_text("n", None, "3".to_owned(), false);
        machine.assign_text("m", None, "n+1".to_owned(), false);
        assert_eq!(machine.calculate(text), expected, "{text}");
    }

    #[test]
    fn sums_come_out_as_in_the_shell() {
        for (text, expected) in [
            ("", Some(0)),
            ("1+2*3", Some(7)),
            ("(1+2)*3", Some(9)),
            ("2**3**2", Some(512)),
            ("10-3-2", Some(5)),
            ("-2+5", Some(3)),
            ("!0 + ~0", Some(0)),
            ("0x1f", Some(31)),
            ("017", Some(15)),
            ("16#ff", Some(255)),
            ("2#101", Some(5)),
            ("n++ + n", Some(7)),
            ("++n", Some(4)),
            ("m", Some(4)),
            ("n > 2 ? 10 : 20", Some(10)),
            ("n = 5, n * 2", Some(10)),
            ("n += 4", Some(7)),
            ("0 && (n = 9), n", Some(3)),
            ("1 << 4 | 1", Some(17)),
            ("unset_name", None),
            ("1 / 0", None),
            ("1 +", None),
            ("9223372036854775807 + 1", Some(i64::MIN)),
        ] {
            check(text, expected);
        }
        check(&"(".repeat(2000), None);
        check(&"-".repeat(2000), None);
    }
}
