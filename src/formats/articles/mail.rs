//! Mail (.eml): the subject, who sent it, and its text.

use mail_parser::{Address, MessageParser, MessagePart, MimeHeaders as _, PartType};

use super::compose::Composer;
use super::{Reader, page};
use crate::formats::{Input, Likeness, Options, Read};
use crate::model::{Problem, ZoneKind};

/// See the module.
pub struct Mail;

impl Reader for Mail {
    const ID: &'static str = "mail";
    const NAME: &'static str = "Mail";
    const EXTENSIONS: &'static [&'static str] = &["eml"];

    fn looks(&self, bytes: &[u8]) -> Likeness {
        const FIELDS: &[&str] =
            &["from", "to", "subject", "date", "message-id", "mime-version", "received", "return-path"];
        let head = bytes.get(..bytes.len().min(16 << 10)).unwrap_or_default();
        let head = String::from_utf8_lossy(head);
        let mut known = 0;
        for line in head.lines().take_while(|line| !line.is_empty()) {
            if line.starts_with([' ', '\t']) {
                continue;
            }
            let Some((name, _)) = line.split_once(':') else { return Likeness::No };
            if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
                return Likeness::No;
            }
            known += usize::from(FIELDS.contains(&name.to_ascii_lowercase().as_str()));
        }
        if known >= 3 { Likeness::Yes } else { Likeness::No }
    }

    fn articles(&self, input: &Input<'_>, _options: &Options) -> Result<Vec<Read>, Vec<Problem>> {
        let refuse = |message: &str| vec![Problem::error("no-mail", message, "choose a file of one mail (.eml)")];
        let message = MessageParser::default().parse(input.bytes).ok_or_else(|| refuse("the file is no mail"))?;
        if message.headers().is_empty() {
            return Err(refuse("the file has none of the fields of a mail"));
        }
        let mut composer = Composer::default();
        composer.title = message.subject().map(str::to_owned);
        composer.block(ZoneKind::Headline, message.subject().unwrap_or_default());
        let (names, address) = sender(message.from());
        composer.block(ZoneKind::Byline, &names);
        composer.source = address;
        composer.id = message.message_id().map(str::to_owned);
        composer.published(message.date().map(mail_parser::DateTime::to_rfc3339).as_deref());
        let has_text = message.text_bodies().any(|part| matches!(part.body, PartType::Text(_)));
        let parts: Vec<_> = if has_text { message.text_bodies().collect() } else { message.html_bodies().collect() };
        for part in parts {
            match &part.body {
                // Text of an article has one kind of line end; those of a mail are the wire's.
                PartType::Text(text) => composer.block(ZoneKind::Body, text.replace("\r\n", "\n").trim_matches('\n')),
                PartType::Html(html) => {
                    composer.blocks(page::blocks_of(html).map_err(|problem| vec![problem])?);
                }
                _ => {}
            }
            if part.is_encoding_problem {
                let message = "some bytes of the text mean nothing in the encoding that it names";
                composer.warn("encoding-errors", message, "look at the file if letters are missing");
            }
        }
        // The same text once more, for readers that show pages.
        let is_page = |part: &&MessagePart<'_>| matches!(part.body, PartType::Html(_));
        let read = if has_text { message.text_bodies().filter(is_page).count() } else { usize::MAX };
        let again = message.html_bodies().filter(is_page).count().saturating_sub(read);
        composer.leave(("form of the text as a page", "forms of the text as a page"), again);
        for part in message.attachments() {
            let name = part.attachment_name().map(|name| format!(" {name:?}")).unwrap_or_default();
            composer.warn("left-out", format!("the attachment{name} is left out"), "save it and open it by itself");
        }
        Ok(vec![composer.finish()?])
    }
}

/// Names of the senders, and the address of the first.
fn sender(from: Option<&Address<'_>>) -> (String, Option<String>) {
    let all: Vec<_> = from.map(|from| from.iter().collect()).unwrap_or_default();
    let names: Vec<&str> = all.iter().filter_map(|one| one.name().or_else(|| one.address())).collect();
    (names.join(", "), all.first().and_then(|one| one.address()).map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::Format as _;

    const MAIL: &[u8] = b"From: =?utf-8?q?Ann_B=C3=A9rg?= <ann@paper.example>\r\nTo: desk@paper.example\r\nSubject: =?iso-8859-1?Q?Gespr=E4che?= resume\r\n\
Date: Wed, 1 May 2024 10:00:00 +0200\r\nMessage-ID: <x1@paper.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
--b\r\nContent-Type: text/plain; charset=windows-1251\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=CC=EE=F1=EA=E2=E0 said.\r\n> quoted\r\n\
--b\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\nx\r\n--b--\r\n";

    #[test]
    fn subject_sender_and_text_are_read() {
        assert_eq!(Mail.sniff(MAIL), Likeness::Yes);
        assert_eq!(Mail.sniff(b"Paris: talks\nresume"), Likeness::No);
        let read = Mail.read(&Input::of_bytes(MAIL)).expect("a mail").remove(0);
        let text = read.document.text();
        assert_eq!(text.as_str(), "Gespräche resume\n\nAnn Bérg\n\nМосква said.\n> quoted");
        let zones: Vec<_> = read.document.header().zones.iter().map(|z| z.kind.word()).collect();
        assert_eq!(zones, ["headline", "byline", "body"]);
        let metadata = &read.document.header().metadata;
        assert_eq!((metadata.id.as_str(), metadata.published.as_deref()), ("x1@paper.example", Some("2024-05-01")));
        assert_eq!(read.problems[0].message, "the attachment \"a.pdf\" is left out");
        for length in 0..MAIL.len() {
            let _ = Mail.read(&Input::of_bytes(&MAIL[..length]));
        }
    }

    #[test]
    fn a_mail_that_is_only_a_page_is_read_as_one() {
        let mail = b"From: a@b.example\nSubject: S\nDate: Wed, 1 May 2024 10:00:00 +0200\nContent-Type: text/html; charset=utf-8\n\n<p>Anna <b>met</b> Bob.</p><img src=x>";
        let read = Mail.read(&Input::of_bytes(mail)).expect("a mail").remove(0);
        assert_eq!(read.document.text().as_str(), "S\n\na@b.example\n\nAnna met Bob.");
    }
}
