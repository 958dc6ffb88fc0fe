//! The table as it is written. The same tools give the same bytes, in whatever order they come.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::layout::{FORMAT, HEADER, Kind, MAGIC, SECTIONS, command, flag, put, value};
use crate::text::Pieces;

/// A tool, or one of its subcommands, to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tool {
    /// Its names; the first stands for it.
    pub names: Vec<String>,
    /// What it does, one line; may be empty, as all texts.
    pub about: String,
    /// Its own flags.
    pub flags: Vec<ToolFlag>,
    /// Its operands in order.
    pub operands: Vec<ToolValue>,
    /// Its subcommands.
    pub subcommands: Vec<Tool>,
    /// Long flags have one dash.
    pub one_dash: bool,
    /// There are more subcommands or flags than are listed.
    pub open: bool,
    /// To think about first.
    pub dangerous: bool,
}

/// A flag to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ToolFlag {
    /// Its names with their dashes.
    pub names: Vec<String>,
    /// What it does.
    pub about: String,
    /// Its values in order.
    pub values: Vec<ToolValue>,
    /// Names of flags that do not go with it.
    pub excludes: Vec<String>,
    /// Subcommands have it too.
    pub inherited: bool,
    /// To think about first.
    pub dangerous: bool,
    /// May be given again.
    pub repeated: bool,
    /// The command does not run without it.
    pub required: bool,
    /// Its value is joined by a sign.
    pub joined: bool,
}

/// A value or operand to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ToolValue {
    /// What it is called in help.
    pub name: String,
    /// What it is for.
    pub about: String,
    /// What it is.
    pub kind: Kind,
    /// Words that it may be, each with what it means.
    pub choices: Vec<(String, String)>,
    /// May be left out.
    pub optional: bool,
    /// There may be several.
    pub many: bool,
}

/// The table of some tools; `source` says where the data comes from.
///
/// # Panics
/// Where the table would be larger than 4 GB.
pub fn compile(tools: &[Tool], source: &str) -> Vec<u8> {
    let mut used = Used::default();
    tools.iter().for_each(|tool| used.tool(tool));

    let mut names = Pool::default();
    names.fill(&used.names, |name| {
        let mut record = Vec::new();
        put(&mut record, size(name.len()));
        record.extend_from_slice(name.as_bytes());
        record
    });
    let pieces = Pieces::of(used.texts.keys().copied());
    let mut texts = Pool::default();
    texts.fill(&used.texts, |text| {
        let codes = pieces.encode(text);
        let mut record = Vec::new();
        put(&mut record, size(codes.len()));
        record.extend(codes);
        record
    });
    let text = |text: &str| texts.places.get(text).map_or(0, |place| place + 1);
    let name = |name: &str| names.places.get(name).copied().unwrap_or(0);
    let name_list = |record: &mut Vec<u8>, list: &[String]| {
        put(record, size(list.len()));
        list.iter().for_each(|one| put(record, name(one)));
    };

    let mut values = Pool::default();
    values.fill(&used.values, |one| {
        let mut record = Vec::new();
        put(&mut record, if one.name.is_empty() { 0 } else { name(&one.name) + 1 });
        put(&mut record, text(&one.about));
        record.push(one.kind.byte());
        record.push(bits(&[(one.optional, value::OPTIONAL), (one.many, value::MANY)]));
        put(&mut record, size(one.choices.len()));
        for (choice, about) in &one.choices {
            put(&mut record, name(choice));
            put(&mut record, text(about));
        }
        record
    });
    let value_list = |record: &mut Vec<u8>, list: &[ToolValue]| {
        put(record, size(list.len()));
        list.iter().for_each(|one| put(record, values.places.get(one).copied().unwrap_or(0)));
    };
    let mut flags = Pool::default();
    flags.fill(&used.flags, |one| {
        let mut record = Vec::new();
        name_list(&mut record, &one.names);
        put(&mut record, text(&one.about));
        record.push(bits(&[
            (one.inherited, flag::INHERITED),
            (one.dangerous, flag::DANGEROUS),
            (one.repeated, flag::REPEATED),
            (one.required, flag::REQUIRED),
            (one.joined, flag::JOINED),
        ]));
        value_list(&mut record, &one.values);
        name_list(&mut record, &one.excludes);
        record
    });

    let mut commands = Commands::default();
    let mut record_of = |tool: &Tool, subcommands: &[u32], own: u32| {
        let mut record = Vec::new();
        name_list(&mut record, &tool.names);
        put(&mut record, text(&tool.about));
        record.push(bits(&[
            (tool.one_dash, command::ONE_DASH),
            (tool.open, command::OPEN),
            (tool.dangerous, command::DANGEROUS),
        ]));
        value_list(&mut record, &tool.operands);
        put(&mut record, size(tool.flags.len()));
        tool.flags.iter().for_each(|one| put(&mut record, flags.places.get(one).copied().unwrap_or(0)));
        put(&mut record, size(subcommands.len()));
        subcommands.iter().for_each(|place| put(&mut record, own - place));
        record
    };
    let mut order: Vec<&Tool> = tools.iter().collect();
    order.sort_by(|a, b| a.names.cmp(&b.names));
    let mut index = BTreeMap::new();
    // A tool's first name wins over another's further ones.
    for (place, tool) in
        order.iter().map(|tool| (commands.add(tool, &mut record_of), tool)).collect::<Vec<_>>()
    {
        for (at, own) in tool.names.iter().enumerate() {
            let entry = index.entry(own.as_str()).or_insert((at > 0, place));
            *entry = (*entry).min((at > 0, place));
        }
    }
    let mut pairs = Vec::new();
    for (own, (_, place)) in &index {
        pairs.extend_from_slice(&name(own).to_le_bytes());
        pairs.extend_from_slice(&place.to_le_bytes());
    }

    let (all, ends) = pieces.written();
    assemble([
        source.as_bytes(),
        &pairs,
        &names.bytes,
        &ends,
        &all,
        &texts.bytes,
        &values.bytes,
        &flags.bytes,
        &commands.bytes,
    ])
}

