//! HTML: articles in, pages to show out.
//!
//! Reading is that of articles of the web. What is written is one file that needs no other: its colours are those of the
//! labels, light or dark as the reader's system has it, and it prints. Tags of marks are made by the style, so that the
//! text of the page is the text of the article.

use super::cards::{Card, Section, Value};
use super::marks::{Mark, Paragraph, Shape};
use super::runs::{Step, steps};
use super::view::{Style, View};
use super::{HOLDS, escape, losses_of};
use crate::formats::articles;
use crate::formats::{
    Format, Info, Input, Joins, Likeness, Loss, Named, OptionInfo, Options, OutputFile, Read, Unit, WriteError,
};
use crate::model::colors::Shades;
use crate::model::{Document, Kind, Part, Problem};

/// See the module.
pub struct Html;

const STYLE: &str = include_str!("style.css");

/// The page's own colours in the dark.
const DARK: &str = ":root { color-scheme: dark; --paper: #17181b; --panel: #202226; --ink: #e6e3dc; --soft: #a3a099; \
                    --rule: #3a3e46 }";

/// Nothing is loaded and nothing runs, whatever the text says.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const OPTIONS: &[OptionInfo] = &[
    OptionInfo {
        name: "theme",
        help: "colours: as the reader's system has it, light, or dark",
        values: &["auto", "light", "dark"],
    },
    OptionInfo {
        name: "show",
        help: "what it shows: everything, or the marked text with its legend alone",
        values: &["all", "text"],
    },
];

impl Format for Html {
    fn info(&self) -> Info {
        Info {
            writes: true,
            joins: Joins::Apart,
            holds: HOLDS,
            unit: Unit::None,
            options: OPTIONS,
            ..articles::Html.info()
        }
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        articles::Html.sniff(bytes)
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        articles::Html.read(input)
    }

    fn reading_options(&self) -> &'static [OptionInfo] {
        articles::Html.reading_options()
    }

    fn read_with(&self, input: &Input<'_>, options: &Options) -> Result<Vec<Read>, Vec<Problem>> {
        articles::Html.read_with(input, options)
    }

    fn write(&self, documents: &[Named<'_>], options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        let (theme, show) = (options.get(&self.info(), "theme"), options.get(&self.info(), "show"));
        let file = |named: &Named<'_>| OutputFile {
            name: format!("{}.html", named.name).into(),
            bytes: page(&View::new(named), theme, show == "all").into_bytes(),
        };
        Ok(documents.iter().map(file).collect())
    }

    fn losses(&self, document: &Document, options: &Options) -> Vec<Loss> {
        losses_of(document, options)
    }
}

/// A file that is being written, with a way to put in anything safely.
#[derive(Default)]
struct Page(String);

impl Page {
    /// Markup of ours.
    fn raw(&mut self, markup: &str) {
        self.0.push_str(markup);
    }

    /// Text of others.
    fn text(&mut self, text: &str) {
        escape(text, &mut self.0);
    }

    /// An element with text of others, in whatever direction that is written.
    fn element(&mut self, name: &str, text: &str) {
        self.raw(&format!("<{name}>"));
        self.isolated(text);
        self.raw(&format!("</{name}>"));
    }

    fn isolated(&mut self, text: &str) {
        self.raw("<bdi>");
        self.text(text);
        self.raw("</bdi>");
    }
}

/// The whole page.
fn page(view: &View<'_>, theme: &str, shows_all: bool) -> String {
    let mut page = Page::default();
    page.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
    page.raw(&format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\"/>\n"));
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
    page.raw("<meta name=\"generator\" content=\"Manicule\"/>\n<title>");
    page.text(&view.title);
    page.raw("</title>\n<style>\n");
    style(&mut page, &view.styles, theme);
    page.raw("</style>\n</head>\n<body>\n<header>\n");
    if !view.has_headline {
        page.raw("<h1 dir=\"auto\">");
        page.text(&view.title);
        page.raw("</h1>\n");
    }
    if !view.facts.is_empty() {
        page.raw("<dl class=\"facts\">\n");
        for (name, value) in &view.facts {
            page.raw("<div>");
            page.element("dt", name);
            page.element("dd", value);
            page.raw("</div>\n");
        }
        page.raw("</dl>\n");
    }
    legend(&mut page, view);
    page.raw("</header>\n<main>\n<article");
    let language = view.document.header().metadata.language.as_deref().unwrap_or_default();
    if !language.is_empty() && language.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        page.raw(&format!(" lang=\"{language}\""));
    }
    page.raw(">\n");
    for paragraph in &view.paragraphs {
        write_paragraph(&mut page, view.document, paragraph);
    }
    page.raw("</article>\n");
    if shows_all {
        for section in &view.sections {
            write_section(&mut page, section);
        }
    }
    page.raw("</main>\n</body>\n</html>\n");
    page.0
}

fn style(page: &mut Page, styles: &[Style], theme: &str) {
    let colors = |i: usize, s: &Shades| {
        format!(".c{i} {{ --fill: {}; --strong: {}; --line: {}; --tag: {} }}\n", s.fill, s.fill_strong, s.line, s.ink)
    };
    page.raw(STYLE);
    let light: String = styles.iter().enumerate().map(|(i, style)| colors(i, &style.light)).collect();
    let dark: String = styles.iter().enumerate().map(|(i, style)| colors(i, &style.dark)).collect();
    match theme {
        "light" => page.raw(&light),
        "dark" => page.raw(&format!("{DARK}\n{dark}")),
        _ => {
            page.raw(&light);
            page.raw(&format!("@media screen and (prefers-color-scheme: dark) {{\n{DARK}\n{dark}}}\n"));
        }
    }
}

