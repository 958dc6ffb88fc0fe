//! What a shell remembers from one command to the next, cheap to copy and to bring together again.
//!
//! A line forks: the branches of `if`, the arms of `case`, a command that runs only if the one before
//! succeeded. Each way begins with a copy of the [`State`], and where the ways meet, a variable that
//! they left with different values becomes a choice between them.

use std::rc::Rc;
use std::sync::Arc;

use super::machine::{Machine, Value};
use super::value::{ARMS, Origin};
use crate::syntax::ir::Command;

/// Variables of one line.
const VARIABLES: usize = 512;
/// Aliases, links, renamed programs and references, of each.
const NAMES: usize = 256;

/// What a shell remembers. Copies share what they hold until one of them changes it.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    /// The working directory, normalised; empty where nothing is known of it.
    pub(super) cwd: String,
    /// Where the shell still is if a `cd` failed that nothing has asked about.
    pub(super) elsewhere: Option<Rc<str>>,
    /// Sorted by name.
    variables: Rc<Vec<(Rc<str>, Rc<Value>)>>,
    /// `$1`, `$2` …; `None` where the line does not set them.
    pub(super) positional: Option<Rc<Vec<String>>>,
    /// Sources of copies and archives that nothing has asked about: they may not have been made.
    pub(super) copied: Option<Rc<Vec<Rc<str>>>>,
    /// Files and folders that the line itself brought or has no more use for.
    pub(super) spare: Option<Rc<Vec<(String, usize)>>>,
    /// The file that was copied last, and after how many commands and effects.
    pub(super) moved: Option<Rc<(String, usize, usize)>>,
    /// After how many commands packages were built.
    pub(super) built: Option<usize>,
    shell: Rc<Shell>,
}

/// The parts of a [`State`] that few lines change.
#[derive(Clone, Debug, Default)]
pub(super) struct Shell {
    pub(super) functions: Vec<(String, Arc<Command>)>,
    pub(super) aliases: Vec<(String, String)>,
    /// `alias -g` of zsh: replaced anywhere in a line.
    pub(super) globals: Vec<(String, String)>,
    /// Links to directories, and mounts of one over another.
    pub(super) links: Vec<(String, String)>,
    /// Addresses that the line has given to names of git: `git remote add`.
    pub(super) remotes: Vec<(String, String)>,
    /// What `history -s` put there.
    pub(super) remembered: Option<String>,
    /// Programs under other names, by path or by bare name: copies, links and `hash -p`.
    pub(super) programs: Vec<(String, String)>,
    /// Names that stand for other variables: `declare -n`.
    pub(super) references: Vec<(String, String)>,
    /// Variables that `unset` has taken away.
    pub(super) unset: Vec<String>,
    /// Directories that `pushd` left.
    pub(super) directories: Vec<String>,
    /// `set -e`
    pub(super) errexit: bool,
    /// `set -u`
    pub(super) nounset: bool,
}

impl State {
    /// That of a shell which has just been started in a directory.
    pub(super) fn at(cwd: String) -> Self {
        Self { cwd, ..Self::default() }
    }

    /// The value that the line gave a variable.
    pub(super) fn variable(&self, name: &str) -> Option<&Value> {
        let at = self.variables.binary_search_by(|(known, _)| (**known).cmp(name)).ok()?;
        self.variables.get(at).map(|(_, value)| &**value)
    }

    /// Nothing is known of variables any more: code has run that could have set them.
    pub(super) fn forget_variables(&mut self) {
        self.variables = Rc::default();
    }

    /// All variables that the line set, sorted by name.
    pub(super) fn variables(&self) -> &[(Rc<str>, Rc<Value>)] {
        &self.variables
    }

    /// Sets a variable; false where there are too many.
    pub(super) fn set(&mut self, name: &str, value: Value) -> bool {
        let found = self.variables.binary_search_by(|(known, _)| (**known).cmp(name));
        match found {
            Ok(at) => Rc::make_mut(&mut self.variables)[at].1 = Rc::new(value),
            Err(_) if self.variables.len() >= VARIABLES => return false,
            Err(at) => Rc::make_mut(&mut self.variables).insert(at, (name.into(), Rc::new(value))),
        }
        true
    }

    /// The value of a variable, to be changed where it is.
    pub(super) fn variable_mut(&mut self, name: &str) -> Option<&mut Value> {
        let at = self.variables.binary_search_by(|(known, _)| (**known).cmp(name)).ok()?;
        Rc::make_mut(&mut self.variables).get_mut(at).map(|(_, value)| Rc::make_mut(value))
    }

    fn shared(&self, name: &str) -> Option<&Rc<Value>> {
        let at = self.variables.binary_search_by(|(known, _)| (**known).cmp(name)).ok()?;
        self.variables.get(at).map(|(_, value)| value)
    }

