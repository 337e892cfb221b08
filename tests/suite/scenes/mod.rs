//! The scenes, by what people do.

mod absence;
mod alone;
mod applying;
mod approving;
mod arriving;
mod asking;
mod assigning;
mod collecting;
mod coverage;
mod consulting;
mod delivering;
mod groups;
mod hostile;
mod knocking;
mod linking;
mod listening;
mod living;
mod meeting;
mod mirroring;
mod noting;
mod playbook;
mod recovering;
mod reporting;
mod roles;
mod timing;
mod working;
