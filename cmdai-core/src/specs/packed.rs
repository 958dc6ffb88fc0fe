//! The specs as `build.rs` packs them: a block of bytes, of which a spec is read when it is first looked up.
//!
//! Not one pointer stands in it, so the loader has nothing to move into place when a process starts, and
//! a process pays for the few programs that its lines name. What is read stays for as long as the process.

use std::sync::OnceLock;

use super::{
    EffectRule, Flag, Input, Language, On, Operand, Output, PathUse, Platform, Recursive, Spec, Style, Value,
    ValueKind, Variant,
};
use crate::line::Dialect;
use crate::safety::EffectKind;

include!(concat!(env!("OUT_DIR"), "/specs.rs"));

static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/specs.bin"));
static TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/specs.txt"));

static SPECS: [OnceLock<Spec>; SPECS_AT.len()] = [const { OnceLock::new() }; SPECS_AT.len()];
static VERBS: [OnceLock<Vec<Spec>>; VERBS_AT.len()] = [const { OnceLock::new() }; VERBS_AT.len()];

/// A name that a spec is found by: its own, or another one.
struct Name {
    at: u32,
    length: u8,
    spec: u16,
}

impl Name {
    fn text(&self) -> &'static str {
        &TEXT[self.at as usize..][..usize::from(self.length)]
    }
}

/// The commands that one dialect has of its own.
struct OwnCommands {
    dialect: Dialect,
    /// The first of its specs, and the one behind the last.
    first: u16,
    end: u16,
    /// Every name and alias, sorted; of PowerShell in lower case.
    names: &'static [Name],
}

/// Whose specs: those of programs, or the own ones of a dialect.
#[derive(Clone, Copy)]
pub(super) struct Table {
    first: usize,
    end: usize,
    names: &'static [Name],
}

/// The specs of programs, which all dialects have.
pub(super) fn programs() -> Table {
    Table { first: 0, end: PROGRAMS, names: NAMES }
}

/// The commands that a dialect has of its own, if any.
pub(super) fn own(dialect: Dialect) -> Option<Table> {
    let own = DIALECTS.iter().find(|own| own.dialect == dialect)?;
    Some(Table { first: own.first.into(), end: own.end.into(), names: own.names })
}

impl Table {
    /// The spec that has this name, or this other name.
    pub(super) fn find(self, name: &str) -> Option<&'static Spec> {
        let at = self.names.binary_search_by(|known| known.text().cmp(name)).ok()?;
        Some(spec(self.names[at].spec.into()))
    }

    /// All specs, sorted by name. Each is read: where names will do, take those.
    pub(super) fn all(self) -> impl Iterator<Item = &'static Spec> {
        (self.first..self.end).map(spec)
    }

    /// The names of all specs, sorted.
    pub(super) fn own_names(self) -> impl Iterator<Item = &'static str> {
        (self.first..self.end).map(|at| Packed::at(SPECS_AT[at]).text())
    }

    /// All names, the other ones of specs included, sorted.
    pub(super) fn names(self) -> impl Iterator<Item = &'static str> {
        self.names.iter().map(Name::text)
    }
}

fn spec(at: usize) -> &'static Spec {
    SPECS[at].get_or_init(|| Packed::at(SPECS_AT[at]).spec())
}

/// Reads on from a place, in the order in which `build.rs` writes.
struct Packed {
    bytes: &'static [u8],
}

impl Packed {
    fn at(place: u32) -> Self {
        Self { bytes: &BYTES[place as usize..] }
    }

    fn number(&mut self) -> usize {
        let mut number = 0;
        let mut shift = 0;
        loop {
            let (first, rest) = self.bytes.split_first().expect("build.rs ends what it begins");
            self.bytes = rest;
            number |= usize::from(first & 0x7f) << shift;
            if first & 0x80 == 0 {
                return number;
            }
            shift += 7;
        }
    }

    fn flag(&mut self) -> bool {
        self.number() != 0
    }

    fn text(&mut self) -> &'static str {
        let at = self.number();
        let length = self.number();
        &TEXT[at..at + length]
    }

    fn list<T: 'static>(&mut self, mut next: impl FnMut(&mut Self) -> T) -> &'static [T] {
        match self.number() {
            0 => &[],
            length => (0..length).map(|_| next(self)).collect::<Vec<T>>().leak(),
        }
    }

    fn texts(&mut self) -> &'static [&'static str] {
        self.list(Self::text)
    }

    fn value<T: Copy>(&mut self, table: &[T]) -> T {
        table[self.number()]
    }

    fn spec(&mut self) -> Spec {
        Spec {
            name: self.text(),
            aliases: self.texts(),
            summary: self.text(),
            platform: self.value(PLATFORMS),
            style: self.value(STYLES),
            complete: self.flag(),
            flags: self.list(Self::spec_flag),
            keys: self.list(Self::spec_flag),
            operands: self.list(Self::operand),
            variants: self
                .list(|packed| Variant { when: packed.texts(), operands: packed.list(Self::operand) }),
            subcommands: self.list(Self::spec),
            verbs: self.list(Self::verbs),
            effects: self.list(Self::effect),
            recursive: match self.number() {
                0 => Recursive::Never,
                1 => Recursive::Always,
                _ => Recursive::With(self.texts()),
            },
            dry: self.texts(),
            stdin: self.value(INPUTS),
            output: self.value(OUTPUTS),
            examples: self.texts(),
        }
    }

    fn verbs(&mut self) -> &'static [Spec] {
        match self.number() {
            0 => self.list(Self::spec),
            shared => VERBS[shared - 1].get_or_init(|| {
                let mut packed = Self::at(VERBS_AT[shared - 1]);
                (0..packed.number()).map(|_| packed.spec()).collect()
            }),
        }
    }

    fn spec_flag(&mut self) -> Flag {
        Flag {
            names: self.texts(),
            value: self.flag().then(|| {
                let (name, kind) = self.named();
                Value { name, kind, optional: self.flag() }
            }),
            doc: self.text(),
            platform: self.value(PLATFORMS),
        }
    }

    fn operand(&mut self) -> Operand {
        let (name, kind) = self.named();
        Operand { name, kind, many: self.flag(), optional: self.flag() }
    }

    fn named(&mut self) -> (&'static str, ValueKind) {
        (self.text(), self.value(VALUE_KINDS))
    }

    fn effect(&mut self) -> EffectRule {
        EffectRule {
            kind: self.value(EFFECT_KINDS),
            on: self.on(),
            when: self.texts(),
            also: self.texts(),
            unless: self.texts(),
            matching: self.texts(),
            given: self.list(|packed| (packed.text(), packed.text())),
            with: self.texts(),
            without: self.texts(),
            detail: self.text(),
            recursive: self.flag(),
        }
    }

    fn on(&mut self) -> On {
        match self.number() {
            0 => On::Nothing,
            1 => On::Operands,
            2 => On::First,
            3 => On::Last,
            4 => On::Subject,
            5 => On::Words,
            6 => On::WorkingDirectory,
            7 => On::Value(self.text()),
            _ => On::Text(self.text()),
        }
    }
}