    /// Forgets a variable.
    pub(super) fn unset(&mut self, name: &str) {
        if let Ok(at) = self.variables.binary_search_by(|(known, _)| (**known).cmp(name)) {
            Rc::make_mut(&mut self.variables).remove(at);
        }
    }

    /// What copying the variables costs before the next change, in steps.
    pub(super) fn copying(&self) -> usize {
        if Rc::strong_count(&self.variables) > 1 { self.variables.len() / 16 } else { 0 }
    }

    /// What changing an element of a list costs, in steps.
    pub(super) fn copying_of(&self, name: &str) -> usize {
        let shared = |value: &Rc<Value>| Rc::strong_count(value) + Rc::strong_count(&self.variables) > 2;
        self.copying() + self.shared(name).filter(|value| shared(value)).map_or(0, |value| value.weight())
    }

    /// Functions, aliases, options.
    pub(super) fn shell(&self) -> &Shell {
        &self.shell
    }

    /// The same, to be changed; copying it is paid for by [`Machine::shell_mut`].
    fn shell_mut(&mut self) -> &mut Shell {
        Rc::make_mut(&mut self.shell)
    }

    /// True where nothing that takes part in a meeting of ways differs; never true by mistake.
    fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.variables, &other.variables)
            && same(self.positional.as_ref(), other.positional.as_ref())
            && same(self.copied.as_ref(), other.copied.as_ref())
            && same(self.spare.as_ref(), other.spare.as_ref())
            && self.moved == other.moved
            && self.built == other.built
            && Rc::ptr_eq(&self.shell, &other.shell)
            && self.cwd == other.cwd
            && self.elsewhere == other.elsewhere
    }
}

/// True where both are one thing in memory, or nothing.
fn same<T>(one: Option<&Rc<T>>, other: Option<&Rc<T>>) -> bool {
    match (one, other) {
        (None, None) => true,
        (Some(one), Some(other)) => Rc::ptr_eq(one, other),
        _ => false,
    }
}

impl Value {
    /// What going through the value costs, in steps.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::One(text) => text.len() / 256,
            Self::Many(list) => list.len() / 8 + list.iter().map(String::len).sum::<usize>() / 256,
            Self::Map(map) => {
                map.len() / 4 + map.iter().map(|(key, text)| key.len() + text.len()).sum::<usize>() / 256
            }
        }
    }
}

impl Shell {
    fn names(&self) -> usize {
        let pairs = self.aliases.len() + self.globals.len() + self.links.len() + self.programs.len();
        self.functions.len() + pairs + self.references.len() + self.directories.len()
    }

    /// Forgets what goes beyond the names that one line may give; true where there is such.
    fn overflows(&mut self) -> bool {
        let lists =
            [&mut self.aliases, &mut self.globals, &mut self.links, &mut self.programs, &mut self.references];
        let mut over = false;
        for list in lists {
            over |= list.len() > NAMES;
            list.truncate(NAMES);
        }
        over
    }
}

