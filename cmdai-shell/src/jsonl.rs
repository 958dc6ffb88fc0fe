//! Batches: a line of JSON in, a line of JSON out, in order, flushed.
//!
//! A line that cannot be read has an error object as its answer and the run goes on, so that line `n`
//! of the output always belongs to line `n` of the input. Memory is bounded by [`MAX_LINE_BYTES`].

use std::io::{self, BufRead, Write};

/// The longest line that is read. What is beyond is skipped to the next line end.
pub(crate) const MAX_LINE_BYTES: usize = 1 << 20;

/// One line of input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// Its text without the line end.
    Text(String),
    /// It is not UTF-8 from this byte on.
    NotUtf8(usize),
    /// It is longer than [`MAX_LINE_BYTES`].
    TooLong,
}

/// Reads the next line; `None` at the end.
///
/// # Errors
/// The input cannot be read.
pub(crate) fn read_line(input: &mut impl BufRead) -> io::Result<Option<Line>> {
    let mut line = Vec::new();
    let mut too_long = false;
    let mut any = false;
    loop {
        let chunk = match input.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if chunk.is_empty() {
            break;
        }
        any = true;
        let end = chunk.iter().position(|byte| *byte == b'\n');
        let part = &chunk[..end.unwrap_or(chunk.len())];
        if line.len() + part.len() > MAX_LINE_BYTES {
            too_long = true;
            line.clear();
        }
        if !too_long {
            line.extend_from_slice(part);
        }
        let used = part.len() + usize::from(end.is_some());
        input.consume(used);
        if end.is_some() {
            break;
        }
    }
    if !any {
        return Ok(None);
    }
    if too_long {
        return Ok(Some(Line::TooLong));
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(Some(match String::from_utf8(line) {
        Ok(text) => Line::Text(text),
        Err(error) => Line::NotUtf8(error.utf8_error().valid_up_to()),
    }))
}

/// Why a batch ended early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The input could not be read.
    Read(io::Error),
    /// The output could not be written.
    Write(io::Error),
    /// An answer that no later line could get either, such as a missing model. Its error object was written.
    Fatal(Box<crate::failure::Failure>),
}

/// Answers each line of `input` on `output`. `answer` gives the text of a line, or what ends the run after it.
///
/// # Errors
/// [`Stop`].
pub(crate) fn run(
    mut input: impl BufRead,
    mut output: impl Write,
    mut answer: impl FnMut(Line) -> (String, Option<crate::failure::Failure>),
) -> Result<(), Stop> {
    while let Some(line) = read_line(&mut input).map_err(Stop::Read)? {
        let (mut text, fatal) = answer(line);
        text.push('\n');
        output.write_all(text.as_bytes()).and_then(|()| output.flush()).map_err(Stop::Write)?;
        if let Some(failure) = fatal {
            return Err(Stop::Fatal(Box::new(failure)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Vec<Line> {
        // A small buffer, so that lines cross its border.
        let mut input = io::BufReader::with_capacity(7, bytes);
        std::iter::from_fn(|| read_line(&mut input).unwrap()).collect()
    }

    fn text(text: &str) -> Line {
        Line::Text(text.to_owned())
    }

    #[test]
    fn lines_end_at_line_ends() {
        assert_eq!(lines(b""), []);
        assert_eq!(lines(b"a"), [text("a")]);
        assert_eq!(lines(b"a\n"), [text("a")]);
        assert_eq!(lines(b"a\r\n\nlonger than seven\n"), [text("a"), text(""), text("longer than seven")]);
    }

    #[test]
    fn a_bad_line_is_one_line() {
        assert_eq!(lines(b"ok\nab\xff\xfe\nok\n"), [text("ok"), Line::NotUtf8(2), text("ok")]);
        let mut long = vec![b'x'; MAX_LINE_BYTES + 1];
        long.extend_from_slice(b"\nok");
        assert_eq!(lines(&long), [Line::TooLong, text("ok")]);
        let exact = vec![b'x'; MAX_LINE_BYTES];
        assert!(matches!(lines(&exact).as_slice(), [Line::Text(line)] if line.len() == MAX_LINE_BYTES));
    }
}
