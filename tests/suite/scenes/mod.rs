//! The scenes, by what people do.

mod arriving;
mod meeting;
mod reporting;
