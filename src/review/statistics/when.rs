//! Days, weeks, months and years.
//!
//! A day is the number of days since 1970-01-01. When an annotation was made is a day in UTC, as files say it, so that
//! the same files give the same figures everywhere.

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};
use strum::{EnumIter, IntoStaticStr};

/// Days since 1970-01-01, also before it.
pub type Day = i32;

/// When an article was published, as exactly as its metadata say. Each holds the first day of its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Published {
    /// A day.
    Day(Day),
    /// Some day of a month.
    Month(Day),
    /// Some day of a year.
    Year(Day),
}

/// How much time makes one row of a table.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Period {
    /// From midnight to midnight.
    Day,
    /// From Monday to Sunday.
    Week,
    /// Of the calendar.
    #[default]
    Month,
    /// Of the calendar.
    Year,
}

const fn epoch() -> Date {
    Date::constant(1970, 1, 1)
}

fn number(date: Date) -> Day {
    // The calendar of jiff ends at the year 9999, so the number of days fits.
    date.since(epoch()).map_or(0, |span| span.get_days())
}

/// The date of a day.
pub fn date(day: Day) -> Date {
    epoch().checked_add(jiff::Span::new().days(day.clamp(-4_000_000, 2_900_000))).unwrap_or(epoch())
}

/// The day of an RFC 3339 time, in UTC.
pub fn day_of_time(time: &str) -> Option<Day> {
    let time: Timestamp = time.parse().ok()?;
    Some(number(Offset::UTC.to_datetime(time).date()))
}

impl Published {
    /// Reads an ISO 8601 date: a day, perhaps with a time after it, a month (`2023-05`) or a year.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let day = text.get(..10).unwrap_or(text);
        if let Ok(date) = day.parse::<Date>() {
            let rest = text.get(10..).unwrap_or_default();
            return rest.chars().next().is_none_or(|c| "T t".contains(c)).then(|| Self::Day(number(date)));
        }
        let digits = |text: &str, count: usize| {
            (text.len() == count && text.bytes().all(|b| b.is_ascii_digit()))
                .then(|| text.parse::<i16>().ok())
                .flatten()
        };
        match text.split_once('-') {
            None => Date::new(digits(text, 4)?, 1, 1).ok().map(|date| Self::Year(number(date))),
            Some((year, month)) => {
                let month = i8::try_from(digits(month, 2)?).ok()?;
                Date::new(digits(year, 4)?, month, 1).ok().map(|date| Self::Month(number(date)))
            }
        }
    }

    /// The first day of the period that this lies in; `None` if it is not known so exactly.
    pub fn begin_of(self, period: Period) -> Option<Day> {
        match self {
            Self::Day(day) => Some(period.begin(day)),
            Self::Month(day) => (period >= Period::Month).then(|| period.begin(day)),
            Self::Year(day) => (period >= Period::Year).then(|| period.begin(day)),
        }
    }
}

impl Period {
    /// The first day of the period that a day lies in.
    pub fn begin(self, day: Day) -> Day {
        let date = date(day);
        let begin = match self {
            Self::Day => return day,
            Self::Week => return day - i32::from(date.weekday().since(Weekday::Monday)),
            Self::Month => date.first_of_month(),
            Self::Year => date.first_of_year(),
        };
        number(begin)
    }

    /// The first day of the next one.
    pub fn next(self, begin: Day) -> Day {
        match self {
            Self::Day => begin.saturating_add(1),
            Self::Week => begin.saturating_add(7),
            Self::Month => self.begin(begin.saturating_add(31)),
            Self::Year => self.begin(begin.saturating_add(366)),
        }
    }

    /// The period that begins there, in words that sort by time: `2023-05-04`, `2023-W18`, `2023-05`, `2023`.
    pub fn name(self, begin: Day) -> String {
        let date = date(begin);
        match self {
            Self::Day => date.to_string(),
            Self::Week => {
                let week = date.iso_week_date();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Self::Month => format!("{:04}-{:02}", date.year(), date.month()),
            Self::Year => format!("{:04}", date.year()),
        }
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        self.into()
    }

    /// The shortest period that cuts so much time into no more than about sixty.
    pub fn fitting(first: Day, last: Day) -> Self {
        match last.saturating_sub(first) {
            ..=62 => Self::Day,
            ..=420 => Self::Week,
            ..=3_650 => Self::Month,
            _ => Self::Year,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_exactly_as_they_are_given() {
        let day = number(Date::constant(2023, 5, 4));
        assert_eq!(Published::parse("2023-05-04"), Some(Published::Day(day)));
        assert_eq!(Published::parse(" 2023-05-04T23:59:00+02:00"), Some(Published::Day(day)));
        assert_eq!(Published::parse("2023-05"), Some(Published::Month(day - 3)));
        assert_eq!(Published::parse("2023"), Some(Published::Year(number(Date::constant(2023, 1, 1)))));
        for wrong in ["", "May 2023", "2023-13", "2023-05-041", "20235", "2023-5", "é023-05-04", "2023-05-04é"] {
            assert_eq!(Published::parse(wrong), None, "{wrong}");
        }
        assert_eq!(day_of_time("1970-01-02T00:30:00Z"), Some(1));
        assert_eq!(day_of_time("1970-01-02T00:30:00+02:00"), Some(0), "days are those of UTC");
        assert_eq!(day_of_time("yesterday"), None);
    }

    #[test]
    fn periods_have_a_beginning_and_a_name() {
        let day = number(Date::constant(2024, 12, 31));
        let named = |period: Period| period.name(period.begin(day));
        assert_eq!(named(Period::Day), "2024-12-31");
        assert_eq!(named(Period::Week), "2025-W01", "the week of the Thursday");
        assert_eq!(named(Period::Month), "2024-12");
        assert_eq!(named(Period::Year), "2024");
        assert_eq!(Published::Month(day).begin_of(Period::Week), None);
        assert_eq!(Published::Year(day).begin_of(Period::Year), Some(number(Date::constant(2024, 1, 1))));
    }

    proptest::proptest! {
        #[test]
        fn a_day_lies_in_its_period(day in -700_000i32..2_900_000) {
            for period in [Period::Day, Period::Week, Period::Month, Period::Year] {
                let begin = period.begin(day);
                proptest::prop_assert!(begin <= day && day < period.next(begin), "{:?}", period);
                proptest::prop_assert_eq!(period.begin(begin), begin);
                proptest::prop_assert_eq!(period.begin(period.next(begin)), period.next(begin));
            }
            proptest::prop_assert_eq!(number(date(day)), day);
        }
    }
}
