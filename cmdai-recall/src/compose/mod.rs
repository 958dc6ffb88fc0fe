//! Requests that name several things at once, put together from pieces.
//!
//! Nobody writes an intent for "log files over 10 MB that bob changed in the last week, at most two levels deep", nor for
//! each pair of columns of a table and each condition on them. So the pieces are looked for in the request one by one, each
//! with the ways in which it is said, and so is what shall be done. What no piece takes costs what it tells, as in an
//! alignment.

mod actions;
mod columns;
mod conditions;
mod denied;
mod fields;
mod find;
mod lines;
mod schedule;

use crate::align::Asked;
use crate::render::{Value, quoted_word};
use crate::tokens::{Look, Token};
use crate::{Shell, System};

/// Tokens of a request that pieces are looked for in: longer ones tell a story.
const MOST_ASKED: usize = 48;

/// A command put together, and what it leaves unsaid.
pub(crate) struct Composed {
    /// The family: `find`, `columns`, `lines`, `schedule`.
    pub(crate) family: &'static str,
    pub(crate) command: String,
    pub(crate) unsaid: f32,
    pub(crate) lost: usize,
    /// The places of the tokens that no piece took.
    pub(crate) lonely: Vec<usize>,
    /// What it costs that nobody wrote it as a whole.
    pub(crate) piecewise: f32,
}

/// Commands put together for a request; none where it is about nothing that pieces are known of.
pub(crate) fn compose(asked: &[Asked], shell: Shell, system: System) -> Vec<Composed> {
    if asked.len() > MOST_ASKED || !matches!(shell, Shell::Bash | Shell::Zsh | Shell::Fish) {
        return Vec::new();
    }
    let reader = || Reader::new(asked, shell, system);
    let found = [
        find::compose(reader()),
        columns::compose(reader()),
        lines::compose(reader()),
        schedule::compose(reader()),
    ];
    found.into_iter().flatten().collect()
}

/// A request, and which of its words some piece has taken.
struct Reader<'a> {
    asked: &'a [Asked],
    /// In lower case; empty for what is no word.
    words: Vec<String>,
    used: Vec<bool>,
    shell: Shell,
    gnu: bool,
}

impl<'a> Reader<'a> {
    fn new(asked: &'a [Asked], shell: Shell, system: System) -> Self {
        let words = asked.iter().map(|one| one.token.word().unwrap_or_default()).collect();
        let gnu = matches!(system, System::Any | System::Linux);
        Self { asked, words, used: vec![false; asked.len()], shell, gnu }
    }

    fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", String::as_str)
    }

    /// The word so many places before.
    fn before(&self, at: usize, back: usize) -> &str {
        at.checked_sub(back).map_or("", |at| self.word(at))
    }

    fn token(&self, at: usize) -> Option<&Token> {
        self.asked.get(at).map(|one| &one.token)
    }

    fn take(&mut self, from: usize, to: usize) {
        for used in self.used.iter_mut().take(to).skip(from) {
            *used = true;
        }
    }

    fn is_used(&self, at: usize) -> bool {
        self.used.get(at).copied().unwrap_or(true)
    }

    /// The first place at which one of the words stands.
    fn first(&self, words: &[&str]) -> Option<usize> {
        self.words.iter().position(|word| words.contains(&word.as_str()))
    }

    /// The first place at which the words stand one after the other.
    fn phrase(&self, words: &[&str]) -> Option<usize> {
        self.words.windows(words.len()).position(|window| window.iter().zip(words).all(|(a, b)| a == b))
    }

    /// The number in digits that stands at a place.
    fn number(&self, at: usize) -> Option<String> {
        self.token(at).and_then(Token::number)
    }

    /// A text that stands at a place: quoted, a name, a word.
    fn text(&self, at: usize) -> Option<String> {
        let token = self.token(at)?;
        let is_text = matches!(
            token.look,
            Look::Quoted
                | Look::Name
                | Look::Word
                | Look::File
                | Look::Number
                | Look::Host
                | Look::Ext
                | Look::Ip
        );
        (is_text && !token.raw.contains('\'')).then(|| token.raw.clone())
    }

    /// What stands at a place, whatever it looks like: a text to search for may look like a path.
    fn any_text(&self, at: usize) -> Option<String> {
        self.token(at).map(|token| token.raw.clone()).filter(|raw| !raw.contains('\''))
    }

    /// A text as one word of the shell.
    fn spelled(&self, text: &str) -> Option<String> {
        quoted_word(&Value { text: text.to_owned(), is_phrase: false }, self.shell)
    }

    /// What no piece took: how much it tells, and how many things with the look of a value are among it.
    fn left(&self, fillers: &[&str]) -> (f32, usize) {
        let (mut unsaid, mut lost) = (0.0, 0);
        for (one, used) in self.asked.iter().zip(&self.used) {
            let is_filler = one.token.word().is_some_and(|word| fillers.contains(&word.as_str()));
            if !used && !is_filler {
                unsaid += one.skip;
                lost += usize::from(one.is_loss());
            }
        }
        (unsaid, lost)
    }

    /// The places of what no piece took.
    fn lonely(&self) -> Vec<usize> {
        (0..self.asked.len()).filter(|at| !self.is_used(*at)).collect()
    }
}

/// Holds that a family puts a command together for a request, `none` for none; no intents are known.
#[cfg(test)]
#[track_caller]
fn check_family(family: &str, request: &str, expect: &str) {
    let index = crate::index::Index::new(crate::compile(&[]).into()).unwrap();
    let asked: Vec<Asked> =
        crate::tokens::tokens(request).into_iter().map(|token| Asked::new(token, &index)).collect();
    let mut found = compose(&asked, Shell::Bash, System::Linux).into_iter();
    let command = found.find(|found| found.family == family).map(|found| found.command);
    assert_eq!(command.as_deref().unwrap_or("none"), expect, "{request}");
}
