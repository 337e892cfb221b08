//! A crisis from its declaration to its review, against two chats kept in memory and a clock moved by hand; each scene on
//! SQLite and on PostgreSQL, with a restart between each two steps.

#![allow(clippy::unwrap_used, missing_docs)]

mod fake;
mod found;
#[path = "../support/postgres.rs"]
mod postgres;
mod scenes;
mod world;

/// Stamps each named `async fn(World)` out as a test on either engine.
#[macro_export]
macro_rules! scenes {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    super::$name($crate::world::World::sqlite().await).await;
                }
            )+
        }
        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    super::$name($crate::world::World::postgres().await).await;
                }
            )+
        }
    };
}
