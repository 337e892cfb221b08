//! TCP connections that can be broken on purpose: a reset must look like a reset to the client.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// Pause after a failed accept.
const ACCEPT_PAUSE_MS: u64 = 50;

/// A connection that can be told to reset.
pub(super) struct BreakableStream {
    inner: TcpStream,
    control: ConnectionControl,
}

/// The handle on one connection.
#[derive(Clone, Debug, Default)]
pub(super) struct ConnectionControl(Arc<AtomicBool>);

impl ConnectionControl {
    /// From now on the connection fails, and closing it sends RST.
    pub fn reset(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    fn is_reset(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

impl BreakableStream {
    fn broken<T>(&self) -> Option<Poll<io::Result<T>>> {
        self.control.is_reset().then(|| Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())))
    }
}

impl Drop for BreakableStream {
    fn drop(&mut self) {
        if self.control.is_reset() {
            // Linger zero turns the close into a reset; should it fail, the close is an ordinary one.
            let _ = self.inner.set_zero_linger();
        }
    }
}

impl AsyncRead for BreakableStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.broken().unwrap_or_else(|| Pin::new(&mut self.inner).poll_read(cx, buf))
    }
}

impl AsyncWrite for BreakableStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.broken().unwrap_or_else(|| Pin::new(&mut self.inner).poll_write(cx, buf))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.broken().unwrap_or_else(|| Pin::new(&mut self.inner).poll_flush(cx))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.broken().unwrap_or_else(|| Pin::new(&mut self.inner).poll_shutdown(cx))
    }
}

/// Accepts breakable connections.
pub(super) struct BreakableListener(pub TcpListener);

impl Listener for BreakableListener {
    type Io = BreakableStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            match self.0.accept().await {
                Ok((inner, address)) => {
                    // Small frames must not wait for each other; where the option fails they merely come later.
                    let _ = inner.set_nodelay(true);
                    return (BreakableStream { inner, control: ConnectionControl::default() }, address);
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(ACCEPT_PAUSE_MS)).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.0.local_addr()
    }
}

impl Connected<IncomingStream<'_, BreakableListener>> for ConnectionControl {
    fn connect_info(stream: IncomingStream<'_, BreakableListener>) -> Self {
        stream.io().control.clone()
    }
}
