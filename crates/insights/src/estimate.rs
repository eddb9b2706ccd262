//! What a share truly is, as far as a few mentions that people labelled blind can tell: corrected values with intervals.
//!
//! The machine judges every mention and errs; people label a random few. Prediction-powered inference puts the two together: the
//! mean of the machine's word over all mentions, corrected by how far it was off where people looked. The estimate is unbiased
//! however bad the machine is, and the better it is the narrower the interval.
//!
//! Formulas: PPI++ (Angelopoulos, Duchi, Zrnic 2023, "PPI++: Efficient Prediction-Powered Inference") with a stratified variance
//! and the correction for finite populations (Cochran 1977, chapters 5 and 5A.13 for parts of strata); shares of which people
//! saw few cases have the interval of Wilson (1927).

mod agreement;
mod allocation;
mod draw;
#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::measure::real;

pub use agreement::kappa;
pub use allocation::{Cell, allocate};
pub use draw::{Drawn, Listed, TONES, draw};

/// The normal quantile of 95 %.
const Z: f64 = 1.959_963_984_540_054;
/// Fewer labels than these tell nothing.
pub const FEWEST: usize = 30;
/// Where people saw fewer cases of something, or of its opposite, the normal curve does not hold.
const FEW_CASES: f64 = 10.0;
/// Estimates are told when at least this part of the mentions lies in stretches that were labelled.
const FEWEST_COVERED: f64 = 0.2;

/// One mention that people labelled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Audit {
    /// What people say: 1 or 0, between them where they disagree; -1 to 1 in [`net`].
    pub y: f64,
    /// What the machine says, on the same scale.
    pub f: f64,
    /// Number of its stratum.
    pub stratum: usize,
}

/// A part of the mentions of which some were drawn at random.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stratum {
    /// Mentions in it.
    pub population: u64,
    /// Labelled ones, whether a selection holds them or not.
    pub labelled: u64,
}

/// How it was worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The machine's share, corrected.
    PredictionPowered,
    /// The labels alone: people saw too few cases.
    Wilson,
}

impl Method {
    pub const ALL: [Self; 2] = [Self::PredictionPowered, Self::Wilson];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PredictionPowered => "prediction_powered",
            Self::Wilson => "wilson",
        }
    }
}

/// A corrected value and where the true one lies in 95 cases of 100.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    pub value: f64,
    pub low: f64,
    pub high: f64,
    /// Labelled mentions it rests on.
    pub audited: u64,
    /// Part of the mentions that lies in stretches of time that were labelled; of the rest it is taken that the machine's word
    /// is worth as much.
    pub covered: f64,
    pub method: Method,
}

/// A share, 0 to 1: of `population` mentions the machine says it of the share `raw`. The labels are those among these mentions.
/// `None` when they are too few.
#[must_use]
pub fn share(raw: f64, population: u64, strata: &[Stratum], audits: &[Audit]) -> Option<Estimate> {
    let sums = Sums::of(raw, population, strata, audits)?;
    let cases: f64 = audits.iter().map(|audit| audit.y).sum();
    if cases.min(sums.labels - cases) >= FEW_CASES {
        return Some(sums.estimate((0.0, 1.0)));
    }
    let (low, high) = wilson(sums.mean_y, sums.effective);
    Some(sums.told(sums.mean_y, low, high, Method::Wilson))
}

/// A difference of two shares that exclude each other, -1 to 1, as one variable: so the covariance of the two is counted.
/// `raw`, `y` and `f` are such differences.
#[must_use]
pub fn net(raw: f64, population: u64, strata: &[Stratum], audits: &[Audit]) -> Option<Estimate> {
    let sums = Sums::of(raw, population, strata, audits)?;
    let cases: f64 = audits.iter().map(|audit| audit.y.abs()).sum();
    if cases >= FEW_CASES {
        return Some(sums.estimate((-1.0, 1.0)));
    }
    // The limits of the two shares, put together as Newcombe (1998) does for differences, with the correlation that shares of
    // one whole have.
    let mean = |part: fn(f64) -> f64| sums.weighted(audits, |audit| part(audit.y));
    let (up, down) = (mean(|y| y.max(0.0)), mean(|y| (-y).max(0.0)));
    let ((up_low, up_high), (down_low, down_high)) = (wilson(up, sums.effective), wilson(down, sums.effective));
    let correlation = -(up * down / ((1.0 - up) * (1.0 - down))).max(0.0).sqrt();
    let reach = |a: f64, b: f64| (a * a + b * b - 2.0 * correlation * a * b).max(0.0).sqrt();
    let value = up - down;
    let low = value - reach(up - up_low, down_high - down);
    let high = value + reach(up_high - up, down - down_low);
    Some(sums.told(value, low.max(-1.0), high.min(1.0), Method::Wilson))
}

/// What the labels add up to.
struct Sums {
    labels: f64,
    /// Mentions one label of each stratum stands for.
    weights: Vec<f64>,
    mean_y: f64,
    value: f64,
    variance: f64,
    /// How many labels of equal weight are worth as much (Kish 1965), grown by the correction for finite populations.
    effective: f64,
    covered: f64,
}

