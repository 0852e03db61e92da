//! Servers for gRPC that write HTTP/2 frames themselves.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use crate::http2::{ACK, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, SETTINGS, frame, head, literal};
use crate::socket::{Script, closed, drip, flood, script, silence};

pub(crate) const PRIORITY: u8 = 2;
pub(crate) const RST_STREAM: u8 = 3;
pub(crate) const PUSH_PROMISE: u8 = 5;
pub(crate) const WINDOW_UPDATE: u8 = 8;
pub(crate) const CONTINUATION: u8 = 9;
pub(crate) const PADDED: u8 = 8;

/// The length of the text with which a client begins (RFC 9113 §3.4).
const PREFACE: usize = 24;

/// The largest frame by default (§6.5.2).
const MOST: usize = 16384;

/// The frames that begin a connection, with these settings (§6.5.1).
pub(crate) fn settings(settings: &[(u16, u32)]) -> Vec<u8> {
    let payload: Vec<u8> = settings
        .iter()
        .flat_map(|(id, value)| [&id.to_be_bytes()[..], &value.to_be_bytes()].concat())
        .collect();
    [frame(SETTINGS, 0, 0, &payload), frame(SETTINGS, ACK, 0, &[])].concat()
}

/// A connection, from the server's side.
pub(crate) struct Connection {
    pub(crate) stream: TcpStream,
    windows: Arc<Mutex<Windows>>,
}

/// How many bytes the client still takes: by default on a stream, and on the current one.
#[derive(Clone, Copy)]
struct Windows {
    initial: usize,
    stream: usize,
}

impl Connection {
    pub(crate) fn write(&self, bytes: &[u8]) -> io::Result<()> {
        (&self.stream).write_all(bytes)
    }

    /// Writes data as the client takes it (§5.2).
    fn write_data(&self, id: u32, bytes: &[u8]) -> io::Result<()> {
        for chunk in bytes.chunks(MOST) {
            loop {
                let mut windows = self.windows.lock().unwrap();
                if let Some(left) = windows.stream.checked_sub(chunk.len()) {
                    windows.stream = left;
                    break;
                }
                drop(windows);
                thread::sleep(Duration::from_millis(1));
            }
            self.write(&frame(DATA, 0, id, chunk))?;
        }
        Ok(())
    }
}

/// A server that begins with these bytes, and runs the script for each request, with its stream.
fn begun(
    start: Vec<u8>,
    answer: impl Fn(&Connection, u32) -> io::Result<()> + Send + Sync + 'static,
) -> Script {
    script(move |mut stream| {
        stream.read_exact(&mut [0; PREFACE])?;
        stream.write_all(&start)?;
        let (sender, requests) = mpsc::channel();
        let windows = Arc::new(Mutex::new(Windows { initial: 65_535, stream: 0 }));
        let (reader, seen) = (stream.try_clone()?, windows.clone());
        thread::spawn(move || {
            let over = read(reader, &sender, &seen);
            // Lets the writer find that the client is gone.
            seen.lock().unwrap().stream = usize::MAX;
            over
        });
        let connection = Connection { stream, windows };
        let over = requests.into_iter().try_for_each(|id| answer(&connection, id));
        // The reader has the connection, too.
        connection.stream.shutdown(Shutdown::Both)?;
        over
    })
}

/// Reads frames, and reports each request once it is complete.
fn read(mut stream: TcpStream, requests: &mpsc::Sender<u32>, windows: &Mutex<Windows>) -> io::Result<()> {
    const INITIAL_WINDOW: [u8; 2] = [0, 4];
    let number = |bytes: &[u8]| u32::from_be_bytes(bytes.try_into().unwrap());
    let mut payload = Vec::new();
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head)?;
        payload.resize(number(&[0, head[0], head[1], head[2]]) as usize, 0);
        stream.read_exact(&mut payload)?;
        let id = number(&head[5..]);
        let mut windows = windows.lock().unwrap();
        match head[3] {
            SETTINGS => {
                let mut values = payload.chunks_exact(6).filter(|setting| setting[..2] == INITIAL_WINDOW);
                windows.initial =
                    values.next_back().map_or(windows.initial, |setting| number(&setting[2..]) as usize);
            }
            WINDOW_UPDATE if id > 0 => windows.stream += number(&payload) as usize,
            DATA | HEADERS if head[4] & END_STREAM != 0 => {
                windows.stream = windows.initial;
                requests.send(id).map_err(|_| closed())?;
            }
            _ => {}
        }
    }
}

pub(crate) fn http2(answer: impl Fn(&Connection, u32) -> io::Result<()> + Send + Sync + 'static) -> Script {
    begun(settings(&[]), answer)
}

/// Answers each request with these frames.
pub(crate) fn answers(frames: impl Fn(u32) -> Vec<u8> + Send + Sync + 'static) -> Script {
    http2(move |connection, id| connection.write(&frames(id)))
}

