//! Values that a statement writes down in pieces: `'DR' || 'OP'`, `x'44524f50'`, `CHAR(68, 82)`, `CONCAT(…)`,
//! `CONVERT_FROM(DECODE('…', 'base64'), 'UTF8')`, and variables that hold one (`SET @s = '…'; PREPARE p FROM @s`).

use std::collections::HashMap;

use super::decode;
use super::sql::Word;

/// Calls within calls that are followed.
const DEPTH: u8 = 8;
/// Bytes of a value; longer ones are left as they are.
const BYTES: usize = 16 * 1024;
/// Bytes that a bare hexadecimal number must have to be read as text, as MySQL may.
const LEAST_TEXT: usize = 4;

/// The words with each constant expression as the one text that it gives.
pub(super) fn folded(words: Vec<Word>) -> Vec<Word> {
    if !words.iter().any(is_made) {
        return words;
    }
    let mut out: Vec<Word> = Vec::with_capacity(words.len());
    let mut held: HashMap<String, String> = HashMap::new();
    let mut verb = String::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if let Some((text, end)) = value(&words, at, 0).filter(|(_, end)| *end > at + 1 || is_hex(word)) {
            out.push(Word::Quoted(text));
            at = end;
        } else {
            match word {
                Word::Name(name, _) if name.starts_with('@') && runs(&verb) && held.contains_key(name) => {
                    out.push(Word::Quoted(held.get(name).cloned().unwrap_or_default()));
                }
                word => out.push(word.clone()),
            }
            at += 1;
        }
        match &out[..] {
            [.., Word::Sign(';'), Word::Name(name, _)] | [Word::Name(name, _)] => verb.clone_from(name),
            [.., before, Word::Sign('='), Word::Quoted(text)] => {
                // `SET @s = '…'`, `SET @s := '…'`, `DECLARE @s varchar(99) = '…'`.
                let names = out.iter().rev().skip(2).take(8).take_while(|word| **word != Word::Sign(';'));
                let name = names.filter_map(|word| match word {
                    Word::Name(name, _) if name.starts_with('@') => Some(name.clone()),
                    _ => None,
                });
                let is_comparison = matches!(before, Word::Sign('<' | '>' | '!'));
                if let Some(name) = name.last().filter(|_| !is_comparison) {
                    held.insert(name, text.clone());
                }
            }
            _ => {}
        }
    }
    out
}

/// True for verbs that run a text.
fn runs(verb: &str) -> bool {
    matches!(verb, "PREPARE" | "EXEC" | "EXECUTE" | "CALL" | "PERFORM" | "DO")
}

/// True for a word with which a text may be made.
fn is_made(word: &Word) -> bool {
    match word {
        Word::Name(name, _) => name.starts_with('@') || is_hex(word) || is_function(name),
        Word::Sign(sign) => matches!(sign, '|' | '+'),
        _ => false,
    }
}

fn is_hex(word: &Word) -> bool {
    matches!(word, Word::Name(name, _) if of_hex(name).is_some())
}

/// The text of `0x…` where it is one that people could read.
fn of_hex(name: &str) -> Option<String> {
    let digits = name.strip_prefix("0X")?;
    let text = decode::hex(digits).filter(|_| digits.len() >= 2 * LEAST_TEXT)?;
    text.chars().all(|letter| matches!(letter, ' '..='~' | '\n' | '\t')).then_some(text)
}

fn is_function(name: &str) -> bool {
    matches!(
        name,
        "CAST"
            | "CHAR"
            | "CHR"
            | "CONCAT"
            | "CONCAT_WS"
            | "CONVERT"
            | "CONVERT_FROM"
            | "DECODE"
            | "FROM_BASE64"
            | "LCASE"
            | "LEFT"
            | "LOWER"
            | "LTRIM"
            | "MID"
            | "NCHAR"
            | "REPLACE"
            | "REVERSE"
            | "RIGHT"
            | "RTRIM"
            | "SUBSTR"
            | "SUBSTRING"
            | "TO_BASE64"
            | "TRANSLATE"
            | "TRIM"
            | "UCASE"
            | "UNHEX"
            | "UPPER"
    )
}

/// The text of an expression that begins at a word, and where it ends; `None` where it is no constant.
fn value(words: &[Word], at: usize, depth: u8) -> Option<(String, usize)> {
    let (mut text, mut end) = term(words, at, depth)?;
    loop {
        end = after_cast(words, end);
        let next = match words.get(end..)? {
            [Word::Sign('|'), Word::Sign('|'), ..] => end + 2,
            [Word::Sign('+'), ..] => end + 1,
            _ => return Some((text, end)),
        };
        let Some((more, after)) = term(words, next, depth) else { return Some((text, end)) };
        if text.len() + more.len() > BYTES {
            return Some((text, end));
        }
        text.push_str(&more);
        end = after;
    }
}

/// Behind `::text`, where that stands there.
fn after_cast(words: &[Word], at: usize) -> usize {
    match words.get(at..) {
        Some([Word::Sign(':'), Word::Sign(':'), Word::Name(..), ..]) => at + 3,
        _ => at,
    }
}

