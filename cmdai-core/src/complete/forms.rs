//! What a file declares for a command to take: targets, scripts, aliases, hosts.
//!
//! The readers see one line at a time and know as much of each form as it takes to find the names; a name that would have to
//! be quoted is left out. They never fail: a file of another form declares nothing.

/// The form of a file in which names are declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// The targets of a Makefile.
    Make,
    /// The recipes of a justfile.
    Just,
    /// The keys of an object at the top of a JSON file.
    Json(&'static str),
    /// The keys of tables in a TOML or INI file.
    Tables(&'static [&'static str]),
    /// What a table of a TOML file, or each of several, has as its `name`.
    Names(&'static str),
    /// The keys of a map at the top of a YAML file.
    Yaml(&'static str),
    /// The hosts of a configuration of ssh.
    SshConfig,
    /// The hosts that ssh was connected to, where they are not hashed.
    KnownHosts,
}

/// What a file declares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// The names in the order of the file.
    pub names: Vec<String>,
    /// True where there can be no others.
    pub complete: bool,
}

/// More names of one file are not offered.
const MOST: usize = 500;
/// A longer name is not offered, in bytes.
const LONGEST: usize = 80;

impl Form {
    /// The names that a text of this form declares. `whole` is false where it is only the beginning of one.
    pub fn read(self, text: &str, whole: bool) -> Declared {
        let mut names: Vec<String> = Vec::new();
        let mut complete = whole;
        let mut add = |name: &str| {
            let fits = !name.is_empty()
                && name.len() <= LONGEST
                && !name.starts_with(['-', '.', '_'])
                && name.chars().all(|c| c.is_alphanumeric() || "-_.:/@+".contains(c));
            if fits && names.len() < MOST && !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        };
        match self {
            Self::Make => complete &= make(text, &mut add),
            Self::Just => complete &= just(text, &mut add),
            Self::Json(key) => json(text, key, &mut add),
            Self::Tables(tables) => toml(text, tables, &mut add),
            Self::Names(table) => {
                complete = false;
                named(text, table, &mut add);
            }
            Self::Yaml(key) => yaml(text, key, &mut add),
            Self::SshConfig => {
                complete = false;
                ssh_config(text, &mut add);
            }
            Self::KnownHosts => {
                complete = false;
                known_hosts(text, &mut add);
            }
        }
        complete &= names.len() < MOST && !names.is_empty();
        Declared { names, complete }
    }
}

/// False where other files or patterns can bring further targets.
fn make(text: &str, add: &mut impl FnMut(&str)) -> bool {
    let mut complete = true;
    let mut continued = false;
    for line in text.lines() {
        let was_continued = std::mem::replace(&mut continued, line.ends_with('\\'));
        if was_continued || line.starts_with(['\t', '#']) {
            continue;
        }
        let begin = line.trim_start();
        if ["include ", "-include ", "sinclude "].iter().any(|word| begin.starts_with(word)) {
            complete = false;
        }
        let Some((targets, rest)) = line.split_once(':') else { continue };
        // `NAME := value` and `export NAME ::= value` are no rules; nor is a value with a colon in it.
        if rest.trim_start_matches(':').starts_with('=') || targets.contains(['=', '"', '\'']) {
            continue;
        }
        if targets.contains(['$', '%']) {
            complete = false;
        }
        targets.split_whitespace().filter(|name| !name.contains(['$', '%', '(', ')'])).for_each(&mut *add);
    }
    complete
}

/// False where other files bring further recipes.
fn just(text: &str, add: &mut impl FnMut(&str)) -> bool {
    let mut complete = true;
    for line in text.lines().filter(|line| !line.starts_with([' ', '\t', '#', '['])) {
        let first = line.split_whitespace().next().unwrap_or("");
        if matches!(first, "import" | "import?" | "mod" | "mod?") {
            complete = false;
            continue;
        }
        if let Some(name) = line.strip_prefix("alias ").and_then(|rest| rest.split(":=").next()) {
            add(name.trim());
            continue;
        }
        // A colon in the default of a parameter comes behind the name all the same.
        let Some((head, rest)) = line.split_once(':') else { continue };
        if !rest.starts_with('=') && !matches!(first, "set" | "export") {
            let name = head.split_whitespace().next().unwrap_or("");
            add(name.trim_start_matches('@'));
        }
    }
    complete
}

/// The keys of the object that stands under a key of the outermost one.
fn json(text: &str, wanted: &str, add: &mut impl FnMut(&str)) {
    let mut depth = 0_usize;
    // Where the wanted object is open: the depth within it.
    let mut within: Option<usize> = None;
    let mut last = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                last.clear();
                while let Some(c) = chars.next() {
                    match c {
                        '"' => break,
                        '\\' => {
                            // No key that would have to be escaped is offered.
                            last.push('\\');
                            chars.next();
                        }
                        c => last.push(c),
                    }
                }
            }
            ':' if within == Some(depth) => add(&last),
            ':' if depth == 1
                && within.is_none()
                && last == wanted
                && chars.clone().find(|c| !c.is_whitespace()) == Some('{') =>
            {
                within = Some(2);
            }
            '{' | '[' => depth += 1,
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                if within.is_some_and(|within| depth < within) {
                    return;
                }
            }
            _ => {}
        }
    }
}

fn toml(text: &str, tables: &[&str], add: &mut impl FnMut(&str)) {
    let mut within = false;
    for line in text.lines().map(str::trim) {
        if let Some(table) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            within = tables.contains(&table.trim());
        } else if within
            && !line.starts_with(['#', ';'])
            && let Some((key, _)) = line.split_once('=')
        {
            add(key.trim().trim_matches('"'));
        }
    }
}

