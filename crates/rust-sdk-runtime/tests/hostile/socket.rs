//! Servers on raw sockets, each with a script of what it writes.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// What a server does with one connection. It ends with an error when the client closes the connection.
pub(crate) type Script = Arc<dyn Fn(TcpStream) -> io::Result<()> + Send + Sync>;

/// The pause between the pieces of a slow server.
const PAUSE: Duration = Duration::from_millis(50);
/// How much a fast server writes at once.
const BLOCK: usize = 64 << 10;

/// Serves each connection with the script, until the program ends.
pub(crate) fn serve(script: Script) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            let script = script.clone();
            stream.set_nodelay(true).unwrap();
            // The client's end of the connection is no failure of the server.
            thread::spawn(move || drop(script(stream)));
        }
    });
    address
}

pub(crate) fn script(script: impl Fn(TcpStream) -> io::Result<()> + Send + Sync + 'static) -> Script {
    Arc::new(script)
}

/// The error that ends a connection.
pub(crate) fn closed() -> io::Error {
    io::ErrorKind::ConnectionAborted.into()
}

/// Writes the piece for ever, as fast as the client reads.
pub(crate) fn flood(mut stream: &TcpStream, piece: &[u8]) -> io::Result<()> {
    let block = piece.repeat(BLOCK.div_ceil(piece.len()));
    loop {
        stream.write_all(&block)?;
    }
}

/// Writes the piece for ever, with pauses.
pub(crate) fn drip(mut stream: &TcpStream, piece: &[u8]) -> io::Result<()> {
    loop {
        stream.write_all(piece)?;
        thread::sleep(PAUSE);
    }
}

/// Reads until the client closes the connection.
pub(crate) fn silence(mut stream: &TcpStream) -> io::Result<()> {
    let mut buffer = [0; 4096];
    while stream.read(&mut buffer)? > 0 {}
    Err(closed())
}

/// Waits for a request, writes these bytes, and resets the connection (RST): that is what closing a socket with unread data does.
pub(crate) fn resets(bytes: impl Into<Vec<u8>>) -> Script {
    let bytes = bytes.into();
    script(move |mut stream| {
        stream.peek(&mut [0])?;
        stream.write_all(&bytes)
    })
}

/// A server for HTTP/1.1: reads each request's head and then runs the script. Requests with a body are not understood.
pub(crate) fn http1(answer: impl Fn(&TcpStream) -> io::Result<()> + Send + Sync + 'static) -> Script {
    script(move |stream| {
        loop {
            head(&stream)?;
            answer(&stream)?;
        }
    })
}

/// Reads a request's head.
fn head(mut stream: &TcpStream) -> io::Result<()> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    Ok(())
}

/// Answers each request with these bytes, and keeps the connection.
pub(crate) fn says(bytes: impl Into<Vec<u8>>) -> Script {
    let bytes = bytes.into();
    http1(move |mut stream| stream.write_all(&bytes))
}

/// Answers with these bytes, and closes the connection.
pub(crate) fn ends(bytes: impl Into<Vec<u8>>) -> Script {
    let bytes = bytes.into();
    http1(move |mut stream| {
        stream.write_all(&bytes)?;
        Err(closed())
    })
}

/// Answers with these bytes, and the piece for ever after them.
pub(crate) fn floods(bytes: impl Into<Vec<u8>>, piece: impl Into<Vec<u8>>) -> Script {
    let (bytes, piece) = (bytes.into(), piece.into());
    http1(move |mut stream| {
        stream.write_all(&bytes)?;
        flood(stream, &piece)
    })
}

/// Answers with these bytes, and the piece for ever after them, slowly.
pub(crate) fn drips(bytes: impl Into<Vec<u8>>, piece: impl Into<Vec<u8>>) -> Script {
    let (bytes, piece) = (bytes.into(), piece.into());
    http1(move |mut stream| {
        stream.write_all(&bytes)?;
        drip(stream, &piece)
    })
}
