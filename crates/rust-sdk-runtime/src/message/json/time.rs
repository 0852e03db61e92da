//! The text of `google.protobuf.Timestamp` (RFC 3339) and `Duration`.
//!
//! Both are a count of seconds and nanoseconds; the limits are those that their `.proto` files state.

use super::text::push_number;

/// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z.
const TIMESTAMP_SECONDS: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;
/// About ten thousand years, in both directions.
const DURATION_SECONDS: u64 = 315_576_000_000;
const SECONDS_PER_DAY: i64 = 86_400;
/// From the 1st of March of the year 0 to the epoch.
const DAYS_FROM_MARCH: i64 = 719_468;

/// `2024-02-29T12:00:00.500Z`; `None` outside the years 1 to 9999, or if the nanoseconds are not below a second.
pub(crate) fn push_timestamp(seconds: i64, nanos: i32, text: &mut Vec<u8>) -> Option<()> {
    let nanos = u32::try_from(nanos).ok().filter(|nanos| *nanos < 1_000_000_000)?;
    if !TIMESTAMP_SECONDS.contains(&seconds) {
        return None;
    }
    let (year, month, day) = date(seconds.div_euclid(SECONDS_PER_DAY));
    let second = seconds.rem_euclid(SECONDS_PER_DAY);
    let mut form = *b"0000-00-00T00:00:00";
    let pairs = [year / 100, year % 100, month, day, second / 3600, second / 60 % 60, second % 60];
    for (at, value) in [0, 2, 5, 8, 11, 14, 17].into_iter().zip(pairs) {
        // Two digits each.
        let value = value.to_le_bytes()[0];
        form[at] += value / 10;
        form[at + 1] += value % 10;
    }
    text.extend_from_slice(&form);
    push_fraction(text, nanos);
    text.push(b'Z');
    Some(())
}

/// `1.500s`; `None` if out of range, or if the two parts have different signs.
pub(crate) fn push_duration(seconds: i64, nanos: i32, text: &mut Vec<u8>) -> Option<()> {
    let contrary = (seconds > 0 && nanos < 0) || (seconds < 0 && nanos > 0);
    if contrary || seconds.unsigned_abs() > DURATION_SECONDS || nanos.unsigned_abs() > 999_999_999 {
        return None;
    }
    if seconds < 0 || nanos < 0 {
        text.push(b'-');
    }
    push_number(seconds.unsigned_abs(), text);
    push_fraction(text, nanos.unsigned_abs());
    text.push(b's');
    Some(())
}

/// Appends a number with this many digits, padded with zeros.
fn push_digits(text: &mut Vec<u8>, value: u32, width: usize) {
    let mut digits = [b'0'; 9];
    let mut rest = value;
    for digit in digits[..width].iter_mut().rev() {
        *digit |= (rest % 10).to_le_bytes()[0];
        rest /= 10;
    }
    text.extend_from_slice(&digits[..width]);
}

/// Appends no digits, three, six or nine: as many as are needed.
fn push_fraction(text: &mut Vec<u8>, nanos: u32) {
    let (value, width) = match nanos {
        0 => return,
        _ if nanos.is_multiple_of(1_000_000) => (nanos / 1_000_000, 3),
        _ if nanos.is_multiple_of(1_000) => (nanos / 1_000, 6),
        _ => (nanos, 9),
    };
    text.push(b'.');
    push_digits(text, value, width);
}

