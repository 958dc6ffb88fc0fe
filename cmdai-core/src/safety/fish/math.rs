//! `math`: the four operations, powers and remainders on numbers that are known.

/// The result of an expression, as fish prints it.
pub(super) fn output(text: &str) -> Option<String> {
    let (mut hex, mut rest) = (false, text.trim());
    while rest.starts_with("--") || rest.starts_with("-s") || rest.starts_with("-b") {
        let (option, more) = rest.split_once(' ')?;
        hex |= option.contains("hex") || option.ends_with("16");
        rest = more.trim_start();
        if matches!(option, "--base" | "-b" | "--scale" | "-s") {
            let (value, more) = rest.split_once(' ')?;
            hex |= option.ends_with(['b', 'e']) && matches!(value, "hex" | "16");
            rest = more.trim_start();
        }
    }
    let mut reader = Reader { bytes: rest.as_bytes(), at: 0, depth: 0 };
    let value = reader.sum()?;
    reader.blanks();
    if reader.at < reader.bytes.len() || !value.is_finite() {
        return None;
    }
    let whole = value.fract() == 0.0 && value.abs() < 1e15;
    Some(match (hex, whole) {
        (true, true) => format!("{:#x}", value as i64),
        (false, true) => format!("{}", value as i64),
        _ => {
            let shown = format!("{value:.6}");
            shown.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
    })
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn blanks(&mut self) {
        while self.bytes.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
    }

    fn peek(&mut self) -> Option<u8> {
        self.blanks();
        self.bytes.get(self.at).copied()
    }

    fn sum(&mut self) -> Option<f64> {
        let mut value = self.product()?;
        while let Some(sign @ (b'+' | b'-')) = self.peek() {
            self.at += 1;
            let next = self.product()?;
            value = if sign == b'+' { value + next } else { value - next };
        }
        Some(value)
    }

    fn product(&mut self) -> Option<f64> {
        let mut value = self.power()?;
        while let Some(sign @ (b'*' | b'x' | b'/' | b'%')) = self.peek() {
            self.at += 1;
            let next = self.power()?;
            value = match sign {
                b'/' => value / next,
                b'%' => value % next,
                _ => value * next,
            };
        }
        Some(value)
    }

    fn power(&mut self) -> Option<f64> {
        let mut value = self.factor()?;
        while self.peek() == Some(b'^') {
            self.at += 1;
            value = value.powf(self.factor()?);
        }
        Some(value)
    }

    fn factor(&mut self) -> Option<f64> {
        // Signs and parentheses nest.
        self.depth += 1;
        if self.depth > 24 {
            return None;
        }
        let value = self.factor_inner();
        self.depth -= 1;
        value
    }

    fn factor_inner(&mut self) -> Option<f64> {
        match self.peek()? {
            b'-' => {
                self.at += 1;
                self.factor().map(|value| -value)
            }
            b'+' => {
                self.at += 1;
                self.factor()
            }
            b'(' => {
                self.at += 1;
                let value = self.sum()?;
                (self.peek() == Some(b')')).then(|| self.at += 1)?;
                Some(value)
            }
            letter if letter.is_ascii_alphabetic() => self.function(),
            _ => self.number(),
        }
    }

    fn word(&mut self, fits: impl Fn(u8) -> bool) -> &str {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|&byte| !fits(byte)).unwrap_or(rest.len());
        self.at += length;
        std::str::from_utf8(&rest[..length]).unwrap_or_default()
    }

    fn number(&mut self) -> Option<f64> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if rest.starts_with(b"0x") {
            self.at += 2;
            return i64::from_str_radix(self.word(|byte| byte.is_ascii_hexdigit()), 16)
                .ok()
                .map(|n| n as f64);
        }
        self.word(|byte| byte.is_ascii_digit() || byte == b'.').parse().ok()
    }

    fn function(&mut self) -> Option<f64> {
        let name = self.word(|byte| byte.is_ascii_alphanumeric()).to_owned();
        (self.peek() == Some(b'(')).then(|| self.at += 1)?;
        let value = self.sum()?;
        let mut second = None;
        if self.peek() == Some(b',') {
            self.at += 1;
            second = Some(self.sum()?);
        }
        (self.peek() == Some(b')')).then(|| self.at += 1)?;
        Some(match (name.as_str(), second) {
            ("floor", None) => value.floor(),
            ("ceil", None) => value.ceil(),
            ("round", None) => value.round(),
            ("abs", None) => value.abs(),
            ("sqrt", None) => value.sqrt(),
            ("min", Some(second)) => value.min(second),
            ("max", Some(second)) => value.max(second),
            ("pow", Some(second)) => value.powf(second),
            ("bitand", Some(second)) => (value as i64 & second as i64) as f64,
            ("bitor", Some(second)) => (value as i64 | second as i64) as f64,
            ("bitxor", Some(second)) => (value as i64 ^ second as i64) as f64,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::output;

    #[test]
    fn numbers_come_out_as_fish_prints_them() {
        for (text, expected) in [
            ("1 + 2 * 3", Some("7")),
            ("(1+2) x 3", Some("9")),
            ("10 / 4", Some("2.5")),
            ("0x6f + 3", Some("114")),
            ("--base=hex 114", Some("0x72")),
            ("-b hex 109", Some("0x6d")),
            ("2 ^ 10", Some("1024")),
            ("floor(7 / 2)", Some("3")),
            ("-3 + 1", Some("-2")),
            ("1 / 0", None),
            ("foo", None),
            ("", None),
        ] {
            assert_eq!(output(text).as_deref(), expected, "{text}");
        }
        assert_eq!(output(&"(".repeat(5000)), None);
        assert_eq!(output(&"-".repeat(5000)), None);
    }
}
