//! Tokens to a tree.

use super::token::{Kind, Token, tokens};
use super::tree::Operator;
use super::{Error, Expression, Function, Mistake};

/// The largest expression that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The characters, counted as UTF-16 does.
    pub length: usize,
    /// The levels of nesting.
    pub depth: usize,
}

impl Limits {
    /// The limits of GitHub, which `@actions/expressions` has, too.
    pub const GITHUB: Self = Self {
        length: 21_000,
        depth: 50,
    };
}

/// Operators that bind alike, for each level from the loosest to the tightest.
const LEVELS: [&[Operator]; 4] = [
    &[Operator::Or],
    &[Operator::And],
    &[Operator::Equal, Operator::Unequal],
    &[
        Operator::Less,
        Operator::AtMost,
        Operator::Greater,
        Operator::AtLeast,
    ],
];

/// The levels of which a chain counts as nesting: `||` and `&&`.
const LOGICAL: usize = 2;

type Parsed = Result<Expression, Error>;

impl Expression {
    /// Parses an expression without the `${{ }}` around it.
    ///
    /// # Errors
    /// GitHub does not read it.
    pub fn parse(source: &str) -> Result<Self, Error> {
        Self::parse_within(source, Limits::GITHUB)
    }

    /// Parses an expression with limits other than GitHub's.
    ///
    /// # Errors
    /// GitHub does not read it, or it is larger than `limits`.
    pub fn parse_within(source: &str, limits: Limits) -> Result<Self, Error> {
        if source.encode_utf16().count() > limits.length {
            return Err(Error::new(0, Mistake::TooLong(limits.length)));
        }
        let mut parser = Parser {
            tokens: tokens(source)?,
            next: 0,
            end: source.len(),
            depth: 0,
            limits,
        };
        if parser.tokens.is_empty() {
            return Err(Error::new(0, Mistake::Empty));
        }
        let parsed = parser.expression()?;
        match parser.peek() {
            None => Ok(parsed),
            Some(_) => Err(parser.unexpected()),
        }
    }
}

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    next: usize,
    end: usize,
    depth: usize,
    limits: Limits,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&Kind> {
        self.tokens.get(self.next).map(|token| &token.kind)
    }

    fn at(&self) -> usize {
        let token = self.tokens.get(self.next);
        token.map_or(self.end, |token| token.at)
    }

    fn takes(&mut self, kind: &Kind) -> bool {
        let next = self.peek() == Some(kind);
        self.next += usize::from(next);
        next
    }

    fn take_word(&mut self) -> Option<(&'a str, usize)> {
        let token = self.tokens.get(self.next)?;
        let word = (token.kind == Kind::Word).then_some((token.written, token.at));
        self.next += usize::from(word.is_some());
        word
    }

    fn unexpected(&self) -> Error {
        let mistake = match self.tokens.get(self.next) {
            Some(token) => Mistake::Unexpected(token.written.to_owned()),
            None => Mistake::UnexpectedEnd,
        };
        Error::new(self.at(), mistake)
    }

    fn close(&mut self, kind: &Kind) -> Result<(), Error> {
        if self.takes(kind) {
            return Ok(());
        }
        Err(match self.peek() {
            None => Error::new(self.end, Mistake::OpenBracket),
            Some(_) => self.unexpected(),
        })
    }

    fn enter(&mut self) -> Result<(), Error> {
        self.depth += 1;
        if self.depth > self.limits.depth {
            return Err(Error::new(self.at(), Mistake::TooDeep(self.limits.depth)));
        }
        Ok(())
    }

    fn expression(&mut self) -> Parsed {
        self.enter()?;
        let parsed = self.level(0)?;
        self.depth -= 1;
        Ok(parsed)
    }

    fn level(&mut self, level: usize) -> Parsed {
        let Some(operators) = LEVELS.get(level) else {
            return self.unary();
        };
        let first = self.level(level + 1)?;
        let outer = self.depth;
        let mut rest = Vec::new();
        while let Some(Kind::Operator(operator)) = self.peek().cloned()
            && operators.contains(&operator)
        {
            if rest.is_empty() && level < LOGICAL {
                self.enter()?;
            }
            self.next += 1;
            rest.push((operator, self.level(level + 1)?));
        }
        self.depth = outer;
        Ok(match rest.is_empty() {
            true => first,
            false => Expression::Chain(Box::new(first), rest),
        })
    }

    fn unary(&mut self) -> Parsed {
        if !self.takes(&Kind::Not) {
            return self.accessed();
        }
        self.enter()?;
        let of = self.unary()?;
        self.depth -= 1;
        Ok(Expression::Not(Box::new(of)))
    }

    /// A value and what is read of it.
    fn accessed(&mut self) -> Parsed {
        let mut value = self.primary()?;
        if !matches!(
            value,
            Expression::Group(_) | Expression::Call(..) | Expression::Context(_)
        ) {
            return Ok(value);
        }
        let outer = self.depth;
        loop {
            if self.takes(&Kind::OpenIndex) {
                value = self.index(Box::new(value))?;
            } else if self.takes(&Kind::Dot) {
                self.enter()?;
                value = self.member(Box::new(value))?;
            } else {
                self.depth = outer;
                return Ok(value);
            }
        }
    }

    fn index(&mut self, of: Box<Expression>) -> Parsed {
        let key = match self.takes(&Kind::Star) {
            true => None,
            false => Some(Box::new(self.expression()?)),
        };
        self.close(&Kind::CloseIndex)?;
        self.enter()?;
        Ok(match key {
            Some(key) => Expression::Index(of, key),
            None => Expression::Every(of),
        })
    }

    fn member(&mut self, of: Box<Expression>) -> Parsed {
        if self.takes(&Kind::Star) {
            return Ok(Expression::Every(of));
        }
        match self.take_word() {
            Some((name, _)) => Ok(Expression::Member(of, name.to_owned())),
            None => Err(self.unexpected()),
        }
    }

    fn primary(&mut self) -> Parsed {
        if let Some((word, at)) = self.take_word() {
            return match self.takes(&Kind::Open) {
                true => self.call(word, at),
                false => Ok(Expression::Context(word.to_owned())),
            };
        }
        let Some(token) = self.tokens.get(self.next) else {
            return Err(self.unexpected());
        };
        let literal = match &token.kind {
            Kind::Null => Expression::Null,
            Kind::Boolean(value) => Expression::Boolean(*value),
            Kind::Number => Expression::Number(token.written.to_owned()),
            Kind::Text(value) => Expression::Text(value.clone()),
            Kind::Open => return self.group(),
            _ => return Err(self.unexpected()),
        };
        self.next += 1;
        Ok(literal)
    }

    fn group(&mut self) -> Parsed {
        self.next += 1;
        let inner = self.expression()?;
        self.close(&Kind::Close)?;
        Ok(Expression::Group(Box::new(inner)))
    }

    fn call(&mut self, name: &str, at: usize) -> Parsed {
        let mut arguments = Vec::new();
        if !self.takes(&Kind::Close) {
            arguments.push(self.expression()?);
            while self.takes(&Kind::Comma) {
                arguments.push(self.expression()?);
            }
            self.close(&Kind::Close)?;
        }
        let unknown = || Error::new(at, Mistake::UnknownFunction(name.to_owned()));
        let function = Function::named(name).ok_or_else(unknown)?;
        let found = arguments.len();
        if !function.arity().allows(found) {
            return Err(Error::new(at, Mistake::Arguments { function, found }));
        }
        Ok(Expression::Call(function, arguments))
    }
}
