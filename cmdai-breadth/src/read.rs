//! The table as it is read: views that borrow from the bytes and decode what they are asked for.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::layout::{
    Cursor, Error, HEADER, Kind, Layout, List, SUM_AT, Section, command, fixed, flag, value,
};
use crate::text;

/// Subcommands, flags and choices of one command are looked at up to this number.
const MOST: usize = 1 << 14;

/// A table of tools. A copy shares the bytes.
#[derive(Clone)]
pub struct Table {
    bytes: Arc<dyn AsRef<[u8]> + Send + Sync>,
    layout: Layout,
}

impl Table {
    /// Takes bytes, such as a mapped file, for a table. Looks at their header only.
    ///
    /// # Errors
    /// They are no table, or one of another format.
    pub fn open(bytes: impl AsRef<[u8]> + Send + Sync + 'static) -> Result<Self, Error> {
        let layout = Layout::read(bytes.as_ref())?;
        Ok(Self { bytes: Arc::new(bytes), layout })
    }

    /// Compares the content with its checksum. Reads all of it: some milliseconds.
    ///
    /// # Errors
    /// [`Error::Damaged`].
    pub fn verify(&self) -> Result<(), Error> {
        let bytes = (*self.bytes).as_ref();
        let sum = Sha256::digest(bytes.get(HEADER..).unwrap_or(&[]));
        if bytes.get(SUM_AT..HEADER) == Some(sum.as_slice()) { Ok(()) } else { Err(Error::Damaged) }
    }

    /// Where the data comes from, such as `@withfig/autocomplete 2.692.3`.
    pub fn source(&self) -> &str {
        std::str::from_utf8(self.section(Section::Source)).unwrap_or("")
    }

    /// The size in bytes.
    pub fn size(&self) -> usize {
        (*self.bytes).as_ref().len()
    }

    /// The number of names by which a tool can be found.
    pub fn len(&self) -> usize {
        self.section(Section::Index).len() / 8
    }

    /// True where no tool is in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The tool called `name`.
    pub fn find(&self, name: &str) -> Option<Command<'_>> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let (known, place) = self.entry(middle)?;
            match known.cmp(name) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Some(Command::at(self, place)),
            }
        }
        None
    }

    /// Every name with its tool, sorted by name.
    pub fn tools(&self) -> impl Iterator<Item = (&str, Command<'_>)> {
        (0..self.len()).filter_map(|at| self.entry(at)).map(|(name, place)| (name, Command::at(self, place)))
    }

    fn entry(&self, at: usize) -> Option<(&str, usize)> {
        let index = self.section(Section::Index);
        let name = fixed(index, at.checked_mul(8)?)? as usize;
        let place = fixed(index, at * 8 + 4)? as usize;
        Some((self.name(name), place))
    }

    fn section(&self, section: Section) -> &[u8] {
        self.layout.of((*self.bytes).as_ref(), section)
    }

    fn name(&self, place: usize) -> &str {
        let mut cursor = Cursor::at(self.section(Section::Names), place);
        let bytes = cursor.number().and_then(|length| cursor.bytes(length));
        bytes.and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("")
    }

    fn text(&self, place_and_one: usize) -> String {
        let Some(place) = place_and_one.checked_sub(1) else { return String::new() };
        let mut cursor = Cursor::at(self.section(Section::Texts), place);
        let codes = cursor.number().and_then(|length| cursor.bytes(length)).unwrap_or(&[]);
        text::decode(codes, self.section(Section::Ends), self.section(Section::Pieces))
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").field("source", &self.source()).field("size", &self.size()).finish()
    }
}

/// The same content by its checksum.
impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        (*self.bytes).as_ref().get(..HEADER) == (*other.bytes).as_ref().get(..HEADER)
    }
}

impl Eq for Table {}

/// A tool or one of its subcommands.
#[derive(Clone, Copy)]
pub struct Command<'t> {
    table: &'t Table,
    place: usize,
    names: List<'t>,
    about: usize,
    bits: u8,
    values: List<'t>,
    flags: List<'t>,
    commands: List<'t>,
}

impl<'t> Command<'t> {
    fn at(table: &'t Table, place: usize) -> Self {
        let mut cursor = Cursor::at(table.section(Section::Commands), place);
        Self {
            table,
            place,
            names: cursor.list(),
            about: cursor.number().unwrap_or(0),
            bits: cursor.byte().unwrap_or(0),
            values: cursor.list(),
            flags: cursor.list(),
            commands: cursor.list(),
        }
    }

    /// All its names.
    pub fn names(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        let table = self.table;
        self.names.take(MOST).map(move |place| table.name(place))
    }

