//! The scenes, by what people do.

mod approving;
mod arriving;
mod asking;
mod assigning;
mod collecting;
mod consulting;
mod correcting;
mod delivering;
mod hostile;
mod knocking;
mod listening;
mod meeting;
mod mirroring;
mod noting;
mod playbook;
mod recovering;
mod reporting;
mod timing;
mod working;
