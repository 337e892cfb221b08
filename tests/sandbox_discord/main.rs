//! The local Discord judged from outside: plain HTTP, plain WebSocket, and the real serenity client.

mod command_limits;
mod faults;
mod gateway;
mod harness;
mod interactions;
mod limits;
mod permissions;
mod rest;
mod serenity_client;
mod threads;
