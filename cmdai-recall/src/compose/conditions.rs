//! Single conditions on a file, said in words: its rights, its name, what it holds, its size and its age.

use super::Reader;
use super::actions::Action;
use super::find::Plan;
use crate::align::size;
use crate::tokens::Look;
use crate::words;

impl Reader<'_> {
    /// "world writable", "readable by everyone".
    pub(super) fn right(&mut self, at: usize, plan: &mut Plan) -> Option<usize> {
        let letter = if self.word(at) == "readable" { 'r' } else { 'w' };
        let who = |word: &str| match word {
            "world" | "others" | "everyone" | "everybody" | "anyone" | "other" | "world-writable" => {
                Some('o')
            }
            "group" => Some('g'),
            "owner" => Some('u'),
            _ => None,
        };
        if let Some(who) = who(self.before(at, 1)) {
            self.take(at - 1, at);
            return Some(self.test(plan, &format!("-perm -{who}+{letter}"), at + 1));
        }
        let by = (at + 1..at + 4).find_map(|at| who(self.word(at)).map(|who| (at, who)));
        if let Some((place, who)) = by {
            return Some(self.test(plan, &format!("-perm -{who}+{letter}"), place + 1));
        }
        self.gnu.then(|| self.test(plan, if letter == 'r' { "-readable" } else { "-writable" }, at + 1))
    }

    /// "named x", "called x*", "whose name contains x", "with x in their name".
    pub(super) fn named(&mut self, at: usize, plan: &mut Plan) -> Option<usize> {
        let next = self.word(at + 1).to_owned();
        if matches!(self.word(at), "name" | "names") {
            // "with 'x' in the name": the text stands before.
            let before = (1..=3).find_map(|back| {
                let place = at.checked_sub(back)?;
                let token = self.token(place)?;
                let is_text = matches!(token.look, Look::Quoted | Look::Name | Look::Word | Look::Number)
                    && !matches!(self.word(place), "in" | "the" | "their" | "its" | "file" | "whose");
                (is_text && self.word(place + 1) == "in").then_some(place)
            });
            if let Some(place) = before {
                let text = self.text(place)?;
                self.take(
                    place.saturating_sub(usize::from(matches!(
                        self.before(place, 1),
                        "with" | "having" | "contain" | "containing"
                    ))),
                    at,
                );
                return Some(self.name(plan, &format!("*{text}*"), at + 1));
            }
        }
        let (text_at, around) = match next.as_str() {
            "contains" | "contain" | "containing" | "includes" | "including" => (at + 2, ("*", "*")),
            "starts" | "start" | "starting" | "begins" | "begin" | "beginning" => (at + 3, ("", "*")),
            "ends" | "end" | "ending" => (at + 3, ("*", "")),
            "is" | "like" | "exactly" | "matching" | "matches" | "match" => (at + 2, ("", "")),
            _ if matches!(self.word(at), "named" | "called") => (at + 1, ("", "")),
            _ => return None,
        };
        let text_at = (text_at..text_at + 3).find(|at| {
            !matches!(
                self.word(*at),
                "the" | "word" | "string" | "text" | "pattern" | "letter" | "number" | "extension"
            )
        })?;
        let text = match self.token(text_at).filter(|token| token.look == Look::Ext) {
            Some(token) if around == ("", "") => format!("*.{}", token.value),
            Some(token) => format!(".{}", token.value),
            None => self.text(text_at)?,
        };
        let mut end = self.name(plan, &format!("{}{text}{}", around.0, around.1), text_at + 1);
        // "named a or b"
        while !plan.negated
            && matches!(self.word(end), "or" | "and")
            && self
                .token(end + 1)
                .is_some_and(|token| matches!(token.look, Look::File | Look::Name | Look::Quoted))
        {
            let text = self.text(end + 1)?;
            self.take(end, end + 1);
            end = self.name(plan, &format!("{}{text}{}", around.0, around.1), end + 2);
        }
        Some(end)
    }

    /// "containing 'x'": a test where something is done with the files, otherwise their names are shown.
    pub(super) fn containing(&mut self, at: usize, plan: &mut Plan) -> Option<usize> {
        let mut place = at + 1;
        while matches!(self.word(place), "the" | "word" | "text" | "string" | "phrase" | "pattern") {
            place += 1;
        }
        let look = self.token(place)?.look;
        if !matches!(
            look,
            Look::Quoted | Look::Name | Look::Ip | Look::Host | Look::File | Look::Word | Look::Number
        ) || words::is_stop(self.word(place))
        {
            return None;
        }
        let text = self.text(place)?;
        let text = self.spelled(&text)?;
        plan.conditions += 1;
        let denied = std::mem::take(&mut plan.negated);
        if plan.action == Action::Print {
            let flag = if denied { "-L" } else { "-l" };
            plan.action = Action::Suffix(format!(" -exec grep {flag} {text} {{}} +"));
        } else {
            let not = if denied { "! " } else { "" };
            plan.tests.push(format!("{not}-exec grep -q {text} {{}} \\;"));
        }
        Some(place + 1)
    }

    pub(super) fn sized(&mut self, at: usize, bytes: f64, plan: &mut Plan) -> Option<usize> {
        if self.before(at, 3) == "between" && matches!(self.before(at, 1), "and" | "to") {
            let least = match self.token(at - 2)?.look {
                Look::Size(least) => least,
                _ => self.number(at - 2)?.parse::<f64>().ok()? * unit_of(&self.token(at)?.value, bytes)?,
            };
            self.take(at - 3, at);
            plan.negated = false;
            let (low, high) = (size(least), size(bytes));
            self.test(plan, &format!("-size +{low}"), at);
            return Some(self.test(plan, &format!("-size -{high}"), at + 1));
        }
        let mut sign = None;
        let mut from = at;
        for back in 1..=4 {
            let Some(place) = at.checked_sub(back) else { break };
            match self.word(place) {
                "larger" | "bigger" | "greater" | "more" | "over" | "above" | "exceed" | "exceeding"
                | "least" | "exceeds" => {
                    sign = Some("+");
                }
                "smaller" | "less" | "under" | "below" | "fewer" | "most" => sign = Some("-"),
                "exactly" => sign = Some(""),
                "than" | "at" | "in" | "size" | "of" | "are" | "is" => continue,
                _ => break,
            }
            from = place;
        }
        if self.word(at + 1) == "or" && matches!(self.word(at + 2), "more" | "larger" | "bigger") {
            sign = Some("+");
            self.take(at, at + 3);
        }
        let sign = sign?;
        let sign = if std::mem::take(&mut plan.negated) { if sign == "+" { "-" } else { "+" } } else { sign };
        self.take(from, at);
        let amount = size(bytes);
        Some(self.test(plan, &format!("-size {sign}{amount}"), at + 1))
    }

    pub(super) fn aged(&mut self, at: usize, minutes: f64, plan: &mut Plan) -> Option<usize> {
        let mut is_older = None;
        let mut which = 'm';
        let mut from = at;
        let after = self.word(at + 1).to_owned();
        if matches!(after.as_str(), "old" | "ago") {
            self.take(at + 1, at + 2);
        }
        let spell = |sign: char, which: char, minutes: f64| {
            if (minutes / 1440.0).fract() == 0.0 {
                format!("-{which}time {sign}{}", minutes / 1440.0)
            } else {
                format!("-{which}min {sign}{minutes}")
            }
        };
        let is_accessed = |word: &str| matches!(word, "accessed" | "used" | "opened" | "read");
        let is_changed = |word: &str| {
            matches!(word, "modified" | "changed" | "edited" | "touched" | "updated" | "written" | "created")
        };
        if self.before(at, 3) == "between" && matches!(self.before(at, 1), "and" | "to") {
            let least = match self.token(at - 2)?.look {
                Look::Span(least) => least,
                _ => self.number(at - 2)?.parse::<f64>().ok()? * unit_of(&self.token(at)?.value, minutes)?,
            };
            let verb = self.before(at, 4).to_owned();
            let which = if is_accessed(&verb) { 'a' } else { 'm' };
            self.take(at - 3 - usize::from(is_accessed(&verb) || is_changed(&verb)), at);
            let (low, high) = if least < minutes { (least, minutes) } else { (minutes, least) };
            self.test(plan, &spell('+', which, low), at);
            return Some(self.test(plan, &spell('-', which, high), at + 1));
        }
        for back in 1..=8 {
            let Some(place) = at.checked_sub(back) else { break };
            match self.word(place) {
                "older" | "over" | "before" => is_older = is_older.or(Some(true)),
                "more" => is_older = is_older.or(Some(true)),
                "newer" | "less" | "last" | "past" | "within" | "since" => {
                    is_older = is_older.or(Some(false))
                }
                word if is_changed(word) => from = place,
                word if is_accessed(word) => {
                    which = 'a';
                    from = place;
                }
                "not" | "haven't" | "hasn't" | "weren't" | "never" => {
                    is_older = Some(true);
                    plan.negated = false;
                }
                "than" | "in" | "the" | "for" | "during" | "been" | "have" | "has" | "were" | "at"
                | "was" => continue,
                _ => break,
            }
            from = from.min(place);
        }
        let is_older = is_older? ^ std::mem::take(&mut plan.negated);
        self.take(from, at);
        Some(self.test(plan, &spell(if is_older { '+' } else { '-' }, which, minutes), at + 1))
    }

    /// "since 2024-01-31", "before 2024-01-31", "between one and the other".
    pub(super) fn dated(&mut self, at: usize, date: &str, plan: &mut Plan) -> Option<usize> {
        let mut from = at;
        let mut is_after = None;
        for back in 1..=4 {
            let Some(place) = at.checked_sub(back) else { break };
            match self.word(place) {
                "since" | "after" | "newer" => is_after = Some(true),
                "before" | "older" | "until" => is_after = Some(false),
                "between" => {
                    let end = self
                        .token(at + 2)
                        .filter(|token| token.look == Look::Date && self.word(at + 1) == "and")?
                        .value
                        .clone();
                    self.take(place, at);
                    self.test(plan, &format!("-newermt {date}"), at);
                    return Some(self.test(plan, &format!("! -newermt {end}"), at + 3));
                }
                "than" | "modified" | "changed" | "created" | "last" | "were" | "was" => {}
                _ => break,
            }
            from = place;
        }
        let not = if is_after? ^ std::mem::take(&mut plan.negated) { "" } else { "! " };
        self.take(from, at);
        Some(self.test(plan, &format!("{not}-newermt {date}"), at + 1))
    }
}

/// What one unit of a measured value is worth: "50 days" is fifty of them.
fn unit_of(spelled: &str, whole: f64) -> Option<f64> {
    let digits: String = spelled.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let count = digits.parse::<f64>().ok().filter(|count| *count > 0.0)?;
    Some(whole / count)
}
