//! Times of the history, in the time zone of the machine.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

/// A time as people want it in a list: `14:02` today, else with its date. What is no RFC 3339 time is given as it is.
pub fn short(at: &str) -> String {
    in_zone(at, &TimeZone::system(), Timestamp::now())
}

/// All of it, for who wants to know: with seconds and the distance to UTC.
pub fn whole(at: &str) -> String {
    zoned(at, &TimeZone::system()).map_or_else(|| at.to_owned(), |at| at.strftime("%Y-%m-%d %H:%M:%S %:z").to_string())
}

fn zoned(at: &str, zone: &TimeZone) -> Option<ZonedDateTime> {
    Some(at.parse::<Timestamp>().ok()?.to_zoned_datetime(zone.clone()))
}

fn in_zone(at: &str, zone: &TimeZone, now: Timestamp) -> String {
    let Some(time) = zoned(at, zone) else { return at.to_owned() };
    let is_today = now.to_zoned_datetime(zone.clone()).date() == time.date();
    time.strftime(if is_today { "%H:%M" } else { "%Y-%m-%d %H:%M" }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_today_has_no_date_and_the_day_is_that_of_the_zone() {
        let now: Timestamp = "2026-03-02T00:30:00Z".parse().expect("a time");
        let west = TimeZone::fixed(jiff::tz::offset(-5));
        assert_eq!(in_zone("2026-03-01T23:15:09Z", &west, now), "18:15");
        assert_eq!(in_zone("2026-03-01T23:15:09Z", &TimeZone::UTC, now), "2026-03-01 23:15");
        assert_eq!(in_zone("yesterday", &TimeZone::UTC, now), "yesterday", "a file may say anything");
    }
}