/// Seconds and nanoseconds of an RFC 3339 date-time with `T` and `Z` in upper case, or an offset.
pub(crate) fn parse_timestamp(text: &str) -> Option<(i64, i32)> {
    let (date, rest) = text.split_at_checked(10)?;
    let (time, rest) = rest.strip_prefix('T')?.split_at_checked(8)?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    if year == 0 || !(1..=12).contains(&month) || day == 0 || day > days_in(year, month) {
        return None;
    }
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let zone_start = rest.find(['Z', '+', '-'])?;
    let (fraction, zone) = rest.split_at(zone_start);
    let nanos = if fraction.is_empty() { 0 } else { parse_fraction(fraction.strip_prefix('.')?)? };
    let offset = match zone.split_at(1) {
        ("Z", "") => 0,
        (sign, zone) if sign != "Z" => {
            let [hours, minutes] = numbers(zone, ':', [2, 2])?;
            let offset = (hours < 24 && minutes < 60).then_some(hours * 3600 + minutes * 60)?;
            if sign == "-" { -offset } else { offset }
        }
        _ => return None,
    };
    let seconds =
        days_since_epoch(year, month, day) * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second - offset;
    TIMESTAMP_SECONDS.contains(&seconds).then_some((seconds, nanos))
}

/// Seconds and nanoseconds of a decimal number that ends in `s`.
pub(crate) fn parse_duration(text: &str) -> Option<(i64, i32)> {
    let number = text.strip_suffix('s')?;
    let (negative, number) = number.strip_prefix('-').map_or((false, number), |number| (true, number));
    let (seconds, nanos) = match number.split_once('.') {
        Some((seconds, fraction)) => (seconds, parse_fraction(fraction)?),
        None => (number, 0),
    };
    let seconds = digits(seconds).filter(|seconds| seconds.unsigned_abs() <= DURATION_SECONDS)?;
    Some(if negative { (-seconds, -nanos) } else { (seconds, nanos) })
}

/// One to nine digits after the point, as nanoseconds.
fn parse_fraction(text: &str) -> Option<i32> {
    if text.len() > 9 {
        return None;
    }
    let value = i32::try_from(digits(text)?).ok()?;
    Some((text.len()..9).fold(value, |value, _| value * 10))
}

/// Decimal digits and nothing else.
fn digits(text: &str) -> Option<i64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// Reads numbers of fixed widths.
fn numbers<const N: usize>(text: &str, separator: char, widths: [usize; N]) -> Option<[i64; N]> {
    let mut parts = text.split(separator);
    let mut values = [0; N];
    for (value, width) in values.iter_mut().zip(widths) {
        *value = parts.next().filter(|part| part.len() == width).and_then(digits)?;
    }
    parts.next().is_none().then_some(values)
}

const fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

const fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 0001-01-01 to the first day of the year.
const fn days_before(year: i64) -> i64 {
    let past = year - 1;
    past * 365 + past / 4 - past / 100 + past / 400
}

fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let months: i64 = (1..month).map(|month| days_in(year, month)).sum();
    days_before(year) - days_before(1970) + months + day - 1
}