fn term(words: &[Word], at: usize, depth: u8) -> Option<(String, usize)> {
    if depth > DEPTH {
        return None;
    }
    match words.get(at)? {
        Word::Quoted(text) => Some((text.clone(), at + 1)),
        Word::Sign('(') => {
            let (text, end) = value(words, at + 1, depth + 1)?;
            (words.get(end) == Some(&Word::Sign(')'))).then_some((text, end + 1))
        }
        word @ Word::Name(name, _) => {
            if let Some(text) = of_hex(name) {
                return Some((text, at + 1));
            }
            if !is_function(name) || words.get(at + 1) != Some(&Word::Sign('(')) {
                return None;
            }
            let (arguments, end) = arguments(words, at + 2, depth + 1)?;
            let text = call(word, &arguments)?;
            (text.len() <= BYTES).then_some((text, end))
        }
        _ => None,
    }
}

/// The arguments up to the bracket that closes, and where that ends. Types and character sets behind a value
/// (`AS text`, `USING utf8`) are left out.
fn arguments(words: &[Word], from: usize, depth: u8) -> Option<(Vec<String>, usize)> {
    let (mut found, mut at) = (Vec::new(), from);
    while found.len() < 256 {
        match words.get(at)? {
            Word::Sign(')') => return Some((found, at + 1)),
            Word::Sign(',') => at += 1,
            // The number of a letter, or a place in a text.
            Word::Name(name, _) if name.bytes().all(|byte| byte.is_ascii_digit()) => {
                found.push(name.clone());
                at += 1;
            }
            Word::Name(name, _) if matches!(name.as_str(), "AS" | "USING") => {
                while !matches!(words.get(at)?, Word::Sign(')')) {
                    at += 1;
                }
            }
            _ => {
                let (text, end) = value(words, at, depth)?;
                found.push(text);
                at = end;
            }
        }
    }
    None
}

/// What a function gives for texts.
fn call(name: &Word, arguments: &[String]) -> Option<String> {
    let Word::Name(name, _) = name else { return None };
    let first = arguments.first()?;
    let number = |at: usize| arguments.get(at)?.parse::<usize>().ok();
    let letters = || first.chars();
    Some(match (name.as_str(), arguments) {
        ("CHAR" | "CHR" | "NCHAR", _) => {
            let letter = |text: &String| text.parse::<u32>().ok().map(decode::safe_char);
            arguments.iter().map(letter).collect::<Option<String>>()?
        }
        ("CONCAT", _) => arguments.concat(),
        ("CONCAT_WS", [separator, rest @ ..]) => rest.join(separator),
        ("CAST" | "CONVERT" | "CONVERT_FROM", _) => first.clone(),
        ("DECODE", [_, form]) if form.eq_ignore_ascii_case("base64") => decode::base64(first)?,
        ("DECODE", [_, form]) if form.eq_ignore_ascii_case("hex") => decode::hex(first)?,
        ("FROM_BASE64", _) => decode::base64(first)?,
        ("UNHEX", _) => decode::hex(first)?,
        ("LCASE" | "LOWER", _) => first.to_lowercase(),
        ("UCASE" | "UPPER", _) => first.to_uppercase(),
        ("LTRIM", [_]) => first.trim_start().to_owned(),
        ("RTRIM", [_]) => first.trim_end().to_owned(),
        ("TRIM", [_]) => first.trim().to_owned(),
        ("REVERSE", _) => letters().rev().collect(),
        ("REPLACE", [_, from, to]) if !from.is_empty() => first.replace(from.as_str(), to),
        ("TRANSLATE", [_, from, to]) => {
            let place = |letter: char| from.chars().position(|other| other == letter);
            letters()
                .filter_map(|letter| match place(letter) {
                    Some(at) => to.chars().nth(at),
                    None => Some(letter),
                })
                .collect()
        }
        ("LEFT", [_, _]) => letters().take(number(1)?).collect(),
        ("RIGHT", [_, _]) => letters().skip(letters().count().saturating_sub(number(1)?)).collect(),
        ("MID" | "SUBSTR" | "SUBSTRING", [_, _] | [_, _, _]) => {
            let most = if arguments.len() > 2 { number(2)? } else { usize::MAX };
            letters().skip(number(1)?.saturating_sub(1)).take(most).collect()
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::sql::words;
    use super::*;

    #[test]
    fn constant_expressions_are_one_text() {
        let check = |text: &str, expect: &str| {
            let words = words(text);
            assert!(words.contains(&Word::Quoted(expect.to_owned())), "{text}: {words:?}");
        };
        check("select 'DR' || 'OP TABLE x'", "DROP TABLE x");
        check("select cast(x'44524f50' as text)", "DROP");
        check("select unhex('44524f50')", "DROP");
        check("select char(68,82, 79,80)", "DROP");
        check("select chr(68)||chr(82)||'OP'::text", "DROP");
        check("EXECUTE convert_from(decode('RFJPUA==','base64'),'UTF8')", "DROP");
        check("select replace(reverse('xPORD'), 'x', '')", "DROP");
        check("select concat_ws(' ', 'DROP', upper('table'))", "DROP TABLE");
        check("select substr('aDROPb', 2, 4)", "DROP");
        check("select translate('1R2P', '12', 'DO')", "DROP");
        check("set @s=0x44524f50; prepare p from @s", "DROP");
        check("declare @s varchar(99) = 'DR'+'OP'; exec(@s)", "DROP");
    }

    #[test]
    fn what_is_no_constant_stays() {
        let check = |text: &str| {
            let words = words(text);
            assert!(!words.iter().any(|word| matches!(word, Word::Quoted(_))), "{text}: {words:?}");
        };
        check("select a || b from t");
        check("select 0xFF, char(x), concat(a)");
        check("select upper(name) from t");
        check("select cast(");
        check("select ((((((((((((((((((((1");
    }
}
