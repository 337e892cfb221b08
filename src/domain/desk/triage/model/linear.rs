//! A linear model over hashed parts of a text: for each label a weight per part, summed up and turned into shares.
//!
//! Trained by plain logistic regression with per-weight steps (AdaGrad), each as long as its part tells labels apart (the ratio
//! of Wang and Manning, "Baselines and Bigrams", 2012), in a fixed order: the same rows give the same bytes.
//! Never holds a text. Start at [`train`], then [`Linear::shares`].

use super::features::{PartKind, Piece, each_part};

/// Weights of one label, as a power of two. More makes files larger and hardly any difference (measured: 18 against 20 bits).
pub const BUCKETS: usize = 1 << 18;
/// Labels of one model.
pub const LABELS_MAX: usize = 32;
/// Rounds over all rows.
const ROUNDS: usize = 6;
/// First step of each weight.
const STEP: f32 = 0.05;
/// Texts that each part is taken to have been seen in beforehand, with and without a label: keeps rare parts modest.
const SEEN_BEFORE: f32 = 2.0;
/// The shortest a step becomes for a part that tells nothing.
const TELLING_MIN: f32 = 0.02;
/// Pull of each weight towards nothing, at each look at it.
const PULL: f32 = 2e-5;
/// Every so many rows is kept back to find how much a rare label must be favoured.
const KEPT_BACK: usize = 8;

/// The parts of one text with what each is worth.
pub type Parts = Vec<(u32, f32)>;

/// The parts of a text: words and runs count as much as each other, `known` (what a word list says) comes beside them.
#[must_use]
pub fn parts(pieces: &[Piece], known: &[(u64, f32)]) -> Parts {
    let mut found: [Vec<u32>; 2] = [Vec::with_capacity(pieces.len() * 3), Vec::with_capacity(pieces.len() * 16)];
    each_part(pieces, |_, kind, number| found[kind as usize].push(bucket(number)));
    let mut parts = Parts::with_capacity(found[0].len() + found[1].len() + known.len());
    for group in &mut found {
        group.sort_unstable();
        group.dedup();
        let worth = 1.0 / (group.len().max(1) as f32).sqrt();
        parts.extend(group.iter().map(|&bucket| (bucket, worth)));
    }
    parts.extend(known.iter().map(|&(number, worth)| (bucket(number), worth)));
    parts
}

fn bucket(number: u64) -> u32 {
    (number % BUCKETS as u64) as u32
}

/// A model ready to be asked: small whole numbers times one scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Linear {
    /// What it tells apart.
    pub labels: Vec<String>,
    /// By bucket, then label.
    pub weights: Vec<i8>,
    /// What one step of a weight is worth.
    pub scale: f32,
    /// Where each label starts.
    pub start: Vec<f32>,
}

impl Linear {
    /// How sure the model is of each label; adds up to 1.
    #[must_use]
    pub fn shares(&self, parts: &Parts) -> Vec<f32> {
        let count = self.labels.len();
        let mut sums = vec![0.0_f32; count];
        for &(bucket, worth) in parts {
            let at = bucket as usize * count;
            for (sum, &weight) in sums.iter_mut().zip(&self.weights[at..at + count]) {
                *sum += f32::from(weight) * worth;
            }
        }
        for (sum, start) in sums.iter_mut().zip(&self.start) {
            *sum = *sum * self.scale + start;
        }
        soften(&mut sums);
        sums
    }

    /// What each piece adds to a label against the mean of the others; for explanations.
    #[must_use]
    pub fn pulls(&self, pieces: &[Piece], label: usize) -> Vec<f32> {
        let count = self.labels.len();
        let mut pulls = vec![0.0_f32; pieces.len()];
        let others = count.saturating_sub(1).max(1) as f32;
        each_part(pieces, |place, kind, number| {
            let at = bucket(number) as usize * count;
            let row = &self.weights[at..at + count];
            let sum: f32 = row.iter().map(|&weight| f32::from(weight)).sum();
            let own = f32::from(row[label]);
            // A word has many runs; each counts for less.
            let worth = if kind == PartKind::Words { 1.0 } else { 0.25 };
            if let Some(pull) = pulls.get_mut(place) {
                *pull += worth * (own - (sum - own) / others);
            }
        });
        pulls
    }
}

