//! Coverage.
use super::Fault;
use super::work::Work;
use crate::domain::notice::Notice;
use crate::domain::people::absence::Absence;

/// Gaps that an absence makes.
///
/// # Errors
/// [`Fault::Store`].
pub async fn warnings(_work: &mut Work<'_>, _absence: &Absence) -> Result<Vec<Notice>, Fault> {
    Ok(Vec::new())
}