fn named(text: &str, wanted: &str, add: &mut impl FnMut(&str)) {
    let mut within = false;
    for line in text.lines().map(str::trim) {
        if let Some(table) = line.strip_prefix('[') {
            let table = table.trim_start_matches('[').split(']').next().unwrap_or("");
            within = table.trim() == wanted;
        } else if within
            && let Some((key, value)) = line.split_once('=')
            && key.trim() == "name"
        {
            let value = value.trim();
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
            add(quote.and_then(|quote| value.get(1..)?.split(quote).next()).unwrap_or(""));
        }
    }
}

fn yaml(text: &str, wanted: &str, add: &mut impl FnMut(&str)) {
    let mut within = false;
    let mut indent = None;
    for line in text.lines() {
        let content = line.trim_start();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let depth = line.len() - content.len();
        if depth == 0 {
            within = content.strip_prefix(wanted).is_some_and(|rest| rest.trim_end() == ":");
            indent = None;
        } else if within && depth == *indent.get_or_insert(depth) {
            let key = content.split_once(':').map(|(key, _)| key);
            add(key.unwrap_or("").trim_matches(['"', '\'']));
        }
    }
}

fn ssh_config(text: &str, add: &mut impl FnMut(&str)) {
    for line in text.lines() {
        let mut words = line.split([' ', '\t', '=']).filter(|word| !word.is_empty());
        if words.next().is_some_and(|word| word.eq_ignore_ascii_case("host")) {
            words.filter(|word| !word.contains(['*', '?', '!', '"'])).for_each(&mut *add);
        }
    }
}

fn known_hosts(text: &str, add: &mut impl FnMut(&str)) {
    for line in text.lines().filter(|line| !line.starts_with(['#', '|', '@'])) {
        let hosts = line.split_whitespace().next().unwrap_or("");
        // A name, not the numbers that stand for it; `[name]:port` needs a flag beside it.
        let named =
            |host: &&str| host.contains(|c: char| c.is_ascii_alphabetic()) && !host.contains(['*', '[', ':']);
        hosts.split(',').filter(named).for_each(&mut *add);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(form: Form, text: &str, names: &[&str], complete: bool) {
        let read = form.read(text, true);
        assert_eq!(
            (read.names.iter().map(String::as_str).collect::<Vec<_>>(), read.complete),
            (names.to_vec(), complete)
        );
    }

    #[test]
    fn targets_of_make() {
        let text = "CC := gcc\nall: build test\n\techo a: b\n.PHONY: all clean\nbuild test: x.o\nURL=http://x\nlong: a \\\n  b: c\n\
            deploy::\n\ta\n";
        check(Form::Make, text, &["all", "build", "test", "long", "deploy"], true);
        check(Form::Make, "a:\n%.o: %.c\n$(X): y\n", &["a"], false);
        check(Form::Make, "include x.mk\na:\n", &["a"], false);
        check(Form::Make, "nothing here", &[], false);
    }

    #[test]
    fn recipes_of_just() {
        let text = "set shell := [\"bash\"]\nname := 'a: b'\nalias b := build\n# a: b\nbuild target='x:y': dep\n  @echo a: b\n@quiet:\n\
            [private]\n_hidden:\n";
        check(Form::Just, text, &["b", "build", "quiet"], true);
        check(Form::Just, "import 'x'\na:\n", &["a"], false);
    }

    #[test]
    fn keys_of_json() {
        let text = r#"{"name": "scripts", "a": {"scripts": {"no": "x"}}, "scripts": {
            "build": "tsc {", "test:unit": "jest \"a\"", "needs quotes": "x", "deep": {"x": 1}}, "z": {"y": 2}}"#;
        check(Form::Json("scripts"), text, &["build", "test:unit", "deep"], true);
        check(Form::Json("scripts"), r#"{"scripts": "none", "b": {"c": 1}}"#, &[], false);
        check(Form::Json("scripts"), "{\"scripts\": {\"open", &[], false);
    }

    #[test]
    fn keys_of_tables_and_maps() {
        let text = "[build]\njobs = 1\n[alias]\n# c = 1\nxt = \"run\"\n\"l-p\" = [\"a\"]\n[other]\nz = 1\n";
        check(Form::Tables(&["alias"]), text, &["xt", "l-p"], true);
        let text = "[package]\nname = \"a\" # x\n[[bin]]\npath = \"x\"\nname=\'b\'\n[[bin]]\nname = \"c d\"\n[bin.x]\nname = \"d\"\n";
        check(Form::Names("bin"), text, &["b"], false);
        check(Form::Names("package"), text, &["a"], false);
        let text = "version: 3\nservices:\n  web:\n    image: x\n\n  # a\n  'db':\n    image: y\nvolumes:\n  data:\n";
        check(Form::Yaml("services"), text, &["web", "db"], true);
    }

    #[test]
    fn hosts_of_ssh() {
        let text = "Host web db-1\n  HostName 10.0.0.1\nhost=eq\nHost * !x *.corp\n";
        check(Form::SshConfig, text, &["web", "db-1", "eq"], false);
        let text = "|1|abc=|def= ssh-ed25519 A\nweb.example.org,10.0.0.1 ssh-rsa A\n[web]:2222 ssh-rsa A\n@cert-authority *.x A\n";
        check(Form::KnownHosts, text, &["web.example.org"], false);
    }

    #[test]
    fn a_beginning_declares_something_and_never_all() {
        assert!(!Form::Make.read("a:\nb", false).complete);
        let many: String = (0..600).map(|n| format!("t{n}:\n")).collect();
        let read = Form::Make.read(&many, true);
        assert!(read.names.len() == MOST && !read.complete);
    }
}
