//! Columns of a table: which to show, add up or count, on which conditions. What `cut` and `awk` are asked for.

use super::{Composed, Reader};
use crate::tokens::Look;
use crate::words;

/// Words that hang the pieces together and say nothing themselves.
const FILLERS: &[&str] = &[
    "as",
    "column",
    "columns",
    "each",
    "entries",
    "entry",
    "every",
    "field",
    "fields",
    "file",
    "first",
    "get",
    "item",
    "items",
    "just",
    "line",
    "lines",
    "number",
    "numbers",
    "only",
    "order",
    "orders",
    "print",
    "record",
    "records",
    "row",
    "rows",
    "separated",
    "show",
    "table",
    "than",
    "value",
    "values",
    "whole",
    "whose",
    "named",
    "called",
];
const NOUNS: &[&str] = &["column", "columns", "field", "fields", "col", "cols"];

/// A column as the request speaks of it.
struct Mention {
    /// `3`, `NF`.
    column: String,
    /// Its first and last word, past the end.
    from: usize,
    to: usize,
    /// The stem by which the request calls it.
    name: Option<String>,
}

enum Deed {
    /// Whole lines.
    Lines,
    Columns(Vec<String>),
    Sum(String),
    Mean(String),
    Most(String),
    Least(String),
    Running(String),
    /// The lines, or the different values of a column.
    Count(Option<String>),
    Distinct(String),
    Frequency(String),
    Without(Vec<String>),
    /// An aggregate of one column for each value of another.
    Grouped(String, String),
}

pub(super) fn compose(mut reader: Reader<'_>) -> Option<Composed> {
    let file = reader.table()?;
    let separator = reader.separator(&file);
    let mentions = reader.mentions();
    if mentions.is_empty() {
        return None;
    }
    let header = reader.header();
    let (conditions, by_condition) = reader.conditions(&mentions);
    let deed = reader.deed_of(&mentions, &by_condition, !conditions.is_empty())?;
    for mention in &mentions {
        reader.take(mention.from, mention.to);
    }
    let into = reader.target_file();
    let (unsaid, lost) = reader.left(FILLERS);
    let mut command = reader.written(&file, separator, header, &conditions, &deed)?;
    if let Some(target) = into {
        if target == file {
            return None;
        }
        command.push_str(&format!(" > {}", reader.spelled(&target)?));
    }
    let piecewise = if conditions.is_empty() && mentions.len() < 2 { 0.4 } else { 0.3 };
    Some(Composed { family: "columns", command, unsaid, lost, lonely: reader.lonely(), piecewise })
}

