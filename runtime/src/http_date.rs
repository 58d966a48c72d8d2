//! HTTP-date, RFC 9110 section 5.6.7, in its three forms.

/// What follows the day of the week, in each form. A digit stands for a digit of the field with that
/// number, `m` for a letter of the month, everything else for itself.
const IMF_FIXDATE: &[u8] = b", 00 mmm 1122 33:44:55 GMT";
const RFC_850: &[u8] = b", 00-mmm-22 33:44:55 GMT";
const ASCTIME: &[u8] = b" mmm 60 33:44:55 1122";

const FORMS: &[&[u8]; 3] = &[IMF_FIXDATE, RFC_850, ASCTIME];

/// The tens of a day that is filled up with a blank.
const PADDED: u8 = b'6';

const FIRST_YEAR: u32 = 1970;
const SECONDS_PER_DAY: u32 = 86_400;
/// As they are read: three letters as one number.
const MONTHS: &[u32; 12] = &[
    letters(*b"Jan"),
    letters(*b"Feb"),
    letters(*b"Mar"),
    letters(*b"Apr"),
    letters(*b"May"),
    letters(*b"Jun"),
    letters(*b"Jul"),
    letters(*b"Aug"),
    letters(*b"Sep"),
    letters(*b"Oct"),
    letters(*b"Nov"),
    letters(*b"Dec"),
];
/// From the day of 1970-01-01 on.
const WEEKDAYS: &[[u8; 9]; 7] = &[
    *b"Thursday ",
    *b"Friday   ",
    *b"Saturday ",
    *b"Sunday   ",
    *b"Monday   ",
    *b"Tuesday  ",
    *b"Wednesday",
];

const fn letters(name: [u8; 3]) -> u32 {
    u32::from_be_bytes([0, name[0], name[1], name[2]])
}

/// The seconds since 1970-01-01 00:00:00 UTC of a date up to the year 9999 whose day of the week is
/// right.
///
/// A year of two digits is taken to be in the last century that is not more than 50 years after
/// `reference`; in the one before where only that one has the day of the week.
pub(crate) fn unix_seconds(value: &[u8], reference: u64) -> Option<u64> {
    let (form, weekday, fields, letters) = FORMS.iter().find_map(|form| {
        let (weekday, rest) = value.split_at_checked(value.len().checked_sub(form.len())?)?;
        let (fields, letters) = read(form, rest)?;
        Some((form, weekday, fields, letters))
    })?;
    let [day, century, year, hour, minute, second, tens, _] = fields.map(u32::from);
    let month = (0..).zip(MONTHS).find(|named| *named.1 == letters)?.0;
    if hour >= 24 || minute >= 60 || second >= 60 {
        return None;
    }
    let short = form.len() == RFC_850.len();
    let whole = match weekday {
        [.., last] if short => *last == b'y',
        name => name.len() == 3,
    };
    if !whole {
        return None;
    }
    let date = Date {
        weekday,
        day: (tens * 10 + day).checked_sub(1)?,
        month,
        second: (hour * 60 + minute) * 60 + second,
    };
    let mut year = century * 100 + year;
    if short {
        year += 1900;
        while year < FIRST_YEAR
            || (year < 9900 && date.seconds(first_day(year + 50, month) + date.day) <= reference)
        {
            year += 100;
        }
    }
    match date.in_year(year) {
        None if short => date.in_year(year - 100),
        seconds => seconds,
    }
}

/// The fields, and the letters of the month as one number.
fn read(form: &[u8], value: &[u8]) -> Option<([u8; 8], u32)> {
    let mut fields = [0_u8; 8];
    let mut letters = 0_u32;
    for (place, byte) in form.iter().zip(value) {
        let digit = byte.wrapping_sub(b'0');
        if *place == b'm' {
            letters = letters << 8 | u32::from(*byte);
        } else if let Some(field) = fields.get_mut(usize::from(place.wrapping_sub(b'0'))) {
            if digit < 10 {
                *field = *field * 10 + digit;
            } else if (*place, *byte) != (PADDED, b' ') {
                return None;
            }
        } else if place != byte {
            return None;
        }
    }
    Some((fields, letters))
}

/// A date but for its year.
struct Date<'a> {
    weekday: &'a [u8],
    /// From 0; the year says whether the month has it.
    day: u32,
    /// 0 to 11.
    month: u32,
    second: u32,
}

impl Date<'_> {
    fn in_year(&self, year: u32) -> Option<u64> {
        if year < FIRST_YEAR {
            return None;
        }
        let first = first_day(year, self.month);
        let days = first + self.day;
        let name = &WEEKDAYS[days as usize % WEEKDAYS.len()];
        // Not `starts_with`: on a device, that links `memcmp`.
        let valid = self.day < first_day(year, self.month + 1) - first
            && (0..)
                .zip(self.weekday)
                .all(|(place, letter)| name.get(place) == Some(letter));
        valid.then(|| self.seconds(days))
    }

    fn seconds(&self, days: u32) -> u64 {
        u64::from(days) * u64::from(SECONDS_PER_DAY) + u64::from(self.second)
    }
}

/// The days from 1970-01-01 to the first of a month.
fn first_day(year: u32, month: u32) -> u32 {
    // Years begin in March, so that the leap day is the last of one.
    let months = year * 12 + month - 2;
    let (year, month) = (months / 12, months % 12);
    let leap_days = year / 4 - year / 100 + year / 400;
    year * 365 + leap_days + (month * 153 + 2) / 5 - 719_468
}