fn chip(page: &mut Page, class: &str, style: usize, label: &str) {
    page.raw(&format!("<span class=\"chip {class} c{style}\">"));
    page.isolated(label);
    page.raw("</span>");
}

fn legend(page: &mut Page, view: &View<'_>) {
    if view.legend.is_empty() {
        return;
    }
    page.raw("<div class=\"legend\" role=\"group\" aria-label=\"Legend\">\n");
    for group in &view.legend {
        page.raw(&format!("<div><span>{}</span><ul>\n", group.name));
        for item in &group.items {
            page.raw("<li>");
            chip(page, group.kind.word(), item.style, &item.label);
            page.raw(&format!("<span class=\"count\">{}</span></li>\n", item.count));
        }
        page.raw("</ul></div>\n");
    }
    page.raw("</div>\n");
}

fn write_paragraph(page: &mut Page, document: &Document, paragraph: &Paragraph) {
    let (open, close) = match paragraph.shape {
        Shape::Headline => ("<h1 dir=\"auto\">", "</h1>\n"),
        Shape::Small => ("<p class=\"small\" dir=\"auto\">", "</p>\n"),
        Shape::Body => ("<p dir=\"auto\">", "</p>\n"),
    };
    page.raw(open);
    for step in steps(paragraph) {
        match step {
            Step::Text(span) => page.text(document.text().slice(span)),
            Step::Close => page.raw("</mark>"),
            Step::Open { mark, begins, ends } => {
                if let Some(mark) = paragraph.marks.get(mark) {
                    open_mark(page, mark, begins && mark.is_first, ends && mark.is_last);
                }
            }
        }
    }
    page.raw(close);
}

fn open_mark(page: &mut Page, mark: &Mark, begins: bool, ends: bool) {
    let part = match mark.part {
        Part::Mention => "mention",
        Part::Trigger => "trigger",
        Part::Content => "content",
        Part::Cue => "cue",
        Part::Argument => "argument",
    };
    page.raw(&format!("<mark class=\"{part} c{}", mark.style));
    let is_voiced = mark.part == Part::Content;
    let is_tagged = !mark.tag.is_empty() && if is_voiced { begins } else { ends };
    for (is_so, class) in [
        (begins, " begins"),
        (ends, " ends"),
        (mark.span.is_empty(), " nothing"),
        (is_tagged && is_voiced, " voiced"),
        (is_tagged && !is_voiced, " tagged"),
    ] {
        page.raw(if is_so { class } else { "" });
    }
    page.raw("\"");
    // An annotation has several parts; its anchor is where its main part begins.
    if begins && !matches!(mark.part, Part::Cue | Part::Argument) {
        page.raw(&format!(" id=\"{}\"", mark.anchor));
    }
    if mark.lane > 0 {
        page.raw(&format!(" style=\"--lane: {}\"", mark.lane));
    }
    if is_tagged {
        page.raw(" data-tag=\"");
        page.text(&mark.tag);
        page.raw("\"");
    }
    page.raw(" title=\"");
    page.text(&mark.told);
    page.raw("\">");
}

fn write_section(page: &mut Page, section: &Section) {
    let name = section.title.to_lowercase().replace(' ', "-");
    page.raw(&format!("<section aria-labelledby=\"{name}\">\n<h2 id=\"{name}\">{}", section.title));
    page.raw(&format!("<span class=\"count\">{}</span></h2>\n<div class=\"cards\">\n", section.cards.len()));
    for card in &section.cards {
        write_card(page, card, section.is_quoted);
    }
    page.raw("</div>\n</section>\n");
}

fn write_card(page: &mut Page, card: &Card, is_quoted: bool) {
    let kind = if is_quoted { Kind::Quote.word() } else { "" };
    page.raw(&format!("<div class=\"card c{}\" id=\"{}\">\n<h3>", card.style, card.anchor));
    chip(page, kind, card.style, &card.tag);
    if is_quoted {
        page.raw("</h3>\n<blockquote>");
        value(page, &card.head);
        page.raw("</blockquote>\n");
    } else {
        page.raw("<span>");
        value(page, &card.head);
        page.raw("</span></h3>\n");
    }
    if !card.rows.is_empty() {
        page.raw("<dl>\n");
        for row in &card.rows {
            page.element("dt", &row.name);
            page.raw("<dd>");
            for (i, of_row) in row.values.iter().enumerate() {
                page.raw(if i > 0 { "; " } else { "" });
                value(page, of_row);
            }
            page.raw("</dd>\n");
        }
        page.raw("</dl>\n");
    }
    page.raw("</div>\n");
}

fn value(page: &mut Page, value: &Value) {
    if value.to.is_empty() {
        page.isolated(&value.words);
    } else {
        page.raw(&format!("<a href=\"#{}\">", value.to));
        page.isolated(&value.words);
        page.raw("</a>");
    }
    if !value.more.is_empty() {
        page.raw(" <span class=\"more\">(");
        page.isolated(&value.more);
        page.raw(")</span>");
    }
}
