//! HTTP-date (RFC 9110 section 5.6.7) in its three forms, and variants that servers send.

/// The part after the day of the week, in each form. A digit stands for a digit of the field with that
/// number, `m` for a letter of the month and `z` for one of the zone. Everything else stands for itself.
const IMF_FIXDATE: &[u8] = b"60 mmm 1122 33:44:55 zzz";
const RFC_850: &[u8] = b"60-mmm-22 33:44:55 zzz";
const ASCTIME: &[u8] = b" mmm 60 33:44:55 1122";

const FORMS: &[&[u8]; 3] = &[IMF_FIXDATE, RFC_850, ASCTIME];

/// The tens digit of a day. If the day has one digit, a blank is in its place: asctime's, or the one after
/// the day of the week.
const TENS: u8 = b'6';

const FIRST_YEAR: u32 = 1970;
const SECONDS_PER_DAY: u32 = 86_400;
/// Each name is read as one number, made of its three letters.
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
const GMT: u32 = letters(*b"GMT");
const UTC: u32 = letters(*b"UTC");

const fn letters(name: [u8; 3]) -> u32 {
    u32::from_be_bytes([0, name[0], name[1], name[2]])
}

/// Returns the seconds from 1970-01-01 00:00:00 UTC to a date up to the year 9999, or `None` if `value` is
/// not a date.
///
/// The day of the week is anything without a digit, or nothing. The day of the month has two digits, or a
/// blank and one. The zone is `GMT` or `UTC`.
///
/// A year of two digits is read as the latest one that is at most 50 years after `reference`.
pub(crate) fn unix_seconds(value: &[u8], reference: u64) -> Option<u64> {
    let (form, weekday, written) = FORMS.iter().find_map(|form| {
        let (weekday, rest) = value.split_at_checked(value.len().checked_sub(form.len())?)?;
        Some((form, weekday, read(form, rest)?))
    })?;
    if weekday.iter().any(u8::is_ascii_digit) {
        return None;
    }
    let [day, century, year, hour, minute, second, tens, _] = written.fields.map(u32::from);
    let month = u32::try_from(MONTHS.iter().position(|name| *name == written.month)?).ok()?;
    if hour >= 24 || minute >= 60 || second >= 60 || !matches!(written.zone, GMT | UTC) {
        return None;
    }
    let day = (tens * 10 + day).checked_sub(1)?;
    let time = (hour * 60 + minute) * 60 + second;
    let seconds = |days: u32| u64::from(days) * u64::from(SECONDS_PER_DAY) + u64::from(time);
    let mut year = century * 100 + year;
    if form.len() == RFC_850.len() {
        year += 1900;
        while year < FIRST_YEAR
            || (year < 9900 && seconds(first_day(year + 50, month) + day) <= reference)
        {
            year += 100;
        }
    }
    if year < FIRST_YEAR {
        return None;
    }
    let first = first_day(year, month);
    (day < first_day(year, month + 1) - first).then(|| seconds(first + day))
}

/// A date as written, with its names as numbers.
struct Written {
    fields: [u8; 8],
    month: u32,
    zone: u32,
}

fn read(form: &[u8], value: &[u8]) -> Option<Written> {
    let mut written = Written {
        fields: [0; 8],
        month: 0,
        zone: GMT,
    };
    for (place, byte) in form.iter().zip(value) {
        let digit = byte.wrapping_sub(b'0');
        if *place == b'm' {
            written.month = written.month << 8 | u32::from(*byte);
        } else if *place == b'z' {
            written.zone = (written.zone << 8 | u32::from(*byte)) & 0xff_ffff;
        } else if let Some(field) = written
            .fields
            .get_mut(usize::from(place.wrapping_sub(b'0')))
        {
            if digit < 10 {
                *field = *field * 10 + digit;
            } else if (*place, *byte) != (TENS, b' ') {
                return None;
            }
        } else if place != byte {
            return None;
        }
    }
    Some(written)
}

/// Returns the days from 1970-01-01 to the first of a month.
fn first_day(year: u32, month: u32) -> u32 {
    // Years begin in March here, so that the leap day is the last day of a year.
    let months = year * 12 + month - 2;
    let (year, month) = (months / 12, months % 12);
    let leap_days = year / 4 - year / 100 + year / 400;
    year * 365 + leap_days + (month * 153 + 2) / 5 - 719_468
}
