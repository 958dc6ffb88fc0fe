//! Numbers, and numbers with a unit: sizes and times.

use crate::tokens::{Look, Token, trim};
use crate::words;

/// `1,5 MB` is one and a half, as much of the world writes it; without a unit a comma parts a list.
pub(crate) fn decimal_commas(words: &mut [(String, bool)]) {
    let is_unit = |unit: &str| size_unit(unit).is_some() || span_unit(unit).is_some();
    for at in 0..words.len() {
        let next = words.get(at + 1).map(|(word, _)| trim(word).to_lowercase()).unwrap_or_default();
        let Some((word, false)) = words.get_mut(at) else { continue };
        let Some((whole, rest)) = word.split_once(',') else { continue };
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let unit = rest[digits..].to_lowercase();
        let sign = whole.trim_start_matches(['+', '-', '>', '<']);
        let numbers = !sign.is_empty() && sign.bytes().all(|byte| byte.is_ascii_digit());
        if numbers && (1..=2).contains(&digits) && (is_unit(&unit) || (unit.is_empty() && is_unit(&next))) {
            *word = word.replacen(',', ".", 1);
        }
    }
}

/// The digits of `5`, `1.5`, `30%`, `#12`, `3rd`, `:8080`, `-5`.
pub(crate) fn number(word: &str) -> Option<&str> {
    let digits = word.trim_start_matches(['#', ':', '+', '-', '$']);
    let end = digits.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(digits.len());
    let (number, unit) = digits.split_at_checked(end)?;
    let is_number = number.starts_with(|c: char| c.is_ascii_digit())
        && number.matches('.').count() <= 1
        && number.parse::<f64>().is_ok();
    let is_unit = matches!(unit, "" | "%" | "st" | "nd" | "rd" | "th" | "x");
    (is_number && is_unit).then(|| number.trim_end_matches('.'))
}

/// Numbers with a unit become sizes and times, whether a blank stands between or not.
pub(crate) fn units(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut rest = tokens.into_iter().peekable();
    while let Some(token) = rest.next() {
        if let Some((number, unit)) = glued(&token.raw)
            && matches!(token.look, Look::Name | Look::Number | Look::Word | Look::Date)
            && let Some(look) = measured(number, unit)
        {
            out.push(Token::new(&token.raw, look, token.raw.to_lowercase()));
            continue;
        }
        let lower = token.raw.to_lowercase();
        let number = match token.look {
            Look::Number => token.value.parse::<f64>().ok(),
            Look::Word => match lower.as_str() {
                "a" | "an" => Some(1.0),
                "half" => Some(0.5),
                "couple" => Some(2.0),
                _ => words::number(&lower).filter(|_| lower != "second").map(f64::from),
            },
            _ => None,
        };
        let next = rest.peek().filter(|next| next.look == Look::Word).map(|next| next.raw.to_lowercase());
        let (Some(number), Some(mut unit)) = (number, next) else {
            // "in the last week" is one week.
            let is_lone =
                out.last().and_then(Token::word).is_some_and(|word| matches!(word.as_str(), "last" | "past"))
                    && matches!(lower.as_str(), "minute" | "hour" | "day" | "week" | "month" | "year");
            match span_unit(&lower).filter(|_| is_lone && token.look == Look::Word) {
                Some(minutes) => out.push(Token::new(&token.raw, Look::Span(minutes), lower)),
                None => out.push(token),
            }
            continue;
        };
        let mut raw = token.raw.clone();
        // "half an hour", "a couple of days", "a quarter of an hour".
        let mut ahead = rest.clone();
        let mut skipped = 0;
        while matches!(unit.as_str(), "a" | "an" | "of" | "quarter" | "couple") && skipped < 4 {
            ahead.next();
            skipped += 1;
            let Some(next) = ahead.peek().filter(|next| next.look == Look::Word) else { break };
            raw.push(' ');
            raw.push_str(&unit);
            unit = next.raw.to_lowercase();
        }
        let factor = match (raw.contains("quarter"), raw.contains("couple") && lower == "a") {
            (true, _) => 0.25,
            (_, true) => 2.0,
            _ => 1.0,
        };
        let is_unit = if skipped > 0 { span_unit(&unit).is_some() } else { true };
        match measured(number * factor, &unit).filter(|_| is_unit) {
            // "a day" is a time, "a g" or "a b" nothing.
            Some(look) if lower.len() > 1 || matches!(look, Look::Span(_)) || token.look == Look::Number => {
                raw.push(' ');
                raw.push_str(&unit);
                for _ in 0..=skipped {
                    rest.next();
                }
                out.push(Token::new(&raw, look, raw.to_lowercase()));
            }
            _ => out.push(token),
        }
    }
    out
}

/// `100MB`, `7d`: the number and the unit.
fn glued(word: &str) -> Option<(f64, &str)> {
    let word = word.trim_start_matches(['+', '-', '>', '<']);
    let word = word.trim_end_matches('+');
    let end = word.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = word.split_at_checked(end)?;
    let unit = unit.strip_prefix('-').unwrap_or(unit);
    Some((number.parse().ok()?, unit))
}

fn measured(number: f64, unit: &str) -> Option<Look> {
    let lower = unit.to_lowercase();
    // A capital M is a size, a small one may be minutes; both are read as sizes where glued.
    if let Some(bytes) = size_unit(&lower) {
        return Some(Look::Size(number * bytes));
    }
    span_unit(&lower).map(|minutes| Look::Span(number * minutes))
}

/// Bytes in a unit.
pub(crate) fn size_unit(unit: &str) -> Option<f64> {
    Some(match unit {
        "byte" | "bytes" => 1.0,
        "k" | "kb" | "kib" | "kilobyte" | "kilobytes" | "kibibytes" => 1024.0,
        "m" | "mb" | "mib" | "meg" | "megs" | "megabyte" | "megabytes" | "mebibytes" => 1024.0 * 1024.0,
        "g" | "gb" | "gib" | "gig" | "gigs" | "gigabyte" | "gigabytes" | "gibibytes" => {
            1024.0 * 1024.0 * 1024.0
        }
        "t" | "tb" | "tib" | "terabyte" | "terabytes" => 1024.0 * 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    })
}

/// Minutes in a unit.
pub(crate) fn span_unit(unit: &str) -> Option<f64> {
    Some(match unit {
        "min" | "mins" | "minute" | "minutes" => 1.0,
        "h" | "hr" | "hrs" | "hour" | "hours" => 60.0,
        "d" | "day" | "days" => 24.0 * 60.0,
        "w" | "week" | "weeks" => 7.0 * 24.0 * 60.0,
        "month" | "months" => 30.0 * 24.0 * 60.0,
        "year" | "years" => 365.0 * 24.0 * 60.0,
        _ => return None,
    })
}