/// Year, month and day of a day since the epoch, for years 1 to 9999.
fn date(days: i64) -> (i64, i64, i64) {
    // Years are counted from 1 March, so that the leap day is the last day of a year. Any 400 years have 146,097 days.
    let day = days + DAYS_FROM_MARCH;
    let (era, day) = (day / 146_097, day % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    // March to July and August to December have months of the same lengths: 153 days in five months.
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let year = era * 400 + year;
    if month < 10 { (year, month + 3, day) } else { (year + 1, month - 9, day) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn timestamp_text(seconds: i64, nanos: i32) -> Option<String> {
        let mut text = Vec::new();
        push_timestamp(seconds, nanos, &mut text).map(|()| String::from_utf8(text).unwrap())
    }

    fn duration_text(seconds: i64, nanos: i32) -> Option<String> {
        let mut text = Vec::new();
        push_duration(seconds, nanos, &mut text).map(|()| String::from_utf8(text).unwrap())
    }

    #[test]
    fn timestamps_print_with_as_many_digits_as_needed() {
        assert_eq!(timestamp_text(0, 0).as_deref(), Some("1970-01-01T00:00:00Z"));
        assert_eq!(timestamp_text(-62_135_596_800, 0).as_deref(), Some("0001-01-01T00:00:00Z"));
        assert_eq!(
            timestamp_text(253_402_300_799, 999_999_999).as_deref(),
            Some("9999-12-31T23:59:59.999999999Z")
        );
        assert_eq!(timestamp_text(1_709_208_000, 500_000_000).as_deref(), Some("2024-02-29T12:00:00.500Z"));
        assert_eq!(timestamp_text(-1, 1_000).as_deref(), Some("1969-12-31T23:59:59.000001Z"));
        for (seconds, nanos) in [(-62_135_596_801, 0), (253_402_300_800, 0), (0, -1), (0, 1_000_000_000)] {
            assert_eq!(timestamp_text(seconds, nanos), None);
        }
    }

    #[test]
    fn timestamps_are_read_strictly() {
        assert_eq!(parse_timestamp("1970-01-01T00:00:00.01Z"), Some((0, 10_000_000)));
        assert_eq!(parse_timestamp("1970-01-01T08:00:00+08:00"), Some((0, 0)));
        assert_eq!(parse_timestamp("1969-12-31T16:30:00-07:30"), Some((0, 0)));
        for bad in [
            "",
            "Z",
            "1970-01-01",
            "1970-01-01T00:00:00",
            "1970-01-01t00:00:00Z",
            "1970-01-01T00:00:00z",
            "1970-01-01 00:00:00Z",
            "1970-1-01T00:00:00Z",
            "1970-13-01T00:00:00Z",
            "1970-02-29T00:00:00Z",
            "1970-01-00T00:00:00Z",
            "1970-01-01T24:00:00Z",
            "1970-01-01T00:60:00Z",
            "1970-01-01T00:00:60Z",
            "1970-01-01T00:00:00.Z",
            "1970-01-01T00:00:00.1234567890Z",
            "1970-01-01T00:00:00ZZ",
            "1970-01-01T00:00:00+0800",
            "1970-01-01T00:00:00+24:00",
            "0000-01-01T00:00:00Z",
            "10000-01-01T00:00:00Z",
            "0001-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01",
            "1970-01-01T00:00:00é",
            "+970-01-01T00:00:00Z",
            "1970-01-01T00:00:00.-1Z",
        ] {
            assert_eq!(parse_timestamp(bad), None, "{bad}");
        }
    }

    #[test]
    fn durations_keep_their_sign_below_a_second() {
        assert_eq!(duration_text(0, -500_000_000).as_deref(), Some("-0.500s"));
        assert_eq!(duration_text(-1, -1).as_deref(), Some("-1.000000001s"));
        assert_eq!(parse_duration("-0.5s"), Some((0, -500_000_000)));
        assert_eq!(parse_duration("315576000000.999999999s"), Some((315_576_000_000, 999_999_999)));
        for (seconds, nanos) in [(1, -1), (-1, 1), (315_576_000_001, 0), (i64::MIN, 0), (0, i32::MIN)] {
            assert_eq!(duration_text(seconds, nanos), None);
        }
        for bad in [
            "",
            "s",
            "1",
            "1.s",
            ".5s",
            "+1s",
            "1.0000000000s",
            "315576000001s",
            "--1s",
            "1 s",
            "1s ",
            "1.-5s",
        ] {
            assert_eq!(parse_duration(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_timestamp_is_read_back(seconds in TIMESTAMP_SECONDS, nanos in 0..1_000_000_000_i32) {
            prop_assert_eq!(parse_timestamp(&timestamp_text(seconds, nanos).unwrap()), Some((seconds, nanos)));
        }

        #[test]
        fn every_duration_is_read_back(seconds in 0..=315_576_000_000_i64, nanos in 0..1_000_000_000_i32, sign in prop::sample::select(vec![-1_i32, 1])) {
            let (seconds, nanos) = (seconds * i64::from(sign), nanos * sign);
            prop_assert_eq!(parse_duration(&duration_text(seconds, nanos).unwrap()), Some((seconds, nanos)));
        }

        #[test]
        fn arbitrary_text_never_panics(text in ".*") {
            let _ = (parse_timestamp(&text), parse_duration(&text));
        }
    }
}
