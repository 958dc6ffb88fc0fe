//! How the values of options are read: words of a list, numbers, times. Which option and which value was wrong is said
//! by the reader of arguments; here is said what would be right.

use std::ops::RangeInclusive;
use std::time::Duration;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};

/// A list of the words an option takes and how one is read. Aliases may be read too; completions and help show only the list.
#[derive(Debug)]
pub(crate) struct Names<T: 'static> {
    pub list: &'static [&'static str],
    pub read: fn(&str) -> Option<T>,
}

/// Reads an option's value by its name.
#[derive(Debug)]
pub(crate) struct Named<T: 'static>(pub &'static Names<T>);

impl<T> Clone for Named<T> {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}

impl<T> Names<T> {
    /// True where the option takes this word.
    pub(crate) fn accepts(&self, name: &str) -> bool {
        (self.read)(name).is_some()
    }
}

impl<T: Clone + Send + Sync + 'static> TypedValueParser for Named<T> {
    type Value = T;

    fn parse_ref(
        &self,
        cmd: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<T, clap::Error> {
        let names = self.0;
        let reader = StringValueParser::new().try_map(move |name: String| {
            (names.read)(&name).ok_or_else(|| format!("known are {}", names.list.join(", ")))
        });
        reader.parse_ref(cmd, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.list.iter().map(PossibleValue::new)))
    }
}

/// Reads a whole number of this range; one that is open upwards ends at [`u64::MAX`].
pub(crate) fn number<T: TryFrom<u64>>(text: &str, range: RangeInclusive<u64>) -> Result<T, String> {
    let (least, most) = range.into_inner();
    let read = text.parse().ok().filter(|number| (least..=most).contains(number));
    read.and_then(|number| T::try_from(number).ok()).ok_or_else(|| match most {
        u64::MAX => format!("write a whole number, {least} or more"),
        _ => format!("write a whole number from {least} to {most}"),
    })
}

/// Reads how many, none included.
pub(crate) fn count(text: &str) -> Result<usize, String> {
    number(text, 0..=u64::MAX)
}

/// Reads `5s`, `800ms`, `1m`; a bare number is seconds.
pub(crate) fn parse_duration(text: &str) -> Result<Duration, String> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let seconds = match unit.trim() {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        _ => return Err("known units are ms, s, m".to_owned()),
    };
    let amount: f64 = number.parse().map_err(|_| "write a number and a unit, as in 5s".to_owned())?;
    let duration = Duration::try_from_secs_f64(amount * seconds).ok();
    let fits =
        |duration: &Duration| (Duration::from_millis(1)..=Duration::from_secs(3600)).contains(duration);
    duration.filter(fits).ok_or_else(|| "it must lie between 1ms and 60m".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_say_their_range() {
        assert_eq!(number("10", 1..=10), Ok(10_u8));
        assert_eq!(count("0"), Ok(0));
        for wrong in ["abc", "", "0", "11", "-1", "2.5", "300", "99999999999999999999999"] {
            let told = Err("write a whole number from 1 to 10".to_owned());
            assert_eq!(number::<u8>(wrong, 1..=10), told, "{wrong}");
        }
        assert_eq!(count("-1"), Err("write a whole number, 0 or more".to_owned()));
    }

    #[test]
    fn durations() {
        assert_eq!(parse_duration("800ms"), Ok(Duration::from_millis(800)));
        assert_eq!(parse_duration("5"), Ok(Duration::from_secs(5)));
        assert_eq!(parse_duration("1.5s"), Ok(Duration::from_millis(1500)));
        assert_eq!(parse_duration("2m"), Ok(Duration::from_secs(120)));
        for wrong in ["", "s", "5h", "0", "-1s", "1e9", "9999m", "."] {
            assert!(parse_duration(wrong).is_err(), "{wrong}");
        }
    }
}
