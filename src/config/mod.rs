//! Settings, office and rules: the files of `config/`, read and checked.
//!
//! Never reads half a file: with one error there is no value, and everything that is wrong is told at once, each with its
//! place and a cure. Never shows a secret. May use the domain only.
//! Start at [`office`], [`settings`] and [`triage`]; [`finding`] is what they report; `sheet` is how they read.

mod chats;
mod consistency;
mod environment;
pub mod export;
pub mod finding;
mod nearest;
pub mod office;
mod people;
mod places;
pub mod playbooks;
mod rotation;
pub mod settings;
mod sheet;
pub mod triage;
mod values;

pub use finding::{Checked, Finding, Format, Severity, report};
pub use office::{check_office, load_office};
pub use playbooks::{check_playbook, load_playbooks};
pub use settings::{Settings, check_settings, load_settings};
pub use triage::{Triage, check_triage, load_triage};
