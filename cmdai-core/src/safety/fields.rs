//! Arguments while a word is being expanded: what stays together and what is split apart.
//!
//! An argument is begun by text or by quotes, even empty ones, and is ended by a separator in text that
//! came out of an expansion. A word that begins none, as `$empty` does, becomes no argument at all.

use super::machine::VALUE_BYTES;

/// The arguments of one word.
#[derive(Debug, Default)]
pub(super) struct Fields {
    done: Vec<String>,
    /// The argument that is growing; `None` where none was begun.
    open: Option<String>,
}

impl Fields {
    /// Adds text that is not split; even without a letter it begins an argument.
    pub(super) fn add(&mut self, text: &str) {
        let open = self.open.get_or_insert_default();
        if open.len() + text.len() <= VALUE_BYTES {
            open.push_str(text);
        }
    }

    /// Adds the text of an expansion outside of quotes, split at separators.
    ///
    /// Blank separators at both ends are dropped and several of them count as one; of the others each
    /// ends an argument, if need be an empty one.
    pub(super) fn add_split(&mut self, text: &str, separators: &[char]) {
        let is_blank = |letter: char| matches!(letter, ' ' | '\t' | '\n');
        let mut rest = text;
        while let Some(at) = rest.find(separators) {
            if at > 0 {
                self.add(&rest[..at]);
            }
            rest = &rest[at..];
            // Blanks, at most one that is none, and blanks again are one separator.
            let blanks = |text: &str| {
                let of = |letter: char| is_blank(letter) && separators.contains(&letter);
                text.len() - text.trim_start_matches(of).len()
            };
            rest = &rest[blanks(rest)..];
            match rest.chars().next().filter(|letter| separators.contains(letter)) {
                Some(letter) => {
                    rest = &rest[letter.len_utf8()..];
                    rest = &rest[blanks(rest)..];
                    self.separate();
                }
                None => self.close(),
            }
        }
        if !rest.is_empty() {
            self.add(rest);
        }
    }

    /// Ends the argument that is growing, if there is one.
    pub(super) fn close(&mut self) {
        self.done.extend(self.open.take());
    }

    /// Ends the argument that is growing, an empty one where there is none.
    pub(super) fn separate(&mut self) {
        let open = self.open.take().unwrap_or_default();
        self.done.push(open);
    }

    /// How many arguments there are so far.
    pub(super) fn len(&self) -> usize {
        self.done.len() + usize::from(self.open.is_some())
    }

    /// All arguments.
    pub(super) fn finish(mut self) -> Vec<String> {
        self.close();
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, separators: &str) -> Vec<String> {
        let mut fields = Fields::default();
        fields.add_split(text, &separators.chars().collect::<Vec<_>>());
        fields.finish()
    }

    #[test]
    fn text_is_split_as_the_shell_splits_it() {
        for (text, separators, expected) in [
            ("a b", " \t\n", &["a", "b"][..]),
            ("  a  b ", " \t\n", &["a", "b"]),
            ("", " \t\n", &[]),
            ("  ", " \t\n", &[]),
            ("a:b", ":", &["a", "b"]),
            ("a::b", ":", &["a", "", "b"]),
            (":a:", ":", &["", "a"]),
            (" a : b ", ": ", &["a", "b"]),
            ("a : : b", ": ", &["a", "", "b"]),
            ("a b", "", &["a b"]),
            ("a b", ":", &["a b"]),
        ] {
            assert_eq!(split(text, separators), expected, "{text:?} at {separators:?}");
        }
    }

    #[test]
    fn quotes_begin_an_argument() {
        let mut fields = Fields::default();
        fields.add("");
        fields.add_split(" a ", &[' ']);
        fields.add("b");
        assert_eq!(fields.finish(), ["", "a", "b"]);
    }
}
