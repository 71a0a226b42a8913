//! Lists as Python prints them, which some tables have in their cells: `[['a', "b's"], [[1, 2]]]`.

use crate::limits::PYTHON_DEPTH;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A list, tuple or set.
    List(Vec<Self>),
    /// Text.
    Text(String),
    /// A whole number that is not negative.
    Number(u64),
}

impl Value {
    /// The elements, if it is a list.
    pub fn list(&self) -> Option<&[Self]> {
        match self {
            Self::List(all) => Some(all),
            _ => None,
        }
    }

    /// The texts in it, if it is a list of them.
    pub fn texts(&self) -> Option<Vec<&str>> {
        let text = |value: &'_ Self| match value {
            Self::Text(_) => true,
            Self::List(_) | Self::Number(_) => false,
        };
        let all = self.list()?;
        all.iter()
            .all(text)
            .then(|| all.iter().filter_map(|v| if let Self::Text(t) = v { Some(t.as_str()) } else { None }).collect())
    }

    /// Start and end, if it is a list of two numbers.
    pub fn pair(&self) -> Option<(u64, u64)> {
        match self.list()? {
            [Self::Number(start), Self::Number(end)] => Some((*start, *end)),
            _ => None,
        }
    }
}

/// The value that a cell holds; `None` if it is of another form.
pub fn parse(cell: &str) -> Option<Value> {
    let mut rest = cell.trim();
    let value = value(&mut rest, 0)?;
    rest.trim().is_empty().then_some(value)
}

fn skip(rest: &mut &str, expected: char) -> bool {
    *rest = rest.trim_start();
    match rest.strip_prefix(expected) {
        Some(after) => {
            *rest = after;
            true
        }
        None => false,
    }
}

fn value(rest: &mut &str, depth: usize) -> Option<Value> {
    *rest = rest.trim_start();
    match rest.chars().next()? {
        open @ ('[' | '(' | '{') if depth < PYTHON_DEPTH => {
            let close = match open {
                '[' => ']',
                '(' => ')',
                _ => '}',
            };
            skip(rest, open);
            let mut all = Vec::new();
            while !skip(rest, close) {
                if !all.is_empty() {
                    if !skip(rest, ',') {
                        return None;
                    }
                    if skip(rest, close) {
                        break;
                    }
                }
                all.push(value(rest, depth + 1)?);
            }
            Some(Value::List(all))
        }
        mark @ ('\'' | '"') => text(rest, mark).map(Value::Text),
        c if c.is_ascii_digit() => {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let (digits, after) = rest.split_at(end);
            *rest = after;
            digits.parse().ok().map(Value::Number)
        }
        _ => {
            // An empty set.
            let after = rest.strip_prefix("set()")?;
            *rest = after;
            Some(Value::List(Vec::new()))
        }
    }
}

fn text(rest: &mut &str, mark: char) -> Option<String> {
    let mut out = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        if c == mark {
            *rest = rest.get(at + 1..)?;
            return Some(out);
        }
        if c != '\\' {
            out.push(c);
            continue;
        }
        let digits = match chars.next()?.1 {
            'n' => {
                out.push('\n');
                continue;
            }
            't' => {
                out.push('\t');
                continue;
            }
            'r' => {
                out.push('\r');
                continue;
            }
            'x' => 2,
            'u' => 4,
            'U' => 8,
            other => {
                out.push(other);
                continue;
            }
        };
        let code: String = chars.by_ref().take(digits).map(|(_, c)| c).collect();
        out.push(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32)?);
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lists_are_read_as_python_prints_them() {
        let read = parse(r#" [['a\n', "b's", '\xe9\u2014'], [[1, 20]], [], ('x',), {"y"}] "#).expect("a list");
        let all = read.list().expect("a list");
        assert_eq!(all[0].texts(), Some(vec!["a\n", "b's", "é—"]));
        assert_eq!(all[1].list().and_then(|l| l[0].pair()), Some((1, 20)));
        assert_eq!((all[2].texts(), all[3].texts(), all[1].texts()), (Some(vec![]), Some(vec!["x"]), None));
        assert_eq!(parse("set()"), Some(Value::List(vec![])));
        for broken in
            ["", "[", "['a' 'b']", "[1,,2]", "['a]", "nan", "[-1]", "['\\xzz']", "[99999999999999999999]", "[] x"]
        {
            assert_eq!(parse(broken), None, "{broken}");
        }
        assert_eq!(parse(&"[".repeat(100_000)), None);
    }

    proptest! {
        #[test]
        fn anything_is_read_or_refused(cell in "[\\[\\]{}()'\"a1, \\\\xuU\u{e9}]{0,30}") {
            let _ = parse(&cell);
        }
    }
}
