//! The scenes, by what people do.

mod arriving;
mod asking;
mod assigning;
mod collecting;
mod delivering;
mod hostile;
mod knocking;
mod listening;
mod noting;
mod recovering;
mod timing;
mod working;
mod meeting;
mod reporting;
