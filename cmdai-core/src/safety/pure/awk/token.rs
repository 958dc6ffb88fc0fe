//! The words of an `awk` script, and its values.

use super::super::print;

/// Tokens of one script.
const TOKENS: usize = 1_024;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Number(f64),
    Text(String),
    Regex(String),
    Name(String),
    Op(&'static str),
    End,
}

#[derive(Clone, Debug)]
pub(super) enum Val {
    Text(String),
    Number(f64),
}

impl Val {
    pub(super) fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
                format!("{}", *number as i64)
            }
            Self::Number(number) => format!("{number}"),
        }
    }

    pub(super) fn number(&self) -> f64 {
        match self {
            Self::Number(number) => *number,
            Self::Text(text) => {
                let text = text.trim();
                let end = text
                    .find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '+' | '.')))
                    .unwrap_or(text.len());
                text[..end].parse().unwrap_or(0.0)
            }
        }
    }

    pub(super) fn holds(&self) -> bool {
        match self {
            Self::Number(number) => *number != 0.0,
            Self::Text(text) => match text.trim().parse::<f64>() {
                Ok(number) => number != 0.0,
                Err(_) => !text.is_empty(),
            },
        }
    }
}

pub(super) fn tokens(script: &str) -> Option<Vec<Token>> {
    const OPERATORS: &[&str] = &[
        "&&", "||", "==", "!=", "<=", ">=", "++", "--", "+=", "-=", "*=", "/=", "%=", "!~", ">>", "{", "}",
        "(", ")", "[", "]", ";", ",", "+", "-", "*", "/", "%", "^", "<", ">", "=", "!", "~", "?", ":", "$",
        "|",
    ];
    let mut out: Vec<Token> = Vec::new();
    let mut rest = script;
    while let Some(letter) = rest.chars().next() {
        if out.len() >= TOKENS {
            return None;
        }
        if letter == '\n' {
            out.push(Token::Op(";"));
            rest = &rest[1..];
        } else if letter.is_whitespace() || rest.starts_with("\\\n") {
            rest = rest.trim_start_matches('\\').get(1..).unwrap_or_default();
        } else if letter == '#' {
            rest = rest.find('\n').map_or("", |at| &rest[at..]);
        } else if letter.is_ascii_digit() || letter == '.' {
            let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
            out.push(Token::Number(rest[..end].parse().ok()?));
            rest = &rest[end..];
        } else if letter.is_alphabetic() || letter == '_' {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            out.push(Token::Name(rest[..end].to_owned()));
            rest = &rest[end..];
        } else if letter == '"' {
            let end = closing(&rest[1..], '"')?;
            out.push(Token::Text(print::unescape(&rest[1..=end]).replace("\\\"", "\"").replace("\\/", "/")));
            rest = rest.get(end + 2..)?;
        } else if letter == '/' && !ends_operand(out.last()) {
            let end = closing(&rest[1..], '/')?;
            out.push(Token::Regex(rest[1..=end].replace("\\/", "/")));
            rest = rest.get(end + 2..)?;
        } else {
            let operator = OPERATORS.iter().find(|operator| rest.starts_with(**operator))?;
            out.push(Token::Op(operator));
            rest = &rest[operator.len()..];
        }
    }
    out.push(Token::End);
    Some(out)
}

fn closing(text: &str, mark: char) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, letter)| {
        let ends = letter == mark && !escaped;
        escaped = letter == '\\' && !escaped;
        ends.then_some(at)
    })
}

fn ends_operand(token: Option<&Token>) -> bool {
    matches!(token, Some(Token::Number(_) | Token::Text(_) | Token::Op(")" | "]")))
        || matches!(token, Some(Token::Name(name)) if !matches!(name.as_str(), "print" | "return" | "in"))
}
