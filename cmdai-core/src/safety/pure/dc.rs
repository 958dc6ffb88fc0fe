//! The part of dc that makes text of numbers: `16i 726DP` prints `rm`.

/// Digits of a number that is printed as text.
const DIGITS: usize = 1024;

/// What the programs after `-e`, or on standard input, print; `None` where more is done than to put text together.
pub(super) fn output(arguments: &[&str], input: Option<&str>) -> Option<String> {
    let mut code = String::new();
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.strip_prefix("--expression=").or_else(|| word.strip_prefix("-e")) {
            Some("") => code.push_str(words.next()?),
            Some(text) => code.push_str(text),
            None if *word == "--expression" => code.push_str(words.next()?),
            None => return None,
        }
        code.push('\n');
    }
    if arguments.is_empty() {
        code.push_str(input?);
    }
    run(&code)
}

fn run(code: &str) -> Option<String> {
    let mut base: u32 = 10;
    let mut stack: Vec<Vec<u8>> = Vec::new();
    let mut out = String::new();
    let mut letters = code.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            c if c.is_whitespace() => {}
            '0'..='9' | 'A'..='F' => {
                let mut number = Vec::new();
                let mut next = Some(letter);
                for _ in 0..DIGITS {
                    let Some(digit) = next.and_then(|letter| letter.to_digit(16)) else { break };
                    append(&mut number, base, digit);
                    next = letters.next_if(|c| matches!(c, '0'..='9' | 'A'..='F'));
                }
                stack.push(number);
            }
            '[' => {
                let text: String = letters.by_ref().take_while(|c| *c != ']').collect();
                stack.push(text.into_bytes());
            }
            'i' => {
                base = match stack.pop()?.as_slice() {
                    [base @ 2..=16] => u32::from(*base),
                    _ => return None,
                }
            }
            'P' => out.push_str(&String::from_utf8(stack.pop()?).ok()?),
            _ => return None,
        }
    }
    (!out.is_empty()).then_some(out)
}

/// One more digit of a number that is kept as bytes, the highest first.
fn append(number: &mut Vec<u8>, base: u32, digit: u32) {
    let mut carry = digit;
    for byte in number.iter_mut().rev() {
        let value = u32::from(*byte) * base + carry;
        *byte = u8::try_from(value % 256).unwrap_or_default();
        carry = value / 256;
    }
    if carry > 0 {
        number.insert(0, u8::try_from(carry % 256).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::output;

    #[test]
    fn numbers_become_text() {
        assert_eq!(output(&["-e", "16i 726D202D7266202FP"], None).as_deref(), Some("rm -rf /"));
        assert_eq!(output(&["-e", "29293P"], None).as_deref(), Some("rm"));
        assert_eq!(output(&[], Some("[rm ]P [x]P")).as_deref(), Some("rm x"));
        for unknown in ["2 3 + p", "16o255p", "P", ""] {
            assert_eq!(output(&["-e", unknown], None), None, "{unknown}");
        }
    }
}
