//! The values of PowerShell, as far as a line shows them.

use std::rc::Rc;

use crate::safety::value;
use crate::syntax::ir::Closure;

/// A value. Text that is not known holds holes, as everywhere.
#[derive(Clone, Debug)]
pub(in crate::safety) enum Data {
    Null,
    Bool(bool),
    Number(i64),
    /// `[char]`: a text of one letter that becomes a number by its code.
    Letter(char),
    Text(String),
    Bytes(Rc<Vec<u8>>),
    List(Rc<Vec<Data>>),
    Map(Rc<Vec<(String, Data)>>),
    Closure(Rc<Closure>),
    /// `[type]`, in lower case and without `System.`.
    Type(String),
    Object(Rc<Object>),
}

/// An object of .NET or of a cmdlet.
#[derive(Clone, Debug)]
pub(in crate::safety) struct Object {
    /// What it is.
    pub(in crate::safety) of: Kind,
    /// How it reads as text: a path, a name.
    pub(in crate::safety) text: String,
    /// What else is known of it.
    pub(in crate::safety) fields: Vec<(String, Data)>,
}

/// Kinds of [`Object`] whose members mean something to us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::safety) enum Kind {
    /// A file, folder or other item; its text is the path.
    Item,
    /// A command found by name.
    Command,
    /// An encoding: its text is the name.
    Encoding,
    /// A process.
    Process,
    /// A service.
    Service,
    /// Something of WMI or CIM: its text is the class.
    Cim,
    /// A disk, partition or volume.
    Disk,
    /// An object made by `New-Object` or `::new`: its text is the type in lower case.
    Made,
    /// `$ExecutionContext.InvokeCommand`
    Invoker,
    /// An account, a rule, a task: whatever a `Get-` gives, its text is the noun.
    Thing,
}

impl Data {
    pub(in crate::safety) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(in crate::safety) fn object(of: Kind, text: impl Into<String>) -> Self {
        Self::Object(Rc::new(Object { of, text: text.into(), fields: Vec::new() }))
    }

    /// One value as it is, several as a list, none as null.
    pub(in crate::safety) fn of(mut list: Vec<Self>) -> Self {
        match list.len() {
            0 => Self::Null,
            1 => list.pop().unwrap_or(Self::Null),
            _ => Self::List(Rc::new(list)),
        }
    }

    pub(in crate::safety) fn list(list: Vec<Self>) -> Self {
        Self::List(Rc::new(list))
    }

    /// What comes out of it in a pipeline: the elements of a list, nothing of null.
    pub(in crate::safety) fn unrolled(self) -> Vec<Self> {
        match self {
            Self::Null => Vec::new(),
            Self::List(list) => Rc::try_unwrap(list).unwrap_or_else(|list| (*list).clone()),
            Self::Bytes(bytes) => {
                bytes.iter().take(4096).map(|&byte| Self::Number(i64::from(byte))).collect()
            }
            other => vec![other],
        }
    }

