//! Scenes of office life: the real Vigie with its real clients, against the local Slack, Discord and networks.
//!
//! Each scene runs on SQLite and on PostgreSQL. No scene waits for time to pass: the clock is moved by hand and the loops
//! are turned by hand, until nothing moves any more. Read a scene first, then [`office`].

#![allow(clippy::unwrap_used, clippy::large_futures, missing_docs)]

mod acts;
mod always;
mod machine;
mod office;
mod place;
#[path = "../support/postgres.rs"]
mod postgres;
mod probe;
mod replicas;
mod scenes;
mod seen;
mod upkeep;
mod verdict;

/// A scene on both databases; see [`office::Office`] for what must hold when it ends.
macro_rules! scene {
    ($(#[$meta:meta])* async fn $name:ident($office:ident) $body:block) => {
        mod $name {
            #[allow(unused_imports, reason = "a scene takes what it needs of its file's imports")]
            use super::*;

            $(#[$meta])*
            async fn play($office: &mut $crate::office::Office) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let mut office = $crate::office::Office::open($crate::office::Engine::Sqlite).await;
                play(&mut office).await;
                office.close().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let mut office = $crate::office::Office::open($crate::office::Engine::Postgres).await;
                play(&mut office).await;
                office.close().await;
            }
        }
    };
}
pub(crate) use scene;