    /// The name that stands for it.
    pub fn name(&self) -> &'t str {
        self.names().next().unwrap_or("")
    }

    /// What it does; empty where nothing is said.
    pub fn about(&self) -> String {
        self.table.text(self.about)
    }

    /// True where long flags have one dash.
    pub fn has_one_dash(&self) -> bool {
        self.bits & command::ONE_DASH != 0
    }

    /// True where the tool itself knows of more subcommands or flags than are listed.
    pub fn is_open(&self) -> bool {
        self.bits & command::OPEN != 0
    }

    /// True where it is marked as something to think about first.
    pub fn is_dangerous(&self) -> bool {
        self.bits & command::DANGEROUS != 0
    }

    /// Its subcommands, sorted by their first names.
    pub fn subcommands(&self) -> impl Iterator<Item = Command<'t>> + use<'t> {
        let (table, own) = (self.table, self.place);
        // A distance of zero would be the command itself.
        let places = self.commands.take(MOST).filter(|back| *back > 0);
        places.filter_map(move |back| own.checked_sub(back)).map(move |place| Command::at(table, place))
    }

    /// The subcommand called `name`.
    pub fn subcommand(&self, name: &str) -> Option<Command<'t>> {
        self.subcommands().find(|sub| sub.names().any(|known| known == name))
    }

    /// Its own flags, in the order of the tool's makers.
    pub fn flags(&self) -> impl Iterator<Item = Flag<'t>> + use<'t> {
        let table = self.table;
        self.flags.take(MOST).map(move |place| Flag::at(table, place))
    }

    /// Its own flag with this name, given with its dashes.
    pub fn flag(&self, name: &str) -> Option<Flag<'t>> {
        self.flags().find(|flag| flag.names().any(|known| known == name))
    }

    /// Its operands in order.
    pub fn operands(&self) -> impl Iterator<Item = Value<'t>> + use<'t> {
        let table = self.table;
        self.values.take(MOST).map(move |place| Value::at(table, place))
    }
}

impl fmt::Debug for Command<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Command").field(&self.name()).finish()
    }
}

/// The same entry of a table.
impl PartialEq for Command<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place && self.table == other.table
    }
}

impl Eq for Command<'_> {}

/// A flag.
#[derive(Clone, Copy)]
pub struct Flag<'t> {
    table: &'t Table,
    place: usize,
    names: List<'t>,
    about: usize,
    bits: u8,
    values: List<'t>,
    excludes: List<'t>,
}

impl<'t> Flag<'t> {
    fn at(table: &'t Table, place: usize) -> Self {
        let mut cursor = Cursor::at(table.section(Section::Flags), place);
        Self {
            table,
            place,
            names: cursor.list(),
            about: cursor.number().unwrap_or(0),
            bits: cursor.byte().unwrap_or(0),
            values: cursor.list(),
            excludes: cursor.list(),
        }
    }

    /// All its names, with their dashes.
    pub fn names(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        let table = self.table;
        self.names.take(MOST).map(move |place| table.name(place))
    }

    /// What it does; empty where nothing is said.
    pub fn about(&self) -> String {
        self.table.text(self.about)
    }

    /// Its values in order; most flags have none or one.
    pub fn values(&self) -> impl Iterator<Item = Value<'t>> + use<'t> {
        let table = self.table;
        self.values.take(MOST).map(move |place| Value::at(table, place))
    }

    /// Names of flags that do not go with it.
    pub fn excludes(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        let table = self.table;
        self.excludes.take(MOST).map(move |place| table.name(place))
    }

    /// True where subcommands have it too.
    pub fn is_inherited(&self) -> bool {
        self.bits & flag::INHERITED != 0
    }

    /// True where it is marked as something to think about first.
    pub fn is_dangerous(&self) -> bool {
        self.bits & flag::DANGEROUS != 0
    }

    /// True where it may be given again.
    pub fn is_repeated(&self) -> bool {
        self.bits & flag::REPEATED != 0
    }

    /// True where the command does not run without it.
    pub fn is_required(&self) -> bool {
        self.bits & flag::REQUIRED != 0
    }

    /// True where its value must be joined to it by a sign, as in `--name=value`.
    pub fn is_joined(&self) -> bool {
        self.bits & flag::JOINED != 0
    }
}

impl fmt::Debug for Flag<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Flag").field(&self.names().collect::<Vec<_>>()).finish()
    }
}

/// The same entry of a table.
impl PartialEq for Flag<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place && self.table == other.table
    }
}

impl Eq for Flag<'_> {}

/// The value of a flag, or an operand.
#[derive(Clone, Copy)]
pub struct Value<'t> {
    table: &'t Table,
    name: usize,
    about: usize,
    kind: Kind,
    bits: u8,
    /// Name and text + 1 of each, in turn.
    choices: Cursor<'t>,
    count: usize,
}

impl<'t> Value<'t> {
    fn at(table: &'t Table, place: usize) -> Self {
        let mut cursor = Cursor::at(table.section(Section::Values), place);
        Self {
            table,
            name: cursor.number().unwrap_or(0),
            about: cursor.number().unwrap_or(0),
            kind: Kind::from_byte(cursor.byte().unwrap_or(0)),
            bits: cursor.byte().unwrap_or(0),
            count: cursor.number().unwrap_or(0),
            choices: cursor,
        }
    }

    /// What it is called in help; may be empty.
    pub fn name(&self) -> &'t str {
        self.name.checked_sub(1).map_or("", |place| self.table.name(place))
    }

    /// What it is for; empty where nothing is said.
    pub fn about(&self) -> String {
        self.table.text(self.about)
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// True where it may be left out.
    pub fn is_optional(&self) -> bool {
        self.bits & value::OPTIONAL != 0
    }

    /// True where there may be several.
    pub fn is_many(&self) -> bool {
        self.bits & value::MANY != 0
    }

    /// Words that it may be; others may be allowed too.
    pub fn choices(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        let table = self.table;
        self.pairs().map(move |(name, _)| table.name(name))
    }

    /// Those words, each with what it means.
    pub fn described_choices(&self) -> impl Iterator<Item = (&'t str, String)> + use<'t> {
        let table = self.table;
        self.pairs().map(move |(name, text)| (table.name(name), table.text(text)))
    }

    fn pairs(&self) -> impl Iterator<Item = (usize, usize)> + use<'t> {
        let mut cursor = self.choices;
        (0..self.count.min(MOST)).map_while(move |_| cursor.number().zip(cursor.number()))
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Value").field("name", &self.name()).field("kind", &self.kind).finish()
    }
}
