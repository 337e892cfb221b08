//! Lines of labelled messages: one JSON object a line, read one after the other, however long the file is.
//!
//! A line that is wrong is told with its number and left out; the rest goes on. Start at [`Lines::open`].

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use serde_json::{Map, Value};

use crate::domain::desk::triage::Field;

/// Longest line, in bytes: a message of the largest network with all its signs escaped is far below.
pub const LINE_BYTES_MAX: usize = 1 << 20;
/// Wrong lines told one by one; more are counted.
pub const FAULTS_TOLD_MAX: usize = 20;

/// A message as a line says it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// Its number in the file, from 1.
    pub number: usize,
    /// `id` as it was given; the line's number when there was none.
    pub id: Value,
    /// The text.
    pub text: String,
    /// The network, when given.
    pub network: String,
    /// The kind of message, when given.
    pub kind: String,
    /// The author's followers, when given.
    pub followers: Option<u64>,
    /// What somebody said of it.
    pub labels: BTreeMap<Field, String>,
}

/// Under which keys the labels stand.
#[derive(Clone, Debug)]
pub struct Keys(BTreeMap<Field, String>);

/// The fields that may be labelled.
pub const FIELDS: [Field; 5] = [Field::Language, Field::Mood, Field::Topic, Field::Priority, Field::Role];

impl Keys {
    /// Each field under its own name, but for those named otherwise: `mood=label`.
    ///
    /// # Errors
    /// A sentence on what is wrong with a name.
    pub fn read(other: &[String]) -> anyhow::Result<Self> {
        let mut keys: BTreeMap<Field, String> = FIELDS.iter().map(|field| (*field, field.name().to_owned())).collect();
        for pair in other {
            let found = pair.split_once('=').and_then(|(field, key)| {
                let field = FIELDS.into_iter().find(|known| known.name() == field)?;
                (!key.is_empty()).then(|| (field, key.to_owned()))
            });
            let Some((field, key)) = found else {
                anyhow::bail!(
                    "`{pair}` is not understood: write FIELD=KEY, e.g. mood=label; fields: language, mood, topic, priority, role"
                );
            };
            keys.insert(field, key);
        }
        Ok(Self(keys))
    }
}

/// The lines of a file.
pub struct Lines {
    from: Box<dyn BufRead + Send>,
    keys: Keys,
    number: usize,
    buffer: Vec<u8>,
}

impl std::fmt::Debug for Lines {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Lines").field("number", &self.number).finish_non_exhaustive()
    }
}

impl Lines {
    /// Opens a file; `-` is the standard input.
    ///
    /// # Errors
    /// The file's.
    pub fn open(path: &Path, keys: Keys) -> io::Result<Self> {
        let from: Box<dyn BufRead + Send> = if path == Path::new("-") {
            Box::new(BufReader::new(io::stdin()))
        } else {
            Box::new(BufReader::with_capacity(1 << 18, File::open(path)?))
        };
        Ok(Self { from, keys, number: 0, buffer: Vec::new() })
    }

    /// The next line that is not empty: a message, or its number and what is wrong with it.
    ///
    /// # Errors
    /// The file's.
    pub fn read_next(&mut self) -> io::Result<Option<Result<Line, (usize, String)>>> {
        loop {
            self.buffer.clear();
            let limit = LINE_BYTES_MAX as u64 + 1;
            if self.from.by_ref().take(limit).read_until(b'\n', &mut self.buffer)? == 0 {
                return Ok(None);
            }
            self.number += 1;
            if self.buffer.len() > LINE_BYTES_MAX {
                self.skip_rest()?;
                return Ok(Some(Err((self.number, format!("longer than {LINE_BYTES_MAX} bytes")))));
            }
            let bytes = if self.number == 1 {
                self.buffer.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.buffer)
            } else {
                &self.buffer
            };
            if bytes.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            return Ok(Some(read(bytes, self.number, &self.keys).map_err(|fault| (self.number, fault))));
        }
    }

    fn skip_rest(&mut self) -> io::Result<()> {
        loop {
            let held = self.from.fill_buf()?;
            let end = held.iter().position(|&byte| byte == b'\n');
            let used = end.map_or(held.len(), |end| end + 1);
            let done = held.is_empty() || end.is_some();
            self.from.consume(used);
            if done {
                return Ok(());
            }
        }
    }
}

fn read(bytes: &[u8], number: usize, keys: &Keys) -> Result<Line, String> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| format!("no JSON: {error}"))?;
    let Value::Object(mut object) = value else {
        return Err("a JSON object is needed, e.g. {\"id\":\"1\",\"text\":\"...\"}".into());
    };
    let text = match object.remove("text") {
        Some(Value::String(text)) => text,
        Some(_) => return Err("`text` is not a string".into()),
        None => return Err("`text` is missing".into()),
    };
    let followers = match object.get("followers") {
        None | Some(Value::Null) => None,
        Some(Value::Number(count)) => Some(count.as_u64().unwrap_or(0)),
        Some(_) => return Err("`followers` is not a number".into()),
    };
    let mut labels = BTreeMap::new();
    for (field, key) in &keys.0 {
        if let Some(label) = label(&object, *field, key)? {
            labels.insert(*field, label);
        }
    }
    let word = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (network, kind) = (word("network"), word("kind"));
    let id = object.remove("id").filter(|id| !id.is_null()).unwrap_or_else(|| Value::from(number));
    Ok(Line { number, id, text, network, kind, followers, labels })
}

fn label(object: &Map<String, Value>, field: Field, key: &str) -> Result<Option<String>, String> {
    let text = match object.get(key) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => return Ok(None),
        Some(Value::String(text)) => text.trim().to_lowercase(),
        Some(_) => return Err(format!("`{key}` is not a string")),
    };
    Ok(Some(match field {
        Field::Mood => text
            .parse::<crate::domain::desk::triage::Mood>()
            .map_err(|_| format!("`{key}` is `{text}`; a mood is negative, neutral or positive"))?
            .code()
            .to_owned(),
        Field::Language => language_code(&text).to_owned(),
        _ => text,
    }))
}

/// Two letters where three, or a name, are as well known.
fn language_code(text: &str) -> &str {
    match text {
        "eng" | "english" => "en",
        "fra" | "fre" | "french" => "fr",
        "spa" | "spanish" => "es",
        "deu" | "ger" | "german" => "de",
        "ita" | "italian" => "it",
        "por" | "portuguese" => "pt",
        "nld" | "dut" | "dutch" => "nl",
        "swe" | "swedish" => "sv",
        "tur" | "turkish" => "tr",
        other => other,
    }
}

/// Tells wrong lines on the standard error, each with its number; after the first few only how many more there are.
#[derive(Debug, Default)]
pub struct Faults {
    count: usize,
}

impl Faults {
    /// One more wrong line.
    pub fn tell(&mut self, path: &Path, (number, fault): &(usize, String)) {
        self.count += 1;
        if self.count <= FAULTS_TOLD_MAX {
            eprintln!("{}:{number}: {fault}; the line is left out", path.display());
        }
    }

    /// How many there were; tells what was not told one by one.
    #[must_use]
    pub fn finish(self) -> usize {
        if self.count > FAULTS_TOLD_MAX {
            eprintln!("... and {} more wrong lines", self.count - FAULTS_TOLD_MAX);
        }
        self.count
    }
}
