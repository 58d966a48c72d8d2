//! HTTP-date, RFC 9110 section 5.6.7, in its three forms.

const FIRST_YEAR: u32 = 1970;
const SECONDS_PER_DAY: u32 = 86_400;
const MONTHS: [&[u8; 3]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];
/// From the day of 1970-01-01 on.
const WEEKDAYS: [&[u8]; 7] = [
    b"Thursday",
    b"Friday",
    b"Saturday",
    b"Sunday",
    b"Monday",
    b"Tuesday",
    b"Wednesday",
];

/// The seconds since 1970-01-01 00:00:00 UTC of a date up to the year 9999 whose day of the week is
/// right.
///
/// A year of two digits is taken to be in the last century that is not more than 50 years after
/// `reference`; in the one before where only that one has the day of the week.
pub(crate) fn unix_seconds(value: &[u8], reference: u64) -> Option<u64> {
    match value {
        // Sun, 06 Nov 1994 08:49:37 GMT
        [weekday @ .., b',', b' ', d1, d2, b' ', m1, m2, m3, b' ', y1, y2, y3, y4, b' ', h1, h2, b':', n1, n2, b':', s1, s2, b' ', b'G', b'M', b'T'] => {
            Fields {
                weekday: short_weekday(weekday)?,
                day: digits([*d1, *d2])?,
                month: month([*m1, *m2, *m3])?,
                second: second_of_day([[*h1, *h2], [*n1, *n2], [*s1, *s2]])?,
            }
            .in_year(digits([*y1, *y2])? * 100 + digits([*y3, *y4])?)
        }
        // Sunday, 06-Nov-94 08:49:37 GMT
        [weekday @ .., b',', b' ', d1, d2, b'-', m1, m2, m3, b'-', y1, y2, b' ', h1, h2, b':', n1, n2, b':', s1, s2, b' ', b'G', b'M', b'T'] => {
            Fields {
                weekday: WEEKDAYS.iter().position(|name| *name == weekday)?,
                day: digits([*d1, *d2])?,
                month: month([*m1, *m2, *m3])?,
                second: second_of_day([[*h1, *h2], [*n1, *n2], [*s1, *s2]])?,
            }
            .in_two_digit_year(digits([*y1, *y2])?, reference)
        }
        // Sun Nov  6 08:49:37 1994
        [weekday @ .., b' ', m1, m2, m3, b' ', d1, d2, b' ', h1, h2, b':', n1, n2, b':', s1, s2, b' ', y1, y2, y3, y4] =>
        {
            let tens = if *d1 == b' ' { b'0' } else { *d1 };
            Fields {
                weekday: short_weekday(weekday)?,
                day: digits([tens, *d2])?,
                month: month([*m1, *m2, *m3])?,
                second: second_of_day([[*h1, *h2], [*n1, *n2], [*s1, *s2]])?,
            }
            .in_year(digits([*y1, *y2])? * 100 + digits([*y3, *y4])?)
        }
        _ => None,
    }
}

/// A date but for its year.
struct Fields {
    weekday: usize,
    /// 1 to 99: the year says whether the month has it.
    day: u32,
    /// 0 to 11.
    month: u32,
    second: u32,
}

impl Fields {
    fn in_two_digit_year(&self, short: u32, reference: u64) -> Option<u64> {
        let mut year = short + 1900;
        while year < FIRST_YEAR || (year < 9900 && self.seconds(year + 50) <= reference) {
            year += 100;
        }
        self.in_year(year).or_else(|| self.in_year(year - 100))
    }

    fn in_year(&self, year: u32) -> Option<u64> {
        let valid = year >= FIRST_YEAR
            && (1..=days_in_month(self.month, year)).contains(&self.day)
            && self.days(year) as usize % WEEKDAYS.len() == self.weekday;
        valid.then(|| self.seconds(year))
    }

    fn seconds(&self, year: u32) -> u64 {
        u64::from(self.days(year)) * u64::from(SECONDS_PER_DAY) + u64::from(self.second)
    }

    /// The days from 1970-01-01 to this one.
    fn days(&self, year: u32) -> u32 {
        let past = year - 1;
        let leap_days = past / 4 - past / 100 + past / 400;
        let leap_days_to_1970 = 1969 / 4 - 1969 / 100 + 1969 / 400;
        let months: u32 = (0..self.month)
            .map(|month| days_in_month(month, year))
            .sum();
        (year - FIRST_YEAR) * 365 + leap_days - leap_days_to_1970 + months + self.day - 1
    }
}

fn days_in_month(month: u32, year: u32) -> u32 {
    match month {
        1 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        1 => 28,
        3 | 5 | 8 | 10 => 30,
        _ => 31,
    }
}

fn short_weekday(short: &[u8]) -> Option<usize> {
    WEEKDAYS
        .iter()
        .position(|name| name.get(..3) == Some(short))
}

fn month(short: [u8; 3]) -> Option<u32> {
    (0..)
        .zip(MONTHS)
        .find_map(|(month, name)| (*name == short).then_some(month))
}

fn second_of_day([hour, minute, second]: [[u8; 2]; 3]) -> Option<u32> {
    let (hour, minute, second) = (digits(hour)?, digits(minute)?, digits(second)?);
    (hour < 24 && minute < 60 && second < 60).then_some((hour * 60 + minute) * 60 + second)
}

fn digits([tens, ones]: [u8; 2]) -> Option<u32> {
    (tens.is_ascii_digit() && ones.is_ascii_digit())
        .then(|| u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
}
