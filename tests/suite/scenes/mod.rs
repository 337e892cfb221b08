//! The scenes, by what people do.

mod arriving;
