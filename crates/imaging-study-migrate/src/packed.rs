//! Outputs that are compressed, on a thread of their own.

use std::io::{self, Write};
use std::mem;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use flate2::write::GzEncoder;

use crate::compressed::{Compression, WAITING};
use crate::output::Output;

/// The size of the pieces that the thread gets, in bytes.
const PIECE: usize = 1 << 18;

/// Compresses what is written and hands it to an output.
#[derive(Debug)]
pub struct Packer {
    orders: Option<mpsc::SyncSender<Order>>,
    thread: Option<JoinHandle<io::Result<Output>>>,
    piece: Vec<u8>,
}

enum Order {
    Bytes(Vec<u8>),
    /// Ends a member, so that what was written can be read by itself; the answer is the size of all.
    Checkpoint(mpsc::Sender<u64>),
}

impl Packer {
    /// Compresses into an output, which may hold members already.
    pub(crate) fn start(
        output: Output,
        compression: Compression,
        continues: bool,
    ) -> io::Result<Self> {
        let (orders, received) = mpsc::sync_channel(WAITING);
        let thread = thread::Builder::new()
            .name("pack".into())
            .spawn(move || pack(output, compression, continues, &received))?;
        Ok(Self {
            orders: Some(orders),
            thread: Some(thread),
            piece: Vec::with_capacity(PIECE),
        })
    }

    fn order(&mut self, order: Order) -> io::Result<()> {
        let sent = self.orders.as_ref().map(|orders| orders.send(order));
        match sent {
            Some(Ok(())) => Ok(()),
            // The thread has ended, and knows why.
            _ => Err(self
                .ended()
                .map_or_else(|error| error, |_| io::ErrorKind::BrokenPipe.into())),
        }
    }

    fn send(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let piece = mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        self.order(Order::Bytes(piece))
    }

    fn ended(&mut self) -> io::Result<Output> {
        self.orders = None;
        let ended = self.thread.take().map(JoinHandle::join);
        match ended {
            Some(Ok(output)) => output,
            _ => Err(io::Error::other("compressing ended early")),
        }
    }

    /// Makes sure that what was written is there to stay; its size.
    pub(crate) fn checkpoint(&mut self) -> io::Result<u64> {
        self.send()?;
        let (answer, answered) = mpsc::channel();
        self.order(Order::Checkpoint(answer))?;
        match answered.recv() {
            Ok(size) => Ok(size),
            Err(_) => Err(self
                .ended()
                .map_or_else(|error| error, |_| io::ErrorKind::BrokenPipe.into())),
        }
    }

    /// Ends what is compressed; what it was written to.
    pub(crate) fn finish(mut self) -> io::Result<Output> {
        self.send()?;
        self.ended()
    }
}

impl Write for Packer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE {
            self.send()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.send()
    }
}

fn pack(
    mut output: Output,
    compression: Compression,
    continues: bool,
    orders: &mpsc::Receiver<Order>,
) -> io::Result<Output> {
    let mut begun = continues;
    while let Ok(mut order) = orders.recv() {
        if let Order::Bytes(_) = order {
            let mut encoder = Encoder::new(output, compression)?;
            begun = true;
            let mut next = None;
            while let Order::Bytes(bytes) = order {
                encoder.write_all(&bytes)?;
                match orders.recv() {
                    Ok(received) => order = received,
                    Err(_) => break,
                }
                if let Order::Checkpoint(answer) = order {
                    next = Some(answer);
                    break;
                }
            }
            output = encoder.finish()?;
            if let Some(answer) = next {
                // Who asked waits.
                let _ = answer.send(output.checkpoint()?);
            }
        } else if let Order::Checkpoint(answer) = order {
            let _ = answer.send(output.checkpoint()?);
        }
    }
    if !begun {
        // Nothing, compressed, is something.
        output = Encoder::new(output, compression)?.finish()?;
    }
    output.flush()?;
    Ok(output)
}

enum Encoder {
    Gzip(GzEncoder<Output>),
    Zstd(zstd::stream::write::Encoder<'static, Output>),
}

impl Encoder {
    fn new(output: Output, compression: Compression) -> io::Result<Self> {
        Ok(match compression {
            Compression::Gzip => Self::Gzip(GzEncoder::new(output, flate2::Compression::fast())),
            Compression::Zstd => {
                let mut encoder = zstd::stream::write::Encoder::new(output, 1)?;
                encoder.include_checksum(true)?;
                Self::Zstd(encoder)
            }
        })
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Gzip(encoder) => encoder.write_all(bytes),
            Self::Zstd(encoder) => encoder.write_all(bytes),
        }
    }

    fn finish(self) -> io::Result<Output> {
        match self {
            Self::Gzip(encoder) => encoder.finish(),
            Self::Zstd(encoder) => encoder.finish(),
        }
    }
}
