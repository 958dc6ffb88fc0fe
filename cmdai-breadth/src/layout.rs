//! Where what lies in the file, and how numbers are written. Reader and writer share this and nothing else.
//!
//! ```text
//! header     magic (8), format (4), then offset and length (4 + 4) of each section, sha256 of all that follows (32)
//! Source     where the data comes from, one line of text
//! Index      sorted pairs: name (4), command (4)
//! Names      each: length, bytes. Stored as they are, for they are compared
//! Ends       where each piece ends in Pieces (4 each)
//! Pieces     the words that texts are made of, one after another
//! Texts      each: length, codes of pieces
//! Values     name + 1, text + 1, kind (1), bits (1), choices: count, then name, text + 1
//! Flags      names: count, name...; text + 1, bits (1), values: count, value...; excluded: count, name...
//! Commands   names: count, name...; text + 1, bits (1), values: count...; flags: count...; commands: count,
//!            each as the distance back to it
//! ```
//! Fixed numbers are little-endian, all others LEB128. A reference is an offset in its section; `+ 1` leaves 0
//! for none. A command's subcommands lie before it, so that no walk can turn in a circle whatever the bytes are.

use std::fmt;

/// The format that this build writes and reads. Raised by any change of the layout: a table of another format is
/// refused as such, and is made anew.
pub const FORMAT: u32 = 1;

pub(crate) const MAGIC: &[u8; 8] = b"cmdaitab";
pub(crate) const SECTIONS: usize = 9;
const SECTIONS_AT: usize = 12;
pub(crate) const SUM_AT: usize = SECTIONS_AT + SECTIONS * 8;
pub(crate) const HEADER: usize = SUM_AT + 32;

/// Parts of the file, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    Source,
    Index,
    Names,
    Ends,
    Pieces,
    Texts,
    Values,
    Flags,
    Commands,
}

/// Bits of flags.
pub(crate) mod flag {
    pub(crate) const INHERITED: u8 = 1;
    pub(crate) const DANGEROUS: u8 = 2;
    pub(crate) const REPEATED: u8 = 4;
    pub(crate) const REQUIRED: u8 = 8;
    pub(crate) const JOINED: u8 = 16;
}

/// Bits of values.
pub(crate) mod value {
    pub(crate) const OPTIONAL: u8 = 1;
    pub(crate) const MANY: u8 = 2;
}

/// Bits of commands.
pub(crate) mod command {
    pub(crate) const ONE_DASH: u8 = 1;
    pub(crate) const OPEN: u8 = 2;
    pub(crate) const DANGEROUS: u8 = 4;
}

/// What a value is, as far as the table tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// Nothing is known.
    #[default]
    Any,
    /// A file or folder.
    Path,
    /// A folder.
    Folder,
    /// A program and its arguments: this word and all after it.
    Command,
    /// A script that is run.
    Script,
}

impl Kind {
    pub(crate) fn from_byte(byte: u8) -> Self {
        match byte {
            1 => Self::Path,
            2 => Self::Folder,
            3 => Self::Command,
            4 => Self::Script,
            _ => Self::Any,
        }
    }

    pub(crate) fn byte(self) -> u8 {
        match self {
            Self::Any => 0,
            Self::Path => 1,
            Self::Folder => 2,
            Self::Command => 3,
            Self::Script => 4,
        }
    }
}

/// Why bytes are not a table that this build reads.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// They are something else, or cut short.
    NoTable,
    /// The table has another format than [`FORMAT`].
    Format(u32),
    /// The content is not what the checksum says.
    Damaged,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTable => f.write_str("it is not a table of tools, or not a whole one"),
            Self::Format(found) => write!(f, "it has the format {found}, this cmdai reads {FORMAT}"),
            Self::Damaged => f.write_str("its content does not fit its checksum"),
        }
    }
}

impl std::error::Error for Error {}

/// Where the sections of a file lie; all within it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout([(usize, usize); SECTIONS]);

impl Layout {
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.get(..MAGIC.len()) != Some(MAGIC) {
            return Err(Error::NoTable);
        }
        let format = fixed(bytes, 8).ok_or(Error::NoTable)?;
        if format != FORMAT {
            return Err(Error::Format(format));
        }
        let mut sections = [(0, 0); SECTIONS];
        for (at, section) in sections.iter_mut().enumerate() {
            let place = SECTIONS_AT + at * 8;
            let (start, length) = fixed(bytes, place).zip(fixed(bytes, place + 4)).ok_or(Error::NoTable)?;
            let (start, length) = (start as usize, length as usize);
            let end = start.checked_add(length).filter(|end| *end <= bytes.len() && start >= HEADER);
            *section = (start, end.ok_or(Error::NoTable)?);
        }
        Ok(Self(sections))
    }

    pub(crate) fn of<'b>(&self, bytes: &'b [u8], section: Section) -> &'b [u8] {
        let (start, end) = self.0[section as usize];
        bytes.get(start..end).unwrap_or(&[])
    }
}

/// The number of four bytes at a place.
pub(crate) fn fixed(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

/// Reads forward through bytes and finds nothing behind their end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'b> {
    rest: &'b [u8],
}

impl<'b> Cursor<'b> {
    pub(crate) fn at(bytes: &'b [u8], place: usize) -> Self {
        Self { rest: bytes.get(place..).unwrap_or(&[]) }
    }

    pub(crate) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    pub(crate) fn number(&mut self) -> Option<usize> {
        let mut number = 0_u32;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte()?;
            number |= u32::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(number as usize);
            }
        }
        None
    }

    pub(crate) fn bytes(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    /// As many numbers as the first says.
    pub(crate) fn list(&mut self) -> List<'b> {
        let count = self.number().unwrap_or(0);
        let list = List { numbers: *self, left: count };
        for _ in 0..count {
            if self.number().is_none() {
                break;
            }
        }
        list
    }
}

/// Numbers in a row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List<'b> {
    numbers: Cursor<'b>,
    left: usize,
}

impl Iterator for List<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        self.left = self.left.checked_sub(1)?;
        let number = self.numbers.number();
        if number.is_none() {
            self.left = 0;
        }
        number
    }
}

/// Writes a number as [`Cursor::number`] reads it.
pub(crate) fn put(out: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}
