//! Requests and responses as bytes.

use std::io::{Error, ErrorKind, Result};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};

/// What is read at most: the lines before the body, and the body.
const MAX_HEAD: u64 = 16 * 1024;
const MAX_BODY: usize = 1024 * 1024;

/// One request.
pub struct Request {
    pub method: String,
    pub path: String,
    pub body: Vec<u8>,
    /// Whether the client wants to send another one.
    pub keep_alive: bool,
}

impl Request {
    /// Reads a request. None if the client has closed the connection.
    pub async fn read<R>(stream: &mut BufReader<R>) -> Result<Option<Self>>
    where
        R: AsyncRead + Unpin,
    {
        let mut head = (&mut *stream).take(MAX_HEAD);
        let mut line = String::new();
        if head.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        let mut words = line.split_whitespace();
        let (Some(method), Some(path), Some(version)) = (words.next(), words.next(), words.next())
        else {
            return Err(invalid("the request line has no three words"));
        };
        let mut request = Self {
            method: method.to_owned(),
            path: path.to_owned(),
            body: Vec::new(),
            keep_alive: version == "HTTP/1.1",
        };
        let mut length = 0;
        loop {
            let mut line = String::new();
            if head.read_line(&mut line).await? == 0 {
                return Err(invalid("the headers do not end"));
            }
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            let Some((name, value)) = line.split_once(':') else {
                return Err(invalid("a header has no colon"));
            };
            let value = value.trim();
            if name.eq_ignore_ascii_case("content-length") {
                length = value
                    .parse()
                    .map_err(|_| invalid("Content-Length is no number"))?;
            } else if name.eq_ignore_ascii_case("connection") {
                request.keep_alive = value.eq_ignore_ascii_case("keep-alive");
            }
        }
        if length > MAX_BODY {
            return Err(invalid("the body is too large"));
        }
        request.body.resize(length, 0);
        stream.read_exact(&mut request.body).await?;
        Ok(Some(request))
    }
}

fn invalid(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, what)
}

/// A response, ready to be sent.
pub fn response(status: &str, body: &[u8], keep_alive: bool) -> Vec<u8> {
    let connection = if keep_alive { "keep-alive" } else { "close" };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: {connection}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}