    /// As text, the way a string holds it.
    pub(in crate::safety) fn to_text(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Bool(true) => "True".to_owned(),
            Self::Bool(false) => "False".to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Letter(letter) => value::clean(letter.encode_utf8(&mut [0; 4])).into_owned(),
            Self::Text(text) => text.clone(),
            Self::Bytes(bytes) => bytes.iter().take(4096).map(u8::to_string).collect::<Vec<_>>().join(" "),
            Self::List(list) => {
                let mut out = String::new();
                for (index, item) in list.iter().enumerate() {
                    if out.len() > crate::safety::machine::VALUE_BYTES {
                        break;
                    }
                    if index > 0 {
                        out.push(' ');
                    }
                    out.push_str(&item.to_text());
                }
                out
            }
            Self::Map(_) => "System.Collections.Hashtable".to_owned(),
            Self::Closure(_) => String::new(),
            Self::Type(name) => name.clone(),
            Self::Object(object) => object.text.clone(),
        }
    }

    /// As a whole number, where it is one.
    pub(in crate::safety) fn to_number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Bool(held) => Some(i64::from(*held)),
            Self::Null => Some(0),
            Self::Letter(letter) => Some(i64::from(u32::from(*letter))),
            Self::Text(text) => number(text),
            Self::List(list) if list.len() == 1 => list[0].to_number(),
            _ => None,
        }
    }

    /// As true or false, where that can be told.
    pub(in crate::safety) fn to_bool(&self) -> Option<bool> {
        match self {
            Self::Null => Some(false),
            Self::Bool(held) => Some(*held),
            Self::Number(number) => Some(*number != 0),
            Self::Text(text) if value::has_hole(text) => None,
            Self::Text(text) => Some(!text.is_empty()),
            Self::List(list) if list.is_empty() => Some(false),
            Self::List(_) | Self::Object(_) => None,
            _ => Some(true),
        }
    }

    /// True where some of it is not known.
    pub(in crate::safety) fn is_unknown(&self) -> bool {
        match self {
            Self::Text(text) => value::has_hole(text),
            Self::Object(object) => value::has_hole(&object.text),
            Self::List(list) => list.iter().take(64).any(Self::is_unknown),
            _ => false,
        }
    }

    /// The letters of a text, as `[char[]]` and an index see them.
    /// What going through the value costs, in steps.
    pub(in crate::safety) fn weight(&self) -> usize {
        match self {
            Self::Text(text) => text.len() / 256,
            Self::Bytes(bytes) => bytes.len() / 64,
            Self::List(list) => list.len() / 8 + list.iter().map(Self::bytes).sum::<usize>() / 256,
            _ => 0,
        }
    }

    fn bytes(&self) -> usize {
        if let Self::Text(text) = self { text.len() } else { 8 }
    }

    pub(in crate::safety) fn letters(&self) -> Vec<Self> {
        self.to_text().chars().map(Self::Letter).collect()
    }
}

/// A whole number as PowerShell writes it: `42`, `0x1F`, `10mb`, `1.0`.
pub(in crate::safety) fn number(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let lower = text.to_ascii_lowercase();
    if let Some(hex) = lower.strip_prefix("0x") {
        return i64::from_str_radix(hex, 16).ok().map(|number| sign * number);
    }
    let digits = lower.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let factor: i64 = match &lower[digits.len()..] {
        "" | "l" | "d" | "u" | "ul" | "n" | "s" | "us" | "y" | "uy" => 1,
        "kb" => 1 << 10,
        "mb" => 1 << 20,
        "gb" => 1 << 30,
        "tb" => 1 << 40,
        "pb" => 1 << 50,
        _ => return None,
    };
    let whole = match digits.split_once('.') {
        Some((whole, rest)) if rest.chars().all(|digit| digit.is_ascii_digit()) => whole,
        Some(_) => return None,
        None => digits,
    };
    if whole.is_empty() || !whole.chars().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    whole.parse::<i64>().ok()?.checked_mul(factor).map(|number| sign * number)
}

/// What base64 stands for, blanks left out.
pub(in crate::safety) fn from_base64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let mut held = 0u32;
    let mut bits = 0;
    for letter in text.chars() {
        let six = match letter {
            'A'..='Z' => letter as u32 - 65,
            'a'..='z' => letter as u32 - 71,
            '0'..='9' => letter as u32 + 4,
            '+' | '-' => 62,
            '/' | '_' => 63,
            '=' => break,
            _ if letter.is_whitespace() => continue,
            _ => return None,
        };
        held = held << 6 | six;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits & 0xFF) as u8);
        }
    }
    Some(out)
}

/// Bytes as text in an encoding, by a part of its name.
pub(in crate::safety) fn decode(bytes: &[u8], encoding: &str) -> String {
    let name = encoding.to_ascii_lowercase();
    let pairs = |join: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| join([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    let text = if name.contains("bigendian") {
        pairs(u16::from_be_bytes)
    } else if name.contains("unicode") || name.contains("utf-16") || name.contains("1200") {
        pairs(u16::from_le_bytes)
    } else if name.contains("utf32") {
        let units = bytes.chunks_exact(4);
        units
            .filter_map(|four| char::from_u32(u32::from_le_bytes([four[0], four[1], four[2], four[3]])))
            .collect()
    } else {
        String::from_utf8_lossy(bytes).into_owned()
    };
    value::clean(text.trim_start_matches('\u{FEFF}')).into_owned()
}

/// The name of a type in the form we know it by: lower case, without `System.`.
pub(in crate::safety) fn type_name(written: &str) -> String {
    let lower: String =
        written.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_lowercase();
    let lower = lower.split(',').next().unwrap_or_default();
    lower.strip_prefix("system.").unwrap_or(lower).to_owned()
}
