//! The slot language of intents: `{name}` is a slot, `{{` and `}}` are literal braces, read from left to right.

/// What may stand in a slot. The names are those of `training/intents/README.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub(crate) enum SlotType {
    Dir,
    File,
    Ext,
    Size,
    /// Any number: a count, a column, a line.
    Count,
    Port,
    Pid,
    Mode,
    Days,
    Hours,
    Mins,
    Url,
    Ip,
    Host,
    Date,
    User,
    /// Several words, quoted in the command.
    Phrase,
    /// One word to look for, to insert and the like.
    Word,
    /// A variable of the environment.
    Var,
    Commit,
    /// A name of a kind that does not tell by its look: a package, a branch, a service.
    Name,
}

impl SlotType {
    const ALL: [Self; 21] = [
        Self::Dir,
        Self::File,
        Self::Ext,
        Self::Size,
        Self::Count,
        Self::Port,
        Self::Pid,
        Self::Mode,
        Self::Days,
        Self::Hours,
        Self::Mins,
        Self::Url,
        Self::Ip,
        Self::Host,
        Self::Date,
        Self::User,
        Self::Phrase,
        Self::Word,
        Self::Var,
        Self::Commit,
        Self::Name,
    ];

    /// The type by its name in an intent, a number at its end not counted; `None` for an unknown one.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Some(match name.trim_end_matches(|c: char| c.is_ascii_digit()) {
            "dir" => Self::Dir,
            "file" => Self::File,
            "ext" => Self::Ext,
            "size" => Self::Size,
            "n" | "col" | "line" => Self::Count,
            "port" => Self::Port,
            "pid" => Self::Pid,
            "mode" => Self::Mode,
            "days" => Self::Days,
            "hours" => Self::Hours,
            "mins" => Self::Mins,
            "url" => Self::Url,
            "ip" => Self::Ip,
            "host" => Self::Host,
            "date" => Self::Date,
            "user" | "group" => Self::User,
            "phrase" | "msg" => Self::Phrase,
            "word" => Self::Word,
            "var" => Self::Var,
            "commit" => Self::Commit,
            "branch" | "container" | "db" | "deploy" | "image" | "ns" | "pkg" | "pod" | "proc" | "remote"
            | "service" | "table" | "tag" | "value" => Self::Name,
            _ => return None,
        })
    }

    /// True for a type that a plain word may fill.
    pub(crate) fn is_name(self) -> bool {
        matches!(
            self,
            Self::Dir
                | Self::File
                | Self::Host
                | Self::User
                | Self::Phrase
                | Self::Word
                | Self::Var
                | Self::Commit
                | Self::Name
        )
    }

    /// The type by the byte it is stored as.
    pub(crate) fn from_byte(byte: u8) -> Self {
        Self::ALL.get(usize::from(byte)).copied().unwrap_or(Self::Name)
    }

    /// The term by which phrasings with such a slot are found; `None` where the look of a value says nothing.
    pub(crate) fn term(self) -> Option<&'static str> {
        Some(match self {
            Self::Dir => "\u{1}dir",
            Self::File => "\u{1}file",
            Self::Ext => "\u{1}ext",
            Self::Size => "\u{1}size",
            Self::Count | Self::Port | Self::Pid | Self::Mode => "\u{1}number",
            Self::Days | Self::Hours | Self::Mins => "\u{1}span",
            Self::Url => "\u{1}url",
            Self::Ip | Self::Host => "\u{1}host",
            Self::Date => "\u{1}date",
            Self::User | Self::Phrase | Self::Word | Self::Var | Self::Commit | Self::Name => return None,
        })
    }
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    /// A slot by its name.
    Slot(String),
}

/// Cuts a template into texts and slots. A brace that opens no slot is itself.
pub(crate) fn pieces(template: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        if let Some(after) = from.strip_prefix("{{") {
            text.push('{');
            rest = after;
        } else if let Some(after) = from.strip_prefix("}}") {
            text.push('}');
            rest = after;
        } else if let Some((name, after)) = slot_at(from) {
            if !text.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut text)));
            }
            pieces.push(Piece::Slot(name.to_owned()));
            rest = after;
        } else {
            let (brace, after) = from.split_at(1);
            text.push_str(brace);
            rest = after;
        }
    }
    text.push_str(rest);
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    pieces
}

/// `{name}` at the beginning of a text: the name and what follows.
fn slot_at(text: &str) -> Option<(&str, &str)> {
    let (name, after) = text.strip_prefix('{')?.split_once('}')?;
    let is_name =
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    is_name.then_some((name, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(template: &str, expect: &str) {
        let shown: Vec<String> = pieces(template)
            .into_iter()
            .map(|piece| match piece {
                Piece::Text(text) => text,
                Piece::Slot(name) => format!("<{name}>"),
            })
            .collect();
        assert_eq!(shown.join("|"), expect, "{template}");
    }

    #[test]
    fn templates_are_read_from_left_to_right() {
        check("find {dir} -name '*.{ext}'", "find |<dir>| -name '*.|<ext>|'");
        check("awk '{{print ${col}}}'", "awk '{print $|<col>|}'");
        check("xargs -I{{}} touch file{{}}.txt", "xargs -I{} touch file{}.txt");
        check("{a}{b2}", "<a>|<b2>");
        check("a {B} {x y} {", "a {B} {x y} {");
    }

    #[test]
    fn types_have_names_and_bytes() {
        assert_eq!(SlotType::from_name("file2"), Some(SlotType::File));
        assert_eq!(SlotType::from_name("nonsense"), None);
        for (byte, kind) in SlotType::ALL.iter().enumerate() {
            assert_eq!(*kind as usize, byte);
            assert_eq!(SlotType::from_byte(byte as u8), *kind);
        }
    }
}
