//! Arithmetic that several figures share. What has no base has no value.

use molva_archive::Tones;

/// A part of a whole, 0 to 1; `None` of nothing.
#[must_use]
pub fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| real(part) / real(whole))
}

/// Per cent of positive minus per cent of negative, of all mentions, those that nobody judged among them.
#[must_use]
pub fn net_sentiment(tones: &Tones) -> Option<f64> {
    let all = tones.negative + tones.neutral + tones.positive + tones.unjudged;
    (all > 0).then(|| 100.0 * (real(tones.positive) - real(tones.negative)) / real(all))
}

/// Where the true share lies in 95 cases of 100 when `hits` of a sample of `size` have it (Wilson 1927).
#[must_use]
pub fn wilson(hits: u64, size: u64) -> Option<(f64, f64)> {
    const Z: f64 = 1.959_963_984_540_054;
    let (n, p) = (real(size), share(hits, size)?);
    let middle = p + Z * Z / (2.0 * n);
    let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    Some((((middle - half) / scale).max(0.0), ((middle + half) / scale).min(1.0)))
}

/// The log-likelihood ratio G² of "both sets say it equally often" (Dunning 1993): `hits` of `size` here, `others` of `base` there.
#[must_use]
pub fn log_likelihood(hits: u64, size: u64, others: u64, base: u64) -> f64 {
    let all = real(size) + real(base);
    if all == 0.0 {
        return 0.0;
    }
    let said = real(hits) + real(others);
    let cell = |seen: f64, row: f64, column: f64| {
        let expected = row * column / all;
        if seen > 0.0 && expected > 0.0 { seen * (seen / expected).ln() } else { 0.0 }
    };
    let (silent_here, silent_there) = (real(size.saturating_sub(hits)), real(base.saturating_sub(others)));
    let silent = all - said;
    let sum = cell(real(hits), said, real(size))
        + cell(real(others), said, real(base))
        + cell(silent_here, silent, real(size))
        + cell(silent_there, silent, real(base));
    (2.0 * sum).max(0.0)
}

#[expect(clippy::cast_precision_loss, reason = "no figure shows more digits than fit")]
pub(crate) fn real(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(left: f64, right: f64) -> bool {
        (left - right).abs() < 1e-4
    }

    #[test]
    fn what_has_no_base_has_no_value() {
        assert_eq!((share(0, 0), net_sentiment(&Tones::default()), wilson(0, 0)), (None, None, None));
        assert_eq!(log_likelihood(0, 0, 0, 0), 0.0);
        assert_eq!(share(0, 5), Some(0.0));
    }

    #[test]
    fn net_sentiment_is_of_all_mentions() {
        // 35 % − 6 % = +29, the example of its source: neutral and unjudged ones are in the base.
        let tones = Tones { negative: 6, neutral: 20, positive: 35, unjudged: 39 };
        assert_eq!(net_sentiment(&tones), Some(29.0));
        assert_eq!(net_sentiment(&Tones { negative: 2, ..Tones::default() }), Some(-100.0));
    }

    #[test]
    fn an_interval_is_wilsons() {
        // 10 of 100: (0.1 + 0.0192073 ± 0.0622…) / 1.0384146, by hand 0.05523 and 0.17437.
        let (low, high) = wilson(10, 100).expect("a sample");
        assert!(close(low, 0.05523) && close(high, 0.17437), "{low} {high}");
        let (low, high) = wilson(0, 20).expect("a sample");
        assert!(low == 0.0 && close(high, 0.16113), "{low} {high}");
        assert_eq!(wilson(20, 20).map(|(_, high)| high), Some(1.0));
    }

    #[test]
    fn log_likelihood_is_dunnings() {
        // 20 of 100 against 10 of 200: expected 10, 20, 90, 180;
        // 2 (20 ln 2 + 10 ln ½ + 80 ln(80/90) + 190 ln(190/180)) = 15.5632.
        assert!(close(log_likelihood(20, 100, 10, 200), 15.5632), "{}", log_likelihood(20, 100, 10, 200));
        assert!(close(log_likelihood(10, 100, 20, 200), 0.0));
    }
}
