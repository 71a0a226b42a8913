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
    let at_end = if day < 0 { Date::MIN } else { Date::MAX };
    // More days than jiff counts are beyond its calendar, too.
    epoch().checked_add(jiff::Span::new().days(day.clamp(-7_000_000, 7_000_000))).unwrap_or(at_end)
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
            ..63 => Self::Day,
            63..421 => Self::Week,
            421..3_651 => Self::Month,
            _ => Self::Year,
        }
    }
}

/// Days at which the axis of a stretch of time has a mark, with what stands there: no more than about a dozen.
pub fn ticks(first: Day, last: Day) -> Vec<(Day, String)> {
    const MOST: i32 = 12;
    let days = last.saturating_sub(first).max(1);
    // About how many days each step has, its period, and how many of that.
    let steps = [
        (1, Period::Day, 1),
        (7, Period::Week, 1),
        (31, Period::Month, 1),
        (92, Period::Month, 3),
        (183, Period::Month, 6),
        (366, Period::Year, 1),
        (1_830, Period::Year, 5),
        (3_660, Period::Year, 10),
        (18_300, Period::Year, 50),
        (36_600, Period::Year, 100),
        (366_000, Period::Year, 1_000),
    ];
    let fitting = steps.into_iter().find(|(about, ..)| days / about < MOST);
    let (_, period, every) = fitting.unwrap_or((366_000, Period::Year, 1_000));
    let is_marked = |day: Day| match period {
        Period::Day | Period::Week => true,
        Period::Month => (i16::from(date(day).month()) - 1) % every == 0,
        Period::Year => date(day).year() % every == 0,
    };
    let mut marks = Vec::new();
    let mut day = period.begin(first);
    while day <= last {
        if day >= first && is_marked(day) {
            let name = if period == Period::Week { Period::Day.name(day) } else { period.name(day) };
            marks.push((day, name));
        }
        let next = period.next(day);
        // The calendar ends.
        if next <= day {
            break;
        }
        day = next;
    }
    marks
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

    #[test]
    fn an_axis_has_few_marks_however_long_it_is() {
        let day = |year, month, day| number(Date::constant(year, month, day));
        let names = |from, to| ticks(from, to).into_iter().map(|(_, name)| name).collect::<Vec<_>>();
        assert_eq!(names(day(2024, 1, 30), day(2024, 2, 2)), ["2024-01-30", "2024-01-31", "2024-02-01", "2024-02-02"]);
        assert_eq!(names(day(2024, 1, 15), day(2024, 4, 2)).first().map(String::as_str), Some("2024-01-15"));
        assert_eq!(
            names(day(2023, 11, 2), day(2025, 7, 2)),
            ["2024-01", "2024-04", "2024-07", "2024-10", "2025-01", "2025-04", "2025-07"]
        );
        assert_eq!(names(day(1998, 1, 1), day(2024, 7, 2)), ["2000", "2005", "2010", "2015", "2020"]);
        assert!(ticks(day(1, 1, 1), day(9999, 1, 1)).len() <= 13);
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