impl Sums {
    fn of(raw: f64, population: u64, strata: &[Stratum], audits: &[Audit]) -> Option<Self> {
        if audits.len() < FEWEST || population == 0 {
            return None;
        }
        let groups = Groups::of(strata);
        let weights: Vec<f64> = groups.of_stratum.iter().map(|group| groups.groups[*group].weight()).collect();
        let mut sums = Self {
            labels: real(audits.len() as u64),
            weights,
            mean_y: 0.0,
            value: 0.0,
            variance: 0.0,
            effective: 0.0,
            covered: 0.0,
        };
        let weight = |audit: &Audit| sums.weights[audit.stratum];
        let stands_for: f64 = audits.iter().map(weight).sum();
        let squares: f64 = audits.iter().map(|audit| weight(audit) * weight(audit)).sum();
        let covered = (stands_for / real(population)).min(1.0);
        if covered < FEWEST_COVERED {
            return None;
        }
        let mean = |of: &dyn Fn(&Audit) -> f64| sums.weighted(audits, of);
        let (mean_y, mean_f) = (mean(&|audit| audit.y), mean(&|audit| audit.f));
        let spread = mean(&|audit| (audit.f - mean_f).powi(2));
        let common = mean(&|audit| (audit.f - mean_f) * (audit.y - mean_y));
        // How much the machine's word is worth: nothing to all.
        let lambda = if spread > 0.0 { (common / spread).clamp(0.0, 1.0) } else { 0.0 };
        // Labels of a group that the selection does not hold count as zeros: how many it holds is chance, too.
        let mut residuals = vec![(0.0, 0.0); groups.groups.len()];
        for audit in audits {
            let residual = (audit.y - mean_y) - lambda * (audit.f - mean_f);
            let (sum, square) = &mut residuals[groups.of_stratum[audit.stratum]];
            *sum += residual;
            *square += residual * residual;
        }
        let variance = groups.groups.iter().zip(&residuals).map(|(group, residual)| group.variance(*residual));
        let unseen = (1.0 - sums.labels / stands_for).clamp(0.0, 1.0);
        let kish = stands_for * stands_for / squares;
        let variance = variance.sum::<f64>() / (stands_for * stands_for);
        sums.mean_y = mean_y;
        sums.value = mean_y + lambda * (raw - mean_f);
        // Few labels say little of the variance: a part of Wilson's allowance.
        sums.variance = variance + unseen * 0.25 * Z * Z / (4.0 * kish * kish);
        sums.effective = kish / unseen.max(1e-6);
        sums.covered = covered;
        Some(sums)
    }

    fn weighted(&self, audits: &[Audit], of: impl Fn(&Audit) -> f64) -> f64 {
        let (sum, all) = audits.iter().fold((0.0, 0.0), |(sum, all), audit| {
            let weight = self.weights[audit.stratum];
            (sum + weight * of(audit), all + weight)
        });
        sum / all
    }

    fn estimate(&self, (least, most): (f64, f64)) -> Estimate {
        let value = self.value.clamp(least, most);
        let half = Z * self.variance.sqrt();
        self.told(value, (value - half).max(least), (value + half).min(most), Method::PredictionPowered)
    }

    fn told(&self, value: f64, low: f64, high: f64, method: Method) -> Estimate {
        let audited = self.labels as u64;
        Estimate { value, low, high, audited, covered: self.covered, method }
    }
}

/// Wilson's interval of a share of `size` labels, which need not be a whole number.
fn wilson(share: f64, size: f64) -> (f64, f64) {
    let square = Z * Z / size;
    let middle = share + square / 2.0;
    let half = Z * (share * (1.0 - share) / size + square / (4.0 * size)).sqrt();
    (((middle - half) / (1.0 + square)).clamp(0.0, share), ((middle + half) / (1.0 + square)).clamp(share, 1.0))
}

/// Strata put together until each has two labels: fewer tell no variance.
struct Groups {
    groups: Vec<Stratum>,
    of_stratum: Vec<usize>,
}

impl Groups {
    /// Neighbours are joined: they are expected to be alike.
    fn of(strata: &[Stratum]) -> Self {
        let (mut groups, mut of_stratum) = (Vec::<Stratum>::new(), Vec::with_capacity(strata.len()));
        let mut open = false;
        for stratum in strata {
            if !open {
                groups.push(Stratum::default());
            }
            let number = groups.len() - 1;
            groups[number].population += stratum.population;
            groups[number].labelled += stratum.labelled;
            of_stratum.push(number);
            open = groups[number].labelled < 2;
        }
        if open && groups.len() > 1 {
            let last = groups.pop().unwrap_or_default();
            let number = groups.len() - 1;
            groups[number].population += last.population;
            groups[number].labelled += last.labelled;
            of_stratum.iter_mut().for_each(|group| *group = (*group).min(number));
        }
        Self { groups, of_stratum }
    }
}

impl Stratum {
    /// Mentions that one label stands for.
    fn weight(self) -> f64 {
        if self.labelled == 0 { 0.0 } else { (real(self.population) / real(self.labelled)).max(1.0) }
    }

    /// Of the total of a variable, from the sum and the sum of squares over its labels (Cochran 1977, 5A.13 and 2.8).
    fn variance(self, (sum, square): (f64, f64)) -> f64 {
        if self.labelled < 2 {
            return 0.0;
        }
        let (labels, population) = (real(self.labelled), real(self.population.max(self.labelled)));
        let unseen = 1.0 - labels / population;
        let spread = ((square - sum * sum / labels) / (labels - 1.0)).max(0.0);
        population * population * unseen * spread / labels
    }
}
