//! What shall run again and again: an entry of the crontab from "every day at 5" and the like.

use super::{Composed, Reader};
use crate::Shell;
use crate::tokens::Look;
use crate::words;

/// Words that hang the pieces together and say nothing themselves.
const FILLERS: &[&str] = &[
    "automatically",
    "cron",
    "cronjob",
    "crontab",
    "entry",
    "file",
    "job",
    "make",
    "o'clock",
    "oclock",
    "script",
    "scheduled",
    "set",
    "sharp",
    "task",
    "time",
    "up",
];

const DAYS: &[&str] = &["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/// The five fields of an entry.
struct Fields {
    minute: String,
    hour: String,
    day: String,
    weekday: String,
}

pub(super) fn compose(mut reader: Reader<'_>) -> Option<Composed> {
    let when = reader.when()?;
    let command = reader.started()?;
    let (unsaid, lost) = reader.left(FILLERS);
    // In an entry a percent sign ends the command.
    let line = format!("{when} {}", command.replace('%', "\\%"));
    let command = match reader.shell {
        Shell::Fish => format!("begin; crontab -l 2>/dev/null; echo '{line}'; end | crontab -"),
        _ => format!("(crontab -l 2>/dev/null; echo '{line}') | crontab -"),
    };
    Some(Composed { family: "schedule", command, unsaid, lost, lonely: reader.lonely(), piecewise: 0.1 })
}

impl Reader<'_> {
    /// The fields of the entry, or `@reboot`.
    fn when(&mut self) -> Option<String> {
        let booted = self.first(&["boot", "reboot", "startup"]).filter(|at| {
            (1..=2).any(|back| matches!(self.before(*at, back), "at" | "on" | "every" | "each" | "after"))
        });
        if let Some(at) = booted {
            let from = (at.saturating_sub(2)..at)
                .find(|from| matches!(self.word(*from), "at" | "on" | "every" | "each" | "after"));
            self.take(from.unwrap_or(at), at + 1);
            return Some("@reboot".to_owned());
        }
        let mut fields = self.rhythm()?;
        let time = self.time();
        let may_have_time = fields.hour == "0" && fields.minute == "0";
        match time {
            Some(_) if !may_have_time => return None,
            Some((hour, minute)) => (fields.hour, fields.minute) = (hour.to_string(), minute.to_string()),
            None => {}
        }
        let Fields { minute, hour, day, weekday } = fields;
        Some(format!("{minute} {hour} {day} * {weekday}"))
    }

    /// How often, with midnight for what comes once a day or less often.
    fn rhythm(&mut self) -> Option<Fields> {
        let fields = |minute: &str, hour: &str, day: &str, weekday: &str| Fields {
            minute: minute.to_owned(),
            hour: hour.to_owned(),
            day: day.to_owned(),
            weekday: weekday.to_owned(),
        };
        let weekdays = self.weekdays();
        for at in 0..self.asked.len() {
            let is_each = matches!(self.word(at), "every" | "each");
            let unit_at = if is_each { at + 1 } else { at };
            let found = match (is_each, self.word(unit_at)) {
                (true, "minute") => Some(fields("*", "*", "*", "*")),
                (true, "hour") | (false, "hourly") => Some(fields("0", "*", "*", "*")),
                (true, "day" | "night") | (false, "daily" | "nightly" | "everyday") => {
                    Some(fields("0", "0", "*", "*"))
                }
                (true, "week") | (false, "weekly") if weekdays.is_none() => Some(fields("0", "0", "*", "0")),
                (true, "week") | (false, "weekly") => {
                    self.take(at, unit_at + 1);
                    None
                }
                (true, "month") | (false, "monthly") => {
                    let day = self.day_of_month(at).unwrap_or_else(|| "1".to_owned());
                    Some(fields("0", "0", &day, "*"))
                }
                _ if is_each => match self.token(at + 1).map(|token| token.look) {
                    Some(Look::Span(minutes)) => Some(self.step(minutes)?),
                    _ => None,
                },
                _ => None,
            };
            if let Some(mut found) = found {
                self.take(at, unit_at + 1);
                if let Some(weekdays) = weekdays {
                    found.weekday = weekdays;
                }
                return Some(found);
            }
        }
        weekdays.map(|weekdays| fields("0", "0", "*", &weekdays))
    }

    /// "every 15 minutes", where the step divides the hour or the day.
    fn step(&self, minutes: f64) -> Option<Fields> {
        let star = || "*".to_owned();
        let minutes =
            (minutes.fract() == 0.0 && (1.0..=1440.0).contains(&minutes)).then_some(minutes as u32)?;
        let (minute, hour) = match minutes {
            1 => (star(), star()),
            60 => ("0".to_owned(), star()),
            1440 => ("0".to_owned(), "0".to_owned()),
            2..=59 if 60 % minutes == 0 => (format!("*/{minutes}"), star()),
            _ if minutes % 60 == 0 && 24 % (minutes / 60) == 0 => {
                ("0".to_owned(), format!("*/{}", minutes / 60))
            }
            _ => return None,
        };
        Some(Fields { minute, hour, day: star(), weekday: star() })
    }

    /// "every monday", "on mondays and thursdays", "on weekdays", "monday to friday".
    fn weekdays(&mut self) -> Option<String> {
        let mut days: Vec<usize> = Vec::new();
        let mut is_range = false;
        for at in 0..self.asked.len() {
            let word = self.word(at).to_owned();
            let single = word.strip_suffix('s').unwrap_or(&word);
            let whole = match single {
                "weekday" | "workday" => Some("1-5"),
                "weekend" => Some("0,6"),
                "day" if self.before(at, 1) == "working" => Some("1-5"),
                _ => None,
            };
            let number = DAYS.iter().position(|day| {
                *day == single
                    || (single.len() >= 3 && single.len() <= 4 && day.starts_with(single) && word == single)
            });
            if whole.is_none() && number.is_none() {
                continue;
            }
            let link = self.before(at, 1).to_owned();
            let from = at
                - usize::from(matches!(
                    link.as_str(),
                    "every" | "each" | "on" | "and" | "to" | "through" | "till" | "working"
                ));
            let from = from - usize::from(matches!(self.before(from, 1), "every" | "each" | "on" | "from"));
            self.take(from, at + 1);
            if let Some(whole) = whole {
                return Some(whole.to_owned());
            }
            is_range |= days.len() == 1 && matches!(link.as_str(), "to" | "through" | "till");
            days.extend(number);
        }
        match (days.as_slice(), is_range) {
            ([], _) => None,
            ([first, last], true) => Some(format!("{first}-{last}")),
            (days, _) => Some(days.iter().map(usize::to_string).collect::<Vec<_>>().join(",")),
        }
    }

    /// "on the 1st of every month".
    fn day_of_month(&mut self, every: usize) -> Option<String> {
        let at = (0..self.asked.len()).find(|at| {
            let is_near = *at + 4 > every && *at < every + 6;
            let is_day = self.word(*at) == "first"
                || self
                    .token(*at)
                    .is_some_and(|token| token.look == Look::Number && token.raw.ends_with(['t', 'd', 'h']));
            is_near && is_day
        })?;
        let day = if self.word(at) == "first" { "1".to_owned() } else { self.number(at)? };
        let from = at - usize::from(self.before(at, 1) == "the");
        let from = from - usize::from(self.before(from, 1) == "on");
        let to = at + 1 + usize::from(self.word(at + 1) == "day");
        let to = to + usize::from(self.word(to) == "of");
        self.take(from, to);
        day.parse::<u8>().ok().filter(|day| (1..=28).contains(day)).map(|day| day.to_string())
    }

    /// "at 5", "at 2:30 am", "at midnight".
    fn time(&mut self) -> Option<(u32, u32)> {
        for at in 0..self.asked.len() {
            if self.is_used(at) {
                continue;
            }
            let named = match self.word(at) {
                "midnight" => Some((0, 0)),
                "noon" | "midday" => Some((12, 0)),
                _ => None,
            };
            let from = at - usize::from(matches!(self.before(at, 1), "at" | "around" | "about"));
            if let Some(time) = named {
                self.take(from, at + 1);
                return Some(time);
            }
            let raw = self.token(at)?.raw.to_lowercase();
            let end = raw.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(raw.len());
            let (clock, mut half) = raw.split_at_checked(end)?;
            let (hour, minute) = clock.split_once(':').unwrap_or((clock, "0"));
            let (Ok(hour), Ok(minute)) = (hour.parse::<u32>(), minute.parse::<u32>()) else { continue };
            let mut to = at + 1;
            let next = self.word(to).replace('.', "");
            if half.is_empty() && matches!(next.as_str(), "am" | "pm") {
                half = if next == "am" { "am" } else { "pm" };
                to += 1;
            }
            // A number alone is a time behind "at" only.
            if !clock.contains(':') && half.is_empty() && from == at {
                continue;
            }
            let is_after_noon = self.word(to) == "in" && matches!(self.word(to + 2), "evening" | "afternoon");
            let is_before_noon = self.word(to) == "in" && self.word(to + 2) == "morning";
            if is_after_noon || is_before_noon {
                to += 3;
            }
            let hour = match half {
                "pm" if hour < 12 => hour + 12,
                "am" if hour == 12 => 0,
                "" | "am" | "pm" | "h" if is_after_noon && hour < 12 => hour + 12,
                "" | "am" | "pm" | "h" => hour,
                _ => continue,
            };
            if hour > 23 || minute > 59 {
                continue;
            }
            self.take(from, to);
            return Some((hour, minute));
        }
        None
    }

    /// What shall run: the script, or the command behind "run".
    fn started(&mut self) -> Option<String> {
        let verbs = [
            "run", "runs", "running", "execute", "schedule", "launch", "start", "call", "starts", "executes",
        ];
        let verb = self.first(&verbs);
        let is_script = |reader: &Self, at: usize| {
            !reader.is_used(at)
                && reader.token(at).is_some_and(|token| {
                    matches!(token.look, Look::File | Look::Quoted)
                        || (token.look == Look::Dir && token.value.contains('/') && token.value.len() > 2)
                })
        };
        let mut from = match verb {
            Some(verb) => verb + 1,
            None if self.first(&["cron", "crontab", "cronjob"]).is_some() => {
                (0..self.asked.len()).find(|at| is_script(self, *at))?
            }
            None => return None,
        };
        while matches!(
            self.word(from),
            "a" | "an" | "the" | "my" | "this" | "script" | "command" | "job" | "file" | "program" | "called"
        ) {
            from += 1;
        }
        let mut to = from;
        while to < self.asked.len() && !self.is_used(to) {
            let ends = words::is_stop(self.word(to))
                || matches!(self.word(to), "and" | "cron" | "script" | "automatically");
            if ends && self.token(to).is_some_and(|token| token.look == Look::Word) {
                break;
            }
            to += 1;
        }
        let has_script = (from..to).any(|at| is_script(self, at));
        if !has_script || to > from + 6 {
            return None;
        }
        let words: Option<Vec<String>> = (from..to).map(|at| self.any_text(at)).collect();
        self.take(verb.unwrap_or(from), to);
        words.map(|words| words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use crate::compose::check_family;

    #[track_caller]
    fn check(request: &str, line: &str) {
        check_family("schedule", request, &format!("(crontab -l 2>/dev/null; echo '{line}') | crontab -"));
    }

    #[test]
    fn rhythms_are_entries() {
        check("run /opt/backup.sh every day at 5", "0 5 * * * /opt/backup.sh");
        check("run backup.sh every night at 2:30", "30 2 * * * backup.sh");
        check("schedule ~/sync.sh every 15 minutes with cron", "*/15 * * * * ~/sync.sh");
        check("cron job that runs clean.py every monday at 3:30 am", "30 3 * * 1 clean.py");
        check("run 'make report' on weekdays at 6pm", "0 18 * * 1-5 make report");
        check("i want to run python3 /srv/feed.py every hour", "0 * * * * python3 /srv/feed.py");
        check("execute /opt/rotate.sh on the 1st of every month", "0 0 1 * * /opt/rotate.sh");
        check("start /opt/agent.sh at boot with cron", "@reboot /opt/agent.sh");
        check("run check.sh every 2 hours", "0 */2 * * * check.sh");
        check("run a.sh daily at midnight", "0 0 * * * a.sh");
        check("run a.sh every day at 7 in the evening", "0 19 * * * a.sh");
        check("run report.sh every tuesday and friday at noon", "0 12 * * 2,5 report.sh");
    }

    #[test]
    fn other_requests_are_left_alone() {
        for request in [
            "run df every 5 seconds",
            "run a.sh every 7 minutes",
            "files changed every day in /var/log/app.log",
            "run tests.sh for every file",
            "the size of a.log each hour",
        ] {
            check_family("schedule", request, "none");
        }
    }
}