impl Machine<'_> {
    /// Functions, aliases and options of the shell, to be changed.
    pub(super) fn shell_mut(&mut self) -> &mut Shell {
        let shared = Rc::strong_count(&self.state.shell) > 1;
        let names = self.state.shell.names();
        self.spend(if shared { names / 8 } else { names / 64 });
        if names > NAMES && self.state.shell_mut().overflows() {
            self.cut = true;
        }
        self.state.shell_mut()
    }

    /// Brings the ways of a line together: `ends` are the states in which they end, one an arm.
    ///
    /// The working directory is the first one's; another may be where the shell is as well.
    pub(super) fn meet(&mut self, mut ends: Vec<State>, group: u32) -> State {
        ends.truncate(ARMS);
        let mut ends = ends.into_iter();
        let Some(mut first) = ends.next() else { return State::default() };
        let others: Vec<State> = ends.filter(|other| !other.is_same(&first)).collect();
        if others.is_empty() {
            return first;
        }
        for other in &others {
            if first.elsewhere.is_none() {
                first.elsewhere = if other.cwd == first.cwd {
                    other.elsewhere.clone()
                } else {
                    Some(other.cwd.as_str().into())
                };
            }
            if let Some(more) = &other.copied
                && !same(first.copied.as_ref(), Some(more))
            {
                let mut all = first.copied.as_deref().cloned().unwrap_or_default();
                all.extend(more.iter().filter(|path| !all.contains(path)).cloned().collect::<Vec<_>>());
                first.copied = Some(Rc::new(all));
            }
            // Only what was done on every way is.
            if first.moved != other.moved {
                first.moved = None;
            }
            if first.built != other.built {
                first.built = None;
            }
            if !same(first.spare.as_ref(), other.spare.as_ref()) {
                let more = other.spare.as_deref().map_or(&[][..], Vec::as_slice);
                let own = first.spare.as_deref().map_or(&[][..], Vec::as_slice);
                let both: Vec<(String, usize)> =
                    own.iter().filter(|path| more.contains(path)).cloned().collect();
                first.spare = Some(Rc::new(both));
            }
            if !Rc::ptr_eq(&first.shell, &other.shell) {
                let (own, more) = (first.shell.names(), other.shell.names());
                self.spend((own + more) / 4 + own * more / 64);
                first.add_shell(&other.shell);
            }
        }
        let mut names: Vec<Rc<str>> = Vec::new();
        for other in &others {
            if !Rc::ptr_eq(&first.variables, &other.variables) {
                names.extend(first.variables.iter().map(|(name, _)| name.clone()));
                names.extend(other.variables.iter().map(|(name, _)| name.clone()));
            }
        }
        self.spend(names.len() / 4);
        names.sort_unstable();
        names.dedup();
        for name in names {
            let known = first.shared(&name);
            let others_of = others.iter().map(|other| other.shared(&name));
            let differing: Vec<_> = others_of.filter(|other| !same(known, *other)).collect();
            if differing.is_empty() {
                continue;
            }
            let weight = differing.iter().flatten().map(|value| value.weight()).sum::<usize>();
            if !self.spend(weight) {
                break;
            }
            if differing.iter().any(|other| *other != known) {
                let values =
                    std::iter::once(&first).chain(&others).map(|state| state.variable(&name).cloned());
                let values: Vec<Option<Value>> = values.collect();
                let value = self.one_of(&name, values, group);
                first.set(&name, value);
            }
        }
        if others.iter().all(|other| same(other.positional.as_ref(), first.positional.as_ref())) {
            return first;
        }
        let lists = std::iter::once(&first).chain(&others).map(|state| state.positional.as_deref().cloned());
        let lists: Vec<Option<Vec<String>>> = lists.collect();
        self.spend(lists.iter().flatten().map(Vec::len).sum::<usize>() / 8);
        if lists.windows(2).any(|pair| pair[0] != pair[1]) {
            let known: Vec<Vec<String>> = lists.into_iter().flatten().collect();
            first.positional = self.lists(known, group).map(Rc::new);
        }
        first
    }

    fn one_of(&mut self, name: &str, values: Vec<Option<Value>>, group: u32) -> Value {
        let lists = values.iter().flatten().filter(|value| !matches!(value, Value::One(_))).count();
        if lists > 0 {
            let all: Vec<Vec<String>> = values.iter().flatten().filter_map(as_list).collect();
            if all.len() == values.len()
                && let Some(list) = self.lists(all, group)
            {
                return Value::Many(list);
            }
            return values.into_iter().flatten().next_back().unwrap_or_default();
        }
        let texts = values.into_iter().map(|value| match value {
            Some(Value::One(text)) => text,
            // Where one way does not set it, it is there what it was before the line.
            _ => match self.told(name) {
                Some(text) => text,
                None => self.unknowns.hole(&format!("${name}"), Origin::Variable).to_string(),
            },
        });
        let texts: Vec<String> = texts.collect();
        Value::One(self.unknowns.choice(group, texts))
    }

    /// Lists of one length meet element by element; of others the longest is kept.
    fn lists(&mut self, lists: Vec<Vec<String>>, group: u32) -> Option<Vec<String>> {
        let length = lists.iter().map(Vec::len).max()?;
        if lists.iter().any(|list| list.len() != length) || length > 64 {
            return lists.into_iter().max_by_key(Vec::len);
        }
        let element = |at: usize| lists.iter().filter_map(|list| list.get(at).cloned()).collect();
        Some((0..length).map(|at| self.unknowns.choice(group, element(at))).collect())
    }
}

fn as_list(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Many(list) => Some(list.clone()),
        _ => None,
    }
}

impl State {
    /// Adds what another way has defined.
    fn add_shell(&mut self, other: &Shell) {
        let own = self.shell_mut();
        for (name, body) in &other.functions {
            match own.functions.iter().position(|(known, _)| known == name) {
                Some(at) if Arc::ptr_eq(&own.functions[at].1, body) => {}
                // Which of the two it is cannot be told: the later one counts.
                Some(at) => own.functions[at].1 = body.clone(),
                None => own.functions.push((name.clone(), body.clone())),
            }
        }
        add(&mut own.aliases, &other.aliases);
        add(&mut own.programs, &other.programs);
        add(&mut own.links, &other.links);
        add(&mut own.references, &other.references);
        own.unset.retain(|name| other.unset.contains(name));
        own.errexit &= other.errexit;
        own.nounset &= other.nounset;
    }
}

fn add(own: &mut Vec<(String, String)>, other: &[(String, String)]) {
    for pair in other.iter().filter(|pair| !own.contains(pair)).cloned().collect::<Vec<_>>() {
        own.push(pair);
    }
}