/// The same, by a server with these settings.
pub(crate) fn answers_with(
    values: &[(u16, u32)],
    frames: impl Fn(u32) -> Vec<u8> + Send + Sync + 'static,
) -> Script {
    begun(settings(values), move |connection, id| connection.write(&frames(id)))
}

/// Answers with these frames, and closes the connection.
pub(crate) fn ends(frames: impl Fn(u32) -> Vec<u8> + Send + Sync + 'static) -> Script {
    http2(move |connection, id| {
        connection.write(&frames(id))?;
        Err(closed())
    })
}

/// Answers with the first frames, and the second ones for ever after them.
pub(crate) fn floods(frames: impl Fn(u32) -> [Vec<u8>; 2] + Send + Sync + 'static) -> Script {
    http2(move |connection, id| {
        let [start, piece] = frames(id);
        connection.write(&start)?;
        flood(&connection.stream, &piece)
    })
}

/// The same, slowly.
pub(crate) fn drips(frames: impl Fn(u32) -> [Vec<u8>; 2] + Send + Sync + 'static) -> Script {
    http2(move |connection, id| {
        let [start, piece] = frames(id);
        connection.write(&start)?;
        drip(&connection.stream, &piece)
    })
}

/// Answers with these bytes as data, which the client takes, in a response that succeeds.
pub(crate) fn answers_data(bytes: impl Into<Vec<u8>>) -> Script {
    let bytes = bytes.into();
    http2(move |connection, id| {
        connection.write(&begin(id))?;
        connection.write_data(id, &bytes)?;
        connection.write(&end(id, &[("grpc-status", "0")]))
    })
}

/// A server that begins with these bytes in place of its settings, and is silent then.
pub(crate) fn starts(bytes: impl Into<Vec<u8>>) -> Script {
    let bytes = bytes.into();
    script(move |mut stream| {
        stream.read_exact(&mut [0; PREFACE])?;
        stream.write_all(&bytes)?;
        silence(&stream)
    })
}

/// A server that begins with the first bytes in place of its settings, and the second ones for ever after them.
pub(crate) fn starts_flooding(bytes: impl Into<Vec<u8>>, piece: impl Into<Vec<u8>>) -> Script {
    let (bytes, piece) = (bytes.into(), piece.into());
    script(move |mut stream| {
        stream.read_exact(&mut [0; PREFACE])?;
        stream.write_all(&bytes)?;
        let mut reader = stream.try_clone()?;
        thread::spawn(move || io::copy(&mut reader, &mut io::sink()));
        let over = flood(&stream, &piece);
        stream.shutdown(Shutdown::Both)?;
        over
    })
}

/// A header block.
pub(crate) fn block(fields: &[(&str, &str)]) -> Vec<u8> {
    fields.iter().map(|(name, value)| literal(name, value.as_bytes())).collect::<Vec<_>>().concat()
}

/// Headers as frames that fit.
pub(crate) fn header_frames(id: u32, flags: u8, block: &[u8]) -> Vec<u8> {
    let chunks: Vec<_> = block.chunks(MOST).collect();
    let frames = chunks.iter().enumerate().map(|(index, chunk)| {
        let last = if index + 1 == chunks.len() { END_HEADERS } else { 0 };
        if index == 0 {
            frame(HEADERS, flags | last, id, chunk)
        } else {
            frame(CONTINUATION, last, id, chunk)
        }
    });
    frames.collect::<Vec<_>>().concat()
}

/// The headers of a response in gRPC.
pub(crate) fn begin(id: u32) -> Vec<u8> {
    header_frames(id, 0, &head())
}

/// The headers of a response that is nothing else.
pub(crate) fn only(id: u32, fields: &[(&str, &str)]) -> Vec<u8> {
    header_frames(id, END_STREAM, &block(fields))
}

pub(crate) fn end(id: u32, fields: &[(&str, &str)]) -> Vec<u8> {
    header_frames(id, END_STREAM, &block(fields))
}

/// The bytes as frames that fit.
pub(crate) fn data(id: u32, bytes: &[u8]) -> Vec<u8> {
    bytes.chunks(MOST).map(|chunk| frame(DATA, 0, id, chunk)).collect::<Vec<_>>().concat()
}

/// A message with gRPC's prefix, and this flag.
pub(crate) fn prefixed(flag: u8, message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    [&[flag][..], &length, message].concat()
}

/// The same, as data.
pub(crate) fn message(id: u32, flag: u8, message: &[u8]) -> Vec<u8> {
    data(id, &prefixed(flag, message))
}

/// A whole response with this message.
pub(crate) fn response(id: u32, bytes: &[u8]) -> Vec<u8> {
    [begin(id), message(id, 0, bytes), end(id, &[("grpc-status", "0")])].concat()
}

pub(crate) fn go_away(last: u32, code: u32) -> Vec<u8> {
    frame(GOAWAY, 0, 0, &[last.to_be_bytes(), code.to_be_bytes()].concat())
}

pub(crate) fn reset(id: u32, code: u32) -> Vec<u8> {
    frame(RST_STREAM, 0, id, &code.to_be_bytes())
}
