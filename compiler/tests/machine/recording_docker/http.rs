//! HTTP/1.1 as docker's client speaks it on a unix socket: requests in, replies out, one after the other.

use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write};
use std::os::unix::net::UnixStream;

use serde_json::Value;

use super::engine::{Reply, Request, Shared};

/// Answers one client until it hangs up.
pub fn serve(stream: UnixStream, engine: &Shared) {
    let Ok(mut writer) = stream.try_clone() else { return };
    let mut reader = BufReader::new(stream);
    while let Ok(Some(request)) = read(&mut reader) {
        let reply = engine.answer(&request);
        let kept = write(&mut writer, engine, &reply);
        if kept.is_err() || matches!(reply, Reply::Stream(_)) {
            return;
        }
    }
}

fn read(reader: &mut impl BufRead) -> Result<Option<Request>> {
    let Some(line) = read_line(reader)? else { return Ok(None) };
    let mut words = line.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let body = read_body(reader)?;
    Ok(Some(Request {
        method: method.to_owned(),
        path: decode(unversioned(path)),
        query: query.split('&').filter(|pair| !pair.is_empty()).map(decode_pair).collect(),
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
    }))
}

/// The line without its end, or nothing when the client hung up.
fn read_line(reader: &mut impl BufRead) -> Result<Option<String>> {
    let mut line = String::new();
    let length = reader.read_line(&mut line)?;
    Ok((length > 0).then(|| line.trim_end().to_owned()))
}

fn read_body(reader: &mut impl BufRead) -> Result<Vec<u8>> {
    let (mut length, mut chunked) = (0, false);
    while let Some(line) = read_line(reader)?.filter(|line| !line.is_empty()) {
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().map_err(|_| Error::from(ErrorKind::InvalidData))?;
        }
        chunked |= lower.starts_with("transfer-encoding:") && lower.contains("chunked");
    }
    if chunked { read_chunks(reader) } else { read_bytes(reader, length) }
}

fn read_chunks(reader: &mut impl BufRead) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(line) = read_line(reader)? {
        let length = usize::from_str_radix(&line, 16).map_err(|_| Error::from(ErrorKind::InvalidData))?;
        body.extend(read_bytes(reader, length)?);
        read_line(reader)?;
        if length == 0 {
            break;
        }
    }
    Ok(body)
}

fn read_bytes(reader: &mut impl Read, length: usize) -> Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// The path without the `/v1.41` before it.
fn unversioned(path: &str) -> &str {
    let versioned = path.strip_prefix("/v1.").and_then(|rest| rest.find('/').map(|index| &rest[index..]));
    versioned.unwrap_or(path)
}

fn decode_pair(pair: &str) -> (String, String) {
    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
    (decode(&key.replace('+', " ")), decode(&value.replace('+', " ")))
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped = after.get(..2).filter(|_| first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(byte.unwrap_or(first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn write(writer: &mut UnixStream, engine: &Shared, reply: &Reply) -> Result<()> {
    match reply {
        Reply::Ping => {
            let version = engine.lock().options.api_version;
            let headers = format!("Api-Version: {version}\r\nOstype: linux\r\nContent-Type: text/plain\r\n");
            write_whole(writer, 200, &headers, b"")
        }
        Reply::Empty(status) => write_whole(writer, *status, "", b""),
        Reply::Json(status, value) => {
            write_whole(writer, *status, "Content-Type: application/json\r\n", value.to_string().as_bytes())
        }
        Reply::Wait(id) => write_wait(writer, engine, id),
        Reply::Nothing => {
            engine.until_closed();
            Err(ErrorKind::ConnectionAborted.into())
        }
        Reply::Stream(id) => {
            let headers =
                "Content-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n";
            write!(writer, "HTTP/1.1 101 UPGRADED\r\n{headers}\r\n")?;
            writer.flush()?;
            if let Some(id) = id {
                engine.wait(id);
            }
            Ok(())
        }
    }
}

fn write_whole(writer: &mut UnixStream, status: u16, headers: &str, body: &[u8]) -> Result<()> {
    // A reply without a body must not announce one (RFC 9110, 8.6).
    let length = if status == 204 || status == 304 {
        String::new()
    } else {
        format!("Content-Length: {}\r\n", body.len())
    };
    write!(writer, "HTTP/1.1 {status} Recorded\r\n{headers}{length}\r\n")?;
    writer.write_all(body)?;
    writer.flush()
}

/// The client waits for the headers before it goes on, and for the body until the container ends.
fn write_wait(writer: &mut UnixStream, engine: &Shared, id: &str) -> Result<()> {
    write!(
        writer,
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )?;
    writer.flush()?;
    let Some(status) = engine.wait(id) else { return Err(ErrorKind::ConnectionAborted.into()) };
    let body = format!("{{\"StatusCode\":{status}}}");
    write!(writer, "{:x}\r\n{body}\r\n0\r\n\r\n", body.len())?;
    writer.flush()
}
