//! Reads JSON numbers in strings exactly.

/// Text that is not a number, or a number that is out of range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NumberError {
    /// The text is not a JSON number.
    Syntax,
    /// The number is not whole, or larger than every integer type can hold.
    Range,
}

/// Sign, digits before and after the point, and exponent of a JSON number (RFC 8259 §6).
fn split(text: &str) -> Option<(bool, &str, &str, &str)> {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let exponent_digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let leading_zero = whole.len() > 1 && whole.starts_with('0');
    (is_digits(whole) && is_digits(fraction) && is_digits(exponent_digits) && !leading_zero)
        .then_some((negative, whole, fraction, exponent))
}

/// The integer in the text; `1e5` and `1.0` are integers, too.
pub(crate) fn parse_integer(text: &str) -> Result<i128, NumberError> {
    // Most texts are plain digits, too few to overflow.
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    if let [b'1'..=b'9', rest @ ..] = digits
        && rest.len() < 18
        && digits.iter().all(u8::is_ascii_digit)
    {
        let value = digits.iter().fold(0_i64, |value, digit| value * 10 + i64::from(digit - b'0'));
        return Ok(if digits.len() < text.len() { -value } else { value }.into());
    }
    parse_any_integer(text)
}

fn parse_any_integer(text: &str) -> Result<i128, NumberError> {
    let (negative, whole, fraction, exponent) = split(text).ok_or(NumberError::Syntax)?;
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_end_matches('0');
    let value_digits = significant.trim_start_matches('0');
    if value_digits.is_empty() {
        return Ok(0);
    }
    let exponent: i64 = exponent.parse().map_err(|_| NumberError::Range)?;
    let places = i64::try_from(whole.len()).ok().zip(i64::try_from(significant.len()).ok());
    let zeros = places.and_then(|(whole, significant)| exponent.checked_add(whole - significant));
    // u64::MAX has 20 digits.
    let zeros = zeros.and_then(|zeros| u32::try_from(zeros).ok()).filter(|zeros| *zeros < 20);
    if value_digits.len() > 20 {
        return Err(NumberError::Range);
    }
    let value: i128 = value_digits.parse().map_err(|_| NumberError::Range)?;
    let value = zeros.and_then(|zeros| value.checked_mul(10_i128.pow(zeros))).ok_or(NumberError::Range)?;
    Ok(if negative { -value } else { value })
}

/// The float in the text: a JSON number, `NaN`, `Infinity` or `-Infinity`.
pub(crate) fn parse_float<F: std::str::FromStr>(text: &str) -> Result<F, NumberError> {
    let text = match text {
        "NaN" | "Infinity" | "-Infinity" => text,
        _ => split(text).map(|_| text).ok_or(NumberError::Syntax)?,
    };
    text.parse().map_err(|_| NumberError::Syntax)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn whole_numbers_in_any_notation() {
        for (text, value) in [
            ("0", 0),
            ("-0", 0),
            ("0.0e99999999999", 0),
            ("1e5", 100_000),
            ("1.50E+2", 150),
            ("100000.000", 100_000),
            ("1200e-2", 12),
            ("-9223372036854775808", i128::from(i64::MIN)),
            ("18446744073709551615", i128::from(u64::MAX)),
            ("1.8446744073709551615e19", i128::from(u64::MAX)),
        ] {
            assert_eq!(parse_integer(text), Ok(value), "{text}");
        }
        for text in [
            "0.5",
            "1e-1",
            "1e30",
            "1e99999999999999999999",
            "1e9223372036854775807",
            "1e-9223372036854775808",
        ] {
            assert_eq!(parse_integer(text), Err(NumberError::Range), "{text}");
        }
        assert_eq!(parse_integer(&"9".repeat(5000)), Err(NumberError::Range));
    }

    #[test]
    fn what_is_no_json_number_is_refused() {
        for text in [
            "", "-", "+1", " 1", "1 ", "01", "1.", ".5", "1e", "0x10", "1_0", "12abc", "inf", "nan", "1e+-5",
            "é",
        ] {
            assert_eq!(parse_integer(text), Err(NumberError::Syntax), "{text}");
            assert_eq!(parse_float::<f64>(text), Err(NumberError::Syntax), "{text}");
        }
    }

    #[test]
    fn floats_have_names_for_what_is_not_finite() {
        assert_eq!(parse_float("Infinity"), Ok(f64::INFINITY));
        assert_eq!(parse_float("-Infinity"), Ok(f32::NEG_INFINITY));
        assert!(parse_float::<f64>("NaN").is_ok_and(f64::is_nan));
        assert_eq!(parse_float("-1.5e1"), Ok(-15.0));
    }

    proptest! {
        #[test]
        fn every_integer_is_read_back(value: i64) {
            prop_assert_eq!(parse_integer(&value.to_string()), Ok(value.into()));
        }
    }
}