fn soften(sums: &mut [f32]) {
    let most = sums.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    sums.iter_mut().for_each(|sum| *sum = (*sum - most).exp());
    let total: f32 = sums.iter().sum();
    sums.iter_mut().for_each(|sum| *sum /= total);
}

/// The place of the largest share, and the share.
#[must_use]
pub fn best(shares: &[f32]) -> (usize, f32) {
    shares.iter().copied().enumerate().fold((0, 0.0), |best, next| if next.1 > best.1 { next } else { best })
}

/// A labelled text, ready to be learnt from.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// Its parts.
    pub parts: Parts,
    /// The place of its label.
    pub label: usize,
}

/// Learns from labelled texts. `labels` name the places that the lessons speak of.
#[must_use]
pub fn train(lessons: &[Lesson], labels: Vec<String>) -> Linear {
    let favour = favour(lessons, labels.len());
    let mut learner = Learner::new(labels.len());
    learner.learn(&lessons.iter().collect::<Vec<_>>());
    for (start, favour) in learner.start.iter_mut().zip(favour) {
        *start += favour;
    }
    learner.finish(labels)
}

struct Learner {
    labels: usize,
    weights: Vec<f32>,
    seen: Vec<f32>,
    start: Vec<f32>,
    start_seen: Vec<f32>,
    /// How much a part tells a label from the others.
    telling: Vec<f32>,
}

impl Learner {
    fn new(labels: usize) -> Self {
        Self {
            labels,
            weights: vec![0.0; BUCKETS * labels],
            seen: vec![0.0; BUCKETS * labels],
            start: vec![0.0; labels],
            start_seen: vec![1e-3; labels],
            telling: Vec::new(),
        }
    }

    fn learn(&mut self, lessons: &[&Lesson]) {
        self.telling = telling(lessons, self.labels);
        let mut order: Vec<usize> = (0..lessons.len()).collect();
        let mut chance = 0x2545_f491_4f6c_dd1d_u64;
        for _ in 0..ROUNDS {
            for place in (1..order.len()).rev() {
                chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                order.swap(place, ((chance >> 33) % (place as u64 + 1)) as usize);
            }
            for &place in &order {
                self.look_at(lessons[place]);
            }
        }
    }

    fn shares(&self, parts: &Parts) -> Vec<f32> {
        let mut sums = self.start.clone();
        for &(bucket, worth) in parts {
            let at = bucket as usize * self.labels;
            for (sum, weight) in sums.iter_mut().zip(&self.weights[at..at + self.labels]) {
                *sum += weight * worth;
            }
        }
        soften(&mut sums);
        sums
    }

    fn look_at(&mut self, lesson: &Lesson) {
        let mut wrong = self.shares(&lesson.parts);
        if let Some(own) = wrong.get_mut(lesson.label) {
            *own -= 1.0;
        }
        for (label, &wrong) in wrong.iter().enumerate() {
            self.start_seen[label] += wrong * wrong;
            self.start[label] -= 0.1 * wrong / self.start_seen[label].sqrt();
            if wrong.abs() < 1e-3 {
                continue;
            }
            for &(bucket, worth) in &lesson.parts {
                let at = bucket as usize * self.labels + label;
                let slope = wrong * worth + PULL * self.weights[at];
                self.seen[at] += slope * slope;
                self.weights[at] -= STEP * self.telling[at] * slope / (self.seen[at].sqrt() + 1e-6);
            }
        }
    }

