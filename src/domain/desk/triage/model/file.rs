//! A model as a file: one line that names the format, one line of JSON, then the weights that are not nothing, then a checksum.
//!
//! Never trusts a length before it was checked. Start at [`Model::write`] and [`Model::read`].

use serde::{Deserialize, Serialize};

use super::linear::{BUCKETS, LABELS_MAX, Linear};
use super::{Field, Model};

/// First line of a model file.
const FORMAT: &[u8] = b"vigie-model 1\n";
/// Largest file that is read, in bytes: three fields of [`LABELS_MAX`] labels with every weight set, and some.
pub const FILE_BYTES_MAX: usize = 64 << 20;
/// Longest label, in bytes.
const LABEL_BYTES_MAX: usize = 100;

/// Why a file is no model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelFault {
    /// The first line says something else.
    #[error("this is no model file (made by `vigie train`), or of another version")]
    NotAModel,
    /// It ends too early, or something is out of bounds.
    #[error("the file is damaged: {0}")]
    Damaged(&'static str),
}

#[derive(Debug, Serialize, Deserialize)]
struct Head {
    field: Field,
    labels: Vec<String>,
    scale: f32,
    start: Vec<f32>,
    rows: usize,
}

impl Model {
    /// The file's bytes.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let used = |head: &Linear| -> Vec<usize> {
            let count = head.labels.len();
            (0..BUCKETS)
                .filter(|bucket| head.weights[bucket * count..(bucket + 1) * count].iter().any(|&weight| weight != 0))
                .collect()
        };
        let heads: Vec<(Head, Vec<usize>, &Linear)> = self
            .heads
            .iter()
            .map(|(field, head)| {
                let rows = used(head);
                let described = Head {
                    field: *field,
                    labels: head.labels.clone(),
                    scale: head.scale,
                    start: head.start.clone(),
                    rows: rows.len(),
                };
                (described, rows, head)
            })
            .collect();
        let mut bytes = FORMAT.to_vec();
        let described: Vec<&Head> = heads.iter().map(|(described, ..)| described).collect();
        bytes.extend(serde_json::to_vec(&described).unwrap_or_default());
        bytes.push(b'\n');
        for (_, rows, head) in &heads {
            let count = head.labels.len();
            let mut last = 0;
            for &row in rows {
                put_gap(&mut bytes, row - last);
                last = row;
                bytes.extend(head.weights[row * count..(row + 1) * count].iter().map(|&weight| weight.cast_unsigned()));
            }
        }
        let sum = checksum(&bytes);
        bytes.extend(sum.to_le_bytes());
        bytes
    }

    /// Reads a file's bytes.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(bytes: &[u8]) -> Result<Self, ModelFault> {
        let damaged = ModelFault::Damaged;
        let inside = bytes.strip_prefix(FORMAT).ok_or(ModelFault::NotAModel)?;
        if bytes.len() > FILE_BYTES_MAX {
            return Err(damaged("it is too large"));
        }
        let end = inside.len().checked_sub(8).ok_or(damaged("it ends too early"))?;
        let (inside, sum) = inside.split_at(end);
        if checksum(&bytes[..bytes.len() - 8]).to_le_bytes() != sum {
            return Err(damaged("its checksum is wrong"));
        }
        let line = inside.iter().position(|&byte| byte == b'\n').ok_or(damaged("it ends too early"))?;
        let heads: Vec<Head> =
            serde_json::from_slice(&inside[..line]).map_err(|_| damaged("its second line cannot be read"))?;
        let mut rest = &inside[line + 1..];
        let mut model = Self::default();
        for head in heads {
            let field = head.field;
            let linear = read_head(head, &mut rest)?;
            if model.heads.insert(field, linear).is_some() {
                return Err(damaged("a field stands in it twice"));
            }
        }
        if rest.is_empty() { Ok(model) } else { Err(damaged("something stands behind its end")) }
    }
}

fn read_head(head: Head, rest: &mut &[u8]) -> Result<Linear, ModelFault> {
    let damaged = ModelFault::Damaged;
    let count = head.labels.len();
    let fits = (2..=LABELS_MAX).contains(&count)
        && head.start.len() == count
        && head.rows <= BUCKETS
        && head.scale.is_finite()
        && head.start.iter().all(|start| start.is_finite())
        && head.labels.iter().all(|label| !label.is_empty() && label.len() <= LABEL_BYTES_MAX);
    if !fits {
        return Err(damaged("its second line is out of bounds"));
    }
    let mut weights = vec![0_i8; BUCKETS * count];
    let mut row = 0_usize;
    for _ in 0..head.rows {
        row += take_gap(rest).ok_or(damaged("it ends too early"))?;
        let values = rest.get(..count).ok_or(damaged("it ends too early"))?;
        let place = weights.get_mut(row * count..(row + 1) * count).ok_or(damaged("a weight is out of bounds"))?;
        for (weight, &value) in place.iter_mut().zip(values) {
            *weight = value.cast_signed();
        }
        *rest = &rest[count..];
    }
    Ok(Linear { labels: head.labels, weights, scale: head.scale, start: head.start })
}

/// A number in as few bytes as it needs, seven bits each.
fn put_gap(bytes: &mut Vec<u8>, mut gap: usize) {
    while gap >= 0x80 {
        bytes.push((gap & 0x7f) as u8 | 0x80);
        gap >>= 7;
    }
    bytes.push(gap as u8);
}

fn take_gap(rest: &mut &[u8]) -> Option<usize> {
    let mut gap = 0_usize;
    for shift in [0, 7, 14] {
        let (&byte, behind) = rest.split_first()?;
        *rest = behind;
        gap |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(gap);
        }
    }
    None
}

/// FNV-1a: finds a damaged file, not a forged one; whoever can write the file may write any model.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |sum, &byte| (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}
