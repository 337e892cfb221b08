//! Time as offices live it.
pub mod business_time;