fn assemble(sections: [&[u8]; SECTIONS]) -> Vec<u8> {
    let mut header = MAGIC.to_vec();
    header.extend(FORMAT.to_le_bytes());
    let mut content = Vec::new();
    for section in sections {
        // Fixed numbers then lie on their own boundaries.
        content.resize(content.len().next_multiple_of(4), 0);
        header.extend(size(HEADER + content.len()).to_le_bytes());
        header.extend(size(section.len()).to_le_bytes());
        content.extend_from_slice(section);
    }
    header.extend(Sha256::digest(&content));
    header.extend(content);
    header
}

/// Everything that is said, and how often.
#[derive(Default)]
struct Used<'t> {
    names: BTreeMap<&'t str, usize>,
    texts: BTreeMap<&'t str, usize>,
    values: BTreeMap<&'t ToolValue, usize>,
    flags: BTreeMap<&'t ToolFlag, usize>,
}

impl<'t> Used<'t> {
    fn tool(&mut self, tool: &'t Tool) {
        tool.names.iter().for_each(|name| self.name(name));
        self.text(&tool.about);
        tool.operands.iter().for_each(|one| self.value(one));
        tool.flags.iter().for_each(|one| self.flag(one));
        tool.subcommands.iter().for_each(|sub| self.tool(sub));
    }

    fn flag(&mut self, flag: &'t ToolFlag) {
        *self.flags.entry(flag).or_default() += 1;
        flag.names.iter().chain(&flag.excludes).for_each(|name| self.name(name));
        self.text(&flag.about);
        flag.values.iter().for_each(|one| self.value(one));
    }

    fn value(&mut self, value: &'t ToolValue) {
        *self.values.entry(value).or_default() += 1;
        self.name(&value.name);
        self.text(&value.about);
        for (choice, about) in &value.choices {
            self.name(choice);
            self.text(about);
        }
    }

    fn name(&mut self, name: &'t str) {
        *self.names.entry(name).or_default() += 1;
    }

    fn text(&mut self, text: &'t str) {
        if !text.is_empty() {
            *self.texts.entry(text).or_default() += 1;
        }
    }
}

/// Records one after another, each once. What is used most comes first, for small places are short numbers.
struct Pool<T: Ord> {
    bytes: Vec<u8>,
    places: BTreeMap<T, u32>,
}

impl<T: Ord> Default for Pool<T> {
    fn default() -> Self {
        Self { bytes: Vec::new(), places: BTreeMap::new() }
    }
}

impl<T: Ord + Copy> Pool<T> {
    fn fill(&mut self, used: &BTreeMap<T, usize>, record: impl Fn(T) -> Vec<u8>) {
        let mut order: Vec<_> = used.iter().collect();
        order.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        for (item, _) in order {
            self.places.insert(*item, size(self.bytes.len()));
            self.bytes.extend(record(*item));
        }
    }
}

/// Commands, each after its subcommands, equal ones once.
#[derive(Default)]
struct Commands {
    bytes: Vec<u8>,
    /// Places by what is said there: the record with absolute places of the subcommands.
    known: BTreeMap<Vec<u8>, u32>,
}

impl Commands {
    fn add(&mut self, tool: &Tool, record: &mut impl FnMut(&Tool, &[u32], u32) -> Vec<u8>) -> u32 {
        let mut subs: Vec<&Tool> = tool.subcommands.iter().collect();
        subs.sort_by(|a, b| a.names.cmp(&b.names));
        let places: Vec<u32> = subs.into_iter().map(|sub| self.add(sub, record)).collect();
        let key = record(tool, &places, u32::MAX);
        if let Some(&place) = self.known.get(&key) {
            return place;
        }
        let place = size(self.bytes.len());
        self.bytes.extend(record(tool, &places, place));
        self.known.insert(key, place);
        place
    }
}

fn bits(of: &[(bool, u8)]) -> u8 {
    of.iter().filter(|(set, _)| *set).map(|(_, bit)| bit).sum()
}

fn size(number: usize) -> u32 {
    u32::try_from(number).expect("a table is smaller than 4 GB")
}