impl Reader<'_> {
    /// The file that holds the table.
    fn table(&mut self) -> Option<String> {
        let at = self.asked.iter().position(|one| one.token.look == Look::File)?;
        self.take(at, at + 1);
        if matches!(self.before(at, 1), "in" | "of" | "from") {
            self.take(at - 1, at);
        }
        Some(self.token(at)?.value.clone())
    }

    /// A second file that the answer is written to: "save it to names.txt".
    fn target_file(&mut self) -> Option<String> {
        let at = (1..self.asked.len()).find(|at| {
            !self.is_used(*at)
                && self.token(*at).is_some_and(|token| token.look == Look::File)
                && matches!(self.before(*at, 1), "to" | "into" | "as" | "in")
        })?;
        let saved = (at.saturating_sub(5)..at)
            .find(|at| matches!(self.word(*at), "save" | "write" | "store" | "put" | "saving" | "output"));
        self.take(saved.unwrap_or(at - 1), at + 1);
        Some(self.token(at)?.value.clone())
    }

    /// What parts the columns, as `-F` wants it; `None` for blanks.
    fn separator(&mut self, file: &str) -> Option<&'static str> {
        const NAMES: &[(&[&str], &str)] = &[
            (&["semicolon", "semicolons", ";"], ";"),
            (&["comma", "commas", "comma-separated", ","], ","),
            (&["tab", "tabs", "tab-separated", "tab-delimited"], "\t"),
            (&["colon", "colons", ":"], ":"),
            (&["pipe", "pipes", "|"], "|"),
        ];
        let said = NAMES.iter().find_map(|(names, sign)| self.first(names).map(|at| (at, *sign)));
        if let Some((at, sign)) = said {
            let from = at
                - usize::from(matches!(self.before(at, 1), "separator" | "delimiter" | "by" | "is" | "as"));
            let from = from
                - usize::from(matches!(
                    self.before(from, 1),
                    "separator" | "delimiter" | "separated" | "delimited"
                ));
            let behind = usize::from(matches!(
                self.word(at + 1),
                "separated" | "delimited" | "separator" | "delimiter"
            ));
            self.take(from, at + 1 + behind);
            return Some(sign);
        }
        match file.rsplit_once('.').map(|(_, extension)| extension) {
            Some("csv") => Some(","),
            Some("tsv" | "tab") => Some("\t"),
            _ if file.ends_with("passwd") || file.ends_with("/group") || file.ends_with("shadow") => {
                Some(":")
            }
            _ => None,
        }
    }

    fn header(&mut self) -> bool {
        let Some(at) = self.first(&["header", "headers", "heading"]) else { return false };
        let denied =
            (1..=2).any(|back| matches!(self.before(at, back), "no" | "without" | "keep" | "keeping"));
        let skipped =
            (1..=3).any(|back| matches!(self.before(at, back), "skip" | "skipping" | "ignore" | "ignoring"));
        let first = (1..=5).find(|back| {
            self.before(at, *back) == "first" && matches!(self.before(at, back - 1), "line" | "row")
        });
        self.take(
            at.saturating_sub(first.unwrap_or(1)),
            at + 1 + usize::from(matches!(self.word(at + 1), "line" | "row")),
        );
        !denied || skipped
    }

    /// "3rd", "third", "last" as a column.
    fn ordinal(&self, at: usize) -> Option<String> {
        let token = self.token(at)?;
        match self.word(at) {
            "last" => return Some("NF".to_owned()),
            "first" => return Some("1".to_owned()),
            "a" | "an" | "one" | "two" | "" if token.look == Look::Word => return None,
            _ => {}
        }
        let number = token.number()?;
        let is_ordinal = token.look == Look::Word || token.raw.ends_with(['t', 'd', 'h']);
        (is_ordinal && number.parse::<u32>().is_ok_and(|number| (1..=99).contains(&number))).then_some(number)
    }

    fn mentions(&self) -> Vec<Mention> {
        let mut found: Vec<Mention> = Vec::new();
        for at in 0..self.asked.len() {
            if !NOUNS.contains(&self.word(at)) && !self.is_word_of_lines(at) {
                continue;
            }
            let mut from = at;
            let mut columns = Vec::new();
            while let Some(column) = from.checked_sub(1).and_then(|before| self.ordinal(before)) {
                columns.insert(0, column);
                from -= 1;
                if matches!(self.before(from, 1), "and" | "or") {
                    from -= 1;
                }
                if self.before(from, 1) == "the"
                    && from.checked_sub(2).is_some_and(|before| {
                        self.ordinal(before).is_some() || matches!(self.word(before), "and")
                    })
                {
                    from -= 1;
                }
            }
            let mut to = at + 1;
            if columns.is_empty() {
                to += usize::from(matches!(self.word(to), "number" | "no" | "numbers"));
                while let Some(token) = self.token(to) {
                    let listed = token.raw.split([',', '-']).collect::<Vec<_>>();
                    if listed.iter().any(|part| part.parse::<u32>().is_err() || part.len() > 2) {
                        break;
                    }
                    columns.extend(listed.iter().map(|part| (*part).to_owned()));
                    to += 1;
                    if self.word(to) == "and"
                        && self.token(to + 1).is_some_and(|token| token.raw.parse::<u32>().is_ok())
                    {
                        to += 1;
                    }
                }
            }
            let name = (columns.len() == 1).then(|| self.name_of(from, to)).flatten();
            found.extend(columns.into_iter().map(|column| Mention { column, from, to, name: name.clone() }));
        }
        // "salary is the 4th column, name the 2nd"
        if !found.is_empty() {
            for at in 1..self.asked.len() {
                let is_free = !found.iter().any(|known| (known.from..known.to).contains(&at));
                let is_elided = self.before(at, 1) == "the"
                    && at > 1
                    && self.token(at).is_some_and(|token| token.look == Look::Number);
                if let Some(column) = self.ordinal(at).filter(|_| is_free && is_elided) {
                    let name = self.content(at - 2);
                    found.push(Mention { column, from: at - 1, to: at + 1, name });
                }
            }
        }
        found
    }

    /// "the seventh word of every line": words are columns of a text.
    fn is_word_of_lines(&self, at: usize) -> bool {
        let has_ordinal = at.checked_sub(1).is_some_and(|before| self.ordinal(before).is_some());
        let is_each = |at: usize| {
            matches!(self.word(at), "lines" | "rows")
                || (matches!(self.word(at), "each" | "every" | "per")
                    && matches!(self.word(at + 1), "line" | "row"))
        };
        matches!(self.word(at), "word" | "words") && has_ordinal && (at + 1..at + 5).any(is_each)
    }

    /// The stem of a word that may be what a column is called.
    fn content(&self, at: usize) -> Option<String> {
        let word = self.word(at);
        let is_content = word.len() > 2
            && !words::is_stop(word)
            && !FILLERS.contains(&word)
            && !matches!(word, "sum" | "total" | "average" | "mean" | "unique" | "distinct" | "separator");
        is_content.then(|| words::stem(word))
    }

    /// "status is field 9", "the third column is the quantity", "the amount (5th field)".
    fn name_of(&self, from: usize, to: usize) -> Option<String> {
        let mut before = from;
        while matches!(self.before(before, 1), "the" | "a" | "in") {
            before -= 1;
        }
        if matches!(self.before(before, 1), "is" | "are" | "=" | "as") {
            return before.checked_sub(2).and_then(|at| self.content(at));
        }
        if matches!(self.word(to), "is" | "has" | "holds" | "contains" | "=") {
            let at = to + 1 + usize::from(matches!(self.word(to + 1), "the" | "a"));
            let is_definition =
                at > to + 1 || self.asked.get(at).is_none_or(|one| one.token.look == Look::Word);
            if is_definition
                && !matches!(
                    self.word(at),
                    "greater"
                        | "more"
                        | "less"
                        | "over"
                        | "above"
                        | "below"
                        | "at"
                        | "exactly"
                        | "larger"
                        | "bigger"
                        | "smaller"
                )
            {
                return self.content(at);
            }
        }
        (before == from).then(|| from.checked_sub(1).and_then(|at| self.content(at))).flatten()
    }

    /// The tests as `awk` writes them, and the columns that they look at.
    fn conditions(&mut self, mentions: &[Mention]) -> (Vec<String>, Vec<String>) {
        let (mut tests, mut columns) = (Vec::new(), Vec::new());
        for at in 0..self.asked.len() {
            let is_column = mentions.iter().any(|known| (known.from..known.to).contains(&at));
            if self.is_used(at) || is_column {
                continue;
            }
            let Some(token) = self.token(at) else { continue };
            if token.look == Look::Number
                && let Some((sign, from)) = self.comparison(at).or_else(|| self.same(at, mentions))
            {
                let value = token.value.clone();
                if let Some(column) = self.column_for(from, mentions) {
                    tests.push(format!("${column} {sign} {value}"));
                    columns.push(column);
                    self.take(from, at + 1);
                }
                continue;
            }
            // "orders from DE (4th field)": the text before a column in brackets.
            let is_text = matches!(token.look, Look::Quoted | Look::Name)
                || (token.look == Look::Word && token.raw.starts_with(|c: char| c.is_uppercase()) && at > 0);
            if !is_text || token.raw.contains(['"', '\\', '\'']) {
                continue;
            }
            let raw = token.raw.clone();
            let behind = mentions
                .iter()
                .find(|known| known.from == at + 1 || (known.from == at + 2 && self.word(at + 1) == "the"));
            let ahead = mentions.iter().find(|known| {
                known.to < at && at - known.to <= 3 && (known.to..at).all(|at| self.is_relation(at))
            });
            let relation: Vec<String> =
                ahead.map_or(Vec::new(), |known| (known.to..at).map(|at| self.word(at).to_owned()).collect());
            let has = |words: &[&str]| relation.iter().any(|word| words.contains(&word.as_str()));
            if let (Some(known), "from" | "for" | "with" | "of" | "in") = (behind, self.before(at, 1)) {
                tests.push(format!("${} == \"{raw}\"", known.column));
                columns.push(known.column.clone());
                self.take(at - 1, at + 1);
            } else if let Some(known) = ahead {
                let not = if has(&["not", "isn't", "doesn't"]) { "!" } else { "" };
                let test = if has(&["contains", "contain", "containing", "includes", "matches"]) {
                    format!("${} {not}~ /{}/", known.column, raw.replace('/', "\\/"))
                } else if has(&["starts", "begins"]) {
                    format!("${} {not}~ /^{}/", known.column, raw.replace('/', "\\/"))
                } else {
                    format!("${} {}= \"{raw}\"", known.column, if not.is_empty() { "=" } else { "!" })
                };
                tests.push(test);
                columns.push(known.column.clone());
                self.take(known.to, at + 1);
            }
        }
        (tests, columns)
    }

    fn is_relation(&self, at: usize) -> bool {
        matches!(
            self.word(at),
            "is" | "equals"
                | "equal"
                | "to"
                | "="
                | "=="
                | "contains"
                | "contain"
                | "containing"
                | "includes"
                | "matches"
                | "starts"
                | "begins"
                | "with"
                | "the"
                | "word"
                | "not"
                | "isn't"
                | "doesn't"
                | "exactly"
        )
    }

    /// The sign of "more than 100", and where it begins.
    fn comparison(&self, at: usize) -> Option<(&'static str, usize)> {
        let mut sign = None;
        let mut from = at;
        for back in 1..=3 {
            let Some(place) = at.checked_sub(back) else { break };
            match self.word(place) {
                "more" | "over" | "above" | "greater" | "larger" | "higher" | "bigger" | "exceeds"
                | "exceed" | ">" => sign = Some(">"),
                "less" | "under" | "below" | "fewer" | "lower" | "smaller" | "<" => sign = Some("<"),
                "least" => sign = Some(">="),
                "most" => sign = Some("<="),
                "equals" | "equal" | "exactly" | "==" | "=" => sign = Some("=="),
                "than" | "at" | "to" | "is" => {}
                _ => break,
            }
            from = place;
        }
        Some((sign?, from))
    }

    /// "the 9th field is 404".
    fn same(&self, at: usize, mentions: &[Mention]) -> Option<(&'static str, usize)> {
        let is_same = matches!(self.before(at, 1), "is" | "equals" | "=" | "==");
        let from = at.checked_sub(1)?;
        (is_same && mentions.iter().any(|known| known.to == from)).then_some(("==", from))
    }

    /// The column that a comparison speaks of: the one right before it, the one that is named and not shown, the only one.
    fn column_for(&self, from: usize, mentions: &[Mention]) -> Option<String> {
        let near = mentions.iter().find(|known| known.to <= from && from - known.to <= 2);
        let called = || {
            let named: Vec<&Mention> = mentions
                .iter()
                .filter(|known| known.name.as_deref().is_some_and(|name| self.is_called(name, known, from)))
                .collect();
            named.first().copied()
        };
        let other = || {
            let spoken =
                |known: &&Mention| known.name.as_deref().is_some_and(|name| self.spoken(name, known) == 0);
            mentions.iter().find(spoken)
        };
        near.or_else(called)
            .or_else(other)
            .or_else(|| mentions.first().filter(|_| mentions.len() == 1))
            .map(|known| known.column.clone())
    }

    /// True where the name stands within a few words before a place, outside the mention itself.
    fn is_called(&self, name: &str, mention: &Mention, at: usize) -> bool {
        (at.saturating_sub(4)..at).any(|place| {
            !(mention.from.saturating_sub(3)..mention.to).contains(&place)
                && words::stem(self.word(place)) == name
        })
    }

    /// How often a column's name stands outside of what defines it.
    fn spoken(&self, name: &str, mention: &Mention) -> usize {
        (0..self.words.len())
            .filter(|at| {
                !(mention.from.saturating_sub(3)..mention.to + 3).contains(at)
                    && words::stem(self.word(*at)) == name
            })
            .count()
    }

    fn deed_of(&mut self, mentions: &[Mention], tested: &[String], has_tests: bool) -> Option<Deed> {
        let free: Vec<&Mention> = mentions.iter().filter(|known| !tested.contains(&known.column)).collect();
        let value = free.first().or(mentions.first().as_ref()).map(|known| known.column.clone());
        // "per country (column 3)", "for each customer"
        let group = ["per", "by", "each", "every"].iter().find_map(|word| {
            let at = self.first(&[word])?;
            let known = free.iter().find(|known| {
                (known.from > at && known.from <= at + 3)
                    || known.name.as_deref().is_some_and(|name| words::stem(self.word(at + 1)) == name)
            })?;
            Some((at, known.column.clone()))
        });
        let took = |reader: &mut Self, words: &[&str]| {
            let at = reader.first(words);
            if let Some(at) = at {
                reader.take(at, at + 1);
            }
            at.is_some()
        };
        if took(self, &["running", "cumulative"]) {
            took(self, &["total", "sum"]);
            return Some(Deed::Running(value?));
        }
        if took(self, &["sum", "total", "totals", "add"]) {
            took(self, &["up"]);
            if let Some((at, group)) = group {
                let summed = free.iter().find(|known| known.column != group)?.column.clone();
                self.take(at, at + 2);
                return Some(Deed::Grouped(summed, group));
            }
            return Some(Deed::Sum(value?));
        }
        if took(self, &["average", "mean"]) {
            return Some(Deed::Mean(value?));
        }
        if free.len() == 1 && took(self, &["highest", "maximum", "max"]) {
            return Some(Deed::Most(value?));
        }
        if free.len() == 1 && took(self, &["lowest", "minimum", "min"]) {
            return Some(Deed::Least(value?));
        }
        if self.phrase(&["how", "often"]).is_some()
            || self.phrase(&["how", "many", "times"]).is_some()
            || took(self, &["frequency", "frequencies", "occurrences"])
        {
            if let Some(at) = self.first(&["often", "times"]) {
                self.take(at - 1, at + 1);
            }
            took(self, &["many", "count"]);
            return Some(Deed::Frequency(value?));
        }
        let counts = self
            .phrase(&["how", "many"])
            .map(|at| (at, at + 2))
            .or_else(|| self.first(&["count"]).map(|at| (at, at + 1)));
        if let Some((from, to)) = counts {
            self.take(from, to);
            if took(self, &["unique", "distinct", "different"]) {
                return Some(Deed::Count(Some(value?)));
            }
            if !has_tests {
                return group.map(|(at, column)| {
                    self.take(at, at + 1);
                    Deed::Frequency(column)
                });
            }
            return Some(Deed::Count(None));
        }
        if took(self, &["unique", "distinct", "different"]) {
            return Some(Deed::Distinct(value?));
        }
        if self.words.iter().take(3).any(|word| matches!(word.as_str(), "remove" | "delete" | "drop"))
            && !has_tests
        {
            took(self, &["remove", "delete", "drop"]);
            return Some(Deed::Without(mentions.iter().map(|known| known.column.clone()).collect()));
        }
        if self.words.iter().any(|word| {
            matches!(
                word.as_str(),
                "sort"
                    | "sorted"
                    | "replace"
                    | "swap"
                    | "change"
                    | "set"
                    | "most"
                    | "convert"
                    | "rename"
                    | "insert"
                    | "append"
            )
        }) {
            return None;
        }
        if free.is_empty() {
            return Some(Deed::Lines);
        }
        let whole = self.first(&["lines", "rows"]).is_some_and(|at| {
            (1..=3).any(|back| {
                matches!(self.before(at, back), "whole" | "full" | "entire" | "print" | "show" | "the")
            })
        });
        if whole && has_tests {
            return Some(Deed::Lines);
        }
        Some(Deed::Columns(free.iter().map(|known| known.column.clone()).collect()))
    }

    fn written(
        &self,
        file: &str,
        separator: Option<&str>,
        header: bool,
        tests: &[String],
        deed: &Deed,
    ) -> Option<String> {
        let file = self.spelled(file)?;
        let (flag, sign) = match separator {
            None => ("", " "),
            Some("\t") => (" -F'\\t'", "\t"),
            Some("|") => (" -F'|'", "|"),
            Some(";") => (" -F';'", ";"),
            Some(other) => (if other == "," { " -F," } else { " -F:" }, other),
        };
        let all: Vec<String> =
            header.then(|| "NR > 1".to_owned()).into_iter().chain(tests.iter().cloned()).collect();
        let guard = if all.is_empty() { String::new() } else { format!("{} ", all.join(" && ")) };
        let awk = |program: String| format!("awk{flag} '{program}' {file}");
        let printed = |column: &str| format!("{guard}{{print ${column}}}");
        Some(match deed {
            Deed::Lines if all.is_empty() => return None,
            Deed::Lines => awk(all.join(" && ")),
            Deed::Columns(columns) => {
                let numbers: Vec<u32> = columns.iter().filter_map(|column| column.parse().ok()).collect();
                let ascends =
                    numbers.len() == columns.len() && numbers.windows(2).all(|pair| pair[0] < pair[1]);
                if all.is_empty() && ascends && separator.is_some() {
                    let delimiter = match sign {
                        "\t" => String::new(),
                        "," | ":" => format!(" -d{sign}"),
                        _ => format!(" -d'{sign}'"),
                    };
                    format!("cut{delimiter} -f{} {file}", columns.join(","))
                } else {
                    let list: Vec<String> = columns.iter().map(|column| format!("${column}")).collect();
                    let out = match sign {
                        "," if columns.len() > 1 => " -v OFS=,",
                        "\t" if columns.len() > 1 => " -v OFS='\\t'",
                        _ => "",
                    };
                    format!("awk{flag}{out} '{guard}{{print {}}}' {file}", list.join(", "))
                }
            }
            Deed::Sum(column) => awk(format!("{guard}{{s += ${column}}} END {{print s + 0}}")),
            Deed::Mean(column) => awk(format!("{guard}{{s += ${column}; n++}} END {{if (n) print s / n}}")),
            Deed::Most(column) => format!("{} | sort -n | tail -n 1", awk(printed(column))),
            Deed::Least(column) => format!("{} | sort -n | head -n 1", awk(printed(column))),
            Deed::Running(column) => awk(format!("{guard}{{s += ${column}; print $0, s}}")),
            Deed::Count(None) => awk(format!("{guard}{{n++}} END {{print n + 0}}")),
            Deed::Count(Some(column)) => format!("{} | sort -u | wc -l", awk(printed(column))),
            Deed::Distinct(column) => format!("{} | sort -u", awk(printed(column))),
            Deed::Frequency(column) => format!("{} | sort | uniq -c | sort -rn", awk(printed(column))),
            Deed::Without(columns) => {
                let delimiter = match sign {
                    "\t" => String::new(),
                    "," | ":" => format!(" -d{sign}"),
                    ";" | "|" => format!(" -d'{sign}'"),
                    _ => return None,
                };
                if !self.gnu || columns.iter().any(|column| column == "NF") {
                    return None;
                }
                format!("cut{delimiter} --complement -f{} {file}", columns.join(","))
            }
            Deed::Grouped(summed, group) => {
                awk(format!("{guard}{{s[${group}] += ${summed}}} END {{for (k in s) print k, s[k]}}"))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::compose::check_family;

    #[track_caller]
    fn check(request: &str, expect: &str) {
        check_family("columns", request, expect);
    }

    #[test]
    fn columns_are_shown() {
        check("print the 2nd and 4th column of staff.csv", "cut -d, -f2,4 staff.csv");
        check(
            "extract column 1 from users.csv and save it to names.txt",
            "cut -d, -f1 users.csv > names.txt",
        );
        check("show columns 3 and 1 of sizes.txt", "awk '{print $3, $1}' sizes.txt");
        check("print the seventh word of every line in a.txt", "awk '{print $7}' a.txt");
        check("last word of each line of a.txt", "awk '{print $NF}' a.txt");
        check("the first column of hosts.csv", "cut -d, -f1 hosts.csv");
        check(
            "print the 2nd and 4th column of sales.csv, a csv with ; as separator",
            "cut -d';' -f2,4 sales.csv",
        );
        check("the last column of hosts.tsv", "awk -F'\\t' '{print $NF}' hosts.tsv");
        check(
            "unique values in the third column of cars.csv, skip the header",
            "awk -F, 'NR > 1 {print $3}' cars.csv | sort -u",
        );
    }

    #[test]
    fn conditions_pick_lines() {
        check("lines of stock.tsv where the third column is less than 20", "awk -F'\\t' '$3 < 20' stock.tsv");
        check("print lines in access.log where the 9th field is 404", "awk '$9 == 404' access.log");
        check("rows in users.csv where column 2 is 'admin'", "awk -F, '$2 == \"admin\"' users.csv");
        check(
            "who in pay.csv earns more than 900? salary is the 4th column, name the 2nd, the first line is a header",
            "awk -F, 'NR > 1 && $4 > 900 {print $2}' pay.csv",
        );
    }

    #[test]
    fn columns_are_added_up() {
        check(
            "sum the 5th field (separator ;) of sales.csv",
            "awk -F';' '{s += $5} END {print s + 0}' sales.csv",
        );
        check("average of column 3 in times.log", "awk '{s += $3; n++} END {if (n) print s / n}' times.log");
        check(
            "how often does each value occur in the second column of hits.txt",
            "awk '{print $2}' hits.txt | sort | uniq -c | sort -rn",
        );
        check("running total of the second column in hours.txt", "awk '{s += $2; print $0, s}' hours.txt");
    }

    #[test]
    fn other_requests_are_left_alone() {
        for request in [
            "count lines in a.txt",
            "add a column to the users table",
            "sort data.csv by the second column",
            "the second line of a.csv",
        ] {
            check(request, "none");
        }
    }
}