    fn finish(self, labels: Vec<String>) -> Linear {
        let mut sizes: Vec<f32> = self.weights.iter().map(|weight| weight.abs()).filter(|&size| size > 1e-6).collect();
        sizes.sort_unstable_by(f32::total_cmp);
        // The few largest are cut, so that the many small ones keep their differences.
        let place = (sizes.len().saturating_sub(1)) * 9_995 / 10_000;
        let scale = sizes.get(place).copied().unwrap_or(1.0).max(1e-6) / 127.0;
        let weights = self.weights.iter().map(|weight| (weight / scale).round().clamp(-127.0, 127.0) as i8).collect();
        Linear { labels, weights, scale, start: self.start }
    }
}

/// How much each part tells each label from the others: the logarithm of how much more often texts of the label have it.
fn telling(lessons: &[&Lesson], labels: usize) -> Vec<f32> {
    let (mut having, mut texts) = (vec![0.0_f32; BUCKETS * labels], vec![0.0_f32; labels]);
    for lesson in lessons {
        texts[lesson.label] += 1.0;
        for &(bucket, _) in lesson.parts.iter().filter(|(_, worth)| *worth > 0.0) {
            having[bucket as usize * labels + lesson.label] += 1.0;
        }
    }
    let all: f32 = texts.iter().sum();
    let share = |having: f32, texts: f32| (having + SEEN_BEFORE) / (texts + 2.0 * SEEN_BEFORE);
    for counts in having.chunks_exact_mut(labels.max(1)) {
        let sum: f32 = counts.iter().sum();
        for (count, &own) in counts.iter_mut().zip(&texts) {
            let ratio = share(*count, own) / share(sum - *count, all - own);
            *count = ratio.ln().abs().max(TELLING_MIN);
        }
    }
    having
}

/// How much each label is favoured so that rare ones are found as well as frequent ones: what makes the mean of the labels'
/// F1 best on rows that were kept back.
fn favour(lessons: &[Lesson], labels: usize) -> Vec<f32> {
    let mut favour = vec![0.0; labels];
    let (kept, learnt): (Vec<_>, Vec<_>) = lessons.iter().enumerate().partition(|(place, _)| place % KEPT_BACK == 0);
    if kept.len() < 50 {
        return favour;
    }
    let mut learner = Learner::new(labels);
    learner.learn(&learnt.into_iter().map(|(_, lesson)| lesson).collect::<Vec<_>>());
    let told: Vec<(Vec<f32>, usize)> = kept
        .into_iter()
        .map(|(_, lesson)| {
            (learner.shares(&lesson.parts).iter().map(|share| share.max(1e-9).ln()).collect(), lesson.label)
        })
        .collect();
    let mut score = mean_f1(&told, &favour);
    for _ in 0..3 {
        for label in 0..labels {
            for step in -12..=12 {
                let mut tried = favour.clone();
                tried[label] = step as f32 * 0.1;
                let reached = mean_f1(&told, &tried);
                if reached > score + 1e-4 {
                    (score, favour) = (reached, tried);
                }
            }
        }
    }
    // Half the way: what is best on so few rows is too much on others.
    favour.iter_mut().for_each(|favour| *favour *= 0.6);
    favour
}

fn mean_f1(told: &[(Vec<f32>, usize)], favour: &[f32]) -> f32 {
    let labels = favour.len();
    let (mut hit, mut said, mut is) = (vec![0.0_f32; labels], vec![0.0_f32; labels], vec![0.0_f32; labels]);
    for (logs, label) in told {
        let sums: Vec<f32> = logs.iter().zip(favour).map(|(log, favour)| (log + favour).exp()).collect();
        let (guess, _) = best(&sums);
        said[guess] += 1.0;
        is[*label] += 1.0;
        hit[guess] += f32::from(u8::from(guess == *label));
    }
    (0..labels).map(|label| 2.0 * hit[label] / (said[label] + is[label]).max(1.0)).sum::<f32>() / labels.max(1) as f32
}
